// SPDX-License-Identifier: Apache-2.0

public import ProtobufC
internal import RPCMessages

extension RPCError {
    /// The same error with one more detail.
    public func with(_ detail: some ProtobufMessage) -> RPCError {
        var error = self
        error.details.append(GoogleAny(packing: detail))
        return error
    }

    /// The same error with a reason that programs can compare.
    ///
    /// - Parameters:
    ///   - reason: a word of `extref.v1.ErrorReason`.
    ///   - domain: who made the word.
    public func withReason(
        _ reason: String, domain: String = RPCLimits.errorDomain, metadata: [String: String] = [:]
    ) -> RPCError {
        with(GoogleRPCErrorInfo(reason: reason, domain: domain, metadata: metadata))
    }

    /// The same error with the time after which the call may be repeated.
    public func withRetry(after delay: Duration) -> RPCError {
        with(GoogleRPCRetryInfo(retryDelay: GoogleDuration(delay)))
    }

    /// The same error naming the resource it is about.
    public func withResource(type: String, name: String, description: String = "") -> RPCError {
        with(GoogleRPCResourceInfo(resourceType: type, resourceName: name, description: description))
    }

    /// The same error with what has to be true before the call can succeed.
    public func withPrecondition(type: String, subject: String, description: String) -> RPCError {
        let violation = GoogleRPCPreconditionFailure.Violation(
            type: type, subject: subject, description: description)
        return with(GoogleRPCPreconditionFailure(violations: [violation]))
    }

    /// INVALID_ARGUMENT with all fields that are wrong.
    ///
    /// - Parameter violations: path of each field as in the .proto file, and what is wrong with it.
    public static func badRequest(
        _ message: String, violations: [(field: String, description: String)]
    ) -> RPCError {
        let fields = violations.map {
            GoogleRPCBadRequest.FieldViolation(field: $0.field, description: $0.description)
        }
        return RPCError(.invalidArgument, message)
            .withReason(RPCReason.fieldInvalid)
            .with(GoogleRPCBadRequest(fieldViolations: fields))
    }

    /// The first detail of a type.
    public func detail<Message: ProtobufMessage>(_ type: Message.Type) -> Message? {
        for detail in details {
            if let message = try? detail.unpack(as: type) { return message }
        }
        return nil
    }

    /// The reason that programs can compare, when the error has one.
    public var reason: String? {
        detail(GoogleRPCErrorInfo.self)?.reason
    }

    /// How long the server wants the caller to wait before the call is repeated.
    public var retryDelay: Duration? {
        detail(GoogleRPCRetryInfo.self)?.retryDelay?.duration
    }
}
