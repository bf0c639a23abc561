// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import Synchronization

/// Answers each request with what a closure says, and counts.
final class FakeTransport: HTTPTransport {
    typealias Answer = @Sendable (HTTPRequest) async throws(HTTPError) -> HTTPResponse

    private let answer: Answer
    private let requests = Mutex<[HTTPRequest]>([])

    init(_ answer: @escaping Answer) { self.answer = answer }

    /// Always the same answer.
    convenience init(_ status: Int, _ headers: [String: String] = [:], body: String = "") {
        let fields = headers.map { HTTPField($0.key, $0.value) }
        self.init { _ in HTTPResponse(status: status, headers: fields, body: Array(body.utf8)) }
    }

    /// Always the same failure.
    convenience init(
        failing code: HTTPError.Code, at stage: HTTPStage, _ message: String = "as the test wants"
    ) {
        self.init { _ throws(HTTPError) in throw HTTPError(code, at: stage, message) }
    }

    var sent: [HTTPRequest] { requests.withLock { $0 } }

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        requests.withLock { $0.append(request) }
        return try await answer(request)
    }
}

/// Counts across tasks.
final class Counter: Sendable {
    private let count = Atomic(0)

    var value: Int { count.load(ordering: .relaxed) }

    @discardableResult
    func increment() -> Int { count.add(1, ordering: .relaxed).newValue }
}

/// Holds tasks until it is opened. A cancelled task passes with the transport's own error.
final class AsyncGate: Sendable {
    private struct State {
        var isOpen = false
        var waiters: [UInt64: CheckedContinuation<Bool, Never>] = [:]
        var arrivals: UInt64 = 0
        var cancelled: Set<UInt64> = []
    }

    private let state = Mutex(State())

    var waiting: Int { state.withLock { $0.waiters.count } }

    func open() {
        let waiters = state.withLock { state in
            state.isOpen = true
            defer { state.waiters = [:] }
            return state.waiters.values
        }
        for waiter in waiters { waiter.resume(returning: true) }
    }

    /// - Throws: ``HTTPError/Code/cancelled`` when the task is cancelled first.
    func pass() async throws(HTTPError) {
        let number = state.withLock { state in
            state.arrivals += 1
            return state.arrivals
        }
        let isThrough = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let early = state.withLock { state -> Bool? in
                    if state.isOpen { return true }
                    if state.cancelled.contains(number) { return false }
                    state.waiters[number] = continuation
                    return nil
                }
                if let early { continuation.resume(returning: early) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.cancelled.insert(number)
                return state.waiters.removeValue(forKey: number)
            }
            waiter?.resume(returning: false)
        }
        if !isThrough { throw HTTPError(.cancelled, at: .response, "cancelled") }
    }
}

/// A clock that a test moves.
final class ManualClock: Clock {
    struct Instant: InstantProtocol {
        var offset: Duration
        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private struct Sleeper {
        let due: Instant
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var now = Instant(offset: .zero)
        var sleepers: [UInt64: Sleeper] = [:]
        var cancelled: Set<UInt64> = []
        var numbers: UInt64 = 0
    }

    private let state = Mutex(State())

    var now: Instant { state.withLock { $0.now } }
    var minimumResolution: Duration { .nanoseconds(1) }
    /// When each sleeper wants to be woken.
    var wakeTimes: [Duration] { state.withLock { $0.sleepers.values.map(\.due.offset).sorted() } }

    func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            let due = state.sleepers.filter { $0.value.due <= state.now }
            for number in due.keys { state.sleepers[number] = nil }
            return due.values
        }
        for sleeper in due { sleeper.continuation.resume() }
    }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let number = state.withLock { state in
            state.numbers += 1
            return state.numbers
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    guard deadline > state.now, !state.cancelled.contains(number) else { return true }
                    state.sleepers[number] = Sleeper(due: deadline, continuation: continuation)
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                state.cancelled.insert(number)
                return state.sleepers.removeValue(forKey: number)
            }
            sleeper?.continuation.resume()
        }
        try Task.checkCancellation()
    }
}
