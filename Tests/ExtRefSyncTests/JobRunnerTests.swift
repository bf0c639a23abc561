// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefStore
import Foundation
import SQLiteEngine
import Synchronization
import Testing

@testable import ExtRefSync

@Suite(.timeLimit(.minutes(1))) struct JobRunnerTests {
    private static let tenant = TenantID(trusted: "t1")
    private static let start = Timestamp(seconds: 1_795_340_867)
    private let folder: ScratchFolder
    private let store: Store
    private let time = TestTime(start)

    init() async throws {
        folder = try ScratchFolder()
        store = try Store(SQLiteEngine(path: folder.path + "/s.db"))
        try await store.ensureSeeded(Self.tenant, at: Self.start)
    }

    private func add(_ subject: String, dueIn delay: Duration = .zero, tenant: TenantID = tenant) async throws
    {
        let now = time.now()
        try await store.ensureSeeded(tenant, at: now)
        try await store.write(tenant) { context in
            try context.jobs.add(
                Job(
                    id: JobID(trusted: "job_" + subject), tenantID: tenant, kind: .backLink, sourceID: nil,
                    subject: subject,
                    dueAt: now + delay), at: now)
        }
    }

    private func runner(_ handler: any JobHandling, name: String = "a") -> JobRunner {
        JobRunner(store: store, handler: handler, name: name, wallClock: time.now)
    }

    private func count(_ tenant: TenantID = tenant) async throws -> Int {
        try await store.read(tenant) { try $0.jobs.count() }
    }

    @Test func `a job is done once, and only when it is due`() async throws {
        let handler = Recorder { _ in .done }
        let runner = runner(handler)
        try await add("now")
        try await add("later", dueIn: .seconds(60))
        #expect(await runner.runOnce() == 1)
        #expect(handler.subjects == ["now"])
        #expect(await runner.runOnce() == 0)
        time.advance(by: .seconds(60))
        #expect(await runner.runOnce() == 1)
        #expect(handler.subjects == ["now", "later"])
        #expect(try await count() == 0)
    }

    @Test func `a failed job waits longer from try to try and is given up in the end`() async throws {
        let handler = Recorder { _ in .retry(after: nil, reason: "no luck") }
        let events = Mutex<[String]>([])
        let runner = JobRunner(store: store, handler: handler, name: "a", wallClock: time.now) { event in
            if case .abandoned(_, let reason) = event { events.withLock { $0.append(reason) } }
        }
        try await add("x")
        var waits = [Duration]()
        for _ in 0..<SyncLimits.attemptsMax {
            #expect(await runner.runOnce() == 1)
            guard let due = try await store.nextJobDue() else { break }
            waits.append(due - time.now())
            time.advance(by: due - time.now())
        }
        #expect(handler.subjects.count == Int(SyncLimits.attemptsMax))
        #expect(try await count() == 0)
        #expect(events.withLock { $0 } == ["no luck"])
        #expect(waits.allSatisfy { $0 >= SyncLimits.retryDelayMin / 2 })
        #expect(waits.allSatisfy { $0 <= SyncLimits.retryDelayMax + SyncLimits.retryDelayMin })
    }

    @Test func `a tracker's own wish to wait is respected`() async throws {
        let runner = runner(Recorder { _ in .retry(after: .seconds(900), reason: "slow down") })
        try await add("x")
        await runner.runOnce()
        let due = try #require(try await store.nextJobDue())
        #expect(due - time.now() >= .seconds(900))
    }

    @Test func `a job whose runner died is due again, and the dead one's word no longer counts`() async throws
    {
        try await add("x")
        let now = time.now()
        let stolen = try await store.write(Self.tenant) {
            try $0.jobs.take(by: "dead", until: now + SyncLimits.leaseDuration, limit: 9, at: now)
        }
        let job = try #require(stolen.first)
        let handler = Recorder { _ in .retry(after: nil, reason: "again") }
        #expect(await runner(handler).runOnce() == 0)
        time.advance(by: SyncLimits.leaseDuration)
        #expect(await runner(handler).runOnce() == 1)
        #expect(try await store.write(Self.tenant) { try $0.jobs.finish(job) } == false)
        #expect(try await count() == 1)
    }

    @Test func `news about a subject makes its job due at once`() async throws {
        let handler = Recorder { _ in .retry(after: .seconds(3_000), reason: "later") }
        let runner = runner(handler)
        try await add("x")
        await runner.runOnce()
        #expect(await runner.runOnce() == 0)
        try await add("x")
        #expect(await runner.runOnce() == 1)
        #expect(handler.subjects == ["x", "x"])
        #expect(try await count() == 1)
    }

    @Test func `one tenant's many jobs do not keep another's waiting`() async throws {
        let other = TenantID(trusted: "t2")
        for index in 0..<40 { try await add("a\(index)") }
        try await add("b", tenant: other)
        let handler = Recorder { _ in .done }
        await runner(handler).runOnce()
        #expect(handler.subjects.contains("b"))
        #expect(handler.subjects.count <= SyncLimits.jobsAtOnceMax)
    }

    @Test func `two runners never do a job twice`() async throws {
        for index in 0..<100 { try await add("j\(index)") }
        let handler = Recorder { _ in .done }
        await withTaskGroup(of: Void.self) { group in
            for name in ["a", "b", "c"] {
                group.addTask {
                    let runner = runner(handler, name: name)
                    while await runner.runOnce() > 0 {}
                }
            }
        }
        #expect(handler.subjects.count == 100)
        #expect(Set(handler.subjects).count == 100)
    }

    @Test func `a job that hangs holds its place and delays no other`() async throws {
        let handler = HangingHandler(subjects: ["hangs"])
        let runner = JobRunner(
            store: store, handler: handler, name: "a", places: 2, wallClock: time.now)
        let running = Task { await runner.run() }
        try await add("hangs")
        while handler.hanging == 0 { await Task.yield() }
        for index in 0..<50 { try await add("j\(index)") }
        while handler.done < 50 { await Task.yield() }
        #expect(handler.hanging == 1)
        running.cancel()
        handler.release()
        await running.value
        #expect(handler.done == 51)
    }

    @Test func `a job that has another turn rests and is never given up`() async throws {
        let handler = Recorder { _ in .again(after: .seconds(5)) }
        let runner = runner(handler)
        try await add("x")
        for _ in 0..<40 {
            #expect(await runner.runOnce() == 1)
            #expect(await runner.runOnce() == 0)
            time.advance(by: .seconds(5))
        }
        #expect(try await count() == 1)
    }

    @Test func `a job added while the runner sleeps wakes it`() async throws {
        let handler = Recorder { _ in .done }
        let runner = runner(handler)
        let running = Task { await runner.run() }
        try await add("x")
        while handler.subjects.isEmpty { await Task.yield() }
        running.cancel()
        await running.value
        #expect(handler.subjects == ["x"])
    }
}

