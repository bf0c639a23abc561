// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite(.timeLimit(.minutes(1))) struct TrackerRunnerTests {
    private static let issue =
        "{\"issue\":{\"id\":1,\"subject\":\"s\",\"status\":{\"id\":1,\"name\":\"New\",\"is_closed\":false}}}"

    private func fetch(
        _ transport: FakeTransport, validator: String = "", budget: Duration = .seconds(5)
    ) async throws(TrackerError) -> FetchOutcome {
        let runner = TrackerRunner(
            transport: transport, clock: ManualClock(), wallClock: { Timestamp(seconds: 1_795_340_867) })
        return try await runner.fetchIssue(
            IssueReference(key: "1"), validator: validator, from: Samples.recorded(), budget: budget)
    }

    private func failure(_ transport: FakeTransport) async -> TrackerError? {
        await #expect(throws: TrackerError.self) { try await fetch(transport) }
    }

    @Test(
        arguments: [
            (400, [:], TrackerError.Code.invalidRequest), (401, [:], .credentialsRejected),
            (403, [:], .permissionDenied),
            (403, ["retry-after": "5"], .rateLimited), (403, ["x-ratelimit-remaining": "0"], .rateLimited),
            (404, [:], .notFound),
            (409, [:], .invalidRequest), (410, [:], .apiGone), (412, [:], .invalidRequest),
            (422, [:], .invalidRequest),
            (429, [:], .rateLimited), (500, [:], .unavailable), (502, [:], .unavailable),
            (503, ["retry-after": "7"], .unavailable),
            (504, [:], .unavailable),
            (200, ["content-type": "text/html; charset=utf-8"], .credentialsRejected),
            (203, ["content-type": "TEXT/HTML"], .credentialsRejected),
            (302, ["location": "https://x.example/login?back_url=y"], .credentialsRejected),
            (301, ["location": "https://new.example/issues/1.json"], .redirected),
            (307, ["location": "/other"], .redirected),
            (302, [:], .badResponse), (304, [:], .badResponse), (200, [:], .badResponse),
            (204, [:], .badResponse), (418, [:], .invalidRequest),
        ] as [(Int, [String: String], TrackerError.Code)])
    func `every status has one meaning`(status: Int, headers: [String: String], code: TrackerError.Code) async
    {
        let error = await failure(FakeTransport(status, headers))
        #expect(error?.code == code, "\(String(describing: error))")
    }

    @Test func `a redirect names the origin it leads to and no more`() async {
        let error = await failure(
            FakeTransport(301, ["location": "https://new.example:8443/issues/1.json?key=SECRET"]))
        #expect(error?.message.contains("https://new.example:8443.") == true)
        #expect(error?.message.contains("SECRET") == false)
    }

    @Test(
        arguments: [
            (429, "30", 30), (429, "Sun, 22 Nov 2026 09:48:17 GMT", 30), (503, "7", 7), (429, "junk", nil),
        ] as [(Int, String, Int?)])
    func `a Retry-After reaches the caller`(status: Int, value: String, seconds: Int?) async {
        let error = await failure(FakeTransport(status, ["retry-after": value]))
        #expect(error?.retryAfter == seconds.map { .seconds($0) })
    }

    @Test(arguments: [
        (
            HTTPError.Code.egressDenied(.addressPrivate), HTTPStage.egress, TrackerError.Code.egressDenied,
            false
        ),
        (.dns, .dns, .nameNotResolved, true), (.timedOut, .dns, .nameNotResolved, true),
        (.connect, .connect, .connectFailed, true),
        (.tls, .tls, .tlsFailed, false), (.timedOut, .response, .timedOut, true),
        (.cancelled, .queue, .cancelled, true),
        (.bodyTooLarge, .body, .badResponse, false), (.headersTooLarge, .response, .badResponse, false),
        (.overloaded, .queue, .overloaded, true), (.connectionLost, .body, .unavailable, true),
        (.protocolFailure, .response, .badResponse, false), (.shutDown, .queue, .unavailable, true),
        (.invalidRequest, .request, .badResponse, false),
    ])
    func `every transport failure has one meaning`(
        code: HTTPError.Code, stage: HTTPStage, expected: TrackerError.Code, isTransient: Bool
    ) async {
        let error = await failure(FakeTransport(failing: code, at: stage))
        #expect(error?.code == expected && error?.isTransient == isTransient)
    }

    @Test func `every failure has a reason and a sentence`() {
        for code in TrackerError.Code.allCases {
            let error = TrackerError(code, "x")
            #expect(error.reason.rawValue.isEmpty == false)
            #expect(code == .permissionDenied ? error.reachability == .forbidden : error.reachability != .ok)
        }
    }

    @Test func `a known state costs a question, and an unchanged one is said so`() async throws {
        let transport = FakeTransport { request in
            let isKnown = request.headers.contains(HTTPField("If-None-Match", "W/\"a\""))
            return isKnown
                ? HTTPResponse(status: 304)
                : HTTPResponse(
                    status: 200, headers: [HTTPField("etag", "W/\"a\"")], body: Array(Self.issue.utf8))
        }
        guard case .fetched(_, let validator) = try await fetch(transport) else {
            return #expect(Bool(false))
        }
        #expect(validator == "W/\"a\"")
        #expect(try await fetch(transport, validator: validator) == .notModified)
    }

    @Test func `callers who want one issue at one time share one call`() async throws {
        let gate = AsyncGate()
        let transport = FakeTransport { request throws(HTTPError) in
            try await gate.pass()
            let id = request.url.hasSuffix("/issues/2.json") ? "\"id\":2,\"subject\"" : "\"id\":1,\"subject\""
            return HTTPResponse(
                status: 200, body: Array(Self.issue.replacing("\"id\":1,\"subject\"", with: id).utf8))
        }
        let runner = TrackerRunner(transport: transport, clock: ManualClock())
        let outcomes = await withTaskGroup(of: FetchOutcome?.self) { group in
            for index in 0..<20 {
                group.addTask {
                    try? await runner.fetchIssue(
                        IssueReference(key: index < 19 ? "1" : "2"), from: Samples.recorded(),
                        budget: .seconds(9))
                }
            }
            while runner.flights.waiterCount < 20 || gate.waiting < 2 { await Task.yield() }
            gate.open()
            return await group.reduce(into: [FetchOutcome]()) { if let outcome = $1 { $0.append(outcome) } }
        }
        #expect(outcomes.count == 20 && transport.sent.count == 2)
    }

    @Test func `who goes away leaves the others waiting, and the last one ends the call`() async throws {
        let gate = AsyncGate()
        let transport = FakeTransport { _ throws(HTTPError) in
            try await gate.pass()
            return HTTPResponse(status: 200, body: Array(Self.issue.utf8))
        }
        let runner = TrackerRunner(transport: transport, clock: ManualClock())
        let calls = (0..<2).map { _ in
            Task {
                try await runner.fetchIssue(
                    IssueReference(key: "1"), from: Samples.recorded(), budget: .seconds(9))
            }
        }
        while gate.waiting < 1 { await Task.yield() }
        calls[0].cancel()
        let error = await #expect(throws: TrackerError.self) { try await calls[0].value }
        #expect(error?.code == .cancelled && gate.waiting == 1)
        calls[1].cancel()
        await #expect(throws: TrackerError.self) { try await calls[1].value }
        while gate.waiting > 0 { await Task.yield() }
        // A new caller does not join a flight that was given up.
        gate.open()
        #expect(
            try await runner.fetchIssue(
                IssueReference(key: "1"), from: Samples.recorded(), budget: .seconds(9)) != .notModified)
    }

    @Test func `sources, revisions and credentials never share a call`() async throws {
        let gate = AsyncGate()
        let transport = FakeTransport { _ throws(HTTPError) in
            try await gate.pass()
            return HTTPResponse(status: 200, body: Array(Self.issue.utf8))
        }
        let runner = TrackerRunner(transport: transport, clock: ManualClock())
        var changed = Samples.redmine()
        changed.revision = 2
        let key = TrackerCredential(["api_key": "ADMIN-KEY"])
        let sources = [
            Samples.recorded(), Samples.recorded(key: "USER-KEY"), TrackerSource(changed, credential: key),
            TrackerSource(Samples.redmine("other"), credential: key),
        ]
        await withTaskGroup(of: Void.self) { group in
            for source in sources {
                group.addTask {
                    _ = try? await runner.fetchIssue(
                        IssueReference(key: "1"), from: source, budget: .seconds(9))
                }
            }
            while gate.waiting < 4 { await Task.yield() }
            gate.open()
        }
        #expect(transport.sent.count == 4)
    }

    @Test(arguments: [
        (Duration.milliseconds(200), Duration.milliseconds(180)), (.seconds(60), .milliseconds(9_980)),
    ])
    func `the caller's budget ends the call in time for the answer`(
        budget: Duration, expected: Duration
    ) async {
        let clock = ManualClock()
        let gate = AsyncGate()
        let transport = FakeTransport { _ throws(HTTPError) in
            try await gate.pass()
            return HTTPResponse(status: 200)
        }
        let runner = TrackerRunner(transport: transport, clock: clock)
        let call = Task {
            try await runner.fetchIssue(IssueReference(key: "1"), from: Samples.recorded(), budget: budget)
        }
        while clock.wakeTimes.isEmpty || gate.waiting == 0 { await Task.yield() }
        #expect(clock.wakeTimes == [expected])
        clock.advance(by: expected)
        let error = await #expect(throws: TrackerError.self) { try await call.value }
        #expect(error?.code == .timedOut)
        while gate.waiting > 0 { await Task.yield() }
    }

    @Test func `without time nothing is sent`() async {
        let transport = FakeTransport(200)
        let error = await #expect(throws: TrackerError.self) {
            try await fetch(transport, budget: .milliseconds(20))
        }
        #expect(error?.code == .timedOut && transport.sent.isEmpty)
    }

    @Test func `many issues are read in batches, and a failure in between keeps what is known`() async throws
    {
        let count = Counter()
        let transport = FakeTransport { _ in
            if count.increment() == 3 { return HTTPResponse(status: 500) }
            return HTTPResponse(status: 200, body: Array("{\"issues\":[]}".utf8))
        }
        let references = (1...301).map { IssueReference(key: "\($0)") }
        let outcome = try await TrackerRunner(transport: transport, clock: ManualClock())
            .fetchIssues(references, from: Samples.recorded(), budget: .seconds(9))
        #expect(transport.sent.count == 3 && outcome.failure?.code == .unavailable)
        #expect(outcome.notReturned.count == 200 && outcome.unanswered.count == 101)
        #expect(transport.sent.allSatisfy { $0.url.utf8.count < 2_048 })
    }

    @Test func `issues that were not asked for are dropped`() async throws {
        let issues = ["1", "66"].map { "{\"id\":\($0),\"subject\":\"s\",\"status\":{\"name\":\"New\"}}" }
        let body = "{\"issues\":[\(issues.joined(separator: ","))]}"
        let outcome = try await TrackerRunner(transport: FakeTransport(200, body: body), clock: ManualClock())
            .fetchIssues(
                [IssueReference(key: "1"), IssueReference(key: "2")], from: Samples.recorded(),
                budget: .seconds(9))
        #expect(outcome.found.map(\.key) == ["1"] && outcome.notReturned.map(\.key) == ["2"])
    }

    @Test func `another issue than the one asked for is a bad answer`() async {
        let body = Self.issue.replacing("\"id\":1,\"subject\"", with: "\"id\":2,\"subject\"")
        #expect(await failure(FakeTransport(200, body: body))?.code == .badResponse)
    }

    @Test func `a link-only provider cannot be read`() async {
        let source = TrackerSource(Samples.source("c", .custom, "https://x.example"))
        let runner = TrackerRunner(transport: FakeTransport(200), clock: ManualClock())
        #expect(!runner.canFetch(source.source) && runner.canFetch(Samples.redmine()))
        let error = await #expect(throws: TrackerError.self) {
            try await runner.fetchIssue(IssueReference(key: "1"), from: source, budget: .seconds(1))
        }
        #expect(error?.code == .unsupported && error?.reason == .capabilityUnavailable)
    }
}
