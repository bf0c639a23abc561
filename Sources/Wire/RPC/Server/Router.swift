// SPDX-License-Identifier: Apache-2.0

public import ProtobufC

/// Takes calls through the interceptors to their handlers. It knows no socket; every transport shares one.
public struct Router: Sendable {
    /// The methods.
    public let table: MethodTable
    private let interceptors: [any ServerInterceptor]
    private let onIncident: @Sendable (Incident) -> Void

    /// Creates a router.
    ///
    /// - Parameters:
    ///   - table: the methods.
    ///   - interceptors: the first one sees each call first and its response last.
    ///   - onIncident: hears of each error that nobody expected. It logs, on the caller's thread, and returns
    ///     soon.
    public init(
        table: MethodTable, interceptors: [any ServerInterceptor] = [],
        onIncident: @escaping @Sendable (Incident) -> Void = { _ in }
    ) {
        self.table = table
        self.interceptors = interceptors
        self.onIncident = onIncident
    }

    /// Serves one call. The transport cancels the task when the deadline passes or the caller is gone.
    ///
    /// - Throws: `RPCError` in the form that the caller may see.
    public func handle(_ call: ServerCall) async throws(RPCError) -> any ProtobufMessage {
        do {
            if interceptors.isEmpty { return try await call.binding.run(call.payload, call.context) }
            return try await pass(call, to: 0)
        } catch {
            throw rpcError(of: error, in: call.context)
        }
    }

    private func pass(_ call: ServerCall, to index: Int) async throws -> any ProtobufMessage {
        guard index < interceptors.count else {
            return try await call.binding.run(call.payload, call.context)
        }
        return try await interceptors[index].intercept(call) { try await pass($0, to: index + 1) }
    }

    private func rpcError(of error: any Error, in context: CallContext) -> RPCError {
        if let known = error as? any RPCErrorConvertible { return known.rpcError }
        if let undecodable = error as? DecodeError { return RPCError(undecodable) }
        if error is CancellationError {
            let isLate = context.deadline.map { $0 <= ContinuousClock.now } ?? false
            return isLate ? .deadlineExceeded : .cancelled
        }
        let incident = Incident(descriptor: context.descriptor, error: error)
        onIncident(incident)
        return incident.rpcError
    }
}
