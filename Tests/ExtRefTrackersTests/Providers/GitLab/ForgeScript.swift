// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import TrackerConformance

@testable import ExtRefTrackers

/// Plays a tracker: answers each request by its method and what stands behind the base URL, and keeps what
/// was sent.
struct ForgeScript {
    struct Answer: Sendable {
        let status: Int
        let headers: [String: String]
        let body: String

        init(_ status: Int, _ body: String = "", _ headers: [String: String] = [:]) {
            self.status = status
            self.body = body
            self.headers = ["content-type": "application/json"].merging(headers) { $1 }
        }

        /// A good answer.
        init(_ body: String) { self.init(200, body) }
    }

    static let budget = Duration.seconds(5)
    /// 2026-11-22T09:47:47Z
    static let now = Timestamp(seconds: 1_795_340_867)
    /// What a request that no test expects is answered with; no adapter reads it as anything else.
    private static let unexpected = 418

    let transport: FakeTransport
    let runner: TrackerRunner
    private let tracker: any Tracker
    private let baseURL: String

    init(_ tracker: any Tracker, at baseURL: String, _ answers: [String: Answer]) {
        self.tracker = tracker
        self.baseURL = baseURL
        transport = FakeTransport { request in
            guard let answer = answers[Self.line(of: request, baseURL)] else {
                return HTTPResponse(status: Self.unexpected, headers: [], body: [])
            }
            return HTTPResponse(
                status: answer.status, headers: answer.headers.map { HTTPField($0.key, $0.value) },
                body: Array(answer.body.utf8))
        }
        runner = Self.runner(of: tracker, transport)
    }

    /// A runner whose budgets never end, however busy the machine is.
    static func runner(of tracker: any Tracker, _ transport: FakeTransport) -> TrackerRunner {
        TrackerRunner(
            registry: TrackerRegistry([tracker]), transport: transport, clock: ManualClock(),
            wallClock: { now })
    }

    /// What was asked, in order: `GET /api/v4/user`.
    var lines: [String] { transport.sent.map { Self.line(of: $0, baseURL) } }

    /// The bodies sent, in order; empty = none.
    var bodies: [String] { transport.sent.map { String(decoding: $0.body ?? [], as: UTF8.self) } }

    /// Runs an operation that the runner has no method for.
    func run<Value: Sendable>(_ call: TrackerCall<Value>, _ source: TrackerSource) async throws -> Value {
        try await runner.run(call, with: source, reading: tracker)
    }

    /// What each step of a connection test finds, in order; the runner's own steps are tested with it.
    func probe(_ source: TrackerSource) async throws -> [TrackerProbe.Purpose: ProbeFinding] {
        guard let tracker = tracker as? any ConnectionProbing else { return [:] }
        var findings = [TrackerProbe.Purpose: ProbeFinding]()
        for probe in try tracker.probes(of: source) {
            findings[probe.purpose] = try await run(probe.call, source)
        }
        return findings
    }

    /// Reads one issue.
    func fetch(_ key: String, nativeID: String = "", _ source: TrackerSource) async throws -> IssueSnapshot? {
        let outcome = try await runner.fetchIssue(
            IssueReference(key: key, nativeID: nativeID), from: source, budget: Self.budget)
        if case .fetched(let issue, _) = outcome { return issue }
        return nil
    }

    private static func line(of request: HTTPRequest, _ baseURL: String) -> String {
        let isBelow = request.url.hasPrefix(baseURL)
        let place = isBelow ? String(request.url.dropFirst(baseURL.count)) : request.url
        return "\(request.method.rawValue) \(place)"
    }
}

extension RecordedExchange {
    /// A good answer for the exam.
    static func answer(_ body: String) -> RecordedExchange {
        let text = "GET / HTTP/1.1\n\nHTTP/1.1 200\nContent-Type: application/json\n\n\(body)"
        guard let exchange = RecordedExchange(text) else { preconditionFailure("The form is fixed above.") }
        return exchange
    }
}
