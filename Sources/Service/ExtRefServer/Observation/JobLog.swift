// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefSync
import Logging

extension Logger {
    /// Logs what became of a job: quietly while all is well.
    func log(_ event: JobEvent) {
        switch event {
        case .finished(let job):
            debug("job done", metadata: ["kind": "\(job.kind.rawValue)", "subject": "\(job.subject)"])
        case .rested(let job):
            trace(
                "job done for now", metadata: ["kind": "\(job.kind.rawValue)", "subject": "\(job.subject)"])
        case .postponed(let job, let reason):
            info(
                "job postponed",
                metadata: [
                    "kind": "\(job.kind.rawValue)", "subject": "\(job.subject)",
                    "attempts": "\(job.attempts)", "reason": "\(reason)",
                ])
        case .abandoned(let job, let reason):
            warning(
                "job given up",
                metadata: [
                    "kind": "\(job.kind.rawValue)", "subject": "\(job.subject)",
                    "attempts": "\(job.attempts)", "reason": "\(reason)",
                ])
        case .storeFailed(let cause): error("jobs cannot be read or written", metadata: ["cause": "\(cause)"])
        }
    }
}
