// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

/// What a runner tells its watch: after every exchange, and without any harm to it.
@Suite(.timeLimit(.minutes(1))) struct RunnerDriftTests {
    private static let now = Timestamp(seconds: 1_795_340_867)
    private static let good = "{\"id\":\"i\",\"key\":\"1\",\"former\":null}"
    private static let sunset = ["sunset": "Fri, 31 Dec 2027 23:59:59 GMT"]

    private func runner(_ transport: FakeTransport, _ watch: DriftRecorder) -> TrackerRunner {
        TrackerRunner(
            registry: PlainTracker.registry, transport: transport, drift: watch, clock: ManualClock(),
            wallClock: { Self.now })
    }

    private func read(
        _ transport: FakeTransport, _ watch: DriftRecorder, validator: String = "",
        from source: TrackerSource = PlainTracker.source()
    ) async throws(TrackerError) -> FetchOutcome {
        try await runner(transport, watch).fetchIssue(
            IssueReference(key: "1"), validator: validator, from: source, budget: .seconds(5))
    }

    @Test func `an announced end is told with the call, and the issue is read`() async throws {
        let watch = DriftRecorder()
        let outcome = try await read(FakeTransport(200, Self.sunset, body: Self.good), watch)
        guard case .fetched(let issue, _) = outcome else {
            Issue.record("not read")
            return
        }
        #expect(issue.key == "1")
        let report = try #require(watch.reports.first)
        #expect(watch.reports.count == 1 && report.source.id == PlainTracker.source().source.id)
        #expect(report.place == "GET /issues/1" && report.seenAt == Self.now && !report.isDraft)
        #expect(report.signs == [DriftSign(.sunset, effectiveAt: Timestamp(seconds: 1_830_297_599))])
    }

    @Test func `a good answer tells nothing`() async throws {
        let watch = DriftRecorder()
        _ = try await read(FakeTransport(200, body: Self.good), watch)
        #expect(watch.reports.isEmpty)
    }

    @Test func `an answer that says that nothing changed announces too`() async throws {
        let watch = DriftRecorder()
        let outcome = try await read(FakeTransport(304, Self.sunset), watch, validator: "v")
        #expect(outcome == .notModified && watch.signs.map(\.kind) == [.sunset])
    }

    @Test(arguments: [404, 410, 429, 500])
    func `a refusal announces too`(status: Int) async {
        let watch = DriftRecorder()
        await #expect(throws: TrackerError.self) { try await read(FakeTransport(status, Self.sunset), watch) }
        #expect(watch.signs.contains { $0.kind == .sunset })
    }

    @Test func `a call that is gone is no deleted issue, but trouble of the source`() async throws {
        let watch = DriftRecorder()
        let error = await #expect(throws: TrackerError.self) {
            try await read(FakeTransport(410), watch)
        }
        #expect(error?.code == .apiGone && error?.reachability == .unreachable)
        #expect(error?.concernsSource == true && error?.isTransient == false)
        #expect(watch.signs == [DriftSign(.apiGone)])
    }

    @Test func `a call that is gone is told even where the adapter does without it`() async throws {
        let watch = DriftRecorder()
        var request = TrackerRequest(path: ["extra"])
        request.acceptedStatuses = [404, 410]
        let call = TrackerCall<Int>.send(request) { (response) throws(TrackerError) in response.status }
        let status = try await runner(FakeTransport(410), watch).run(
            call, with: PlainTracker.source(), reading: PlainTracker())
        #expect(status == 410 && watch.signs == [DriftSign(.apiGone)])
    }

    @Test func `a refusal's body is not held against the contract`() async {
        let watch = DriftRecorder()
        await #expect(throws: TrackerError.self) { try await read(FakeTransport(500, body: "{}"), watch) }
        #expect(watch.reports.isEmpty)
    }

    @Test func `what makes an answer unreadable is told beside the failure`() async {
        let watch = DriftRecorder()
        let error = await #expect(throws: TrackerError.self) {
            try await read(FakeTransport(200, body: "{\"id\":\"i\"}"), watch)
        }
        #expect(error?.code == .badResponse)
        #expect(watch.signs == [DriftSign(.missingField, "key")])
    }

    @Test func `a draft is told as one`() async throws {
        let watch = DriftRecorder()
        let draft = TrackerSource(
            PlainTracker.source().source, credential: TrackerCredential(["token": "SECRET"]), isDraft: true)
        _ = try await read(FakeTransport(200, Self.sunset, body: Self.good), watch, from: draft)
        #expect(watch.reports.map(\.isDraft) == [true])
    }

    @Test func `the call is shown without host, query, secrets and whatever makes it long`() async throws {
        let watch = DriftRecorder()
        let runner = runner(FakeTransport(200, Self.sunset), watch)
        var request = TrackerRequest(
            .post, path: ["token", String(repeating: "x", count: 500)], query: [("code", "SECRET")])
        request.base = .address("https://auth.example:8443/t%20enant/v2")
        let call = TrackerCall<Int>.send(request) { _ throws(TrackerError) in 7 }
        let value = try await runner.run(call, with: PlainTracker.source(), reading: PlainTracker())
        let place = try #require(watch.reports.first?.place)
        #expect(value == 7 && place.hasPrefix("POST /t%20enant/v2/token/xxx"))
        #expect(place.unicodeScalars.count == TrackerLimits.driftPlaceScalarsMax)
        #expect(!place.contains("SECRET") && !place.contains("auth.example"))
    }

    @Test func `a kept answer is read with the same eyes, and announces nothing again`() async throws {
        let watch = DriftRecorder()
        let transport = FakeTransport(200, Self.sunset, body: "{\"id\":\"i\",\"former\":[]}")
        let runner = runner(transport, watch)
        var request = TrackerRequest(path: ["list"])
        request.reusableFor = .seconds(60)
        let call = TrackerCall<Int>.send(request) { (response) throws(TrackerError) in
            _ = try? TrackerJSON.decode(PlainTracker.Wire.self, from: response)
            return 1
        }
        for _ in 0..<2 {
            _ = try await runner.run(call, with: PlainTracker.source(), reading: PlainTracker())
        }
        #expect(transport.sent.count == 1)
        #expect(watch.reports.map { $0.signs.map(\.kind) } == [[.sunset, .missingField], [.missingField]])
    }
}
