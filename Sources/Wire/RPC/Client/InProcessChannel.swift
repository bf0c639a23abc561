// SPDX-License-Identifier: Apache-2.0

public import ProtobufC

/// Calls a router in the same process: everything but the network, encoding and decoding included.
///
/// Tests of services use it, and programs that embed a server.
public struct InProcessChannel: RPCChannel {
    private let router: Router
    private let deadlines: DeadlinePolicy
    private let peer: PeerIdentity
    private let clock: any Clock<Duration>

    /// Creates a channel.
    ///
    /// - Parameter clock: what deadlines wait on.
    public init(
        router: Router, deadlines: DeadlinePolicy = DeadlinePolicy(), peer: PeerIdentity = .inProcess,
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.router = router
        self.deadlines = deadlines
        self.peer = peer
        self.clock = clock
    }

    /// Makes one call, as a network transport would.
    public func unary<Response: ProtobufMessage>(
        _ method: MethodDescriptor, request: some ProtobufMessage, response: Response.Type,
        options: CallOptions
    ) async throws(RPCError) -> Response {
        let call = try makeCall(method, payload: request.encode(), options: options)
        let outcome = await race(call, against: allowance(options))
        let payload = try outcome.get()
        do {
            return try Response.decode(payload)
        } catch {
            throw RPCError(.internalError, "the response does not decode", cause: error)
        }
    }

    private func makeCall(
        _ method: MethodDescriptor, payload: [UInt8], options: CallOptions
    ) throws(RPCError) -> ServerCall {
        let binding: MethodBinding
        switch router.table.find(method) {
        case .unary(let found): binding = found
        case .streaming: throw .streamingUnsupported
        case .none: throw .methodUnknown
        }
        guard options.metadata.entries.count <= RPCLimits.metadataEntriesMax,
            options.metadata.byteCount <= RPCLimits.metadataBytesMax
        else { throw .metadataTooLarge }
        let allowed = allowance(options)
        guard allowed >= .zero else { throw .deadlineExceeded }
        let context = CallContext(
            descriptor: binding.descriptor, metadata: options.metadata, deadline: .now + allowed, peer: peer)
        return ServerCall(binding: binding, payload: payload, context: context)
    }

    private func allowance(_ options: CallOptions) -> Duration {
        min(options.timeout ?? deadlines.standard, deadlines.longest)
    }

    /// Runs the handler until it ends or its time is over; in that case its task is cancelled, and it is
    /// waited for.
    private func race(_ call: ServerCall, against allowed: Duration) async -> Result<[UInt8], RPCError> {
        await withTaskGroup(of: Result<[UInt8], RPCError>?.self) { group in
            group.addTask { await run(call) }
            group.addTask {
                do {
                    try await clock.sleep(for: allowed)
                    return .failure(.deadlineExceeded)
                } catch {
                    return nil
                }
            }
            let first = await group.next()
            group.cancelAll()
            return (first ?? nil) ?? .failure(.cancelled)
        }
    }

    private func run(_ call: ServerCall) async -> Result<[UInt8], RPCError> {
        do {
            return .success(try await router.handle(call).encode())
        } catch {
            return .failure(error)
        }
    }
}
