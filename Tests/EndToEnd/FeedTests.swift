// SPDX-License-Identifier: Apache-2.0

import ExtRefMessages
import FoundationEssentials
import RPC
import RPCMessages
import Synchronization
import Testing

/// Writers and readers of the change feed over TCP, while the server is killed and ended again and again.
///
/// `TEST_FEED_EVENTS` sets the number of changes, `TEST_SEED` repeats a run.
@Suite(.serialized) struct FeedTests {
    private static let writers = 8

    private static func setting<Value: LosslessStringConvertible>(_ name: String, _ standard: Value) -> Value
    {
        ProcessInfo.processInfo.environment[name].flatMap { Value($0) } ?? standard
    }

    @Test(.timeLimit(.minutes(60)))
    func `readers miss nothing and hear nothing twice, through any number of restarts`() async throws {
        let events = Self.setting("TEST_FEED_EVENTS", 2_000)
        let seed = Self.setting("TEST_SEED", UInt64.random(in: 0...UInt64.max))
        print("feed: \(events) changes, TEST_SEED=\(seed)")
        var random = SeededGenerator(seed: seed)
        try await TemporaryDirectory.with { path in
            let story = Story(events: events)
            let seeds = (random.next(), random.next(), random.next())
            async let written = story.write(writers: Self.writers, seed: seeds.0)
            async let whole = story.read(project: "", seed: seeds.1)
            async let part = story.read(project: "P1", seed: seeds.2)
            var restarts = 0
            while !story.isOver {
                let pause = Duration.milliseconds(.random(in: 100...900, using: &random))
                try await Self.serve(
                    path + "/data", story.door, for: pause, kills: .random(using: &random))
                restarts += 1
            }
            let steps = try await written
            let (all, ofProject) = (try await whole, try await part)
            print("feed: \(all.count) changes, \(steps.count) links, \(restarts) restarts")
            #expect(all.map(\.cursor) == (1...max(all.count, 1)).map(String.init))
            Self.examine(all, steps)
            Self.examine(ofProject, steps.filter { $0.value.first?.project == "P1" })
        }
    }

    /// Runs the server for a while, or until everything was read.
    private static func serve(
        _ directory: String, _ door: Door, for duration: Duration, kills: Bool
    ) async throws {
        _ = try await ServerProcess.with(directory: directory) { server in
            door.open(server.client)
            // Chance, not a condition, says when the server ends.
            try await ContinuousClock().sleep(for: duration)
            door.shut()
            try kills ? server.kill() : server.terminate()
        }
    }

    /// Every change once, in the order of the numbers; each link's in the order of its writes.
    private static func examine(_ changes: [Change], _ written: [String: [Step]]) {
        let numbers = changes.compactMap { Int($0.cursor) }
        #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 })
        var told: [String: [Step]] = [:]
        for change in changes where !change.linkID.isEmpty {
            let note = change.fields.first { $0.field == "note" }
            told[change.linkID, default: []].append(
                Step(
                    project: change.projectID, kind: change.kind, before: note?.before ?? "",
                    after: note?.after ?? ""))
        }
        #expect(told.count == written.count)
        for (link, steps) in written { #expect(told[link] == steps, "\(link)") }
    }
}

/// Lets clients in while a server runs.
private final class Door: Sendable {
    private struct State {
        var client: TestClient?
        var waiters: [CheckedContinuation<TestClient, Never>] = []
    }

    private let state = Mutex(State())

    func open(_ client: TestClient) {
        let waiters = state.withLock { state in
            state.client = client
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(returning: client) }
    }

    func shut() { state.withLock { $0.client = nil } }

    /// A client of the server that runs now, or of the next one.
    func client() async -> TestClient {
        await withCheckedContinuation { continuation in
            let client = state.withLock { state -> TestClient? in
                if state.client == nil { state.waiters.append(continuation) }
                return state.client
            }
            if let client { continuation.resume(returning: client) }
        }
    }

