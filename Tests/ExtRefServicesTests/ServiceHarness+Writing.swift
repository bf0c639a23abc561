// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import ExtRefStore
import ExtRefSync
import RPCMessages

/// What tests of forms, new issues, back-links and grants start from.
extension ServiceHarness {
    static let writingKinds: Set<Job.Kind> = [.backLink, .resolveCreation]
    static let objectURL = "https://tests.example.com/{project}/{kind}/{id}"

    /// A harness with the tracker that can do everything.
    static func writing(clock: any Clock<Duration> = ContinuousClock()) throws -> ServiceHarness {
        try ServiceHarness(registry: FakeTracker.registry, clock: clock)
    }

    /// Adds a source of that tracker, with a token that is good.
    @discardableResult
    func addFake(
        _ name: String = "Fake", base: String = "https://fake.example", provider: String = "fake",
        edit: (inout ExtRefMessages.Source) -> Void = { _ in }
    ) async throws -> ExtRefMessages.Source {
        var source = ExtRefMessages.Source(provider: provider, displayName: name, baseURL: base)
        source.authentication = Authentication(method: "access_token", secrets: ["token": "good-token"])
        source.defaultExternalProject = "FK"
        edit(&source)
        let response = try await admin().createSource(CreateSourceRequest(source: source))
        return response.source ?? source
    }

    /// A wish for an issue that every check passes.
    static func wish(
        _ source: ExtRefMessages.Source, _ title: String = "Checkout fails", object: String = "TC-1",
        requestID: String = "", edit: (inout CreateIssueRequest) -> Void = { _ in }
    ) -> CreateIssueRequest {
        var request = CreateIssueRequest(
            projectID: project, sourceID: source.id, fields: ["title": title],
            link: LinkDraft(object: ObjectRef(kind: "case", id: object), relationName: "Defect"),
            requestID: requestID)
        edit(&request)
        return request
    }

    /// Changes fields of a source.
    @discardableResult
    func update(
        _ source: ExtRefMessages.Source, _ paths: String..., edit: (inout ExtRefMessages.Source) -> Void
    ) async throws -> ExtRefMessages.Source {
        var changed = source
        changed.etag = ""
        edit(&changed)
        let request = UpdateSourceRequest(source: changed, updateMask: .init(paths: paths))
        return try await admin().updateSource(request).source ?? changed
    }

    /// Does the jobs that are due, until none is.
    func runJobs() async {
        while await jobs.runOnce() > 0 {}
    }

    /// Does all jobs there are, however long the clock has to run for them.
    /// - Returns: how many are left after so many rounds.
    func runAllJobs(roundsMax: Int = 200) async throws -> Int {
        for _ in 0..<roundsMax {
            await runJobs()
            guard let due = try await store.nextJobDue(Self.writingKinds) else { return 0 }
            let wait = due - time.now()
            if wait > .zero { advance(wait) }
        }
        return try await jobCount()
    }

    /// All links of the tenant, as stored.
    func storedLinks() async throws -> [LinkDetail] {
        try await store.read(Self.tenant) { store in
            var links = [LinkDetail]()
            var page = PageRequest(size: DomainLimits.pageSizeMax)
            repeat {
                let found = try store.links.list(page: page)
                links += found.items
                page = PageRequest(size: DomainLimits.pageSizeMax, after: found.next)
            } while page.after != nil
            return links
        }
    }

    /// Jobs that write to trackers.
    func jobCount() async throws -> Int {
        try await store.read(Self.tenant) { try $0.jobs.count(Self.writingKinds) }
    }

    func backLink(_ link: ExtRefMessages.Link?) async throws -> BackLinkRecord? {
        let id = LinkID(trusted: link?.id ?? "")
        return try await store.read(Self.tenant) { try $0.backLinks.get(id) }
    }

    /// What the audit log shows, newest first.
    func audit() async throws -> [ExtRefMessages.AuditEntry] {
        try await admin().listAuditEntries(ListAuditEntriesRequest()).entries
    }
}
