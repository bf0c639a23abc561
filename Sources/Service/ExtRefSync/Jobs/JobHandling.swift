// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// Does jobs. It is asked again after a failure or a crash, so doing a job twice must be like doing it once.
public protocol JobHandling: Sendable {
    /// Does one job, in at most ``SyncLimits/leaseDuration``.
    func perform(_ job: Job) async -> JobOutcome
}

/// How a job went.
public enum JobOutcome: Sendable, Hashable {
    /// It is done, or there is nothing left to do.
    case done
    /// It has to be tried again.
    /// - Parameters:
    ///   - after: not before this time has passed; nil = when its number of attempts says.
    ///   - reason: for the operator's eyes.
    case retry(after: Duration?, reason: String)
    /// Its turn has not come, for a reason that time or a person will remove. It is asked again as often as
    /// it takes; that counts as no try.
    /// - Parameters:
    ///   - after: not before this time has passed.
    ///   - reason: for the operator's eyes.
    case waiting(after: Duration, reason: String)
    /// It is done for now and has another turn later.
    case again(after: Duration)
    /// Trying again would not help.
    case abandoned(reason: String)
}

/// What a runner reports.
public enum JobEvent: Sendable {
    case finished(Job)
    case postponed(Job, reason: String)
    /// It was done and has another turn.
    case rested(Job)
    case abandoned(Job, reason: String)
    /// The store could not be asked; it is tried again.
    case storeFailed(String)
}
