// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
public import ExtRefSecurity
public import ProtobufC
public import RPC

/// Opens a method to callers whose verified token the permission table admits.
///
/// It comes first: nothing of a request is parsed for a caller who may not make it.
public struct AuthenticationInterceptor: ServerInterceptor {
    private let permissions: [MethodDescriptor: MethodPermission]
    private let authenticator: Authenticator
    private let clock: WallClock

    /// Makes the interceptor for the methods a server offers.
    /// - Throws: when a method has no entry in the permission table; such a server must not start.
    public init(
        methods: some Sequence<MethodDescriptor>, authenticator: Authenticator, clock: @escaping WallClock
    ) throws(DomainError) {
        let missing = PermissionTable.missing(from: methods.map(\.description))
        guard missing.isEmpty else {
            throw DomainError(
                .internal, .internal, "No permission is declared for \(missing.joined(separator: ", ")).")
        }
        permissions = Dictionary(
            methods.compactMap { method in
                PermissionTable.entries[method.description].map { (method, $0) }
            },
            uniquingKeysWith: { first, _ in first })
        self.authenticator = authenticator
        self.clock = clock
    }

    public func intercept(
        _ call: ServerCall, next: (ServerCall) async throws -> any ProtobufMessage
    ) async throws -> any ProtobufMessage {
        guard let permission = permissions[call.context.descriptor] else { throw DomainError.denied() }
        if permission == .anyone { return try await next(call) }
        let caller = try authenticator.caller(
            authorization: call.context.metadata["authorization"], now: clock())
        call.context.peer.connection?.authenticated()
        guard permission.admits(caller) else { throw DomainError.denied() }
        var admitted = call
        admitted.context[CallerKey.self] = caller
        return try await next(admitted)
    }
}
