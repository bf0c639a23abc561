// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import ExtRefStore
import ExtRefTrackers
import RPC
import RPCMessages

extension RPCError {
    /// Writes a failure for the wire: code, message, and every detail a program can act on.
    init(_ error: DomainError) {
        self.init(RPCCode(error.code), error.message)
        self = withReason(error.reason.rawValue, metadata: error.metadata)
        if !error.violations.isEmpty {
            self = with(
                GoogleRPCBadRequest(
                    fieldViolations: error.violations.map {
                        GoogleRPCBadRequest.FieldViolation(field: $0.field, description: $0.description)
                    }))
        }
        for unmet in error.preconditions {
            self = withPrecondition(type: unmet.type, subject: unmet.subject, description: unmet.description)
        }
        if let resource = error.resource {
            self = withResource(type: "extref.v1." + resource.type, name: resource.name)
        }
        if let retryAfter = error.retryAfter { self = withRetry(after: retryAfter) }
    }
}

extension RPCCode {
    fileprivate init(_ code: DomainError.Code) {
        switch code {
        case .invalidArgument: self = .invalidArgument
        case .unauthenticated: self = .unauthenticated
        case .permissionDenied: self = .permissionDenied
        case .notFound: self = .notFound
        case .alreadyExists: self = .alreadyExists
        case .failedPrecondition: self = .failedPrecondition
        case .aborted: self = .aborted
        case .resourceExhausted: self = .resourceExhausted
        case .deadlineExceeded: self = .deadlineExceeded
        case .unavailable: self = .unavailable
        case .unimplemented: self = .unimplemented
        case .internal: self = .internalError
        }
    }
}

extension ItemError {
    /// Writes the verdict on one item of a batch.
    init(_ error: DomainError) {
        self.init()
        code = Int32(RPCCode(error.code).rawValue)
        reason = error.reason.rawValue
        message = error.message
        field = error.violations.first?.field ?? ""
    }
}
