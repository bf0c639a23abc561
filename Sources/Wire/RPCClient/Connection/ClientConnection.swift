// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import RPC
private import Synchronization

/// An open connection, for callers on any thread.
struct ClientConnection: Sendable {
    private let handler: NIOLoopBound<TTRPCClientHandler>
    private let eventLoop: any EventLoop

    /// Kept when the connection takes no more calls.
    let whenRetired: EventLoopFuture<Void>
    private let whenClosed: EventLoopFuture<Void>

    /// Call it on the connection's event loop.
    init(_ handler: TTRPCClientHandler, on eventLoop: any EventLoop) {
        self.handler = NIOLoopBound(handler, eventLoop: eventLoop)
        self.eventLoop = eventLoop
        whenRetired = handler.whenRetired
        whenClosed = handler.whenClosed
    }

    /// Makes one attempt; it ends with the answer, the deadline, the task's cancellation or the connection.
    func perform(_ attempt: CallAttempt) async -> Result<[UInt8], AttemptFailure> {
        let ticket = CallTicket()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                eventLoop.execute {
                    handler.value.start(PendingCall(attempt, ticket, continuation))
                }
            }
        } onCancel: {
            ticket.cancel()
            eventLoop.execute { handler.value.cancel(ticket) }
        }
    }

    /// Takes no more calls, waits for those in flight and closes.
    func retire() async {
        eventLoop.execute { handler.value.retire() }
        try? await whenClosed.get()
    }
}

/// Names a call for the sake of its cancellation, which may come before the call has reached the loop.
final class CallTicket: Sendable {
    private let cancelled = Atomic(false)

    var isCancelled: Bool { cancelled.load(ordering: .acquiring) }

    func cancel() {
        cancelled.store(true, ordering: .releasing)
    }
}

/// A call and the one who waits for it.
struct PendingCall: Sendable {
    let attempt: CallAttempt
    let ticket: CallTicket
    private let continuation: CheckedContinuation<Result<[UInt8], AttemptFailure>, Never>

    init(
        _ attempt: CallAttempt, _ ticket: CallTicket,
        _ continuation: CheckedContinuation<Result<[UInt8], AttemptFailure>, Never>
    ) {
        self.attempt = attempt
        self.ticket = ticket
        self.continuation = continuation
    }

    func finish(_ result: Result<[UInt8], AttemptFailure>) {
        continuation.resume(returning: result)
    }
}
