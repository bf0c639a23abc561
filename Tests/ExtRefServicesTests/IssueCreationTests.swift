// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import ExtRefStore
import RPC
import RPCMessages
import Testing

@Suite(.timeLimit(.minutes(2))) struct IssueCreationTests {
    private func issue(_ link: ExtRefMessages.Link?) -> ExtRefMessages.Issue? {
        if case .issue(let issue) = link?.target { issue } else { nil }
    }

    @Test func `an issue is created, linked, told to the feed and written into the audit log`() async throws {
        let harness = try ServiceHarness.writing()
        let source = try await harness.addFake()
        let wish = ServiceHarness.wish(source, requestID: "r1") { $0.fields["severity"] = "high" }
        let answer = try await harness.links().createIssue(wish)
        #expect(!answer.existed && !answer.reused)
        let made = try #require(harness.sites.issues().first)
        #expect(harness.sites.issues().count == 1 && made.title == "Checkout fails")
        #expect(made.project == "FK" && made.description.contains("extref-"))
        #expect(issue(answer.link)?.key == made.key && issue(answer.link)?.title == made.title)
        #expect(answer.link?.relation?.name == "Defect" && answer.link?.object?.id == "TC-1")
        let stored = try await harness.storedLinks()
        #expect(stored.map(\.link.id.rawValue) == [answer.link?.id])
        #expect(stored.first?.issue?.snapshot.nativeID == made.id)
        let feed = try await harness.store.read(ServiceHarness.tenant) {
            try $0.changes.list(after: 0, limit: 100).changes
        }
        #expect(feed.filter { $0.kind == .linkCreated }.map(\.object?.id) == ["TC-1"])
        #expect(feed.contains { $0.kind == .issueUpdated })
        let entry = try #require(try await harness.audit().first)
        #expect(entry.action == "extref.v1.LinkService/CreateIssue" && entry.requestID == "r1")
        #expect(entry.principal == "tester" && entry.resourceID == answer.link?.id)
    }

    @Test func `a repeat gets the first answer and asks nobody`() async throws {
        let harness = try ServiceHarness.writing()
        let source = try await harness.addFake()
        let wish = ServiceHarness.wish(source, requestID: "r1")
        let first = try await harness.links().createIssue(wish)
        let calls = harness.sites.calls.count
        #expect(try await harness.links().createIssue(wish) == first)
        #expect(harness.sites.calls.count == calls && harness.sites.issues().count == 1)
    }

    @Test func `another wish under a used id is refused, done or not`() async throws {
        let harness = try ServiceHarness.writing()
        let source = try await harness.addFake()
        _ = try await harness.links().createIssue(ServiceHarness.wish(source, requestID: "done"))
        harness.sites.breaking { $0.deed == .create || $0.deed == .findCreated ? .requestLost : nil }
        _ = await failure {
            try await harness.links().createIssue(ServiceHarness.wish(source, requestID: "open"))
        }
        let calls = harness.sites.calls.count
        for id in ["done", "open"] {
            let other = ServiceHarness.wish(source, "Something else", requestID: id)
            let error = await failure { try await harness.links().createIssue(other) }
            #expect(error?.reason == "REQUEST_ID_REUSED" && error?.fields == ["request_id"], "\(id)")
        }
        #expect(harness.sites.calls.count == calls, "it is refused before anybody is asked")
    }

    @Test func `what breaks the tracker's form is named, all of it, before anything is sent`() async throws {
        let harness = try ServiceHarness.writing()
        let source = try await harness.addFake()
        let wish = ServiceHarness.wish(source) {
            $0.fields = ["severity": "extreme", "colour": "red"]
            $0.issueType = "Epic"
        }
        let error = await failure { try await harness.links().createIssue(wish) }
        #expect(error?.code == .invalidArgument)
        #expect(
            error?.fields.sorted() == ["fields[colour]", "fields[severity]", "fields[title]", "issue_type"])
        #expect(harness.sites.count(.create) == 0)
        #expect(try await harness.jobCount() == 0)
    }

    @Test func `everything wrong with a request is named at once, before the tracker is asked`() async throws
    {
        let harness = try ServiceHarness.writing()
        let source = try await harness.addFake()
        let wish = ServiceHarness.wish(source) {
            $0.fields = [
                "title": String(repeating: "x", count: 32_769), String(repeating: "n", count: 129): "v",
            ]
            $0.objectFields = ["error": String(repeating: "x", count: 16_385)]
            $0.link?.object?.kind = "BAD KIND"
            $0.link?.note = String(repeating: "x", count: 2_001)
            $0.link?.fingerprint = "has a blank"
        }
        let error = await failure { try await harness.links().createIssue(wish) }
        let fields = [
            "fields", "fields[title]", "link.fingerprint", "link.note", "link.object.kind",
            "object_fields[error]",
        ]
        #expect(error?.fields.sorted() == fields)
        let targeted = ServiceHarness.wish(source) {
            $0.link?.target = ExtRefMessages.LinkTarget(target: .bareURL("https://x.example"))
        }
        #expect(
            await failure { try await harness.links().createIssue(targeted) }?.fields == ["link.target"])
        #expect(harness.sites.calls.isEmpty)
    }

    @Test func `templates fill in what the caller leaves out`() async throws {
        let harness = try ServiceHarness.writing()
        let source = try await harness.addFake {
            $0.testObjectURLTemplate = ServiceHarness.objectURL
            $0.issueTitleTemplate = "[{kind}] {title} {{x}}"
            $0.issueDescriptionTemplate = "{error}\nSee {url} of {project}, {id}. {unknown}"
        }
        let wish = ServiceHarness.wish(source, object: "TC-1/2") {
            $0.fields = ["severity": "low"]
            $0.objectFields = ["title": "Pay\nnow", "error": "boom\nbang"]
        }
        _ = try await harness.links().createIssue(wish)
        let made = try #require(harness.sites.issues().first)
        #expect(made.title == "[case] Pay now {x}", "a title is one line")
        #expect(
            made.description.hasPrefix(
                "boom\nbang\nSee https://tests.example.com/P1/case/TC-1%2F2 of P1, TC-1/2. \n\nextref-"))
        let own = ServiceHarness.wish(source, "My title", object: "TC-2") {
            $0.fields["description"] = "My words"
            $0.objectFields = ["title": "unused"]
        }
        _ = try await harness.links().createIssue(own)
        let second = try #require(harness.sites.issues().last)
        #expect(second.title == "My title" && second.description.hasPrefix("My words\n\nextref-"))
    }

    @Test func `a title made by a template is cut to what trackers take`() async throws {
        let harness = try ServiceHarness.writing()
        let source = try await harness.addFake { $0.issueTitleTemplate = "{error}" }
        let wish = ServiceHarness.wish(source) {
            $0.fields = [:]
            $0.objectFields = ["error": String(repeating: "é", count: 1_000)]
        }
        _ = try await harness.links().createIssue(wish)
        #expect(harness.sites.issues().first?.title.unicodeScalars.count == DomainLimits.shortTextScalarsMax)
    }

    @Test func `a rehearsal checks everything and sends nothing`() async throws {
        let harness = try ServiceHarness.writing()
        let source = try await harness.addFake()
        let wish = ServiceHarness.wish(source, requestID: "r1") { $0.validateOnly = true }
        _ = try await harness.links().createIssue(wish)
        #expect(harness.sites.count(.create) == 0 && harness.sites.count(.form) == 1)
        #expect(try await harness.storedLinks().isEmpty)
        #expect(try await harness.jobCount() == 0)
        let bad = ServiceHarness.wish(source, "") { $0.validateOnly = true }
        #expect(await failure { try await harness.links().createIssue(bad) }?.fields == ["fields[title]"])
        _ = try await harness.links().createIssue(ServiceHarness.wish(source, requestID: "r1"))
        #expect(harness.sites.issues().count == 1, "a rehearsal does not use its id up")
    }

    struct Barrier: Sendable, CustomTestStringConvertible {
        let name: String
        let reason: String
        var why: String?
        let raise: @Sendable (ServiceHarness, ExtRefMessages.Source) async throws -> Void
        var testDescription: String { name }
    }

    static let barriers: [Barrier] = [
        Barrier(name: "capability switched off", reason: "CAPABILITY_UNAVAILABLE", why: "switched_off") {
            harness, source in
            try await harness.update(source, "disabled_capabilities") { $0.disabledCapabilities = [.create] }
        },
        Barrier(name: "right missing", reason: "CAPABILITY_UNAVAILABLE", why: "scope_missing") {
            harness, source in
            harness.sites.edit { $0.denied = ["create"] }
            _ = try await harness.admin().testSourceConnection(
                TestSourceConnectionRequest(target: .id(source.id)))
        },
        Barrier(name: "source disabled", reason: "SOURCE_DISABLED") { harness, source in
            _ = try await harness.admin().disableSource(DisableSourceRequest(id: source.id))
        },
        Barrier(name: "external project not allowed", reason: "EXTERNAL_PROJECT_NOT_ALLOWED") {
            harness, source in
            try await harness.update(source, "allowed_external_projects") {
                $0.allowedExternalProjects = ["OTHER"]
            }
        },
        Barrier(name: "source hidden in the project", reason: "SOURCE_NOT_FOUND") { harness, source in
            _ = try await harness.admin(.projectAdmin).setProjectOverlay(
                SetProjectOverlayRequest(
                    projectID: "P1", target: .sourceID(source.id),
                    overlay: ExtRefMessages.ProjectOverlay(hidden: true)))
        },
        Barrier(name: "relation disabled", reason: "RELATION_DISABLED") { harness, _ in
            let relations = try await harness.admin().listRelations(ListRelationsRequest()).relations
            _ = try await harness.admin().disableRelation(
                DisableRelationRequest(id: relations.first { $0.name == "Defect" }?.id ?? ""))
        },
    ]

    @Test(arguments: barriers)
    func `what stands in the way is said before the tracker is asked`(_ barrier: Barrier) async throws {
        let harness = try ServiceHarness.writing()
        let source = try await harness.addFake()
        try await barrier.raise(harness, source)
        let calls = harness.sites.calls.count
        let error = await failure { try await harness.links().createIssue(ServiceHarness.wish(source)) }
        #expect(error?.reason == barrier.reason)
        #expect(error?.metadata["why"] == barrier.why)
        #expect(harness.sites.calls.count == calls)
    }

    @Test func `a provider that cannot create says so`() async throws {
        let harness = try ServiceHarness.writing()
        var custom = ExtRefMessages.Source(
            provider: "custom", displayName: "Custom", baseURL: "https://x.example")
        custom.keyPattern = "[A-Z]+-[0-9]+"
        custom.issueURLTemplate = "{baseUrl}/{key}"
        let source = try #require(
            try await harness.admin().createSource(CreateSourceRequest(source: custom)).source)
        let error = await failure { try await harness.links().createIssue(ServiceHarness.wish(source)) }
        #expect(error?.reason == "CAPABILITY_UNAVAILABLE" && error?.metadata["why"] == "not_supported")
        #expect(error?.metadata["capability"] == "create")
    }

    @Test(arguments: [
        (TestCaller.tester, true), (.projectAdmin, true), (.tenantAdmin, true), (.reader, false),
        (.otherProjectAdmin, false), (.otherTenantAdmin, false),
    ])
    func `whoever may link may create, search and see the form, and nobody else`(
        who: TestCaller, isAllowed: Bool
    ) async throws {
        let harness = try ServiceHarness.writing()
        let source = try await harness.addFake()
        let calls: [(String, () async throws -> Void)] = [
            ("create", { _ = try await harness.links(who).createIssue(ServiceHarness.wish(source)) }),
            (
                "form",
                {
                    _ = try await harness.links(who).getIssueForm(
                        GetIssueFormRequest(projectID: "P1", sourceID: source.id))
                }
            ),
            (
                "search",
                {
                    _ = try await harness.links(who).searchIssues(
                        SearchIssuesRequest(projectID: "P1", query: "x", sourceIds: [source.id]))
                }
            ),
        ]
        for (name, call) in calls {
            guard !isAllowed else {
                try await call()
                continue
            }
            let error = await failure(call)
            // An admin of another tenant may do anything in a project of that name there, where nothing is.
            #expect(error?.code == (who == .otherTenantAdmin ? .notFound : .permissionDenied), "\(name)")
        }
        #expect(harness.sites.issues().count == (isAllowed ? 1 : 0))
    }

    // MARK: Issues that fit already

    @Test func `an open defect of the object is asked about, or linked`() async throws {
        let harness = try ServiceHarness.writing()
        let source = try await harness.addFake()
        let first = try await harness.links().createIssue(ServiceHarness.wish(source))
        let known = try #require(issue(first.link))
        let ask = ServiceHarness.wish(source, "Again") { $0.reusePolicy = .ask }
        let error = await failure { try await harness.links().createIssue(ask) }
        #expect(error?.code == .failedPrecondition && error?.reason == "REUSABLE_ISSUE_EXISTS")
        #expect(error?.metadata["issue_id"] == known.id && error?.metadata["key"] == known.key)
        let link = ServiceHarness.wish(source, "Again", requestID: "r2") { $0.reusePolicy = .link }
        let reused = try await harness.links().createIssue(link)
        #expect(reused.reused && issue(reused.link)?.id == known.id && reused.link?.id == first.link?.id)
        #expect(try await harness.links().createIssue(link) == reused, "a repeat answers the same")
        #expect(harness.sites.issues().count == 1)
    }

    @Test func `the same failure elsewhere is found by its fingerprint`() async throws {
        let harness = try ServiceHarness.writing()
        let source = try await harness.addFake()
        func wish(_ object: String, _ print: String) -> CreateIssueRequest {
            ServiceHarness.wish(source, "Boom in \(object)", object: object) {
                $0.reusePolicy = .link
                $0.link?.fingerprint = print
            }
        }
        let first = try await harness.links().createIssue(wish("TC-1", "f00"))
        let second = try await harness.links().createIssue(wish("TC-2", "f00"))
        #expect(!first.reused && second.reused)
        #expect(second.link?.object?.id == "TC-2" && second.link?.id != first.link?.id)
        #expect(issue(second.link)?.id == issue(first.link)?.id)
        let other = try await harness.links().createIssue(wish("TC-3", "ba5"))
        #expect(!other.reused && harness.sites.issues().count == 2)
    }

    @Test func `a closed issue, or one of a source switched off, is no answer to a new defect`() async throws
    {
        let harness = try ServiceHarness.writing()
        let source = try await harness.addFake()
        let spare = try await harness.addFake("Spare", base: "https://spare.example")
        let made = try await harness.links().createIssue(ServiceHarness.wish(source))
        _ = try await harness.admin().disableSource(DisableSourceRequest(id: source.id))
        let elsewhere = ServiceHarness.wish(spare) { $0.reusePolicy = .link }
        #expect(try await harness.links().createIssue(elsewhere).reused == false)
        _ = try await harness.admin().enableSource(EnableSourceRequest(id: source.id))
        for host in ["fake.example", "spare.example"] {
            harness.sites.edit { state in
                state.issues[host]?[0].category = "done"
                state.issues[host]?[0].status = "Closed"
            }
        }
        let ids = try await harness.links().listIssues(ListIssuesRequest(projectID: "P1")).issues
            .compactMap(\.issue?.id)
        _ = try await harness.links().refreshIssues(RefreshIssuesRequest(projectID: "P1", ids: ids))
        let again = ServiceHarness.wish(source, "Again") { $0.reusePolicy = .ask }
        let answer = try await harness.links().createIssue(again)
        #expect(issue(answer.link)?.id != issue(made.link)?.id && harness.sites.issues().count == 2)
    }

    @Test func `a relation that is no defect makes nothing reusable`() async throws {
        let harness = try ServiceHarness.writing()
        let source = try await harness.addFake()
        _ = try await harness.links().createIssue(
            ServiceHarness.wish(source) { $0.link?.relationName = "Relates to" })
        let ask = ServiceHarness.wish(source, "Again") { $0.reusePolicy = .ask }
        _ = try await harness.links().createIssue(ask)
        #expect(harness.sites.issues().count == 2)
    }
}
