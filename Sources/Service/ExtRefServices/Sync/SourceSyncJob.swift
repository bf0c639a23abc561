// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefStore
import ExtRefSync
import ExtRefTrackers

/// One turn of a source's sync: asks what changed, reads what is due, and says when the next turn is.
struct SourceSyncJob {
    let environment: ServiceEnvironment
    let job: Job

    func perform() async throws -> JobOutcome {
        guard let sourceID = SourceID(job.subject) else { return .abandoned(reason: "no source's id") }
        guard
            var pass = try await SyncPass.begin(sourceID, tenantID: job.tenantID, environment: environment)
        else {
            // Enabling the source brings the job back.
            return .done
        }
        do {
            if try await pass.askWhatChanged(), try await pass.readWhatIsDue() { try await pass.conclude() }
            return .again(after: try await pass.nextPause())
        } catch let error as TrackerError {
            let pause = try await pass.noteFailure(error)
            return .waiting(after: pause, reason: error.message)
        }
    }
}
