// SPDX-License-Identifier: Apache-2.0

/// One field that breaks a rule, and what would satisfy it.
public struct FieldViolation: Hashable, Sendable {
    /// The field's path in the request, such as `source.base_url` or `requests[3].note`.
    public let field: String
    /// A sentence that says the rule and the way out.
    public let description: String

    /// Makes a violation of one field.
    public init(_ field: String, _ description: String) {
        self.field = field
        self.description = description
    }

    /// The same violation seen from the message that holds this one.
    public func inside(_ parent: String) -> FieldViolation {
        FieldViolation(parent + "." + field, description)
    }
}

/// A condition outside the request that stands in its way, such as a disabled source.
public struct PreconditionViolation: Hashable, Sendable {
    /// The rule's short name, such as `SOURCE_ENABLED`.
    public let type: String
    /// What breaks it: a resource id, or what is missing.
    public let subject: String
    /// A sentence that says how to satisfy it.
    public let description: String

    /// Makes a violation of one precondition.
    public init(type: String, subject: String, description: String) {
        self.type = type
        self.subject = subject
        self.description = description
    }
}

/// A failure that the caller can understand: what class it is, why, and what would help.
public struct DomainError: Error, Sendable, Hashable {
    /// The class of failure; each maps to one status code of the wire.
    public enum Code: String, Sendable, CaseIterable {
        case invalidArgument, unauthenticated, permissionDenied, notFound, alreadyExists, failedPrecondition
        case aborted, resourceExhausted, deadlineExceeded, unavailable, unimplemented, `internal`
    }

    public let code: Code
    public let reason: ErrorReason
    /// A sentence for people, free of secrets, SQL, paths and tracker bodies.
    public let message: String
    /// All field problems at once, for ``Code/invalidArgument``.
    public var violations: [FieldViolation] = []
    /// All unmet conditions, for ``Code/failedPrecondition``.
    public var preconditions: [PreconditionViolation] = []
    /// Type and name of the resource it is about.
    public var resource: (type: String, name: String)? {
        get { resourceType.map { ($0, resourceName ?? "") } }
        set {
            resourceType = newValue?.type
            resourceName = newValue?.name
        }
    }
    /// When a repeat may succeed.
    public var retryAfter: Duration?
    /// Machine-readable extras such as the current etag or counts of use.
    public var metadata: [String: String] = [:]
    private var resourceType: String?
    private var resourceName: String?

    /// Makes a failure.
    public init(_ code: Code, _ reason: ErrorReason, _ message: String) {
        self.code = code
        self.reason = reason
        self.message = message
    }
}

extension DomainError {
    /// A request whose fields break rules; names every one of them.
    public static func invalid(
        _ violations: [FieldViolation], reason: ErrorReason = .fieldInvalid
    ) -> DomainError {
        let first = violations.first.map { "\($0.field): \($0.description)" } ?? "The request is invalid."
        let more = violations.count > 1 ? " (and \(violations.count - 1) more)" : ""
        var error = DomainError(.invalidArgument, reason, first + more)
        error.violations = violations
        return error
    }

    /// A request with one bad field.
    public static func invalid(
        _ field: String, _ description: String, reason: ErrorReason = .fieldInvalid
    ) -> DomainError {
        invalid([FieldViolation(field, description)], reason: reason)
    }

    /// A resource that does not exist inside the caller's scope; it says no more than that on purpose.
    public static func notFound(_ reason: ErrorReason, type: String, name: String) -> DomainError {
        var error = DomainError(.notFound, reason, "\(type) '\(name)' was not found.")
        error.resource = (type, name)
        return error
    }

    /// A condition that must be met first; names it.
    public static func precondition(
        _ reason: ErrorReason, subject: String, _ message: String, metadata: [String: String] = [:]
    ) -> DomainError {
        var error = DomainError(.failedPrecondition, reason, message)
        error.preconditions = [
            PreconditionViolation(type: reason.rawValue, subject: subject, description: message)
        ]
        error.metadata = metadata
        return error
    }

    /// A write on top of a version that is no longer the current one.
    public static func stale(type: String, name: String, currentETag: String) -> DomainError {
        var error = DomainError(
            .aborted, .etagMismatch,
            "\(type) '\(name)' was changed meanwhile. Read it again and repeat the change with its etag.")
        error.resource = (type, name)
        error.metadata = ["current_etag": currentETag]
        return error
    }

    /// A call the caller may not make. The text also covers things that do not exist (AIP-211).
    public static func denied(
        _ message: String = "You may not do this here, or it does not exist."
    ) -> DomainError {
        DomainError(.permissionDenied, .permissionDenied, message)
    }
}
