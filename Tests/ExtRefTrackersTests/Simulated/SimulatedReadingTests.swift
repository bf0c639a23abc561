// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Testing

@testable import ExtRefTrackers

/// Reading, as every provider has to do it, over real HTTP against a server that refuses what the vendor
/// refuses.
@Suite(.serialized, .enabled(if: Simulator.isExpected), .timeLimit(.minutes(3))) struct SimulatedReadingTests
{
    private static let budget = Duration.seconds(10)

    private func read(
        _ key: String, _ id: String = "", from source: TrackerSource, with runner: TrackerRunner
    ) async throws -> IssueSnapshot {
        let outcome = try await runner.fetchIssue(
            IssueReference(key: key, nativeID: id), from: source, budget: Self.budget)
        guard case .fetched(let issue, _) = outcome else {
            throw Simulator.Failure(description: "\(key) was not read")
        }
        return issue
    }

    @Test(arguments: SimulatedTracker.all)
    func `a connection test passes with a good credential`(tracker: SimulatedTracker) async throws {
        let simulator = try Simulator("probe")
        let report = await simulator.runner().testConnection(tracker.source(in: simulator))
        #expect(report.isOK, "\(report.steps.filter { $0.verdict == .failed })")
        #expect(!report.identity.isEmpty)
        #expect(report.steps.first { $0.name == .read }?.verdict == .passed)
        #expect(report.denied.isEmpty, "\(report.denied)")
        #expect(try await simulator.violations() == [])
    }

    @Test(arguments: SimulatedTracker.all)
    func `an issue is read by key and by id, and its state follows`(tracker: SimulatedTracker) async throws {
        let simulator = try Simulator("read")
        let source = tracker.source(in: simulator)
        let runner = simulator.runner()
        let made = try await tracker.makeIssues(in: simulator, title: "Pay \u{e4} fails")
        let issue = try await read(made[0].key, from: source, with: runner)
        #expect(issue.title == "Pay \u{e4} fails" && issue.key == made[0].key)
        #expect(issue.providerCategory == .todo && !issue.nativeID.isEmpty)
        #expect(source.source.allows(externalProject: issue.projectKey))
        let again = try await read(issue.key, issue.nativeID, from: source, with: runner)
        #expect(again == issue)
        try await simulator.edit(tracker.name, made[0].key, ["status": tracker.doneStatus])
        let closed = try await read(issue.key, issue.nativeID, from: source, with: runner)
        #expect(closed.providerCategory.isClosed, "\(closed.statusName)")
        #expect(try await simulator.violations() == [])
    }

    @Test(arguments: SimulatedTracker.all.filter { !$0.batchPaths.isEmpty })
    func `a thousand issues cost no more calls than the vendor makes necessary`(
        tracker: SimulatedTracker
    ) async throws {
        let simulator = try Simulator("batch")
        let source = tracker.source(in: simulator)
        let made = try await tracker.makeIssues(in: simulator, count: 1_000)
        let moved =
            tracker.otherProject.isEmpty
            ? nil : try await simulator.move(tracker.name, made[17].key, to: tracker.otherProject)
        try await simulator.delete(tracker.name, made[400].key)
        try await simulator.edit(tracker.name, made[900].key, ["visible": false])
        try await simulator.forget()
        let references = made.map { IssueReference(key: $0.key, nativeID: $0.id) }
        let outcome = try await simulator.runner().fetchIssues(
            references, from: source, budget: .seconds(60))
        let adapter = try #require(try tracker.tracker as? any BatchFetching)
        let calls = try await simulator.requests(tracker.name).filter { request in
            tracker.batchPaths.contains { request.path.hasSuffix($0) }
        }
        #expect(calls.count <= (1_000 + adapter.batchIssuesMax - 1) / adapter.batchIssuesMax)
        let lost = Set([made[17].id, made[400].id, made[900].id])
        let found = Set(outcome.found.map(\.nativeID))
        #expect(found.isSuperset(of: made.map(\.id).filter { !lost.contains($0) }))
        #expect(!found.contains(made[400].id) && !found.contains(made[900].id))
        let absent = Set(outcome.notReturned.map(\.nativeID) + outcome.refused.keys.map(\.nativeID))
        #expect(absent.isSuperset(of: [made[400].id, made[900].id]))
        if let moved, let issue = outcome.found.first(where: { $0.nativeID == made[17].id }) {
            #expect(issue.key == moved)
        }
        #expect(outcome.failure == nil)
        #expect(try await simulator.violations() == [])
    }

    @Test(arguments: SimulatedTracker.all)
    func `gone, hidden and unreachable stay different, and none is closed`(
        tracker: SimulatedTracker
    ) async throws {
        let simulator = try Simulator("states")
        let source = tracker.source(in: simulator)
        let runner = simulator.runner()
        let made = try await tracker.makeIssues(in: simulator, count: 3)
        try await simulator.delete(tracker.name, made[0].key)
        try await simulator.edit(tracker.name, made[1].key, ["visible": false])
        let gone = await failure { try await read(made[0].key, made[0].id, from: source, with: runner) }
        #expect([.gone, .notFound].contains(gone?.reachability), "\(String(describing: gone))")
        let hidden = await failure { try await read(made[1].key, made[1].id, from: source, with: runner) }
        #expect([.forbidden, .notFound].contains(hidden?.reachability), "\(String(describing: hidden))")
        try await simulator.fault(["kind": "status", "code": 500, "count": 3])
        let down = await failure { try await read(made[2].key, made[2].id, from: source, with: runner) }
        #expect(down?.reachability == .unreachable && down?.concernsSource == true)
    }

    @Test(arguments: SimulatedTracker.all.filter { !$0.otherProject.isEmpty })
    func `a moved issue is followed by its old key`(tracker: SimulatedTracker) async throws {
        let simulator = try Simulator("move")
        let source = tracker.source(in: simulator)
        let runner = simulator.runner()
        let made = try await tracker.makeIssues(in: simulator)
        let before = try await read(made[0].key, from: source, with: runner)
        let moved = try await simulator.move(tracker.name, made[0].key, to: tracker.otherProject)
        let after = try await read(before.key, before.nativeID, from: source, with: runner)
        #expect(after.key == moved)
        #expect(after.nativeID == before.nativeID || after.formerNativeID == before.nativeID)
        #expect(moved == before.key || after.previousKeys.contains(before.key))
        #expect(after.title == before.title && !after.providerCategory.isClosed)
        #expect(try await simulator.violations() == [])
    }

    @Test(arguments: SimulatedTracker.all)
    func `words and keys are found`(tracker: SimulatedTracker) async throws {
        let simulator = try Simulator("search")
        let source = tracker.source(in: simulator)
        guard try tracker.tracker is any IssueSearching else { return }
        let runner = simulator.runner()
        let made = try await tracker.makeIssues(in: simulator, title: "Zebra crossing is dark")
        let words = try await runner.searchIssues("zebra", limit: 5, in: source, budget: Self.budget)
        #expect(words.contains { $0.key == made[0].key }, "\(words.map(\.title))")
        let byKey = try await runner.searchIssues(made[0].key, limit: 5, in: source, budget: Self.budget)
        #expect(byKey.first?.key == made[0].key)
        for hostile in ["no & such = thing %", "a\"b'c\\d) OR (1=1", "\u{1F680}"] {
            let found = try await runner.searchIssues(hostile, limit: 5, in: source, budget: Self.budget)
            #expect(found.isEmpty, "\(found.map(\.title))")
        }
        #expect(try await simulator.violations() == [])
    }

    @Test(arguments: SimulatedTracker.all)
    func `what changed since is told page by page`(tracker: SimulatedTracker) async throws {
        guard let adapter = try tracker.tracker as? any ChangesReading else { return }
        let simulator = try Simulator("changes")
        let source = tracker.source(in: simulator)
        let made = try await tracker.makeIssues(in: simulator, count: 130)
        let start = TrackerRunner.systemTime() - .seconds(3_600)
        let runner = simulator.runner()
        var seen = Set<String>()
        var page = ""
        for _ in 0..<40 {
            let call = try adapter.changes(
                since: start, project: adapter.changesNeedProject ? tracker.project : "", page: page,
                in: try await runner.authorized(source, adapter))
            let answer = try await runner.run(call, with: source, reading: adapter)
            seen.formUnion(answer.issues.map(\.key))
            page = answer.next
            if page.isEmpty { break }
        }
        #expect(page.isEmpty)
        #expect(seen.isSuperset(of: made.map(\.key)))
        #expect(try await simulator.violations() == [])
    }
}

/// What an operation throws, as a tracker's failure.
func failure<Value>(_ work: () async throws -> Value) async -> TrackerError? {
    do {
        _ = try await work()
        return nil
    } catch {
        return error as? TrackerError
    }
}
