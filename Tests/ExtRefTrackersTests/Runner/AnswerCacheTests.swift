// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite(.timeLimit(.minutes(1))) struct AnswerCacheTests {
    private let time = MovingTime()

    /// Asks for a list that may be used again for a minute.
    private func ask(
        _ runner: TrackerRunner, _ source: TrackerSource = PlainTracker.source(), path: String = "states",
        body: [UInt8]? = nil
    ) async throws(TrackerError) -> Int {
        var request = TrackerRequest(body == nil ? .get : .post, path: [path], body: body)
        request.reusableFor = .seconds(60)
        let call = TrackerCall<Int>.send(request) { (response) throws(TrackerError) in
            .done(Int(response.header("x-number") ?? "") ?? 0)
        }
        return try await runner.run(call, with: source, reading: PlainTracker())
    }

    /// Numbers its answers.
    private func runner(_ status: Int = 200, bytes: Int = 0) -> (TrackerRunner, FakeTransport) {
        let count = Counter()
        let transport = FakeTransport { _ in
            HTTPResponse(
                status: status, headers: [HTTPField("x-number", "\(count.increment())")],
                body: Array(repeating: 0x20, count: bytes))
        }
        return (TrackerRunner(transport: transport, clock: ManualClock(), wallClock: time.now), transport)
    }

    @Test func `an answer is used again until its time is over`() async throws {
        let (runner, transport) = runner()
        #expect(try await ask(runner) == 1)
        time.advance(.milliseconds(59_999))
        #expect(try await ask(runner) == 1)
        time.advance(.milliseconds(1))
        #expect(try await ask(runner) == 2)
        #expect(transport.sent.count == 2)
    }

    @Test func `nothing is shared between sources, revisions, credentials, addresses and questions`()
        async throws
    {
        let (runner, transport) = runner()
        let asked: [@Sendable () async throws -> Int] = [
            { try await ask(runner) }, { try await ask(runner, PlainTracker.source("other")) },
            { try await ask(runner, PlainTracker.source(revision: 2)) },
            { try await ask(runner, PlainTracker.source(secret: "ANOTHER")) },
            { try await ask(runner, path: "types") }, { try await ask(runner, body: [1]) },
            { try await ask(runner, body: [2]) },
        ]
        for _ in 0..<2 {
            for (index, question) in asked.enumerated() { #expect(try await question() == index + 1) }
        }
        #expect(transport.sent.count == asked.count)
    }

    @Test(arguments: [404, 500, 429, 401])
    func `a failure is not kept`(_ status: Int) async {
        let (runner, transport) = runner(status)
        for _ in 0..<2 { await #expect(throws: TrackerError.self) { try await ask(runner) } }
        #expect(transport.sent.count == 2)
    }

    @Test(arguments: [(TrackerLimits.reusedAnswerBytesMax, 1), (TrackerLimits.reusedAnswerBytesMax + 1, 2)])
    func `a large answer is not kept`(bytes: Int, asked: Int) async throws {
        let (runner, transport) = runner(bytes: bytes)
        for _ in 0..<2 { _ = try await ask(runner) }
        #expect(transport.sent.count == asked)
    }

    @Test func `of too many answers the oldest goes`() {
        let cache = AnswerCache()
        let now = Timestamp(seconds: 0)
        func key(_ number: Int) -> AnswerCache.Key {
            AnswerCache.Key(
                sourceID: Samples.id("s"), revision: 1, credential: TrackerCredential(), url: "\(number)",
                body: nil)
        }
        for number in 0...TrackerLimits.reusedAnswersMax {
            cache.keep(TrackerResponse(status: 200), for: key(number), until: now + .seconds(9))
        }
        #expect(cache.answer(key(0), at: now) == nil)
        #expect(cache.answer(key(1), at: now) != nil)
        #expect(cache.answer(key(TrackerLimits.reusedAnswersMax), at: now) != nil)
    }
}
