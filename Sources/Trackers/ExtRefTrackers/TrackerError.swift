// SPDX-License-Identifier: Apache-2.0

public import CurlHTTP
public import ExtRefDomain

/// Why a tracker could not be asked, or did not answer usefully. The same words for every provider.
public struct TrackerError: Error, Sendable, CustomStringConvertible {
    /// The class of failure.
    public enum Code: String, Sendable, CaseIterable {
        /// The tracker does not know these credentials, or shows a log-in page instead of an answer.
        case credentialsRejected
        /// The credentials were good and have ended.
        case credentialsExpired
        /// The credentials are good, but may not see or do this.
        case permissionDenied
        /// The credentials are good, but were given out for less than this.
        case scopeMissing
        /// There is no such issue, or the tracker hides it.
        case notFound
        /// The issue was deleted.
        case gone
        /// The tracker removed the call itself.
        case apiGone
        /// A call for many issues left it out, which may mean anything.
        case notReturned
        /// The tracker points to another address; it is never followed to another origin.
        case redirected
        /// The tracker asks to wait; see ``TrackerError/retryAfter``.
        case rateLimited
        /// The tracker is down, or in trouble.
        case unavailable
        /// The name has no address or the name service is silent.
        case nameNotResolved
        /// Nobody listens there.
        case connectFailed
        /// No trusted encrypted channel came about.
        case tlsFailed
        /// It took longer than allowed.
        case timedOut
        /// The answer is not what this tracker's interface promises.
        case badResponse
        /// The tracker refuses what was asked, field by field.
        case invalidRequest
        /// This provider cannot do that.
        case unsupported
        /// The operator's egress policy forbids the address; see ``TrackerError/egressRule``.
        case egressDenied
        /// Too many calls to this tracker wait already; nothing was sent.
        case overloaded
        /// The caller went away.
        case cancelled
    }

    public let code: Code
    /// A sentence a person can act on; free of secrets and of the tracker's raw answer.
    public let message: String
    /// When a repeat may succeed, if the tracker said so.
    public var retryAfter: Duration?
    /// The rule behind ``Code/egressDenied``.
    public var egressRule: EgressDenial.Rule?
    /// Steps of the call that were finished; for connection tests.
    public var timings = HTTPTimings()
    /// How far the call came; for connection tests. Nil once there was a response.
    public var stage: HTTPStage?
    /// Whether it came after another request of the same operation that may have changed something.
    public internal(set) var isAfterWrite = false
    /// Whether it failed while nothing but questions had been sent.
    public internal(set) var isBeforeWrite = false
    /// What the tracker says is wrong with single fields, named as in ``IssueFormField/name``; cleaned.
    public var fieldFaults: [FieldViolation] = []

    /// Makes a failure.
    public init(_ code: Code, _ message: String, retryAfter: Duration? = nil) {
        self.code = code
        self.message = message
        self.retryAfter = retryAfter
    }

    public var description: String { "\(code.rawValue): \(message)" }
}

extension TrackerError {
    /// The reason that callers of the service see.
    public var reason: ErrorReason {
        switch code {
        case .credentialsRejected: .trackerCredentialsRejected
        case .credentialsExpired: .trackerCredentialsExpired
        case .permissionDenied: .trackerPermissionDenied
        case .scopeMissing: .trackerScopeMissing
        case .notFound, .gone, .notReturned: .trackerIssueNotFound
        case .rateLimited: .trackerRateLimited
        case .unavailable, .nameNotResolved, .connectFailed, .tlsFailed: .trackerUnavailable
        case .timedOut: .trackerTimedOut
        case .badResponse, .apiGone: .trackerBadResponse
        case .redirected: .trackerRedirected
        case .invalidRequest: .trackerRefused
        case .unsupported: .capabilityUnavailable
        case .egressDenied: .egressDenied
        case .overloaded: .overloaded
        case .cancelled: .deadlineExceeded
        }
    }

    /// What an issue becomes when reading it fails so; nil = it stays what it was.
    public var reachability: Reachability? {
        switch code {
        case .permissionDenied, .scopeMissing: .forbidden
        case .notFound: .notFound
        case .gone: .gone
        case .notReturned: .notReturned
        case .credentialsRejected, .credentialsExpired, .redirected, .unavailable, .nameNotResolved,
            .connectFailed, .tlsFailed,
            .timedOut,
            .badResponse, .apiGone, .invalidRequest, .egressDenied:
            .unreachable
        case .rateLimited, .unsupported, .overloaded, .cancelled: nil
        }
    }

    /// Whether the same call may succeed later without anybody changing anything.
    public var isTransient: Bool {
        switch code {
        case .rateLimited, .unavailable, .nameNotResolved, .connectFailed, .timedOut, .overloaded, .cancelled:
            true
        default: false
        }
    }

    /// Whether the failure concerns the whole source rather than one issue.
    public var concernsSource: Bool {
        switch code {
        case .permissionDenied, .notFound, .gone, .notReturned, .invalidRequest, .cancelled, .overloaded:
            false
        default: true
        }
    }
}
