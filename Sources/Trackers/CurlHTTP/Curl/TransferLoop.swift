// SPDX-License-Identifier: Apache-2.0

internal import CCurl
import Synchronization

/// The one thread that runs every transfer, and the client's only clock for deadlines.
///
/// All of libcurl's state lives on this thread. Others reach it through an inbox and wake it; it answers
/// through the one-shots it was given. So no handle is ever touched by two threads.
///
/// `@unchecked Sendable` because of two members. `multi` is set in `init`; after that only the loop's thread
/// uses it, except `curl_multi_wakeup`, which libcurl allows from any thread and which runs under the inbox's
/// lock while `isClosed` is false. The thread closes the inbox before it frees the handle. `active` is used
/// by that thread alone.
@safe
final class TransferLoop: @unchecked Sendable {
    /// Names a timer, to cancel it.
    struct TimerID: Hashable, Sendable {
        fileprivate let number: UInt64
    }

    private struct Timer {
        let due: ContinuousClock.Instant
        let action: @Sendable () -> Void
    }

    private struct Inbox {
        var added: [Transfer] = []
        var cancelled: [Transfer] = []
        var timers: [UInt64: Timer] = [:]
        var timersStarted: UInt64 = 0
        var isStopping = false
        var isClosed = false
    }

    private struct Work {
        let added: [Transfer]
        let cancelled: [Transfer]
        let due: [Timer]
        let sleep: Duration
        let isStopping: Bool
    }

    private let inbox = Mutex(Inbox())
    private let multi: UnsafeMutableRawPointer?
    private var active: [ObjectIdentifier: Transfer] = [:]

    init() {
        unsafe multi = CurlLibrary.isReady ? curl_multi_init() : nil
        let isRunning = unsafe multi != nil && WorkerThread.start("extref-curl") { self.run() }
        if !isRunning { inbox.withLock { $0.isClosed = true } }
    }

    /// Starts a transfer; its outcome comes through ``Transfer/outcome``.
    func add(_ transfer: Transfer) {
        let isTaken = inbox.withLock { inbox in
            guard !inbox.isClosed, !inbox.isStopping else { return false }
            inbox.added.append(transfer)
            wake(inbox)
            return true
        }
        if !isTaken { transfer.outcome.fulfil(.failure(Self.shutDownError)) }
    }

    /// Drops a transfer whose caller no longer waits.
    func cancel(_ transfer: Transfer) {
        inbox.withLock { inbox in
            inbox.cancelled.append(transfer)
            wake(inbox)
        }
    }

    /// Calls the action once, on the loop's thread, when the time has come.
    func schedule(at due: ContinuousClock.Instant, _ action: @escaping @Sendable () -> Void) -> TimerID {
        inbox.withLock { inbox in
            inbox.timersStarted += 1
            inbox.timers[inbox.timersStarted] = Timer(due: due, action: action)
            wake(inbox)
            return TimerID(number: inbox.timersStarted)
        }
    }

    /// Forgets a timer.
    func cancelTimer(_ id: TimerID) {
        inbox.withLock { inbox in inbox.timers[id.number] = nil }
    }

    /// Ends every transfer and the thread.
    func shutDown() {
        inbox.withLock { inbox in
            inbox.isStopping = true
            wake(inbox)
        }
    }

    static var shutDownError: HTTPError { HTTPError(.shutDown, at: .queue, "The HTTP client is shut down.") }

    private func wake(_ inbox: borrowing Inbox) {
        if !inbox.isClosed { _ = unsafe curl_multi_wakeup(multi) }
    }
}

// MARK: - The loop's own thread

extension TransferLoop {
    private func run() {
        setUp()
        while true {
            let work = takeWork()
            for transfer in work.cancelled { drop(transfer) }
            for timer in work.due { timer.action() }
            guard !work.isStopping else { break }
            for transfer in work.added { start(transfer) }
            var running: Int32 = 0
            _ = unsafe curl_multi_perform(multi, &running)
            finishDone()
            let milliseconds = Int32(clamping: work.sleep.milliseconds)
            _ = unsafe curl_multi_poll(multi, nil, 0, milliseconds, nil)
        }
        close()
    }

    private func setUp() {
        _ = unsafe extref_curl_multi_set_long(
            multi, CURLMOPT_MAXCONNECTS, HTTPLimits.idleConnectionsMax)
        _ = unsafe extref_curl_multi_set_long(
            multi, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
    }

    private func takeWork() -> Work {
        inbox.withLock { inbox in
            let now = ContinuousClock.now
            let due = inbox.timers.filter { $0.value.due <= now }
            for id in due.keys { inbox.timers[id] = nil }
            let next = inbox.timers.values.map(\.due).min()
            let work = Work(
                added: inbox.added, cancelled: inbox.cancelled, due: Array(due.values),
                sleep: min(next.map { $0 - now } ?? HTTPLimits.pollTimeMax, HTTPLimits.pollTimeMax),
                isStopping: inbox.isStopping)
            inbox.added.removeAll(keepingCapacity: true)
            inbox.cancelled.removeAll(keepingCapacity: true)
            return work
        }
    }

    private func start(_ transfer: Transfer) {
        // Its caller may have left before this thread came to it.
        guard !transfer.outcome.isDone else { return }
        guard let handle = unsafe transfer.makeHandle() else {
            transfer.outcome.fulfil(
                .failure(HTTPError(.invalidRequest, at: .request, "libcurl refuses the request.")))
            return transfer.freeHandle()
        }
        guard unsafe curl_multi_add_handle(multi, handle) == CURLM_OK else {
            transfer.outcome.fulfil(
                .failure(HTTPError(.overloaded, at: .queue, "libcurl takes no more work.")))
            return transfer.freeHandle()
        }
        active[ObjectIdentifier(transfer)] = transfer
    }

    private func drop(_ transfer: Transfer) {
        guard active.removeValue(forKey: ObjectIdentifier(transfer)) != nil else { return }
        _ = unsafe curl_multi_remove_handle(multi, transfer.handle)
        transfer.freeHandle()
    }

    private func finishDone() {
        var left: Int32 = 0
        while let message = unsafe curl_multi_info_read(multi, &left) {
            var code = CURLE_OK
            guard let handle = unsafe extref_curl_message_done(message, &code),
                let transfer = unsafe Transfer.of(handle)
            else { continue }
            let outcome = transfer.finish(code)
            drop(transfer)
            transfer.outcome.fulfil(outcome)
        }
    }

    private func close() {
        let (left, timers) = inbox.withLock { inbox in
            inbox.isClosed = true
            defer { (inbox.added, inbox.cancelled, inbox.timers) = ([], [], [:]) }
            return (inbox.added, inbox.timers)
        }
        for transfer in Array(active.values) {
            drop(transfer)
            transfer.outcome.fulfil(.failure(Self.shutDownError))
        }
        for transfer in left { transfer.outcome.fulfil(.failure(Self.shutDownError)) }
        // Whoever waits with a deadline only must not wait for it in vain.
        for timer in timers.values { timer.action() }
        _ = unsafe curl_multi_cleanup(multi)
    }
}

extension Duration {
    /// Whole milliseconds, rounded up, so that a sleep never ends just before its time.
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (milliseconds, rest) = attoseconds.quotientAndRemainder(dividingBy: 1_000_000_000_000_000)
        return seconds * 1_000 + milliseconds + (rest > 0 ? 1 : 0)
    }
}
