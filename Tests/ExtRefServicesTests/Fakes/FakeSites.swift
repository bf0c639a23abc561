// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Foundation
import Synchronization

/// The servers that ``FakeTracker`` speaks to, in memory: one tracker a host, and a token endpoint. A test
/// may break any request in any of the ways in which networks and servers break.
final class FakeSites: HTTPTransport {
    /// What a request asks for.
    enum Deed: Sendable {
        case me, read, findCreated, search, form, create, putLink, removeLink, token, nothing
    }

    /// A request as it arrived.
    struct Call: Sendable {
        let deed: Deed
        let host: String
        let request: HTTPRequest
        var url: String { request.url }

        /// The body, for those who send JSON.
        var values: [String: String] {
            (try? JSONDecoder().decode([String: String].self, from: Data(request.body ?? []))) ?? [:]
        }
    }

    /// What goes wrong with a request.
    enum Fault: Sendable {
        /// It never left.
        case unsent
        /// It was lost on the way there.
        case requestLost
        /// It was done, and the answer was lost.
        case answerLost
        /// The caller gave up before it was done.
        case doneLater(Duration)
        /// It was done, and something between us answers nonsense, or a page for people.
        case garbage, page
        /// It was not done, and the answer is this.
        case answer(Int, String)
        /// It was done, and the answer is this all the same.
        case doneButAnswered(Int)
        /// The whole service stops, before the request left or after it was done.
        case stopBefore, stopAfter
        /// It waits, as long as the caller does.
        case hanging
        /// It is done when the gate opens.
        case waiting(Gate)
    }

    struct Entry: Codable, Sendable, Hashable {
        var id: String
        var key: String
        var project: String
        var title: String
        var description = ""
        var status = "New"
        var category = "todo"
    }

    struct Page: Codable, Sendable {
        let issues: [Entry]
    }

    struct Me: Codable, Sendable {
        let login: String
        let denied: [String]
    }

    /// A back-link as the tracker shows it.
    struct Placed: Sendable, Hashable {
        let issueID: String
        var url: String
        var title: String
        var relationship: String
    }

    struct State: Sendable {
        /// By host.
        var issues: [String: [Entry]] = [:]
        /// By our link's id.
        var links: [String: Placed] = [:]
        var calls: [Call] = []
        var late: [(due: Timestamp, call: Call)] = []
        var fault: @Sendable (Call) -> Fault? = { _ in nil }
        var form = Form.standard
        var denied: [String] = []
        var oauth = OAuth()
    }

    let state = Mutex(State())
    let clock: WallClock
    private let onStop: @Sendable () -> Void

    /// - Parameter onStop: called when a fault stops the service.
    init(clock: @escaping WallClock, onStop: @escaping @Sendable () -> Void = {}) {
        self.clock = clock
        self.onStop = onStop
    }

    /// Requests so far.
    var calls: [Call] { state.withLock(\.calls) }
    /// Requests of a kind so far.
    func count(_ deed: Deed) -> Int { calls.count { $0.deed == deed } }
    /// Issues of a tracker.
    func issues(_ host: String = "fake.example") -> [Entry] {
        state.withLock { state in
            Self.catchUp(&state, clock())
            return state.issues[host] ?? []
        }
    }
    /// The refresh tokens that are good.
    var refreshTokens: Set<String> { state.withLock(\.oauth.refreshTokens) }
    /// Back-links there are, by our link's id.
    var links: [String: Placed] { state.withLock(\.links) }

    /// Changes what the trackers hold.
    func edit(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }

    /// Breaks requests from now on; nil = none.
    func breaking(_ fault: (@Sendable (Call) -> Fault?)?) {
        state.withLock { $0.fault = fault ?? { _ in nil } }
    }

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let call = Self.call(request)
        let fault = state.withLock { state in
            state.calls.append(call)
            Self.catchUp(&state, clock())
            return state.fault(call)
        }
        guard let fault else { return serve(call) }
        return try await fail(call, fault)
    }

    private func fail(_ call: Call, _ fault: Fault) async throws(HTTPError) -> HTTPResponse {
        switch fault {
        case .unsent: throw HTTPError(.connect, at: .connect, "nobody listens")
        case .requestLost: throw HTTPError(.timedOut, at: .response, "lost on the way there")
        case .answerLost:
            _ = serve(call)
            throw HTTPError(.connectionLost, at: .body, "lost on the way back")
        case .doneLater(let delay):
            let due = clock() + delay
            state.withLock { $0.late.append((due, call)) }
            throw HTTPError(.timedOut, at: .response, "slow")
        case .garbage:
            _ = serve(call)
            return Self.answer(200, "{{{")
        case .page:
            _ = serve(call)
            return HTTPResponse(
                status: 200, headers: [HTTPField("content-type", "text/html")], body: Array("<p>".utf8))
        case .answer(let status, let body): return Self.answer(status, body)
        case .doneButAnswered(let status):
            _ = serve(call)
            return Self.answer(status, "")
        case .stopBefore:
            onStop()
            throw HTTPError(.cancelled, at: .response, "the service stopped")
        case .stopAfter:
            _ = serve(call)
            onStop()
            throw HTTPError(.cancelled, at: .response, "the service stopped")
        case .waiting(let gate):
            await gate.pass()
            return serve(call)
        case .hanging:
            await Self.untilCancelled()
            throw HTTPError(.cancelled, at: .response, "cancelled")
        }
    }

    private func serve(_ call: Call) -> HTTPResponse { state.withLock { Self.serve(call, &$0) } }

    /// What the caller no longer waited for is done when its time has come.
    private static func catchUp(_ state: inout State, _ now: Timestamp) {
        let due = state.late.filter { $0.due <= now }
        state.late.removeAll { $0.due <= now }
        for (_, call) in due { _ = serve(call, &state) }
    }

    private static func untilCancelled() async {
        let waiting = AsyncStream<Void> { _ in }
        for await _ in waiting {}
    }

    static func answer(_ status: Int, _ body: String) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: [HTTPField("content-type", "application/json")], body: Array(body.utf8))
    }
}
