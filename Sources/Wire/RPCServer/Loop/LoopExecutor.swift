// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
private import Synchronization

/// Runs tasks on an event loop, so that a handler shares the thread of its connection and pays for no
/// hand-over.
///
/// Tasks that become ready while a connection is being read wait until the read is done; then they all run,
/// and every connection with output is written once. That is what makes a busy server cheap: calls share
/// system calls.
///
/// Tasks woken by other threads meet in an inbox, which wakes the loop only when it was empty.
final class LoopExecutor: TaskExecutor {
    /// Who is told that a pass is over and its output can go.
    typealias Flush = () -> Void

    private struct LoopState {
        var jobs: [UnownedJob] = []
        var flushes: [Flush] = []
        /// Someone will call `runPass`.
        var isPassComing = false
    }

    let eventLoop: any EventLoop
    private let state: NIOLoopBoundBox<LoopState>
    private let inbox = Mutex<[UnownedJob]>([])

    /// Creates the executor of `eventLoop`.
    init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        state = .makeBoxSendingValue(LoopState(), eventLoop: eventLoop)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if eventLoop.inEventLoop {
            state.value.jobs.append(job)
            schedulePass()
        } else {
            let wasEmpty = inbox.withLock { inbox in
                inbox.append(job)
                return inbox.count == 1
            }
            if wasEmpty { eventLoop.execute { self.emptyInbox() } }
        }
    }

    /// Promises that `endBatch` will be called when the present read is done.
    func beginBatch() {
        state.value.isPassComing = true
    }

    /// Runs all that became ready.
    func endBatch() {
        runPass()
    }

    /// Has `flush` called once, after the tasks that are ready now.
    func afterPass(_ flush: @escaping Flush) {
        state.value.flushes.append(flush)
        schedulePass()
    }

    private func emptyInbox() {
        let jobs = inbox.withLock { inbox in
            let jobs = inbox
            inbox.removeAll(keepingCapacity: true)
            return jobs
        }
        state.value.jobs.append(contentsOf: jobs)
        schedulePass()
    }

    private func schedulePass() {
        guard !state.value.isPassComing else { return }
        state.value.isPassComing = true
        eventLoop.execute { self.runPass() }
    }

    private func runPass() {
        state.value.isPassComing = true
        let executor = unsafe asUnownedTaskExecutor()
        var next = 0
        while next < state.value.jobs.count, next < RPCServerLimits.jobsPerPassMax {
            let job = state.value.jobs[next]
            next += 1
            // The job was handed to this executor and is run exactly once, here.
            unsafe job.runSynchronously(on: executor)
        }
        state.value.jobs.removeFirst(next)
        flushAll()
        state.value.isPassComing = false
        if !state.value.jobs.isEmpty || !state.value.flushes.isEmpty { schedulePass() }
    }

    private func flushAll() {
        var flushes: [Flush] = []
        swap(&flushes, &state.value.flushes)
        for flush in flushes { flush() }
        flushes.removeAll(keepingCapacity: true)
        if state.value.flushes.isEmpty { swap(&flushes, &state.value.flushes) }
    }
}
