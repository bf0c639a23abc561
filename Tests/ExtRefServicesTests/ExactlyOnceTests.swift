// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import ExtRefMessages
import ExtRefStore
import RPC
import Testing

@testable import ExtRefServices

/// An issue is created once and linked once, whatever gets lost.
@Suite(.timeLimit(.minutes(10))) struct ExactlyOnceTests {
    private let harness: ServiceHarness
    private let source: ExtRefMessages.Source

    init() async throws {
        harness = try ServiceHarness.writing()
        source = try await harness.addFake()
    }

    private var wish: CreateIssueRequest { ServiceHarness.wish(source, requestID: "r1") }

    private func key(_ answer: CreateIssueResponse) -> String? {
        if case .issue(let issue) = answer.link?.target { issue.key } else { nil }
    }

    private func keysLinked() async throws -> [String] {
        try await harness.storedLinks().compactMap(\.issue?.snapshot.key)
    }

    // MARK: One thing goes wrong

    static let losses: [(String, FakeSites.Fault)] = [
        ("the answer is lost", .answerLost), ("the request is lost", .requestLost),
        ("the answer is nonsense", .garbage), ("a proxy shows a page", .page),
        ("a proxy gives up", .doneButAnswered(504)), ("it is done late", .doneLater(.seconds(4))),
        ("the tracker fails before it did it", .answer(500, "")),
    ]

    @Test(arguments: losses)
    func `when what became of it is not known, a repeat finds it or sends it again`(
        name: String, fault: FakeSites.Fault
    ) async throws {
        harness.sites.breaking { $0.deed == .create ? fault : nil }
        var answers = [CreateIssueResponse]()
        for _ in 0..<4 {
            do {
                answers.append(try await harness.links().createIssue(wish))
            } catch {
                #expect(error.reason == "CREATION_UNCERTAIN" && error.code == .unavailable)
                #expect(error.retryAfter ?? .zero > .zero, "it says when to come back")
            }
            harness.sites.breaking(nil)
            harness.advance(ServiceLimits.creationSettleTime)
        }
        let made = harness.sites.issues()
        #expect(made.count == 1)
        #expect(Set(answers.map(key)) == [made.first?.key] && Set(answers).count == 1)
        #expect(try await keysLinked() == made.map(\.key))
    }

    @Test(arguments: [FakeSites.Fault.answerLost, .garbage, .answer(404, "{}"), .answer(403, "{}"), .page])
    func `a re-read that fails after the write costs nothing`(_ fault: FakeSites.Fault) async throws {
        harness.sites.breaking { $0.deed == .read ? fault : nil }
        let answer = try await harness.links().createIssue(wish)
        #expect(!answer.existed && key(answer) == harness.sites.issues().first?.key)
        #expect(harness.sites.issues().count == 1 && harness.sites.count(.findCreated) == 1)
    }

    @Test func `until it had time to settle, nothing is sent again`() async throws {
        harness.sites.breaking { $0.deed == .create ? .doneLater(.milliseconds(4_900)) : nil }
        let first = await failure { try await harness.links().createIssue(wish) }
        #expect(first?.retryAfter == ServiceLimits.creationSettleTime)
        harness.sites.breaking(nil)
        harness.advance(.milliseconds(4_800))
        let second = await failure { try await harness.links().createIssue(wish) }
        #expect(second?.reason == "CREATION_UNCERTAIN" && second?.retryAfter == .milliseconds(200))
        #expect(harness.sites.count(.create) == 1)
        harness.advance(.milliseconds(200))
        #expect(try await harness.links().createIssue(wish).existed)
        #expect(harness.sites.count(.create) == 1 && harness.sites.issues().count == 1)
    }

    @Test func `a refusal is told as it is, field by field, and leaves nothing`() async throws {
        let refusal = FakeSites.Fault.answer(422, "{\"errors\":{\"title\":\"is a duplicate\"}}")
        harness.sites.breaking { $0.deed == .create ? refusal : nil }
        let error = await failure { try await harness.links().createIssue(wish) }
        #expect(error?.code == .invalidArgument && error?.reason == "TRACKER_REFUSED")
        #expect(error?.fields == ["fields[title]"])
        #expect(harness.sites.issues().isEmpty && harness.sites.count(.findCreated) == 0)
        harness.sites.breaking(nil)
        #expect(try await !harness.links().createIssue(wish).existed, "a refused wish may be tried again")
        #expect(harness.sites.issues().count == 1)
    }

    @Test(arguments: [
        (401, "TRACKER_CREDENTIALS_REJECTED"), (403, "TRACKER_PERMISSION_DENIED"),
        (429, "TRACKER_RATE_LIMITED"),
        (400, "TRACKER_REFUSED"), (404, "TRACKER_ISSUE_NOT_FOUND"),
    ])
    func `what the tracker says clearly is passed on`(status: Int, reason: String) async throws {
        harness.sites.breaking { $0.deed == .create ? .answer(status, "{}") : nil }
        let error = await failure { try await harness.links().createIssue(wish) }
        #expect(error?.reason == reason)
        #expect(try await harness.storedLinks().isEmpty && harness.sites.count(.findCreated) == 0)
    }

    @Test func `a tracker that cannot be asked leaves the wish open, and says why`() async throws {
        harness.sites.breaking { call in
            switch call.deed {
            case .create: .answerLost
            case .findCreated: .answer(503, "")
            default: nil
            }
        }
        let first = await failure { try await harness.links().createIssue(wish) }
        harness.advance(.seconds(60))
        let second = await failure { try await harness.links().createIssue(wish) }
        #expect(first?.reason == "CREATION_UNCERTAIN" && second?.reason == "CREATION_UNCERTAIN")
        #expect(second?.metadata["tracker_reason"] == "TRACKER_UNAVAILABLE")
        #expect(harness.sites.count(.create) == 1)
    }

    @Test func `an issue of its own is none that fits already`() async throws {
        var wish = wish
        wish.reusePolicy = .ask
        wish.link?.fingerprint = "f00"
        harness.sites.breaking { $0.deed == .create || $0.deed == .findCreated ? .answerLost : nil }
        _ = await failure { try await harness.links().createIssue(wish) }
        harness.sites.breaking(nil)
        #expect(try await harness.runAllJobs() == 0)
        #expect(try await keysLinked().count == 1)
        let answer = try await harness.links().createIssue(wish)
        #expect(answer.existed && !answer.reused && key(answer) == harness.sites.issues().first?.key)
    }

    @Test func `what was asked for stays what is looked for, whatever an admin changes meanwhile`()
        async throws
    {
        harness.sites.breaking { $0.deed == .create || $0.deed == .findCreated ? .answerLost : nil }
        _ = await failure { try await harness.links().createIssue(wish) }
        harness.sites.breaking(nil)
        try await harness.update(source, "default_external_project", "issue_title_template") {
            $0.defaultExternalProject = "ELSE"
            $0.issueTitleTemplate = "new"
        }
        harness.advance(.seconds(60))
        let answer = try await harness.links().createIssue(wish)
        #expect(answer.existed && harness.sites.issues().count == 1)
        #expect(try await harness.links().createIssue(wish) == answer)
    }

    @Test func `a form that changed does not hide an issue that exists`() async throws {
        harness.sites.breaking { $0.deed == .create || $0.deed == .findCreated ? .answerLost : nil }
        _ = await failure { try await harness.links().createIssue(wish) }
        harness.sites.breaking(nil)
        harness.sites.edit { $0.form.fields.append(.init(name: "team", label: "Team", required: true)) }
        harness.advance(.seconds(60))
        #expect(try await harness.links().createIssue(wish).existed)
    }

    // MARK: Many at once

    @Test func `parallel calls with one id make one issue`() async throws {
        let answers = await withTaskGroup(of: CreateIssueResponse?.self) { group in
            for _ in 0..<50 { group.addTask { try? await harness.links().createIssue(wish) } }
            return await group.reduce(into: [CreateIssueResponse]()) {
                if let answer = $1 { $0.append(answer) }
            }
        }
        #expect(harness.sites.issues().count == 1 && Set(answers).count == 1)
        #expect(try await harness.links().createIssue(wish) == answers.first)
        #expect(try await keysLinked().count == 1)
    }

    @Test func `parallel repeats after a lost request send it once more, not twice`() async throws {
        harness.sites.breaking { $0.deed == .create ? .requestLost : nil }
        _ = await failure { try await harness.links().createIssue(wish) }
        harness.sites.breaking(nil)
        harness.advance(.seconds(31))
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { _ = try? await harness.links().createIssue(wish) } }
            group.addTask { await harness.runJobs() }
        }
        #expect(harness.sites.issues().count == 1)
        _ = try await harness.links().createIssue(wish)
        #expect(harness.sites.issues().count == 1)
        #expect(try await keysLinked().count == 1)
    }

    @Test func `calls without an id are each their own`() async throws {
        for _ in 0..<2 { _ = try await harness.links().createIssue(ServiceHarness.wish(source)) }
        #expect(harness.sites.issues().count == 2)
    }

    @Test(arguments: [FakeSites.Fault.hanging, .waiting(Gate())])
    func `a caller that goes away in the middle loses nothing`(_ fault: FakeSites.Fault) async throws {
        harness.sites.breaking { $0.deed == .create ? fault : nil }
        let calling = Task { try await harness.links().createIssue(wish) }
        while harness.sites.count(.create) == 0 { await Task.yield() }
        calling.cancel()
        if case .waiting(let gate) = fault { gate.open() }
        _ = try? await calling.value
        harness.sites.breaking(nil)
        harness.advance(.seconds(31))
        let answer = try await harness.links().createIssue(wish)
        #expect(harness.sites.issues().map(\.key) == [key(answer)])
        #expect(try await harness.runAllJobs() == 0)
        #expect(try await keysLinked().count == 1)
    }

    // MARK: Nobody comes back

    @Test func `a wish that nobody repeats is linked by a job, and a late repeat gets its answer`()
        async throws
    {
        harness.sites.breaking { $0.deed == .create ? .stopAfter : nil }
        await #expect(throws: (any Error).self) { try await harness.links().createIssue(wish) }
        harness.engine.revive()
        harness.sites.breaking(nil)
        #expect(try await keysLinked().isEmpty)
        harness.advance(.seconds(59))
        await harness.runJobs()
        #expect(harness.sites.count(.findCreated) == 0, "a call may still be at it")
        harness.advance(.seconds(1))
        await harness.runJobs()
        #expect(try await keysLinked() == harness.sites.issues().map(\.key))
        let calls = harness.sites.calls.count
        let answer = try await harness.links().createIssue(wish)
        #expect(answer.existed && key(answer) == harness.sites.issues().first?.key)
        #expect(harness.sites.calls.count == calls && harness.sites.issues().count == 1)
        let entry = try #require(try await harness.audit().first)
        #expect(entry.principal == "tester" && entry.requestID == "r1")
    }

    @Test func `a second try that is cut is looked after like the first one`() async throws {
        harness.sites.breaking { $0.deed == .create ? .answer(403, "{}") : nil }
        _ = await failure { try await harness.links().createIssue(wish) }
        #expect(try await harness.runAllJobs() == 0)
        harness.sites.breaking { $0.deed == .create || $0.deed == .findCreated ? .answerLost : nil }
        _ = await failure { try await harness.links().createIssue(wish) }
        harness.sites.breaking(nil)
        #expect(try await harness.runAllJobs() == 0)
        #expect(harness.sites.issues().count == 1)
        #expect(try await keysLinked().count == 1)
    }

    @Test func `an outage of days or a source switched off loses no issue`() async throws {
        harness.sites.breaking { $0.deed == .create || $0.deed == .findCreated ? .answerLost : nil }
        _ = await failure { try await harness.links().createIssue(wish) }
        let start = harness.time.now()
        while harness.time.now() - start < .seconds(3 * 86_400) {
            harness.advance(.seconds(1_800))
            await harness.runJobs()
        }
        _ = try await harness.admin().disableSource(DisableSourceRequest(id: source.id))
        harness.sites.breaking(nil)
        let calls = harness.sites.calls.count
        for _ in 0..<10 {
            harness.advance(.seconds(3_600))
            await harness.runJobs()
        }
        #expect(harness.sites.calls.count == calls, "a source that is off is left alone")
        _ = try await harness.admin().enableSource(EnableSourceRequest(id: source.id))
        try await harness.update(source, "disabled_capabilities", "allowed_external_projects") {
            $0.disabledCapabilities = [.create]
            $0.allowedExternalProjects = ["OTHER"]
        }
        #expect(try await harness.runAllJobs() == 0)
        #expect(try await keysLinked() == harness.sites.issues().map(\.key))
    }

    @Test func `a wish whose source is deleted, or that nobody can tell about, is given up`() async throws {
        harness.sites.breaking { $0.deed == .create || $0.deed == .findCreated ? .answerLost : nil }
        _ = await failure { try await harness.links().createIssue(wish) }
        _ = await failure {
            try await harness.links().createIssue(
                ServiceHarness.wish(source, object: "TC-2", requestID: "r2"))
        }
        #expect(try await harness.jobCount() == 2)
        #expect(try await harness.runAllJobs(roundsMax: 2_000) == 0)
        #expect(try await harness.storedLinks().isEmpty)
    }

    @Test func `ended wishes are forgotten with the answers to their ids`() async throws {
        _ = try await harness.links().createIssue(wish)
        harness.advance(.seconds(25 * 3_600))
        _ = try await harness.links().createIssue(
            ServiceHarness.wish(source, object: "TC-2", requestID: "r2"))
        let known = try await harness.store.read(ServiceHarness.tenant) { store in
            try ["r1", "r2"].map {
                try store.issueCreations.find(principal: PrincipalID(trusted: "tester"), requestID: $0) != nil
            }
        }
        #expect(known == [false, true])
    }
}
