// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Synchronization

/// Keeps answers that change seldom, such as a project's list of states, for a while.
final class AnswerCache: Sendable {
    struct Key: Hashable, Sendable {
        let sourceID: SourceID
        let revision: Int64
        let credential: TrackerCredential
        let url: String
        /// What was asked, where that is not all in the address.
        let body: [UInt8]?
    }

    private struct Entry {
        let response: TrackerResponse
        let until: Timestamp
        let order: UInt64
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        var kept: UInt64 = 0
    }

    private let state = Mutex(State())

    /// A kept answer that is still good.
    func answer(_ key: Key, at now: Timestamp) -> TrackerResponse? {
        state.withLock { state in
            guard let entry = state.entries[key], entry.until > now else {
                state.entries[key] = nil
                return nil
            }
            return entry.response
        }
    }

    /// Keeps an answer; of too many the oldest goes.
    func keep(_ response: TrackerResponse, for key: Key, until end: Timestamp) {
        guard response.body.count <= TrackerLimits.reusedAnswerBytesMax else { return }
        state.withLock { state in
            if state.entries.count >= TrackerLimits.reusedAnswersMax, state.entries[key] == nil,
                let oldest = state.entries.min(by: { $0.value.order < $1.value.order })
            {
                state.entries[oldest.key] = nil
            }
            state.kept += 1
            state.entries[key] = Entry(response: response, until: end, order: state.kept)
        }
    }
}
