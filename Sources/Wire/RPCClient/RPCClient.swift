// SPDX-License-Identifier: Apache-2.0

public import ProtobufC
public import RPC
private import Synchronization
private import TTRPC

/// Calls a server over TCP or a unix socket, by ttrpc.
///
/// ```swift
/// let client = RPCClient(.init(endpoint: .tcp(host: "127.0.0.1", port: 7400)))
/// let links = LinkServiceClient(channel: client)
/// ```
/// Calls share connections and may overtake each other. Connections are opened when needed and replaced when
/// they break.
public final class RPCClient: RPCChannel {
    private let configuration: ClientConfiguration
    private let slots: [ConnectionSlot]
    private let next = Atomic(0)
    private let clock: any Clock<Duration>

    /// Creates a client; nothing is opened yet.
    ///
    /// - Parameter clock: what waits between attempts; deadlines are the event loop's.
    public init(_ configuration: ClientConfiguration, clock: any Clock<Duration> = ContinuousClock()) {
        precondition(configuration.connections > 0, "a client needs a connection")
        self.configuration = configuration
        self.clock = clock
        slots = (0..<configuration.connections).map { _ in ConnectionSlot(configuration) }
    }

    /// Makes one call.
    ///
    /// Cancelling the task gives the call up; the server learns of that only by the deadline.
    public func unary<Response: ProtobufMessage>(
        _ method: MethodDescriptor, request: some ProtobufMessage, response: Response.Type,
        options: CallOptions
    ) async throws(RPCError) -> Response {
        let allowed = options.timeout ?? RPCLimits.deadlineDefault
        let attempt = CallAttempt(
            descriptor: method, payload: request.encode(), metadata: options.metadata,
            deadline: .now + allowed)
        let payload = try await perform(attempt, options.retry)
        do {
            return try Response.decode(payload)
        } catch {
            throw RPCError(.internalError, "the response does not decode", cause: error)
        }
    }

    /// Lets the calls in flight finish and closes all connections. Calls made later open new ones.
    public func close() async {
        for slot in slots { await slot.close() }
    }

    private func perform(_ attempt: CallAttempt, _ retry: RetryPolicy) async throws(RPCError) -> [UInt8] {
        var attempts = 0
        while true {
            attempts += 1
            let failure: RPCError
            let isRepeatable: Bool
            switch await slot().perform(attempt) {
            case .success(let payload): return payload
            case .failure(let end):
                failure = end.error
                isRepeatable = end.wasNotStarted || retry.isIdempotent && end.isLost
            }
            guard isRepeatable, attempts < retry.attemptsMax else { throw failure }
            try await wait(before: attempt.deadline, afterAttempt: attempts, retry, failure)
        }
    }

    private func wait(
        before deadline: ContinuousClock.Instant, afterAttempt attempts: Int, _ retry: RetryPolicy,
        _ failure: RPCError
    ) async throws(RPCError) {
        var random = SystemRandomNumberGenerator()
        let delay = retry.delay(afterAttempt: attempts, asked: failure.retryDelay, using: &random)
        guard .now + delay < deadline else { throw failure }
        do {
            try await clock.sleep(for: delay)
        } catch {
            throw .cancelled
        }
    }

    private func slot() -> ConnectionSlot {
        let (turn, _) = next.wrappingAdd(1, ordering: .relaxed)
        return slots[Int(UInt(bitPattern: turn) % UInt(slots.count))]
    }
}
