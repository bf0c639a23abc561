// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Synchronization
import Testing

@testable import ExtRefTrackers

@Suite(.timeLimit(.minutes(2))) struct TokenBrokerTests {
    private let vault = RecordingVault()
    private let time = MovingTime()

    private func runner(_ server: TokenServer, _ vault: RecordingVault?) -> TrackerRunner {
        TrackerRunner(
            registry: PlainTracker.registry, transport: server, vault: vault, clock: ManualClock(),
            wallClock: time.now)
    }

    private func token(_ access: String, _ refresh: String?, endsIn life: Duration) -> IssuedToken {
        IssuedToken(accessToken: access, expiresAt: time.now() + life, refreshToken: refresh)
    }

    @discardableResult
    private func read(
        _ runner: TrackerRunner, _ source: TrackerSource = TokenTracker.source(), key: String = "1"
    ) async throws(TrackerError) -> FetchOutcome {
        try await runner.fetchIssue(IssueReference(key: key), from: source, budget: .seconds(9))
    }

    private func failure(
        _ runner: TrackerRunner, _ source: TrackerSource = TokenTracker.source()
    ) async
        -> TrackerError?
    {
        await #expect(throws: TrackerError.self) { try await read(runner, source) }
    }

    @Test func `fifty callers at once make one exchange`() async throws {
        let server = TokenServer(vault, isOpen: false)
        let runner = runner(server, vault)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<50 { group.addTask { try await read(runner, key: "\(index)") } }
            while runner.flights.waiterCount < 50 || server.gate.waiting == 0 { await Task.yield() }
            server.gate.open()
            try await group.waitForAll()
        }
        #expect(server.exchanges == 1)
        #expect(vault.events.filter { $0 == "use a1" }.count == 50)
    }

    @Test func `sources and revisions never share a token`() async throws {
        let server = TokenServer()
        server.state.withLock { $0.rotates = false }
        let runner = runner(server, nil)
        for source in [
            TokenTracker.source("a"), TokenTracker.source("b"), TokenTracker.source("a", revision: 2),
        ] {
            try await read(runner, source)
            try await read(runner, source, key: "2")
        }
        #expect(server.exchanges == 3)
    }

    @Test func `a new refresh token is durable before anything uses it`() async throws {
        let runner = runner(TokenServer(vault), vault)
        try await read(runner)
        time.advance(.seconds(3_600))
        try await read(runner)
        #expect(vault.events == ["exchange r0", "keep r1", "use a1", "exchange r1", "keep r2", "use a2"])
    }

    @Test func `a vault that cannot keep a token gets it again, and nothing used it meanwhile`() async throws
    {
        let server = TokenServer(vault)
        let runner = runner(server, vault)
        vault.fail(2)
        #expect(await failure(runner)?.code == .unavailable)
        #expect(await failure(runner)?.code == .unavailable)
        try await read(runner)
        #expect(
            vault.events == ["exchange r0", "cannot keep r1", "cannot keep r1", "keep r1", "use a1"])
        #expect(server.exchanges == 1, "the one refresh token that is good was not lost")
    }

    @Test func `an exchange goes on when nobody waits for it any more`() async throws {
        let server = TokenServer(vault, isOpen: false)
        let runner = runner(server, vault)
        let caller = Task { try await read(runner) }
        while server.gate.waiting == 0 { await Task.yield() }
        caller.cancel()
        await #expect(throws: TrackerError.self) { try await caller.value }
        #expect(server.gate.waiting == 1, "the request is not cut off")
        server.gate.open()
        while vault.token(TokenTracker.source().source) == nil { await Task.yield() }
        try await read(runner)
        #expect(vault.events == ["exchange r0", "keep r1", "use a1"])
    }

    @Test(arguments: [TokenServer.Loss.requestLost, .answerLost])
    func `a lost answer leaves the old refresh token in use`(_ loss: TokenServer.Loss) async throws {
        let server = TokenServer(vault)
        server.state.withLock { $0.script = [loss] }
        let runner = runner(server, vault)
        #expect(await failure(runner)?.code == .timedOut)
        #expect(vault.token(TokenTracker.source().source) == nil)
        try await read(runner)
        #expect(vault.events.prefix(2) == ["exchange r0", "exchange r0"])
    }

    @Test func `a process that was slower takes the winner's token and erases nothing`() async throws {
        let server = TokenServer(vault, isOpen: false)
        let runner = runner(server, vault)
        let caller = Task { try await read(runner) }
        while server.gate.waiting == 0 { await Task.yield() }
        // Another process rotated the refresh token meanwhile.
        server.state.withLock { state in
            state.issued = 7
            state.good = "r7"
        }
        vault.put(token("a7", "r7", endsIn: .seconds(3_600)), for: TokenTracker.source().source)
        server.gate.open()
        _ = try await caller.value
        #expect(vault.events == ["exchange r0", "use a7"])
        #expect(vault.token(TokenTracker.source().source)?.refreshToken == "r7")
    }

    @Test func `a grant that ended stays what it is until an admin replaces it`() async throws {
        let server = TokenServer(vault)
        server.state.withLock { $0.good = "something else" }
        let runner = runner(server, vault)
        let old = token("a0", "r0", endsIn: .seconds(-5))
        vault.put(old, for: TokenTracker.source().source)
        for _ in 0..<2 { #expect(await failure(runner)?.code == .credentialsExpired) }
        #expect(vault.token(TokenTracker.source().source) == old)
        #expect(vault.events == ["exchange r0", "exchange r0"])
    }

    @Test func `an access token that the tracker refuses is not taken again, from nowhere`() async throws {
        let server = TokenServer(vault)
        let runner = runner(server, vault)
        try await read(runner)
        server.state.withLock { $0.revoked = ["a1"] }
        #expect(await failure(runner)?.code == .credentialsRejected)
        #expect(vault.token(TokenTracker.source().source)?.accessToken == "a1", "the vault still has it")
        try await read(runner)
        #expect(vault.events.suffix(3) == ["exchange r1", "keep r2", "use a2"])
    }

    @Test func `a late refusal of an old token does not throw the new one away`() async throws {
        let server = TokenServer(vault)
        let runner = runner(server, vault)
        try await read(runner)
        var old = TokenTracker.source()
        old.credential = old.credential.setting(TrackerCredential.accessTokenField, to: "a0")
        runner.tokens.forget(old)
        try await read(runner)
        #expect(server.exchanges == 1)
    }

    @Test func `a token that the vendor calls expired is renewed like a refused one`() async throws {
        let server = TokenServer(vault)
        let runner = runner(server, vault)
        try await read(runner)
        let source = try await runner.authorized(TokenTracker.source(), TokenTracker())
        let call = TrackerCall<Void>.done(())
        try await runner.run(call, with: source, reading: TokenTracker())
        let refusing = TrackerCall<Void>.send(TrackerRequest(path: ["issues", "1"])) {
            _ throws(TrackerError) in throw TrackerError(.credentialsExpired, "token expired")
        }
        await #expect(throws: TrackerError.self) {
            try await runner.run(refusing, with: source, reading: TokenTracker())
        }
        try await read(runner)
        #expect(server.exchanges == 2)
    }

    @Test func `a draft does not use a rotating grant up`() async {
        let server = TokenServer(vault)
        let error = await failure(runner(server, vault), TokenTracker.source(isDraft: true))
        #expect(error?.code == .unsupported && server.exchanges == 0)
    }

    @Test func `a draft of another kind gets a token each time, and none is kept`() async throws {
        let server = TokenServer(vault)
        server.state.withLock { $0.rotates = false }
        let registry = TrackerRegistry([TokenTracker(rotates: false)])
        let runner = TrackerRunner(
            registry: registry, transport: server, vault: vault, clock: ManualClock(), wallClock: time.now)
        for _ in 0..<2 { try await read(runner, TokenTracker.source(isDraft: true)) }
        #expect(server.exchanges == 2 && vault.events.allSatisfy { !$0.hasPrefix("keep") })
    }

    @Test func `a method that needs no token gets none`() async throws {
        let server = TokenServer(vault)
        let source = Samples.source("none", TokenTracker.id, "https://plain.example")
        let ready = try await runner(server, vault).authorized(TrackerSource(source), TokenTracker())
        #expect(ready.credential.isEmpty && server.exchanges == 0)
    }

    @Test(arguments: [
        // life, when it is used again, whether another is obtained
        (3_600, 3_299, false), (3_600, 3_300, true), (600, 479, false), (600, 480, true), (60, 47, false),
        (60, 48, true), (7_200, 6_899, false), (7_200, 6_900, true),
    ])
    func `a token is renewed five minutes or a fifth of its life before its end`(
        life: Int, age: Int, isRenewed: Bool
    ) async throws {
        let server = TokenServer(vault)
        server.state.withLock { $0.life = life }
        let runner = runner(server, vault)
        try await read(runner)
        time.advance(.seconds(age))
        try await read(runner)
        #expect(server.exchanges == (isRenewed ? 2 : 1))
    }

    @Test(arguments: [(11, false), (10, true), (1, true), (0, true), (-60, true)])
    func `a stored token is taken only when it outlasts the call`(
        secondsLeft: Int, isRenewed: Bool
    ) async throws {
        let server = TokenServer(vault)
        server.state.withLock { $0.issued = 1 }
        vault.put(token("a1", "r0", endsIn: .seconds(secondsLeft)), for: TokenTracker.source().source)
        try await read(runner(server, vault))
        #expect(server.exchanges == (isRenewed ? 1 : 0))
    }

    @Test func `without a vault the newest refresh token is remembered`() async throws {
        let server = TokenServer()
        let runner = runner(server, nil)
        try await read(runner)
        time.advance(.seconds(3_600))
        try await read(runner)
        server.state.withLock { $0.revoked = ["a2"] }
        #expect(await failure(runner)?.code == .credentialsRejected)
        try await read(runner)
        #expect(server.exchanges == 3)
    }

    @Test func `of too many tokens the one used longest ago goes`() async throws {
        let server = TokenServer()
        server.state.withLock { $0.rotates = false }
        let runner = runner(server, nil)
        for index in 0..<TrackerLimits.accessTokensMax {
            try await read(runner, TokenTracker.source("s\(index)"))
        }
        try await read(runner, TokenTracker.source("s0"), key: "2")
        try await read(runner, TokenTracker.source("one more"))
        let before = server.exchanges
        try await read(runner, TokenTracker.source("s0"), key: "3")
        #expect(server.exchanges == before)
        try await read(runner, TokenTracker.source("s1"))
        #expect(server.exchanges == before + 1)
    }

    @Test func `tokens print as nothing`() {
        let token = token("ACCESS", "REFRESH", endsIn: .seconds(1))
        var dumped = ""
        dump(token, to: &dumped)
        for text in ["\(token)", String(reflecting: token), dumped] {
            #expect(!text.contains("ACCESS") && !text.contains("REFRESH"))
        }
    }
}
