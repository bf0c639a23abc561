// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import ExtRefSecurity
import ExtRefServer
import FoundationEssentials
import RPC
import RPCMessages
import Synchronization
import Testing

/// When which issue was closed.
private final class Closings: Sendable {
    private let state = Mutex<[String: ContinuousClock.Instant]>([:])

    var times: [String: ContinuousClock.Instant] { state.withLock(\.self) }

    func note(_ key: String) { state.withLock { $0[key] = .now } }
}

/// From a change in the tracker over its signed notification to whoever waits for the feed, with a GitHub
/// that the simulator plays and the real program.
@Suite(
    .serialized, .timeLimit(.minutes(5)),
    .enabled(if: SimulatedSource.isExpected, "TEST_SIMULATOR_URL is not set; scripts/extref-sim starts it"))
struct WebhookLatencyTests {
    /// How many changes, and how many of them a second. `TEST_LATENCY_EVENTS` sets the former, and then the
    /// time that 99 of 100 may take is judged too: a busy machine proves nothing.
    private static let asked = ProcessInfo.processInfo.environment["TEST_LATENCY_EVENTS"].flatMap { Int($0) }
    private static let pace = 50
    private static let latencyMax = Duration.seconds(1)

    @Test func `every change reaches the feed by its notification`() async throws {
        let count = Self.asked ?? 100
        let tracker = SimulatedSource.all[1]
        let world = try SimulatedSource.world()
        let keys = try await tracker.makeIssues(count, in: world)
        let host = try SimulatedSource.host()
        let arguments = [
            "--http-listen", "127.0.0.1:0", "--egress-allow", host, "--egress-https-only", "false",
        ]
        let (latencies, _) = try await TemporaryDirectory.with { path in
            try await ServerProcess.with(directory: path + "/data", arguments: arguments) { server in
                let source = try await server.client.createCustomSource(tracker.source(in: world))
                try await Self.link(keys, of: source, server.client)
                let hook = try await server.client.admin.rotateWebhookSecret(
                    RotateWebhookSecretRequest(sourceID: source))
                try await tracker.subscribe(
                    to: "http://\(server.httpAddress)\(hook.path)", secret: hook.secret, in: world)
                let latencies = try await Self.measure(keys, tracker, world, server.client)
                try server.kill()
                return latencies
            }
        }
        let sorted = latencies.sorted()
        try #require(sorted.count == count)
        let (median, late) = (sorted[count / 2], sorted[count * 99 / 100])
        print(
            """
            webhooks: \(count) changes at \(Self.pace)/s: p50 \(median), p99 \(late), \
            worst \(sorted[count - 1])
            """
        )
        if Self.asked != nil { #expect(late < Self.latencyMax) }
    }

    private static func link(_ keys: [String], of source: String, _ client: TestClient) async throws {
        let drafts = keys.map { key in
            LinkDraft(
                object: ObjectRef(kind: "case", id: "TC-\(key)"),
                target: LinkTarget(target: .key(SourceKey(sourceID: source, key: key))),
                relationName: "Defect")
        }
        let made = try await client.links.batchCreateLinks(
            BatchCreateLinksRequest(projectID: "P1", links: drafts))
        #expect(made.createdCount == Int32(keys.count))
    }

    /// Closes one issue after the other at the tracker.
    /// - Returns: for each, how long it took until a call that waits for the feed told of it.
    private static func measure(
        _ keys: [String], _ tracker: SimulatedSource, _ world: String, _ client: TestClient
    ) async throws -> [Duration] {
        let closings = Closings()
        let start = try await client.links.listChanges(ListChangesRequest()).nextAfter
        async let told = follow(client, from: start, count: keys.count)
        let began = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, key) in keys.enumerated() {
                group.addTask { [pace] in
                    try await ContinuousClock().sleep(until: began + .seconds(1) * index / pace)
                    closings.note(key)
                    try await tracker.close(key, in: world)
                }
            }
            try await group.waitForAll()
        }
        let times = closings.times
        return try await told.compactMap { key, time in times[key].map { time - $0 } }
    }

    /// Waits for the feed until so many issues were told to be closed.
    private static func follow(
        _ client: TestClient, from start: String, count: Int
    ) async throws -> [String: ContinuousClock.Instant] {
        var (cursor, seen) = (start, [String: ContinuousClock.Instant]())
        var keys = [String: String]()
        while seen.count < count {
            let page = try await client.links.listChanges(
                ListChangesRequest(after: cursor, wait: GoogleDuration(seconds: 30), pageSize: 500))
            cursor = page.nextAfter
            let now = ContinuousClock.now
            for change in page.changes where change.kind == .issueUpdated {
                guard change.fields.contains(where: { $0.field == "status" }) else { continue }
                #expect(change.origin == .webhook)
                seen[change.issueID] = seen[change.issueID] ?? now
            }
        }
        for id in seen.keys {
            let issue = try await client.links.getIssue(GetIssueRequest(id: id)).issue
            keys[id] = issue?.key
        }
        return Dictionary(uniqueKeysWithValues: seen.compactMap { id, time in keys[id].map { ($0, time) } })
    }
}
