// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import ExtRefTestKit
import Testing

@testable import ExtRefTrackers

/// One way to say "wait", and for how long it is to be obeyed.
struct ThrottlingDialect: Sendable, CustomTestStringConvertible {
    let name: String
    var provider = PlainTracker.id
    let status: Int
    var headers: [String: String] = [:]
    var body = "{}"
    let wait: Duration

    var testDescription: String { name }

    var registry: TrackerRegistry { provider == PlainTracker.id ? PlainTracker.registry : .standard }

    var key: String {
        switch provider {
        case .gitHub: "octocat/Hello-World#1"
        case .linear: "ENG-12"
        default: "1"
        }
    }

    func source(_ priority: TrafficPriority) -> TrackerSource {
        let known =
            switch provider {
            case .gitHub: GitHubSample.source()
            case .linear: LinearSamples.ready()
            default: PlainTracker.source()
            }
        return TrackerSource(known.source, credential: known.credential, priority: priority)
    }

    /// All at 2026-11-22T09:47:47Z.
    static let all = [
        ThrottlingDialect(
            name: "429 with seconds", status: 429, headers: ["retry-after": "30"], wait: .seconds(30)),
        ThrottlingDialect(
            name: "429 with a date", status: 429,
            headers: ["retry-after": "Sun, 22 Nov 2026 09:48:17 GMT"], wait: .seconds(30)),
        ThrottlingDialect(
            name: "429 with an ISO reset (Jira)", status: 429,
            headers: ["x-ratelimit-remaining": "0", "x-ratelimit-reset": "2026-11-22T09:48:47Z"],
            wait: .seconds(60)),
        ThrottlingDialect(
            name: "429 with an epoch reset (GitLab)", status: 429,
            headers: ["ratelimit-remaining": "0", "ratelimit-reset": "1795340927"], wait: .seconds(60)),
        ThrottlingDialect(name: "429 without a word (GitLab)", status: 429, wait: .seconds(30)),
        ThrottlingDialect(
            name: "403 with Retry-After", status: 403, headers: ["retry-after": "45"], wait: .seconds(45)),
        ThrottlingDialect(
            name: "403, GitHub's primary limit", provider: .gitHub, status: 403,
            headers: ["x-ratelimit-remaining": "0", "x-ratelimit-reset": "1795340927"], wait: .seconds(60)),
        ThrottlingDialect(
            name: "403, GitHub's secondary limit without a time", provider: .gitHub, status: 403,
            body: "{\"message\":\"You have exceeded a secondary rate limit.\"}", wait: .seconds(60)),
        ThrottlingDialect(
            name: "400, Linear", provider: .linear, status: 400,
            headers: [
                "x-ratelimit-requests-remaining": "0", "x-ratelimit-requests-reset": "1795340927000",
            ], body: "{\"errors\":[{\"message\":\"x\",\"extensions\":{\"code\":\"RATELIMITED\"}}]}",
            wait: .seconds(60)),
        ThrottlingDialect(
            name: "503 with Retry-After", status: 503, headers: ["retry-after": "20"], wait: .seconds(20)),
    ]
}

@Suite(.timeLimit(.minutes(2))) struct ThrottlingDialectTests {
    @Test(arguments: ThrottlingDialect.all)
    func `nothing leaves before the time, everybody gets an answer, and then it goes on`(
        dialect: ThrottlingDialect
    ) throws {
        try Simulation.run(seed: 7) { simulation in
            let count = Counter()
            let world = GovernedWorld(simulation, registry: dialect.registry) { _ in
                guard count.increment() == 1 else {
                    return HTTPResponse(status: 200, body: GovernedWorld.goodBody)
                }
                return HTTPResponse(
                    status: dialect.status, headers: dialect.headers.map { HTTPField($0.key, $0.value) },
                    body: Array(dialect.body.utf8))
            }
            let first = await world.read(dialect.key, from: dialect.source(.interactive))
            try #require(first?.code == (dialect.status == 503 ? .unavailable : .rateLimited))
            while world.clock.elapsed < dialect.wait - .seconds(11) {
                for priority in TrafficPriority.allCases {
                    let before = world.clock.elapsed
                    let refusal = await world.read(dialect.key, from: dialect.source(priority))
                    #expect(refusal?.code == .rateLimited && refusal?.isUnsent == true)
                    #expect(refusal?.retryAfter == dialect.wait - before)
                    #expect(world.clock.elapsed == before, "an answer at once")
                }
                try await world.clock.sleep(for: .milliseconds(900))
            }
            #expect(world.log.count == 1)
            try await world.clock.sleep(for: dialect.wait - .seconds(1) - world.clock.elapsed)
            _ = await world.read(dialect.key, from: dialect.source(.interactive))
            _ = await world.read(dialect.key, from: dialect.source(.background))
            #expect(world.log.all.dropFirst().allSatisfy { $0.at >= dialect.wait })
            #expect(world.log.all.dropFirst().first?.at == dialect.wait && world.log.count >= 3)
        }
    }

    @Test func `a slow answer (Azure DevOps) stops background work only`() throws {
        try Simulation.run(seed: 7) { simulation in
            let world = GovernedWorld(simulation) { _ in
                HTTPResponse(
                    status: 200, headers: [HTTPField("x-ratelimit-delay", "20")],
                    body: GovernedWorld.goodBody)
            }
            let background = GovernedWorld.source("plain", .background)
            #expect(await world.read(from: background)?.code == nil)
            #expect(await world.read(from: background)?.code == .rateLimited)
            #expect(await world.read(from: GovernedWorld.source())?.code == nil)
            try await world.clock.sleep(for: .seconds(20) - world.clock.elapsed)
            #expect(await world.read(from: background)?.code == nil)
            #expect(world.log.count == 3)
        }
    }
}
