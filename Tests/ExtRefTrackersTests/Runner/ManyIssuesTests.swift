// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Synchronization
import Testing

@testable import ExtRefTrackers

/// Reading many issues, with and without a vendor's call for it.
@Suite(.timeLimit(.minutes(1))) struct ManyIssuesTests {
    private func read(
        _ keys: [IssueReference], _ provider: ProviderID, _ transport: FakeTransport
    ) async throws(TrackerError) -> BatchOutcome {
        try await TrackerRunner(registry: PlainTracker.registry, transport: transport, clock: ManualClock())
            .fetchIssues(keys, from: PlainTracker.source(provider: provider), budget: .seconds(9))
    }

    private static func references(_ count: Int) -> [IssueReference] {
        (1...count).map { IssueReference(key: "\($0)") }
    }

    private static func issue(_ url: String) -> HTTPResponse {
        let key = url.split(separator: "/").last ?? ""
        return HTTPResponse(status: 200, body: Array("{\"id\":\"n\(key)\",\"key\":\"\(key)\"}".utf8))
    }

    @Test func `what a tracker says of each issue is kept apart from what it says nothing of`() async throws {
        let body = """
            {"found":[{"id":"n1","key":"1"},{"id":"n9","key":"MOVED-9","former":"n5"}],
             "refused":{"2":"permissionDenied","3":"gone","4":"notFound"}}
            """
        let wanted =
            Self.references(4) + [IssueReference(key: "5", nativeID: "n5"), IssueReference(key: "6")]
        let outcome = try await read(wanted, PlainBatchTracker.id, FakeTransport(200, body: body))
        #expect(outcome.found.map(\.nativeID) == ["n1", "n9"])
        let refused = Dictionary(uniqueKeysWithValues: outcome.refused.map { ($0.key.key, $0.value.code) })
        #expect(refused == ["2": .permissionDenied, "3": .gone, "4": .notFound])
        #expect(outcome.refused.values.allSatisfy { $0.message.count > 10 })
        #expect(outcome.notReturned.map(\.key) == ["6"] && outcome.failure == nil)
    }

    @Test func `issues are read a few side by side where there is no call for many`() async throws {
        let gate = AsyncGate()
        let transport = FakeTransport { request throws(HTTPError) in
            try await gate.pass()
            return Self.issue(request.url)
        }
        let reading = Task { try await read(Self.references(10), PlainTracker.id, transport) }
        while gate.waiting < TrackerLimits.singleReadsMax { await Task.yield() }
        for _ in 0..<100 { await Task.yield() }
        #expect(transport.sent.count == TrackerLimits.singleReadsMax, "no more at once")
        gate.open()
        let outcome = try await reading.value
        #expect(Set(outcome.found.map(\.key)) == Set((1...10).map(String.init)))
        #expect(transport.sent.count == 10 && outcome.unanswered.isEmpty)
    }

    @Test func `a missing one changes nothing for the others`() async throws {
        let transport = FakeTransport { request in
            request.url.hasSuffix("/3") ? HTTPResponse(status: 404) : Self.issue(request.url)
        }
        let wanted = Self.references(6) + Self.references(2)
        let outcome = try await read(wanted, PlainTracker.id, transport)
        #expect(outcome.found.count == 5 && transport.sent.count == 6, "each is read once")
        #expect(outcome.refused.map(\.key.key) == ["3"] && outcome.failure == nil)
    }

    @Test func `a source that fails in between keeps what is known, and each is accounted for once`()
        async throws
    {
        let transport = FakeTransport { request in
            ["/6", "/8"].contains { request.url.hasSuffix($0) }
                ? HTTPResponse(status: 503) : Self.issue(request.url)
        }
        let outcome = try await read(Self.references(12), PlainTracker.id, transport)
        #expect(outcome.failure?.code == .unavailable)
        #expect(Set(outcome.found.map(\.key)) == ["1", "2", "3", "4", "5", "7"])
        #expect(Set(outcome.unanswered.map(\.key)) == ["6", "8", "9", "10", "11", "12"])
        #expect(transport.sent.count == 8, "the rest is not asked for")
    }

    @Test func `a source that fails for all of the first ones fails the call`() async {
        let transport = FakeTransport(401)
        let error = await #expect(throws: TrackerError.self) {
            try await read(Self.references(9), PlainTracker.id, transport)
        }
        #expect(error?.code == .credentialsRejected && transport.sent.count == TrackerLimits.singleReadsMax)
    }

    @Test func `one slow issue at the start does not hide the others`() async throws {
        let transport = FakeTransport { request throws(HTTPError) in
            if request.url.hasSuffix("/1") { throw HTTPError(.timedOut, at: .response, "slow") }
            return Self.issue(request.url)
        }
        let outcome = try await read(Self.references(4), PlainTracker.id, transport)
        #expect(outcome.found.count == 3 && outcome.unanswered.map(\.key) == ["1"])
    }
}
