// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Synchronization

@testable import ExtRefTrackers

/// Keeps tokens in memory and remembers in which order things happened.
final class RecordingVault: TokenVault {
    private struct State {
        var tokens: [SourceID: IssuedToken] = [:]
        var events: [String] = []
        var failuresLeft = 0
    }

    private let state = Mutex(State())

    var events: [String] { state.withLock(\.events) }

    func note(_ event: String) { state.withLock { $0.events.append(event) } }

    /// As another process would.
    func put(_ token: IssuedToken, for source: IntegrationSource) {
        state.withLock { $0.tokens[source.id] = token }
    }

    func token(_ source: IntegrationSource) -> IssuedToken? { state.withLock { $0.tokens[source.id] } }

    /// Refuses so many tokens from now on.
    func fail(_ times: Int) { state.withLock { $0.failuresLeft = times } }

    func newest(for source: IntegrationSource) async throws(TrackerError) -> IssuedToken? { token(source) }

    func keep(_ token: IssuedToken, for source: IntegrationSource) async throws(TrackerError) {
        let isKept = state.withLock { state in
            if state.failuresLeft > 0 {
                state.failuresLeft -= 1
                state.events.append("cannot keep \(token.refreshToken ?? "-")")
                return false
            }
            state.tokens[source.id] = token
            state.events.append("keep \(token.refreshToken ?? "-")")
            return true
        }
        if !isKept { throw TrackerError(.unavailable, "The vault is full.") }
    }
}

/// A token endpoint that rotates refresh tokens, and the tracker behind it.
final class TokenServer: HTTPTransport {
    struct State {
        var issued = 0
        /// The one refresh token that is good.
        var good = "r0"
        var revoked: Set<String> = []
        var life = 3_600
        var rotates = true
        /// What becomes of the next exchanges, one by one; nil = all is well.
        var script: [Loss?] = []
    }

    enum Loss { case requestLost, answerLost }

    let state = Mutex(State())
    let gate: AsyncGate
    private let vault: RecordingVault?
    private let exchangesMade = Counter()

    init(_ vault: RecordingVault? = nil, isOpen: Bool = true) {
        self.vault = vault
        gate = AsyncGate()
        if isOpen { gate.open() }
    }

    var exchanges: Int { exchangesMade.value }

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        guard request.url == TokenTracker.tokenAddress else { return use(request) }
        exchangesMade.increment()
        let body = String(decoding: request.body ?? [], as: UTF8.self)
        let sent = String(body.split(separator: "refresh_token=").last?.prefix { $0 != "&" } ?? "")
        try await gate.pass()
        vault?.note("exchange \(sent)")
        let (response, isLost) = state.withLock { state -> (HTTPResponse, Bool) in
            let loss = state.script.isEmpty ? nil : state.script.removeFirst()
            if loss == .requestLost { return (HTTPResponse(status: 500), true) }
            guard sent == state.good else {
                return (HTTPResponse(status: 400, body: Array("{\"error\":\"invalid_grant\"}".utf8)), false)
            }
            state.issued += 1
            if state.rotates, loss != .answerLost { state.good = "r\(state.issued)" }
            let grant = state.rotates ? ",\"refresh_token\":\"r\(state.issued)\"" : ""
            let text = "{\"access_token\":\"a\(state.issued)\",\"expires_in\":\(state.life)\(grant)}"
            return (HTTPResponse(status: 200, body: Array(text.utf8)), loss == .answerLost)
        }
        if isLost { throw HTTPError(.timedOut, at: .response, "lost") }
        return response
    }

    private func use(_ request: HTTPRequest) -> HTTPResponse {
        let token = request.headers.first { $0.name == "Authorization" }?.value ?? ""
        vault?.note("use \(token)")
        let isGood = state.withLock { $0.issued > 0 && !$0.revoked.contains(token) }
        return isGood
            ? HTTPResponse(status: 200, body: Array("{\"id\":\"1\",\"key\":\"1\"}".utf8))
            : HTTPResponse(status: 401)
    }
}

/// A wall clock that a test moves.
final class MovingTime: Sendable {
    private let state = Mutex(Timestamp(seconds: 1_795_340_867))

    var now: WallClock { { self.state.withLock { $0 } } }

    func advance(_ duration: Duration) { state.withLock { $0 = $0 + duration } }
}
