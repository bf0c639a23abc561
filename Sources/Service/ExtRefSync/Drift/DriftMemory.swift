// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
public import ExtRefTrackers
internal import Synchronization

/// A sign of a changing interface as it was seen.
public struct DriftEvent: Sendable {
    public let providerID: ProviderID
    public let sourceID: SourceID
    public let sign: DriftSign
    /// Whether the source had no such warning.
    public let isNew: Bool
}

/// Remembers, for each source, what its tracker's answers gave away of a changing interface.
///
/// It is memory of this process. A restart forgets, and learns again from the next answers: headers with the
/// next pass, within a minute; what concerns single issues when they are read again, within a day while they
/// are open.
public final class DriftMemory: DriftWatch {
    /// Another address is another tracker, or another version of its interface.
    private struct Key: Hashable {
        let sourceID: SourceID
        let baseURL: String
        let apiBaseURL: String

        init(_ source: IntegrationSource) {
            sourceID = source.id
            baseURL = source.baseURL
            apiBaseURL = source.apiBaseURL
        }
    }

    private struct State {
        var sources: [Key: SourceWarnings] = [:]
        /// When each was last told of.
        var uses: [Key: UInt64] = [:]
        var count: UInt64 = 0
    }

    private let sourcesMax: Int
    private let report: @Sendable (DriftEvent) -> Void
    private let state = Mutex(State())

    /// Makes a memory that knows nothing yet.
    /// - Parameters:
    ///   - sourcesMax: sources remembered; of too many the one told of longest ago goes.
    ///   - report: told of every sign of every answer; must return quickly.
    public init(
        sourcesMax: Int = SyncLimits.driftSourcesMax,
        report: @escaping @Sendable (DriftEvent) -> Void = { _ in }
    ) {
        self.sourcesMax = sourcesMax
        self.report = report
    }

    public func noticed(_ report: DriftReport) {
        let isNew = report.isDraft ? report.signs.map { _ in false } : remember(report)
        for (sign, isNew) in zip(report.signs, isNew) {
            self.report(
                DriftEvent(
                    providerID: report.source.providerID, sourceID: report.source.id, sign: sign,
                    isNew: isNew))
        }
    }

    /// What is known of a source at its present addresses: the gravest first, each seen within
    /// ``SyncLimits/driftWarningLife``.
    public func warnings(of source: IntegrationSource, at now: Timestamp) -> [DriftWarning] {
        state.withLock { $0.sources[Key(source)] }?.current(at: now) ?? []
    }

    private func remember(_ report: DriftReport) -> [Bool] {
        let key = Key(report.source)
        return state.withLock { state in
            if state.sources[key] == nil, state.sources.count >= sourcesMax,
                let oldest = state.uses.min(by: { $0.value < $1.value })?.key
            {
                state.sources[oldest] = nil
                state.uses[oldest] = nil
            }
            state.count += 1
            state.uses[key] = state.count
            return report.signs.map {
                state.sources[key, default: SourceWarnings()]
                    .note($0, at: report.place, seenAt: report.seenAt)
            }
        }
    }
}
