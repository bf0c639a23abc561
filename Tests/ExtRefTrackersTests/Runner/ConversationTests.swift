// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Synchronization
import Testing

@testable import ExtRefTrackers

/// What the runner makes of several requests that belong together.
@Suite(.timeLimit(.minutes(1))) struct ConversationTests {
    private static let now = Timestamp(seconds: 1_795_340_867)

    private func runner(_ transport: FakeTransport) -> TrackerRunner {
        TrackerRunner(
            registry: PlainTracker.registry, transport: transport, clock: ManualClock(),
            wallClock: { Self.now })
    }

    private func run<Value: Sendable>(
        _ call: TrackerCall<Value>, _ transport: FakeTransport
    ) async throws(TrackerError) -> Value {
        try await runner(transport).run(call, with: PlainTracker.source(), reading: PlainTracker())
    }

    @Test func `a conversation goes on until it is done`() async throws {
        let transport = FakeTransport { request in
            HTTPResponse(status: 200, headers: [HTTPField("x-page", String(request.url.suffix(1)))])
        }
        @Sendable func page(_ number: Int, _ seen: [String]) -> TrackerCall<[String]> {
            .send(TrackerRequest(path: ["\(number)"])) { (response) throws(TrackerError) in
                let seen = seen + [response.header("x-page") ?? ""]
                return number < 4 ? page(number + 1, seen) : .done(seen)
            }
        }
        #expect(try await run(page(1, []), transport) == ["1", "2", "3", "4"])
        #expect(transport.sent.map(\.url).first == "https://plain.example/base/1")
        #expect(transport.sent.allSatisfy { $0.partition == "src_plain" })
    }

    @Test func `a conversation without an end is ended`() async {
        let transport = FakeTransport(200)
        @Sendable func again() -> TrackerCall<Void> {
            .send(TrackerRequest(path: ["x"])) { _ throws(TrackerError) in again() }
        }
        let error = await #expect(throws: TrackerError.self) { try await run(again(), transport) }
        #expect(error?.code == .badResponse && transport.sent.count == TrackerLimits.requestsPerCallMax)
    }

    @Test func `then and map carry results and failures on`() async throws {
        let call = try TrackerCall<Int>.send(TrackerRequest(path: ["n"])) { _ throws(TrackerError) in
            .done(20)
        }
        .then { (number) throws(TrackerError) in .done(number + 1) }
        .map { (number) throws(TrackerError) in number * 2 }
        #expect(try await run(call, FakeTransport(200)) == 42)
        let failing = try call.map { _ throws(TrackerError) -> Int in throw TrackerError(.gone, "x") }
        #expect(
            await #expect(throws: TrackerError.self) { try await run(failing, FakeTransport(200)) }?.code
                == .gone)
    }

    // MARK: Whether a write may have happened

    static let stages: [(TrackerError.Code, HTTPStage?, Bool)] = {
        var rows = [(TrackerError.Code, HTTPStage?, Bool)]()
        let sent: [HTTPStage?] = [nil, .response, .body]
        for code in TrackerError.Code.allCases {
            for stage in HTTPStage.allCases.map(Optional.some) + [nil] {
                let mayBeDone = [.timedOut, .unavailable, .badResponse, .cancelled].contains(code)
                rows.append((code, stage, mayBeDone && sent.contains(stage)))
            }
        }
        return rows
    }()

    @Test(arguments: stages)
    func `a failure is uncertain when the request may have arrived`(
        code: TrackerError.Code, stage: HTTPStage?, isUncertain: Bool
    ) {
        var error = TrackerError(code, "x")
        error.stage = stage
        #expect(error.isUncertain == isUncertain)
        error.isAfterWrite = true
        #expect(error.isUncertain, "after a write everything is")
    }

    struct Write: Sendable, CustomTestStringConvertible {
        let name: String
        let answers: [HTTPResponse]
        let isUncertain: Bool
        var code: TrackerError.Code
        var readsFirst = false
        var acceptsRefusals = false
        var testDescription: String { name }
    }

    private static func answer(_ status: Int, _ type: String = "application/json") -> HTTPResponse {
        HTTPResponse(status: status, headers: [HTTPField("content-type", type), HTTPField("location", "/x")])
    }

    static let writes: [Write] = [
        Write(name: "refused at once", answers: [answer(403)], isUncertain: false, code: .permissionDenied),
        Write(name: "not logged in", answers: [answer(401)], isUncertain: false, code: .credentialsRejected),
        Write(name: "throttled", answers: [answer(429)], isUncertain: false, code: .rateLimited),
        Write(name: "a fault of the server", answers: [answer(500)], isUncertain: true, code: .unavailable),
        Write(
            name: "a page for people instead of an answer", answers: [answer(200, "text/html")],
            isUncertain: true, code: .credentialsRejected),
        Write(name: "sent on as after a form", answers: [answer(303)], isUncertain: true, code: .redirected),
        Write(name: "sent elsewhere", answers: [answer(307)], isUncertain: false, code: .redirected),
        Write(
            name: "a refusal that the adapter reads itself", answers: [answer(422)], isUncertain: false,
            code: .invalidRequest, acceptsRefusals: true),
        Write(
            name: "a refusal in a good answer", answers: [answer(299)], isUncertain: false,
            code: .invalidRequest),
        Write(
            name: "forbidden when read again", answers: [answer(201), answer(403)], isUncertain: true,
            code: .permissionDenied),
        Write(
            name: "gone when read again", answers: [answer(201), answer(404)], isUncertain: true,
            code: .notFound),
        Write(
            name: "a question before, and then refused", answers: [answer(200), answer(403)],
            isUncertain: false, code: .permissionDenied, readsFirst: true),
        Write(
            name: "cut at the question before", answers: [answer(502)], isUncertain: false,
            code: .unavailable, readsFirst: true),
    ]

    @Test(arguments: writes)
    func `what is said of a write is believed, what comes after it is not`(_ row: Write) async {
        let left = Mutex(row.answers)
        let transport = FakeTransport { _ in
            left.withLock { $0.isEmpty ? Self.answer(200) : $0.removeFirst() }
        }
        var write = TrackerRequest(.post, path: ["issues"])
        if row.acceptsRefusals { write.acceptedStatuses = [422] }
        let writing = TrackerCall<Void>.send(write) { (response) throws(TrackerError) in
            if [422, 299].contains(response.status) { throw TrackerError(.invalidRequest, "refused") }
            return .send(TrackerRequest(path: ["issues", "1"])) { _ throws(TrackerError) in .done(()) }
        }
        var question = TrackerRequest(.post, path: ["graphql"])
        question.changesNothing = true
        let call =
            row.readsFirst
            ? TrackerCall<Void>.send(question) { _ throws(TrackerError) in writing } : writing
        let error = await #expect(throws: TrackerError.self) { try await run(call, transport) }
        #expect(error?.code == row.code && error?.isUncertain == row.isUncertain)
    }

    @Test(arguments: [HTTPRequest.Method.get, .head, .post, .put, .patch, .delete])
    func `reading methods change nothing`(_ method: HTTPRequest.Method) {
        #expect(TrackerRequest(method, path: []).changesNothing == (method == .get || method == .head))
    }

    // MARK: Moves

    static let moves: [(String, String?)] = [
        ("/base/issues/2", "https://plain.example/base/issues/2"),
        ("/base/issues/2?x=1", "https://plain.example/base/issues/2?x=1"),
        ("https://plain.example/base/repos/9/issues/2", "https://plain.example/base/repos/9/issues/2"),
        ("https://PLAIN.example:443/base/2", "https://PLAIN.example:443/base/2"),
        ("https://other.example/base/issues/2", nil), ("https://plain.example.evil/base/2", nil),
        ("http://plain.example/base/issues/2", nil), ("https://plain.example:8443/base/issues/2", nil),
        ("//evil.example/base/2", nil), ("//plain.example/base/2", nil), ("https:/plain.example/base/2", nil),
        ("/issues/2", nil), ("/", nil), ("", nil), ("issues/2", nil), ("?x=1", nil), ("#top", nil),
        ("/base/../admin", nil), ("/base/%2e%2e/admin", nil), ("/base/./../admin", nil), ("/bases/2", nil),
        ("https://plain.example@evil.example/base/2", nil), ("https://evil@plain.example/base/2", nil),
        ("https://plain.example\\@evil.example/base/2", nil), ("/base/2\r\nX-Evil: 1", nil),
        ("/base/2 3", nil), ("javascript:alert(1)", nil), ("ftp://plain.example/base/2", nil),
        ("/base/login?back=/base/2", nil), ("https://plain.example/base/users/sign_in", nil),
        ("https://plain.example/base/LOGIN", nil), ("/base/2%00", nil), ("/base/2%ff", nil),
    ]

    @Test(arguments: moves)
    func `a move is followed within the API address and nowhere else`(location: String, next: String?) {
        let here = "https://plain.example/base/issues/1"
        #expect(TrackerRunner.move(from: here, to: location, within: "https://plain.example/base") == next)
    }

    private func fetch(_ transport: FakeTransport) async throws(TrackerError) -> FetchOutcome {
        try await runner(transport).fetchIssue(
            IssueReference(key: "1"), from: PlainTracker.source(), budget: .seconds(9))
    }

    private static func moved(_ location: String, _ status: Int = 301) -> HTTPResponse {
        HTTPResponse(status: status, headers: [HTTPField("location", location)])
    }

    private static let issue = HTTPResponse(status: 200, body: Array("{\"id\":\"1\",\"key\":\"2\"}".utf8))

    @Test(arguments: [301, 302, 307, 308])
    func `an issue that moved is found where it is`(_ status: Int) async throws {
        let transport = FakeTransport { request in
            request.url.hasSuffix("/issues/1") ? Self.moved("/base/issues/2", status) : Self.issue
        }
        guard case .fetched(let found, _) = try await fetch(transport) else {
            Testing.Issue.record("nothing was read")
            return
        }
        #expect(found.key == "2")
        #expect(transport.sent.map(\.url).last == "https://plain.example/base/issues/2")
        #expect(transport.sent.allSatisfy { $0.headers.contains(HTTPField("Authorization", "SECRET")) })
    }

    @Test func `three moves are followed, a fourth one is not`() async {
        for count in 0...4 {
            let left = Mutex(count)
            let transport = FakeTransport { _ in
                let isMoved = left.withLock { left in
                    left -= 1
                    return left >= 0
                }
                return isMoved ? Self.moved("/base/issues/1") : Self.issue
            }
            let outcome = try? await fetch(transport)
            #expect((outcome != nil) == (count <= TrackerLimits.redirectsMax), "\(count) moves")
            #expect(transport.sent.count == min(count, TrackerLimits.redirectsMax) + 1)
        }
    }

    @Test(arguments: [
        ("https://other.example/base/issues/1", TrackerError.Code.redirected),
        ("/elsewhere", .redirected), ("/base/login", .credentialsRejected),
    ])
    func `the credential goes nowhere else`(location: String, code: TrackerError.Code) async {
        let transport = FakeTransport { _ in Self.moved(location, 302) }
        let error = await #expect(throws: TrackerError.self) { try await fetch(transport) }
        #expect(error?.code == code && transport.sent.count == 1)
    }

    @Test func `a write is never sent twice, wherever it is sent on to`() async {
        let transport = FakeTransport { _ in Self.moved("/base/issues/2", 308) }
        var request = TrackerRequest(.post, path: ["issues"])
        request.followsMoves = true
        let call = TrackerCall<Void>.send(request) { _ throws(TrackerError) in .done(()) }
        await #expect(throws: TrackerError.self) { try await run(call, transport) }
        #expect(transport.sent.count == 1)
    }

    // MARK: Which issue it is

    @Test(arguments: [
        ("{\"id\":\"7\",\"key\":\"1\"}", true), ("{\"id\":\"7\",\"key\":\"NEW-9\"}", true),
        ("{\"id\":\"8\",\"key\":\"NEW-9\",\"former\":\"7\"}", true), ("{\"id\":\"8\",\"key\":\"1\"}", false),
        ("{\"id\":\"8\",\"key\":\"1\",\"former\":\"6\"}", false),
    ])
    func `the answer is the issue asked for, by its id or the one it had`(body: String, isIt: Bool) async {
        let runner = runner(FakeTransport(200, body: body))
        let outcome = try? await runner.fetchIssue(
            IssueReference(key: "1", nativeID: "7"), from: PlainTracker.source(), budget: .seconds(9))
        #expect((outcome != nil) == isIt)
    }

    @Test(arguments: [
        ("OLD-1", "", ["OLD-1"]), ("new-9", "", []), ("NEW-9", "", []), ("OLD-1", "7", []),
    ])
    func `a key to which the tracker answers with an issue is a key of that issue`(
        asked: String, nativeID: String, previous: [String]
    ) async throws {
        let runner = runner(FakeTransport(200, body: "{\"id\":\"7\",\"key\":\"NEW-9\"}"))
        let outcome = try await runner.fetchIssue(
            IssueReference(key: asked, nativeID: nativeID), from: PlainTracker.source(), budget: .seconds(9))
        guard case .fetched(let issue, _) = outcome else {
            Testing.Issue.record("nothing was read")
            return
        }
        #expect(issue.previousKeys == previous)
    }

    // MARK: Credentials that end

    static let ends: [(String, Duration?, Int, TrackerError.Code)] = [
        ("2026-11-20", nil, 401, .credentialsExpired), ("2030-01-01", nil, 401, .credentialsRejected),
        ("", nil, 401, .credentialsRejected), ("", .seconds(-1), 401, .credentialsExpired),
        ("", .seconds(1), 401, .credentialsRejected), ("2026-11-20", nil, 403, .permissionDenied),
        ("nonsense", nil, 401, .credentialsRejected),
    ]

    @Test(arguments: ends)
    func `a refusal after the credential's known end is its end`(
        typed: String, life: Duration?, status: Int, code: TrackerError.Code
    ) async {
        var source = PlainTracker.source().source
        source.authenticationSettings = ["expires_on": typed]
        source.credentials = [
            CredentialState(
                name: "token", setAt: Self.now, setBy: PrincipalID(trusted: "a"),
                expiresAt: life.map { Self.now + $0 }),
            // An access token ends all the time and says nothing.
            CredentialState(
                name: "access_token", setAt: Self.now, setBy: PrincipalID(trusted: "a"),
                expiresAt: Self.now - .seconds(1)),
        ]
        let tracked = TrackerSource(source, credential: TrackerCredential(["token": "SECRET"]))
        let error = await #expect(throws: TrackerError.self) {
            try await runner(FakeTransport(status)).fetchIssue(
                IssueReference(key: "1"), from: tracked, budget: .seconds(9))
        }
        #expect(error?.code == code)
    }

    @Test(
        arguments: [
            (["x-ratelimit-remaining": "0", "x-ratelimit-reset": "30"], 30),
            (["ratelimit-reset": "12"], 12), (["retry-after": "5", "x-ratelimit-reset": "30"], 5),
            (["x-ratelimit-remaining": "9", "x-ratelimit-reset": "30"], nil), ([:], nil),
        ] as [([String: String], Int?)])
    func `a throttling tracker's hints say when to come back`(headers: [String: String], seconds: Int?) async
    {
        let error = await #expect(throws: TrackerError.self) { try await fetch(FakeTransport(429, headers)) }
        #expect(error?.code == .rateLimited && error?.retryAfter == seconds.map { .seconds($0) })
    }
}
