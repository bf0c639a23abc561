// SPDX-License-Identifier: Apache-2.0

import ExtRefMessages
import FoundationEssentials
import RPC
import Subprocess
import Testing

/// `kill -9` in the middle of a load of writes: what was acknowledged is there, nothing is half there.
///
/// `TEST_DURABILITY_ROUNDS` sets the number of kills, `TEST_SEED` repeats a run.
@Suite(.serialized) struct DurabilityTests {
    private static let writers = 16
    private static let restartMax = Duration.seconds(2)

    private static func setting<Value: LosslessStringConvertible>(_ name: String, _ standard: Value) -> Value
    {
        ProcessInfo.processInfo.environment[name].flatMap { Value($0) } ?? standard
    }

    @Test(.timeLimit(.minutes(30)))
    func `no acknowledged write is lost and no half one stays, round after round`() async throws {
        let rounds = Self.setting("TEST_DURABILITY_ROUNDS", 20)
        let seed = Self.setting("TEST_SEED", UInt64.random(in: 0...UInt64.max))
        print("durability: \(rounds) rounds, TEST_SEED=\(seed)")
        var random = SeededGenerator(seed: seed)
        try await TemporaryDirectory.with { path in
            let directory = path + "/data"
            var story = Story(source: nil)
            for round in 0..<rounds {
                let pause = Duration.milliseconds(.random(in: 0...300, using: &random))
                story = try await Self.killed(directory, after: pause, round: round, story)
            }
            let (kept, _) = try await ServerProcess.with(directory: directory) { server in
                try await Self.examine(server.client, story.acknowledged)
                try server.kill()
                return max(story.slowestStart, server.startDuration)
            }
            print("durability: \(story.acknowledged.count) acknowledged links kept, slowest start \(kept)")
            #expect(kept < Self.restartMax)
        }
    }

    /// What the rounds have done so far.
    private struct Story: Sendable {
        var source: String?
        var acknowledged = Set<String>()
        var slowestStart = Duration.zero
    }

    /// One round: start, check what must be there, write, kill.
    private static func killed(
        _ directory: String, after pause: Duration, round: Int, _ before: Story
    ) async throws -> Story {
        let (story, status) = try await ServerProcess.with(directory: directory) { server in
            var story = before
            story.slowestStart = max(story.slowestStart, server.startDuration)
            let source = try await prepare(server, story.source, expecting: story.acknowledged, round: round)
            story.source = source
            let load = Load(client: server.client, source: source, round: round)
            async let written = load.run(writers: writers)
            await load.hasBegun()
            // The kill must come at no particular moment: chance, not a condition, says when.
            try await ContinuousClock().sleep(for: pause)
            try server.kill()
            let new = await written
            #expect(!new.isEmpty, "round \(round): the server acknowledged nothing")
            story.acknowledged.formUnion(new)
            return story
        }
        #expect(status == .signaled(9))
        return story
    }

    /// Checks that what was acknowledged is there, and makes the source in the first round.
    private static func prepare(
        _ server: ServerProcess, _ source: String?, expecting acknowledged: Set<String>, round: Int
    ) async throws -> String {
        guard let source else { return try await server.client.createCustomSource() }
        let present = Set(try await server.client.allLinks().map(\.id))
        let lost = acknowledged.subtracting(present)
        #expect(lost.isEmpty, "after kill \(round): lost \(lost.count) of \(acknowledged.count)")
        return source
    }

    /// A link, its audit entry and its change were written together: there is one audit entry for each link.
    private static func examine(_ client: TestClient, _ acknowledged: Set<String>) async throws {
        let links = Set(try await client.allLinks().map(\.id))
        #expect(acknowledged.isSubset(of: links))
        var audited = Set<String>()
        var request = ListAuditEntriesRequest(pageSize: 500, projectID: "P1")
        repeat {
            let response = try await client.admin.listAuditEntries(request)
            audited.formUnion(response.entries.filter { $0.resourceType == "link" }.map(\.resourceID))
            request.pageToken = response.nextPageToken
        } while !request.pageToken.isEmpty
        #expect(audited == links)
    }
}

/// Writers that create links until the server is gone.
private struct Load: Sendable {
    let client: TestClient
    let source: String
    let round: Int
    private let firsts = AsyncStream.makeStream(of: Void.self)

    init(client: TestClient, source: String, round: Int) {
        self.client = client
        self.source = source
        self.round = round
    }

    /// Returns when a write was acknowledged, or when all writers have failed.
    func hasBegun() async {
        for await _ in firsts.stream { return }
    }

    /// Runs until every writer's connection broke; answers the ids of acknowledged links.
    func run(writers: Int) async -> Set<String> {
        defer { firsts.continuation.finish() }
        return await withTaskGroup(of: Set<String>.self) { group in
            for writer in 0..<writers { group.addTask { await write(as: writer) } }
            return await group.reduce(into: []) { $0.formUnion($1) }
        }
    }

    private func write(as writer: Int) async -> Set<String> {
        var acknowledged = Set<String>()
        var number = 0
        while true {
            let draft = LinkDraft.key(
                "\(number)", of: source, from: "TC-\(round)-\(writer)", relation: "Relates to")
            guard let link = try? await client.links.createLink(CreateLinkRequest(draft)).link else {
                return acknowledged
            }
            if number == 0 { firsts.continuation.yield() }
            acknowledged.insert(link.id)
            number += 1
        }
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same seed gives the same run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