    /// Makes a call again and again until a server answers it.
    func call<Value>(_ body: (TestClient) async throws -> Value) async throws -> Value {
        while true {
            do {
                return try await body(await client())
            } catch let error as RPCError where error.code == .unavailable || error.code == .cancelled {
                await Task.yield()
            }
        }
    }
}

/// One change of a link, as its writer made it and as the feed tells it.
private struct Step: Sendable, Hashable {
    let project: String
    let kind: ChangeKind
    let before: String
    let after: String
}

/// What writers and readers do while servers come and go.
private final class Story: Sendable {
    let door = Door()
    private let eventsLeft: Atomic<Int>
    private let isWritten = Atomic(false)
    private let readersDone = Atomic(0)
    private let hasFailed = Atomic(false)

    init(events: Int) { eventsLeft = Atomic(events) }

    /// Whether all was written and read, or somebody gave up.
    var isOver: Bool {
        hasFailed.load(ordering: .sequentiallyConsistent)
            || readersDone.load(ordering: .sequentiallyConsistent) == 2
    }

    /// Writes until enough was written; answers every link's steps, in order.
    func write(writers: Int, seed: UInt64) async throws -> [String: [Step]] {
        try await noted {
            let creation = UUID().uuidString
            let source = try await door.call { client in
                let request = CreateSourceRequest(source: .custom(), requestID: creation)
                return try #require(try await client.admin.createSource(request).source).id
            }
            let written = try await withThrowingTaskGroup(of: [String: [Step]].self) { group in
                for writer in 0..<writers {
                    group.addTask {
                        var random = SeededGenerator(seed: seed &+ UInt64(writer))
                        var steps: [String: [Step]] = [:]
                        while self.takeEvent() {
                            let (link, made) = try await self.life(
                                of: "\(writer)\(steps.count)", in: writer % 2 == 0 ? "P1" : "P2", source,
                                &random)
                            steps[link] = made
                        }
                        return steps
                    }
                }
                return try await group.reduce(into: [:]) { all, some in all.merge(some) { first, _ in first }
                }
            }
            isWritten.store(true, ordering: .sequentiallyConsistent)
            return written
        }
    }

    /// Reads everything, or everything of a project.
    func read(project: String, seed: UInt64) async throws -> [Change] {
        try await noted {
            var random = SeededGenerator(seed: seed)
            var request = ListChangesRequest(after: "0", projectID: project)
            var changes: [Change] = []
            while true {
                let isLast = isWritten.load(ordering: .sequentiallyConsistent)
                request.pageSize = .random(in: 1...500, using: &random)
                request.wait = isLast ? nil : GoogleDuration(.seconds(.random(in: 0...2, using: &random)))
                let response = try await door.call { [request] in try await $0.links.listChanges(request) }
                changes += response.changes
                request.after = response.nextAfter
                if isLast && response.changes.isEmpty { break }
            }
            readersDone.add(1, ordering: .sequentiallyConsistent)
            return changes
        }
    }

    /// Creates a link, changes it some times, and deletes it, or does not.
    private func life(
        of key: String, in project: String, _ source: String, _ random: inout SeededGenerator
    ) async throws -> (link: String, steps: [Step]) {
        let create = UUID().uuidString
        var draft = LinkDraft.key("1\(key)", of: source, from: "TC-\(key)")
        draft.note = "0"
        let created = try await door.call { [draft] in
            try await $0.links.createLink(CreateLinkRequest(draft, in: project, requestID: create))
        }
        let link = try #require(created.link).id
        var steps = [Step(project: project, kind: .linkCreated, before: "", after: "0")]
        for number in 0..<Int.random(in: 0...6, using: &random) where takeEvent() {
            let request = UpdateLinkRequest(
                id: link, note: "\(number + 1)", updateMask: .init(paths: ["note"]),
                requestID: UUID().uuidString)
            _ = try await door.call { try await $0.links.updateLink(request) }
            steps.append(
                Step(
                    project: project, kind: .linkUpdated, before: steps[steps.count - 1].after,
                    after: request.note))
        }
        if Bool.random(using: &random), takeEvent() {
            let request = DeleteLinkRequest(id: link, requestID: UUID().uuidString)
            _ = try await door.call { try await $0.links.deleteLink(request) }
            steps.append(
                Step(project: project, kind: .linkDeleted, before: steps[steps.count - 1].after, after: ""))
        }
        return (link, steps)
    }

    private func takeEvent() -> Bool {
        eventsLeft.subtract(1, ordering: .sequentiallyConsistent).newValue >= 0
    }

    private func noted<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch {
            hasFailed.store(true, ordering: .sequentiallyConsistent)
            throw error
        }
    }
}
