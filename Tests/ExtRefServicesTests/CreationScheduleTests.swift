// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import ExtRefStore
import RPC
import Synchronization
import Testing

/// A thousand lives of a wish, each with its own faults, repeats and pauses: never two issues, never one that
/// nobody linked.
@Suite(.timeLimit(.minutes(20))) struct CreationScheduleTests {
    private static let schedulesAtOnce = 50

    @Test(arguments: 0..<20)
    func `no schedule of faults duplicates or loses an issue`(_ block: Int) async throws {
        let harness = try ServiceHarness.writing()
        let source = try await harness.addFake()
        for index in 0..<Self.schedulesAtOnce {
            let seed = UInt64(block * Self.schedulesAtOnce + index)
            var life = WishLife(seed: seed, harness: harness, source: source)
            try await life.run()
        }
    }
}

/// One wish from its first call to its end.
private struct WishLife {
    private static let faults: [FakeSites.Fault] = [
        .unsent, .requestLost, .answerLost, .doneLater(.seconds(1)), .doneLater(.milliseconds(4_500)),
        .garbage,
        .page, .answer(500, ""), .answer(503, ""), .doneButAnswered(502), .doneButAnswered(504), .stopBefore,
        .stopAfter,
    ]
    private static let refusals: [FakeSites.Fault] = [
        .answer(422, "{\"errors\":{\"title\":\"is not nice\"}}"), .answer(401, "{}"), .answer(403, "{}"),
        .answer(429, "{}"),
    ]
    private static let pauses: [Duration] = [
        .zero, .milliseconds(1), .seconds(1), .milliseconds(4_999), .seconds(5), .seconds(6), .seconds(29),
        .seconds(30), .seconds(31), .seconds(60), .seconds(61), .seconds(600), .seconds(7_200),
    ]

    let seed: UInt64
    let harness: ServiceHarness
    let source: ExtRefMessages.Source
    private var random: SeededGenerator
    private var answers: [CreateIssueResponse] = []
    private var calls = 0

    init(seed: UInt64, harness: ServiceHarness, source: ExtRefMessages.Source) {
        self.seed = seed
        self.harness = harness
        self.source = source
        random = SeededGenerator(seed: seed)
    }

    private var title: String { "Seed \(seed)" }
    private var made: [FakeSites.Entry] { harness.sites.issues().filter { $0.title == title } }

    mutating func run() async throws {
        let hasID = !random.once(in: 8)
        let request = ServiceHarness.wish(
            source, title, object: "S-\(seed)", requestID: hasID ? "seed-\(seed)" : "")
        let repeats = Int.random(in: 1...6, using: &random)
        for _ in 0..<repeats {
            breakSomething()
            await attempt(request, atOnce: random.once(in: 5) ? 3 : 1)
            harness.engine.revive()
            harness.advance(random.pick(Self.pauses))
            if random.once(in: 3) { await harness.runJobs() }
            harness.engine.revive()
        }
        harness.sites.breaking(nil)
        // Some callers come back until they have an answer, some never do.
        if hasID, !random.once(in: 3) { try await insist(request) }
        #expect(try await harness.runAllJobs() == 0, "seed \(seed): work is left")
        try await judge(hasID: hasID)
    }

    /// Faults for each kind of request, used up one by one.
    private mutating func breakSomething() {
        var script: [FakeSites.Deed: [FakeSites.Fault?]] = [:]
        for deed in [FakeSites.Deed.form, .create, .read, .findCreated] {
            script[deed] = (0..<3).map { _ in
                let isLikely = deed == .create ? !random.once(in: 4) : random.once(in: 3)
                guard isLikely else { return nil }
                return deed == .create && random.once(in: 5)
                    ? random.pick(Self.refusals) : random.pick(Self.faults)
            }
        }
        let left = Mutex(script)
        harness.sites.breaking { call in
            left.withLock { left in
                guard let next = left[call.deed]?.first else { return nil }
                left[call.deed]?.removeFirst()
                return next
            }
        }
    }

    private mutating func attempt(_ request: CreateIssueRequest, atOnce: Int) async {
        calls += atOnce
        let harness = harness
        let results = await withTaskGroup(of: Result<CreateIssueResponse, any Error>.self) { group in
            for _ in 0..<atOnce {
                group.addTask {
                    do { return .success(try await harness.links().createIssue(request)) } catch {
                        return .failure(error)
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        for result in results {
            switch result {
            case .success(let answer): answers.append(answer)
            case .failure(let error): judgeRefusal(error as? RPCError, alone: atOnce == 1, request)
            }
        }
    }

    /// A caller who is told that the tracker refused may believe it.
    private func judgeRefusal(_ error: RPCError?, alone: Bool, _ request: CreateIssueRequest) {
        let clear: Set = [
            "TRACKER_REFUSED", "TRACKER_CREDENTIALS_REJECTED", "TRACKER_PERMISSION_DENIED",
            "TRACKER_RATE_LIMITED",
        ]
        // The form may be refused too, while an earlier try's issue waits to be found by its job.
        guard alone, !request.requestID.isEmpty, let error, clear.contains(error.reason ?? ""),
            error.reason != "TRACKER_CREDENTIALS_REJECTED"
        else { return }
        #expect(made.isEmpty, "seed \(seed): refused with \(error.reason ?? ""), and it exists")
    }

    private mutating func insist(_ request: CreateIssueRequest) async throws {
        for _ in 0..<20 {
            do {
                answers.append(try await harness.links().createIssue(request))
                return
            } catch {
                harness.advance(max(error.retryAfter ?? .seconds(1), .milliseconds(1)))
            }
        }
        Issue.record("seed \(seed): no answer in twenty calls")
    }

    private func judge(hasID: Bool) async throws {
        let made = made
        let object = "S-\(seed)"
        let links = try await harness.storedLinks().filter { $0.link.object.id == object }
        let linked = links.compactMap(\.issue?.snapshot.nativeID)
        #expect(linked.sorted() == made.map(\.id).sorted(), "seed \(seed): each issue is linked exactly once")
        #expect(made.count <= (hasID ? 1 : calls), "seed \(seed): created \(made.count) times")
        let keys = Set(made.map(\.key))
        for answer in answers {
            guard case .issue(let issue) = answer.link?.target else {
                Issue.record("seed \(seed): an answer without an issue")
                continue
            }
            #expect(keys.contains(issue.key), "seed \(seed): an answer names an issue that is not there")
        }
        if hasID { #expect(Set(answers.map(\.link?.id)).count <= 1, "seed \(seed): answers differ") }
        let open = try await harness.store.read(ServiceHarness.tenant) {
            try $0.issueCreations.find(
                principal: PrincipalID(trusted: "tester"), requestID: "seed-\(seed)")?.state
        }
        #expect(open == nil || open == .created || open == .refused, "seed \(seed): still \(open as Any)")
        #expect(open != .refused || made.isEmpty, "seed \(seed): refused, and it exists")
    }
}
