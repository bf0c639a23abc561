// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Synchronization
import Testing

@testable import ExtRefTrackers

/// What the runner owes whoever controls its traffic, and what a refusal means.
@Suite(.timeLimit(.minutes(1))) struct TrafficControlTests {
    private func runner(_ traffic: CountingTraffic, _ transport: FakeTransport) -> TrackerRunner {
        TrackerRunner(
            registry: PlainTracker.registry, transport: transport, traffic: traffic, clock: ManualClock())
    }

    private func read(
        _ traffic: CountingTraffic, _ transport: FakeTransport, validator: String = ""
    ) async -> TrackerError? {
        do throws(TrackerError) {
            _ = try await runner(traffic, transport).fetchIssue(
                IssueReference(key: "1"), validator: validator, from: PlainTracker.source(),
                budget: .seconds(5))
            return nil
        } catch { return error }
    }

    @Test func `every exchange is asked for and given back once, with what it meant`() async {
        let traffic = CountingTraffic()
        let good = Array("{\"id\":\"i\",\"key\":\"1\",\"former\":null}".utf8)
        let answering = FakeTransport { _ in HTTPResponse(status: 200, body: good) }
        #expect(await read(traffic, answering)?.code == nil)
        #expect(await read(traffic, FakeTransport(304), validator: "v")?.code == nil)
        #expect(await read(traffic, FakeTransport(304))?.code == .badResponse)
        #expect(await read(traffic, FakeTransport(200, body: "<"))?.code == .badResponse)
        #expect(await read(traffic, FakeTransport(404))?.code == .notFound)
        #expect(
            await read(traffic, FakeTransport(failing: .connect, at: .connect))?.code == .connectFailed)
        let codes: [TrackerError.Code?] = [nil, nil, .badResponse, .badResponse, .notFound, .connectFailed]
        #expect(traffic.codes == codes && traffic.underWay == 0)
    }

    @Test func `a redirect is an exchange of its own`() async {
        let traffic = CountingTraffic()
        let transport = FakeTransport(301, ["location": "/base/issues/2"])
        #expect(await read(traffic, transport)?.code == .redirected)
        #expect(traffic.codes == [nil, nil, nil, .redirected] && transport.sent.count == 4)
        #expect(traffic.underWay == 0)
    }

    @Test func `a wish says whose it is and how much time is left`() async {
        let traffic = CountingTraffic()
        _ = await read(traffic, FakeTransport(404))
        let wish = traffic.wishes.first
        #expect(wish?.key == TrafficKey(PlainTracker.source()) && wish?.priority == .interactive)
        #expect(wish?.timeLeft == .seconds(5) - TrackerLimits.budgetMargin && wish?.isConnectionTest == false)
        #expect(wish?.tenantID == PlainTracker.source().source.tenantID)
    }

    @Test func `a key changes with revision, address and secret, not with what renews itself`() {
        let key = TrafficKey(PlainTracker.source())
        #expect(key == TrafficKey(PlainTracker.source()))
        #expect(key != TrafficKey(PlainTracker.source(revision: 2)))
        #expect(key.account == TrafficKey(PlainTracker.source(revision: 2)).account)
        #expect(key.account != TrafficKey(PlainTracker.source(secret: "NEW")).account)
        #expect(TrafficKey(TokenTracker.source()) == TrafficKey(TokenTracker.source(refreshToken: "r1")))
        var moved = PlainTracker.source().source
        moved.baseURL = "https://other.example"
        let credential = PlainTracker.source().credential
        #expect(key.account != TrafficKey(TrackerSource(moved, credential: credential)).account)
        #expect(!"\(key)".contains("SECRET"))
    }

    @Test func `a write that was not let out is not uncertain`() async {
        let traffic = CountingTraffic(refusal: .unsent(.unavailable, "open"))
        let call = TrackerCall<Int>.send(TrackerRequest(.post, path: ["x"])) { _ throws(TrackerError) in 1 }
        let transport = FakeTransport(200)
        do throws(TrackerError) {
            _ = try await runner(traffic, transport).run(
                call, with: PlainTracker.source(), reading: PlainTracker())
            Issue.record("it was let out")
        } catch {
            #expect(error.code == .unavailable && !error.isUncertain && error.isUnsent)
        }
        #expect(transport.sent.isEmpty && traffic.codes.isEmpty)
    }

    @Test func `a refusal from memory leaves a good token alone`() async {
        let traffic = CountingTraffic()
        let transport = FakeTransport { request in
            let body =
                request.url == TokenTracker.tokenAddress
                ? "{\"access_token\":\"a1\",\"refresh_token\":\"r1\",\"expires_in\":3600}"
                : "{\"id\":\"i\",\"key\":\"1\",\"former\":null}"
            return HTTPResponse(status: 200, body: Array(body.utf8))
        }
        let runner = runner(traffic, transport)
        for refusal in [nil, TrackerError.unsent(.credentialsRejected, "remembered"), nil] {
            traffic.refuse(refusal)
            _ = try? await runner.fetchIssue(
                IssueReference(key: "1"), from: TokenTracker.source(), budget: .seconds(5))
        }
        #expect(transport.sent.count { $0.url == TokenTracker.tokenAddress } == 1)
        #expect(transport.sent.count == 3)
    }
}

/// Lets everything pass, or nothing, and keeps count.
private final class CountingTraffic: TrafficControl {
    private struct State {
        var refusal: TrackerError?
        var wishes: [TrafficWish] = []
        var codes: [TrackerError.Code?] = []
    }

    private let state: Mutex<State>

    init(refusal: TrackerError? = nil) {
        state = Mutex(State(refusal: refusal))
    }

    var wishes: [TrafficWish] { state.withLock { $0.wishes } }
    /// What each exchange meant, in order of their ends.
    var codes: [TrackerError.Code?] { state.withLock { $0.codes } }
    var underWay: Int { state.withLock { $0.wishes.count - $0.codes.count } }

    func refuse(_ refusal: TrackerError?) { state.withLock { $0.refusal = refusal } }

    func admit(_ wish: TrafficWish) async throws(TrackerError) -> TrafficPass {
        if let refusal = state.withLock({ $0.refusal }) { throw refusal }
        state.withLock { $0.wishes.append(wish) }
        return TrafficPass(number: 0, wish: wish, admittedAt: .zero)
    }

    func finish(_ pass: TrafficPass, _ outcome: TrafficOutcome) {
        state.withLock { $0.codes.append(outcome.failure?.code) }
    }

    func pause(
        beforeAttempt attempt: Int, of wish: TrafficWish, after failure: TrackerError
    ) -> Duration? { nil }
}
