// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Synchronization
import Testing
import TrackerConformance

@testable import ExtRefTrackers

/// Two hundred spoilt answers for each provider, made of what its server really answers.
@Suite(.serialized, .enabled(if: Simulator.isExpected), .timeLimit(.minutes(3))) struct GarbageCorpusTests {
    private static let filesCount = 200
    private static let budget = Duration.seconds(10)

    @Test(arguments: SimulatedTracker.all)
    func `garbage is a typed failure or a clean issue, never a lie`(tracker: SimulatedTracker) async throws {
        let simulator = try Simulator("corpus")
        let source = tracker.source(in: simulator)
        let made = try await tracker.makeIssues(in: simulator)
        let reference = IssueReference(key: made[0].key, nativeID: made[0].id)
        let recorder = SpoilingTransport(Simulator.client)
        let runner = TrackerRunner(transport: recorder)
        guard
            case .fetched(let good, _) = try await runner.fetchIssue(
                reference, from: source, budget: Self.budget)
        else {
            Issue.record("not read")
            return
        }
        var failures = 0
        let corpus = Self.corpus(of: recorder.lastBody)
        #expect(corpus.count == Self.filesCount)
        for body in corpus {
            recorder.spoil(with: body)
            do {
                let outcome = try await runner.fetchIssue(reference, from: source, budget: Self.budget)
                guard case .fetched(let issue, _) = outcome else {
                    Issue.record("an unasked answer")
                    continue
                }
                // Whatever was spoilt, it is still this issue, and its texts are fit to be shown.
                #expect(issue.nativeID == good.nativeID || issue.key == good.key)
                #expect(Self.isClean(issue), "\(issue)")
            } catch {
                failures += 1
                #expect(error.reachability != .ok && error.reachability != .gone, "\(error)")
                #expect(!error.message.contains("\u{1B}") && error.message.utf8.count < 1_000)
            }
        }
        #expect(failures > Self.filesCount / 10)
        recorder.spoil(with: nil)
        guard
            case .fetched(let again, _) = try await runner.fetchIssue(
                reference, from: source, budget: Self.budget)
        else {
            Issue.record("not read")
            return
        }
        #expect(again.title == good.title)
    }

    /// Whole bodies that are none, a title of ten mebibytes, and a fair choice of the spoilt ones.
    private static func corpus(of body: [UInt8]) -> [[UInt8]] {
        let huge =
            Array("{\"title\":\"".utf8) + Array(repeating: UInt8(ascii: "x"), count: 10 << 20)
            + Array("\"}".utf8)
        let whole = HostileAnswers.bodies + [huge]
        let spoilt = HostileAnswers.variations(of: body)
        let wanted = filesCount - whole.count
        let chosen = (0..<wanted).map { spoilt[$0 * spoilt.count / wanted] }
        return whole + chosen
    }

    private static func isClean(_ issue: IssueSnapshot) -> Bool {
        let texts =
            [issue.title, issue.statusName, issue.priority, issue.type, issue.resolution].compactMap(\.self)
            + issue.labels + issue.assignees.map(\.displayName)
        return issue.title.unicodeScalars.count <= DomainLimits.titleScalarsMax
            && texts.allSatisfy { text in
                text.unicodeScalars.allSatisfy {
                    $0.properties.generalCategory != .control && !(0x202A...0x202E).contains($0.value)
                        && !(0x2066...0x2069).contains($0.value)
                }
            }
    }
}

/// Passes requests on, and answers with another body when told to.
final class SpoilingTransport: HTTPTransport {
    private struct State {
        var body: [UInt8]?
        var last: [UInt8] = []
        var first: HTTPResponse?
    }

    private let transport: any HTTPTransport
    private let state = Mutex(State())

    init(_ transport: any HTTPTransport) { self.transport = transport }

    /// What the last real answer held.
    var lastBody: [UInt8] { state.withLock { $0.last } }

    func spoil(with body: [UInt8]?) { state.withLock { $0.body = body } }

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let (body, first) = state.withLock { ($0.body, $0.first) }
        if let body, let first {
            // The cap of the real client, which this one stands for.
            guard body.count <= request.bodyBytesMax else {
                throw HTTPError(.bodyTooLarge, at: .body, "The answer is too large.")
            }
            return HTTPResponse(status: first.status, headers: first.headers, body: body)
        }
        let response = try await transport.send(request)
        state.withLock { state in
            state.last = response.body
            state.first = response
        }
        return response
    }
}