/// Hangs over some jobs until it is released.
private final class HangingHandler: JobHandling {
    private struct State {
        var hanging: [CheckedContinuation<Void, Never>] = []
        var done = 0
    }

    private let subjects: Set<String>
    private let state = Mutex(State())

    init(subjects: Set<String>) { self.subjects = subjects }

    var hanging: Int { state.withLock { $0.hanging.count } }
    var done: Int { state.withLock { $0.done } }

    func release() {
        let waiting = state.withLock { $0.hanging }
        for one in waiting { one.resume() }
    }

    func perform(_ job: Job) async -> JobOutcome {
        if subjects.contains(job.subject) {
            await withCheckedContinuation { one in state.withLock { $0.hanging.append(one) } }
        }
        state.withLock { $0.done += 1 }
        return .done
    }
}

/// A wall clock that a test moves.
final class TestTime: Sendable {
    private let state: Mutex<Timestamp>

    init(_ start: Timestamp) { state = Mutex(start) }

    var now: WallClock { { self.state.withLock { $0 } } }

    func advance(by duration: Duration) { state.withLock { $0 = $0 + duration } }
}

/// Does jobs as a closure says, and remembers them.
final class Recorder: JobHandling {
    private let outcome: @Sendable (Job) -> JobOutcome
    private let state = Mutex<[String]>([])

    init(_ outcome: @escaping @Sendable (Job) -> JobOutcome) { self.outcome = outcome }

    var subjects: [String] { state.withLock { $0 } }

    func perform(_ job: Job) async -> JobOutcome {
        state.withLock { $0.append(job.subject) }
        return outcome(job)
    }
}

/// A folder that goes away with its test.
private final class ScratchFolder: Sendable {
    let path = FileManager.default.temporaryDirectory.path + "/extref-jobs-\(UUID().uuidString)"

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
