// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefStore
import SQLiteEngine
import Synchronization
import Testing

@testable import ExtRefSync

@Suite(.timeLimit(.minutes(1))) struct WaitingJobTests {
    private static let tenant = TenantID(trusted: "t1")
    private static let start = Timestamp(seconds: 1_795_340_867)
    private let store: Store
    private let time = TestTime(start)

    init() async throws {
        store = try Store(SQLiteEngine.temporary())
        try await store.ensureSeeded(Self.tenant, at: Self.start)
    }

    private func add(_ subject: String) async throws {
        let now = time.now()
        try await store.write(Self.tenant) { context in
            try context.jobs.add(
                Job(
                    id: JobID(trusted: "job_" + subject), tenantID: Self.tenant, kind: .backLink,
                    sourceID: nil, subject: subject, dueAt: now), at: now)
        }
    }

    private func runner(
        _ handler: any JobHandling, report: @escaping @Sendable (JobEvent) -> Void = { _ in }
    ) -> JobRunner {
        JobRunner(store: store, handler: handler, name: "a", wallClock: time.now, report: report)
    }

    @Test func `a job whose turn has not come waits as long as it takes, and keeps its tries`() async throws {
        let handler = Recorder { job in
            #expect(job.attempts == 1)
            return .waiting(after: .seconds(300), reason: "off")
        }
        let runner = runner(handler)
        try await add("x")
        for _ in 0..<Int(SyncLimits.attemptsMax) * 3 {
            #expect(await runner.runOnce() == 1)
            #expect(await runner.runOnce() == 0)
            #expect(try await store.nextJobDue() == time.now() + .seconds(300))
            time.advance(by: .seconds(300))
        }
    }

    @Test func `waiting is never so short that it becomes work of its own`() async throws {
        let runner = runner(Recorder { _ in .waiting(after: .zero, reason: "soon") })
        try await add("x")
        await runner.runOnce()
        #expect(try await store.nextJobDue() == time.now() + SyncLimits.retryDelayMin)
    }

    @Test func `a job that waited still has all its tries`() async throws {
        let handler = Recorder { [time] _ in
            time.now() < Self.start + .seconds(30_000)
                ? .waiting(after: .seconds(1_000), reason: "off") : .retry(after: nil, reason: "fails")
        }
        let runner = runner(handler)
        try await add("x")
        var tries = 0
        while let due = try await store.nextJobDue() {
            if due > time.now() { time.advance(by: due - time.now()) }
            if time.now() >= Self.start + .seconds(30_000) { tries += 1 }
            await runner.runOnce()
        }
        #expect(tries == Int(SyncLimits.attemptsMax))
    }

    @Test func `a job that helps nobody is ended at once, and said so`() async throws {
        let said = Said()
        let runner = runner(Recorder { _ in .abandoned(reason: "pointless") }) { said.hear($0) }
        try await add("x")
        await runner.runOnce()
        #expect(try await store.nextJobDue() == nil && said.words == ["abandoned pointless"])
    }

    @Test func `everything that happens is reported`() async throws {
        let said = Said()
        let runner = runner(
            Recorder { job in
                switch job.subject {
                case "done": .done
                case "wait": .waiting(after: .seconds(9), reason: "off")
                default: .retry(after: nil, reason: "fails")
                }
            }
        ) { said.hear($0) }
        for subject in ["done", "wait", "fail"] { try await add(subject) }
        await runner.runOnce()
        #expect(said.words.sorted() == ["finished", "postponed fails", "postponed off"])
        try store.close()
        #expect(await runner.runOnce() == 0)
        #expect(said.words.last == "store failed")
    }

    @Test(arguments: 1...40)
    func `a failed job waits longer and longer, within bounds`(_ attempts: Int64) {
        let seed = UInt64.random(in: .min ... .max)
        var random = Numbers(state: seed)
        let ceiling = min(
            SyncLimits.retryDelayMin * (1 << Int(min(attempts - 1, 20))), SyncLimits.retryDelayMax)
        for _ in 0..<200 {
            let wait = RetryDelay.next(after: attempts, using: &random)
            #expect(wait >= SyncLimits.retryDelayMin / 2, "seed \(seed)")
            #expect(wait <= ceiling + SyncLimits.retryDelayMin / 2, "seed \(seed)")
        }
    }

    @Test func `a ring before the sleep counts for it, and one ring wakes one sleep`() async {
        let bell = JobBell()
        bell.ring()
        bell.ring()
        await bell.wait(atMost: .seconds(3_600), on: ContinuousClock())
        let sleeping = Task { await bell.wait(atMost: .seconds(3_600), on: ContinuousClock()) }
        for _ in 0..<1_000 { await Task.yield() }
        bell.ring()
        await sleeping.value
        let cancelled = Task { await bell.wait(atMost: .seconds(3_600), on: ContinuousClock()) }
        cancelled.cancel()
        await cancelled.value
        await bell.wait(atMost: .milliseconds(1), on: ContinuousClock())
    }
}

/// What a runner reports, in words.
private final class Said: Sendable {
    private let state = Mutex<[String]>([])

    var words: [String] { state.withLock { $0 } }

    func hear(_ event: JobEvent) {
        let words =
            switch event {
            case .finished: "finished"
            case .postponed(_, let reason): "postponed " + reason
            case .rested: "rested"
            case .abandoned(_, let reason): "abandoned " + reason
            case .storeFailed: "store failed"
            }
        state.withLock { $0.append(words) }
    }
}

/// SplitMix64.
private struct Numbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
