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
    /// Something that collects output during a pass.
    protocol Flushable: AnyObject {
        /// The pass is over; send what there is.
        func flush()
    }

    private struct LoopState {
        var jobs: [UnownedJob] = []
        var flushables: [any Flushable] = []
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

    /// Has `flushable` flushed once, after the tasks that are ready now.
    func flushAfterPass(_ flushable: any Flushable) {
        state.value.flushables.append(flushable)
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
        runJobs()
        flushAll()
        state.value.isPassComing = false
        if !state.value.jobs.isEmpty || !state.value.flushables.isEmpty { schedulePass() }
    }

    /// Runs what is ready, and what becomes ready through it, up to a limit that lets the loop see its
    /// sockets again.
    private func runJobs() {
        let executor = unsafe asUnownedTaskExecutor()
        var ready: [UnownedJob] = []
        var count = 0
        while !state.value.jobs.isEmpty, count < RPCServerLimits.jobsPerPassMax {
            swap(&ready, &state.value.jobs)
            // Each job was handed to this executor and is run exactly once, here.
            for job in ready { unsafe job.runSynchronously(on: executor) }
            count += ready.count
            ready.removeAll(keepingCapacity: true)
        }
        // The memory goes back to where it is filled next.
        if state.value.jobs.isEmpty { swap(&ready, &state.value.jobs) }
    }

    private func flushAll() {
        var waiting: [any Flushable] = []
        swap(&waiting, &state.value.flushables)
        for flushable in waiting { flushable.flush() }
        waiting.removeAll(keepingCapacity: true)
        if state.value.flushables.isEmpty { swap(&waiting, &state.value.flushables) }
    }
}
