// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Testing

@testable import ExtRefSync

@Suite struct RecentViewsTests {
    private static let now = Timestamp(seconds: 1_795_000_000)
    private static let source = SourceID(trusted: "src_1")

    private static func issue(
        _ id: String = "iss_1", of source: SourceID = source, read age: Duration? = .seconds(600),
        due: Duration? = .seconds(600), reachability: Reachability = .ok, lastError: String = ""
    ) -> ExternalIssue {
        ExternalIssue(
            id: IssueID(trusted: id), tenantID: TenantID(trusted: "t"), sourceID: source,
            snapshot: IssueSnapshot(
                nativeID: "1", key: "1", webURL: "", title: "", statusName: "", providerCategory: .todo),
            statusCategory: .todo, reachability: reachability, fetchedAt: age.map { now - $0 },
            nextFetchAt: due.map { now + $0 }, lastErrorReason: lastError)
    }

    @Test func `a view is taken once, by its source`() {
        let views = RecentViews()
        let other = SourceID(trusted: "src_2")
        for issue in [Self.issue(), Self.issue(), Self.issue("iss_2"), Self.issue("iss_3", of: other)] {
            views.note(issue, at: Self.now)
        }
        #expect(views.take(Self.source) == [IssueID(trusted: "iss_1"), IssueID(trusted: "iss_2")])
        #expect(views.take(Self.source).isEmpty)
        #expect(views.take(other) == [IssueID(trusted: "iss_3")])
    }

    @Test(arguments: [
        issue(read: .seconds(59)), issue(read: .zero), issue(due: .zero), issue(due: nil),
        issue(reachability: .notFound), issue(reachability: .pending), issue(lastError: "ISSUE_NOT_FOUND"),
    ])
    func `reading again what was read just now, is due or is in trouble anyway tells nothing`(
        issue: ExternalIssue
    ) {
        let views = RecentViews()
        views.note(issue, at: Self.now)
        #expect(views.take(Self.source).isEmpty)
    }

    @Test func `memory is bounded, in a source and in all, and takes the newest`() {
        let views = RecentViews()
        for number in 0..<SyncLimits.viewedIssuesMax * 2 {
            views.note(Self.issue("iss_\(number)"), at: Self.now)
        }
        #expect(views.take(Self.source).count == SyncLimits.viewedIssuesMax)
        let sources = (0..<SyncLimits.viewedSourcesMax * 2).map { SourceID(trusted: "src_x\($0)") }
        for source in sources { views.note(Self.issue(of: source), at: Self.now) }
        #expect(!views.take(sources[sources.count - 1]).isEmpty)
        #expect(sources.count { !views.take($0).isEmpty } == SyncLimits.viewedSourcesMax - 1)
    }
}
