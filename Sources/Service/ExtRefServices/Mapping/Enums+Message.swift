// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages

/// A domain enum with a fixed counterpart on the wire.
protocol WireEnum: CaseIterable, Equatable {
    associatedtype Message: Equatable
    var message: Message { get }
}

extension WireEnum {
    /// Reads the wire's value; nil for an unspecified or unknown one.
    init?(_ message: Message) {
        guard let value = Self.allCases.first(where: { $0.message == message }) else { return nil }
        self = value
    }

    /// Reads a value that a caller named, or names the field whose value this server does not know.
    init(_ message: Message, field: String, reason: ErrorReason = .fieldInvalid) throws(DomainError) {
        guard let value = Self(message) else {
            throw .invalid(field, "is no value this server knows", reason: reason)
        }
        self = value
    }

    /// Reads a list of the wire's values; an unknown one is named instead of dropped.
    static func all(
        _ messages: [Message], field: String, reason: ErrorReason = .fieldInvalid
    ) throws(DomainError) -> [Self] {
        var values = [Self]()
        for (index, message) in messages.enumerated() {
            values.append(try Self(message, field: "\(field)[\(index)]", reason: reason))
        }
        return values
    }
}

extension Capability: WireEnum {
    var message: Wire.Capability {
        switch self {
        case .fetch: .fetch
        case .batchFetch: .batchFetch
        case .search: .search
        case .create: .create
        case .backLink: .backLink
        case .comment: .comment
        case .webhook: .webhook
        case .changesSince: .changesSince
        }
    }
}

extension CapabilityState.Reason: WireEnum {
    var message: CapabilityReason {
        switch self {
        case .available: .available
        case .notSupported: .notSupported
        case .switchedOff: .switchedOff
        case .scopeMissing: .scopeMissing
        case .sourceDisabled: .sourceDisabled
        }
    }
}

extension SemanticType: WireEnum {
    var message: Wire.SemanticType {
        switch self {
        case .general: .general
        case .defect: .defect
        }
    }
}

extension StatusCategory: WireEnum {
    var message: Wire.StatusCategory {
        switch self {
        case .unknown: .unspecified
        case .todo: .todo
        case .inProgress: .inProgress
        case .done: .done
        case .canceled: .canceled
        }
    }
}

extension Reachability: WireEnum {
    var message: Wire.Reachability {
        switch self {
        case .pending: .pending
        case .ok: .ok
        case .gone: .gone
        case .forbidden: .forbidden
        case .outOfScope: .outOfScope
        case .unreachable: .unreachable
        case .notFound: .notFound
        case .notReturned: .notReturned
        }
    }
}

extension ChangeOrigin: WireEnum {
    var message: Origin {
        switch self {
        case .user: .user
        case .webhook: .webhook
        case .poll: .poll
        case .import: .import
        }
    }
}

extension Change.Kind: WireEnum {
    var message: ChangeKind {
        switch self {
        case .linkCreated: .linkCreated
        case .linkUpdated: .linkUpdated
        case .linkDeleted: .linkDeleted
        case .issueUpdated: .issueUpdated
        case .sourceChanged: .sourceChanged
        case .relationChanged: .relationChanged
        }
    }
}
