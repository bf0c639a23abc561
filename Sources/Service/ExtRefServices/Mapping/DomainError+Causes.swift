// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefSecurity
import ExtRefStore
import ExtRefTrackers

extension DomainError {
    /// Finds the caller's side of any failure below the services; nil = a fault of ours.
    init?(causedBy error: any Error) {
        switch error {
        case let error as DomainError: self = error
        case let error as StoreError:
            guard let known = DomainError(error) else { return nil }
            self = known
        case let error as TrackerError: self.init(error)
        case let error as AuthError: self.init(error)
        case is PageTokenError:
            self = .invalid(
                "page_token",
                "must be next_page_token of the same query by the same caller; start again without one",
                reason: .pageTokenInvalid)
        default: return nil
        }
    }

    private init?(_ error: StoreError) {
        switch error.code {
        case .notFound(let kind, let name):
            self = .notFound(kind.notFoundReason, type: kind.typeName, name: name)
        case .conflict(.link, let existing):
            self.init(.alreadyExists, .linkExists, "The same object, target and relation are linked already.")
            resource = ("Link", existing)
        case .conflict(let kind, let existing):
            self.init(
                .alreadyExists, .nameTaken,
                "Another \(kind.rawValue) of the same owner has this name. Choose another name.")
            resource = (kind.typeName, existing)
        case .staleRevision(let kind, let name, let current):
            self = .stale(type: kind.typeName, name: name, currentETag: ETag.text(current))
        case .requestIDReused:
            self = .invalid(
                "request_id", "was used with another payload; a new request needs a new id",
                reason: .requestIDReused)
        case .storageFull:
            self.init(
                .resourceExhausted, .storageFull, "The server's disk is full. Reads go on; repeat later.")
            retryAfter = .seconds(30)
        case .busy, .unavailable:
            self.init(.unavailable, .overloaded, "The store is busy or shutting down. Repeat shortly.")
            retryAfter = .seconds(1)
        case .foreignKey, .damaged, .schemaTooNew, .internal: return nil
        }
    }

    private init(_ error: AuthError) {
        let reason: ErrorReason =
            switch error.reason {
            case .missing: .tokenMissing
            case .expired: .tokenExpired
            default: .tokenInvalid
            }
        self.init(.unauthenticated, reason, error.message)
    }

    /// Says what went wrong between us and a tracker.
    init(_ error: TrackerError) {
        let code: Code =
            switch error.reason {
            case .trackerIssueNotFound: .notFound
            case .trackerRateLimited: .resourceExhausted
            case .trackerUnavailable, .trackerBadResponse: .unavailable
            case .trackerRefused: .invalidArgument
            case .trackerTimedOut: .deadlineExceeded
            default: .failedPrecondition
            }
        self.init(code, error.reason, error.message)
        retryAfter = error.retryAfter
        violations = error.fieldFaults
        if code == .failedPrecondition {
            preconditions = [
                PreconditionViolation(
                    type: error.reason.rawValue, subject: "source", description: error.message)
            ]
        }
    }
}

extension ResourceKind {
    fileprivate var typeName: String {
        switch self {
        case .source: "Source"
        case .relation: "Relation"
        case .overlay: "ProjectOverlay"
        case .issue: "Issue"
        case .link: "Link"
        case .tenant: "Tenant"
        case .requestID: "Request"
        }
    }

    fileprivate var notFoundReason: ErrorReason {
        switch self {
        case .source: .sourceNotFound
        case .relation, .overlay: .relationNotFound
        case .issue: .issueNotFound
        case .link, .tenant, .requestID: .linkNotFound
        }
    }
}
