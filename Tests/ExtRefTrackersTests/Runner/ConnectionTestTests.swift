// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import ExtRefTrackers
import Testing

@Suite(.timeLimit(.minutes(1))) struct ConnectionTestTests {
    @Test(arguments: [
        (
            HTTPError.Code.egressDenied(.addressPrivate), HTTPStage.egress, ProbeStep.Name.egress, "egress",
            ErrorReason.egressDenied
        ),
        (.egressDenied(.urlGrammar), .egress, .url, "url", .egressDenied),
        (.dns, .dns, .dns, "dns", .trackerUnavailable),
        (.timedOut, .dns, .dns, "dns", .trackerUnavailable),
        (.connect, .connect, .tcp, "tcp", .trackerUnavailable),
        (.timedOut, .connect, .tcp, "tcp", .trackerTimedOut), (.tls, .tls, .tls, "tls", .trackerUnavailable),
        (.timedOut, .tls, .tls, "tls", .trackerTimedOut),
        (.timedOut, .response, .http, "http", .trackerTimedOut),
        (.protocolFailure, .response, .http, "http", .trackerBadResponse),
        (.connectionLost, .response, .http, "http", .trackerUnavailable),
        (.bodyTooLarge, .body, .http, "http", .trackerBadResponse),
    ])
    func `a failure of the way is put on its step`(
        code: HTTPError.Code, stage: HTTPStage, step: ProbeStep.Name, failureClass: String,
        reason: ErrorReason
    ) async throws {
        let transport = FakeTransport { _ throws(HTTPError) in
            var error = HTTPError(code, at: stage, "as the test wants")
            if case .egressDenied(let rule) = code { error.denial = EgressDenial(rule, "denied") }
            throw error
        }
        let report = await TrackerRunner(transport: transport, clock: ManualClock()).testConnection(
            Samples.recorded())
        #expect(report.failureClass == failureClass && report.reason == reason && !report.isOK)
        let failed = report.steps.filter { $0.verdict == .failed }
        #expect(failed.map(\.name) == [step])
        #expect(report.steps.drop { $0.name != step }.dropFirst().allSatisfy { $0.verdict == .skipped })
        #expect(failed.allSatisfy { $0.advice.count > 10 && !$0.advice.contains("ADMIN-KEY") })
        #expect(transport.sent.count == 1)
    }

    @Test(arguments: [
        (401, "", ProbeStep.Name.auth, "auth"), (403, "", .auth, "permission"), (404, "", .http, "http"),
        (429, "", .http, "rate"),
        (500, "", .http, "http"), (200, "not json", .identity, "format"), (200, "{}", .identity, "format"),
    ])
    func `an unwelcome answer is put on its step`(
        status: Int, body: String, step: ProbeStep.Name, failureClass: String
    ) async {
        let report = await TrackerRunner(transport: FakeTransport(status, body: body), clock: ManualClock())
            .testConnection(
                Samples.recorded())
        #expect(report.failureClass == failureClass)
        #expect(report.steps.filter { $0.verdict == .failed }.map(\.name) == [step])
    }

    @Test func `credentials that may not read issues fail the reading step`() async {
        let transport = FakeTransport { request in
            request.url.hasSuffix("/users/current.json")
                ? HTTPResponse(status: 200, body: Array("{\"user\":{\"login\":\"bob\"}}".utf8))
                : HTTPResponse(status: 403)
        }
        let report = await TrackerRunner(transport: transport, clock: ManualClock()).testConnection(
            Samples.recorded())
        #expect(report.identity == "bob" && report.failureClass == "permission")
        #expect(report.steps.filter { $0.verdict == .failed }.map(\.name) == [.read])
    }

    @Test func `an account that sees no issue is a warning, and so is an unencrypted connection`() async {
        let transport = FakeTransport(200, body: "{\"issues\":[]}")
        var source = Samples.redmine("r", "http://redmine.example.com")
        source.authenticationMethod = .none
        let report = await TrackerRunner(transport: transport, clock: ManualClock()).testConnection(
            TrackerSource(source))
        #expect(report.isOK)
        #expect(report.steps.filter { $0.verdict == .warning }.map(\.name) == [.tls, .read])
        #expect(report.steps.first { $0.name == .auth }?.verdict == .skipped)
    }

    @Test func `broken settings fail before anything is sent`() async {
        let transport = FakeTransport(200)
        let runner = TrackerRunner(transport: transport, clock: ManualClock())
        let report = await runner.testConnection(TrackerSource(Samples.redmine("r", "redmine.example.com")))
        #expect(report.failureClass == "url" && report.reason == .fieldInvalid)
        let alien = await runner.testConnection(
            TrackerSource(Samples.source("a", ProviderID(rawValue: "x"), "https://a.example")))
        #expect(alien.failureClass == "url")
        #expect(transport.sent.isEmpty)
    }

    @Test func `a link-only source is sound without a call`() async {
        let transport = FakeTransport(200)
        let report = await TrackerRunner(transport: transport, clock: ManualClock())
            .testConnection(TrackerSource(Samples.source("c", .custom, "https://x.example")))
        #expect(report.isOK && transport.sent.isEmpty)
    }

    @Test func `a tracker that never answers ends the test in ten seconds`() async throws {
        let clock = ManualClock()
        let gate = AsyncGate()
        let transport = FakeTransport { _ throws(HTTPError) in
            try await gate.pass()
            return HTTPResponse(status: 200)
        }
        let runner = TrackerRunner(transport: transport, clock: clock)
        let call = Task { await runner.testConnection(Samples.recorded()) }
        while clock.wakeTimes.isEmpty || gate.waiting == 0 { await Task.yield() }
        let wake = try #require(clock.wakeTimes.first)
        #expect(wake <= .seconds(10) && wake > .seconds(9))
        #expect(try #require(transport.sent.first).timeout <= .seconds(10))
        clock.advance(by: wake)
        let report = await call.value
        #expect(report.failureClass == "http" && report.reason == .trackerTimedOut)
    }
}
