// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct JiraURLTests {
    private let recogniser = URLRecogniser(
        [
            JiraSamples.cloudSource("acme", "https://acme.atlassian.net", project: "").source,
            JiraSamples.dataCenterSource("dc", "https://jira.corp.example/jira", project: "").source,
            JiraSamples.dataCenterSource("root", "http://tracker.example:8080", project: "").source,
        ], registry: JiraSamples.registry, patterns: Samples.patterns)

    @Test(arguments: [
        // Cloud: the issue's own pages.
        ("https://acme.atlassian.net/browse/TES-41", "acme TES-41"),
        ("https://acme.atlassian.net/browse/TES-41?focusedCommentId=10001", "acme TES-41"),
        ("https://acme.atlassian.net/browse/TES-41#comment-10001", "acme TES-41"),
        ("https://acme.atlassian.net/browse/TES-41/", "acme TES-41"),
        ("https://acme.atlassian.net/browse/tes-41", "acme TES-41"),
        ("https://acme.atlassian.net/browse/%54ES%2D41", "acme TES-41"),
        ("https://acme.atlassian.net/issues/TES-41", "acme TES-41"),
        ("https://acme.atlassian.net/issues/TES-41?jql=project%20%3D%20TES", "acme TES-41"),
        ("https://acme.atlassian.net/browse/AB_C9-12", "acme AB_C9-12"),
        ("https://acme.atlassian.net/browse/TES-999999999999999999", "acme TES-999999999999999999"),
        // Boards, backlogs, timelines and lists that show one beside them.
        (
            "acme.atlassian.net/jira/software/c/projects/TES/boards/3/backlog?selectedIssue=TES-41",
            "acme TES-41"
        ),
        (
            "https://acme.atlassian.net/jira/software/projects/TES/boards/3?selectedIssue=TES-41",
            "acme TES-41"
        ),
        (
            "https://acme.atlassian.net/jira/software/projects/TES/boards/3/timeline?selectedIssue=TES-41",
            "acme TES-41"
        ),
        ("https://acme.atlassian.net/jira/software/c/projects/TES/issues/TES-41?filter=x", "acme TES-41"),
        ("https://acme.atlassian.net/jira/software/projects/TES/issues/TES-41", "acme TES-41"),
        ("https://acme.atlassian.net/jira/software/projects/TES/list/TES-41", "acme TES-41"),
        ("https://acme.atlassian.net/jira/software/projects/TES/boards/3/TES-41", "acme TES-41"),
        ("https://acme.atlassian.net/jira/core/projects/BIZ/board?selectedIssue=BIZ-2", "acme BIZ-2"),
        ("https://acme.atlassian.net/jira/core/projects/BIZ/issues/BIZ-2", "acme BIZ-2"),
        (
            "https://acme.atlassian.net/jira/polaris/projects/IDEA/ideas/view/4711?selectedIssue=IDEA-3",
            "acme IDEA-3"
        ),
        ("https://acme.atlassian.net/issues/?jql=project%3DTES&selectedIssue=tes-41", "acme TES-41"),
        ("https://acme.atlassian.net/issues/?filter=10000&SelectedIssue=TES-41", "acme TES-41"),
        ("https://acme.atlassian.net/jira/dashboards/10000?selectedIssue=TES-41", "acme TES-41"),
        // Service management.
        ("https://acme.atlassian.net/jira/servicedesk/projects/SUP/queues/custom/3/SUP-77", "acme SUP-77"),
        ("https://acme.atlassian.net/jira/servicedesk/projects/SUP/queues/issue/SUP-77", "acme SUP-77"),
        ("https://acme.atlassian.net/servicedesk/customer/portal/2/SUP-77", "acme SUP-77"),
        ("https://acme.atlassian.net/servicedesk/customer/portal/2/SUP-77?created=true", "acme SUP-77"),
        // The REST resource.
        ("https://acme.atlassian.net/rest/api/3/issue/TES-41", "acme TES-41"),
        ("https://acme.atlassian.net/rest/api/2/issue/TES-41?fields=summary", "acme TES-41"),
        ("https://acme.atlassian.net/rest/api/latest/issue/TES-41/comment/10001", "acme TES-41"),
        ("https://acme.atlassian.net/rest/agile/1.0/issue/TES-41", "acme TES-41"),
        // Data Center below a context path.
        ("https://jira.corp.example/jira/browse/OPS-9", "dc OPS-9"),
        ("https://jira.corp.example/jira/browse/OPS-9?jql=project%20%3D%20OPS&page=com.x:all", "dc OPS-9"),
        ("https://jira.corp.example/jira/secure/RapidBoard.jspa?rapidView=7&selectedIssue=OPS-9", "dc OPS-9"),
        ("https://jira.corp.example/jira/secure/ViewIssue.jspa?key=OPS-9", "dc OPS-9"),
        ("https://jira.corp.example/jira/projects/OPS/issues/OPS-9?filter=allopenissues", "dc OPS-9"),
        ("https://jira.corp.example/jira/projects/SUP/queues/custom/1/SUP-77", "dc SUP-77"),
        ("https://jira.corp.example/jira/servicedesk/customer/portal/2/SUP-77", "dc SUP-77"),
        ("https://jira.corp.example/jira/servicedesk/agent/SUP/queue/3/SUP-77", "dc SUP-77"),
        ("https://jira.corp.example/jira/si/jira.issueviews:issue-xml/OPS-9/OPS-9.xml", "dc OPS-9"),
        ("https://jira.corp.example/jira/rest/api/2/issue/OPS-9", "dc OPS-9"),
        ("http://tracker.example:8080/browse/WEB-1", "root WEB-1"),
        ("tracker.example:8080/projects/WEB/issues/WEB-1", "root WEB-1"),
        // What surrounds a pasted address, and its spellings.
        ("  <https://acme.atlassian.net/browse/TES-41>, ", "acme TES-41"),
        ("(https://acme.atlassian.net/browse/TES-41).", "acme TES-41"),
        ("HTTPS://ACME.Atlassian.NET/browse/TES-41", "acme TES-41"),
        ("http://acme.atlassian.net:80/browse/TES-41", "acme TES-41"),
        ("https://acme.atlassian.net//browse//TES-41", "acme TES-41"),
        ("https://acme.atlassian.net/x/../browse/TES-41", "acme TES-41"),
    ])
    func `an address of an issue is recognised`(pasted: String, expected: String) {
        #expect(recogniser.recognise(pasted).summary == expected)
    }

    @Test(arguments: [
        // Pages of a known site that show no issue.
        ("https://acme.atlassian.net/browse/TES", "no issue of acme"),
        ("https://acme.atlassian.net/", "no issue of acme"),
        ("https://acme.atlassian.net/issues/?jql=key%3DTES-41", "no issue of acme"),
        ("https://acme.atlassian.net/jira/your-work", "no issue of acme"),
        ("https://acme.atlassian.net/jira/software/projects/TES/boards/3", "no issue of acme"),
        ("https://acme.atlassian.net/jira/software/projects/TES/summary", "no issue of acme"),
        ("https://acme.atlassian.net/jira/unknown/projects/TES/issues/TES-41", "no issue of acme"),
        ("https://acme.atlassian.net/jira/software/c/projects/TES-41", "no issue of acme"),
        ("https://acme.atlassian.net/projects/TES/versions/10000", "no issue of acme"),
        ("https://acme.atlassian.net/servicedesk/customer/portal/2", "no issue of acme"),
        ("https://acme.atlassian.net/servicedesk/customer/portal/2/group/TES-1", "no issue of acme"),
        ("https://acme.atlassian.net/wiki/spaces/TES/pages/1/browse/TES-41", "no issue of acme"),
        // Only Jira knows which key belongs to an id.
        ("https://acme.atlassian.net/rest/api/3/issue/10040", "no issue of acme"),
        ("https://acme.atlassian.net/rest/api/9/issue/TES-41", "no issue of acme"),
        ("https://acme.atlassian.net/rest/api/3/project/TES-41", "no issue of acme"),
        ("https://acme.atlassian.net/rest/api/3/issue", "no issue of acme"),
        ("https://acme.atlassian.net/si/other:view/TES-41/TES-41.xml", "no issue of acme"),
        // What only looks like a key.
        ("https://acme.atlassian.net/browse/TES-0", "no issue of acme"),
        ("https://acme.atlassian.net/browse/TES-041", "no issue of acme"),
        ("https://acme.atlassian.net/browse/T-1", "no issue of acme"),
        ("https://acme.atlassian.net/browse/1TES-1", "no issue of acme"),
        ("https://acme.atlassian.net/browse/TES-1-2", "no issue of acme"),
        ("https://acme.atlassian.net/browse/TÉS-1", "no issue of acme"),
        ("https://acme.atlassian.net/browse/TES-１", "no issue of acme"),
        ("https://acme.atlassian.net/browse/TES%2F..%2F41", "no issue of acme"),
        ("https://acme.atlassian.net/browse/TES-9999999999999999999", "no issue of acme"),
        ("https://acme.atlassian.net/browse/TES-41/extra", "no issue of acme"),
        ("https://acme.atlassian.net/Browse/TES-41", "no issue of acme"),
        ("https://acme.atlassian.net/issues/?selectedIssue=TES", "no issue of acme"),
        ("https://jira.corp.example/jira/browse/PROJ/component/10", "no issue of dc"),
        ("https://jira.corp.example/jira/secure/Dashboard.jspa?key=OPS-9", "no issue of dc"),
        // Neighbours that must not be claimed.
        ("https://acme2.atlassian.net/browse/TES-41", "unknown"),
        ("https://acme.atlassian.net.evil.example/browse/TES-41", "unknown"),
        ("https://evil.example/acme.atlassian.net/browse/TES-41", "unknown"),
        ("https://jira.corp.example/browse/OPS-9", "unknown"),
        ("https://jira.corp.example/jira-two/browse/OPS-9", "unknown"),
        ("http://tracker.example/browse/WEB-1", "unknown"),
        ("https://api.atlassian.com/ex/jira/1/rest/api/3/issue/TES-41", "unknown"),
        // What is refused outright.
        ("javascript:alert('TES-41')", "invalid"), ("file:///browse/TES-41", "invalid"),
        ("https://user:pass@acme.atlassian.net/browse/TES-41", "invalid"),
        ("https://acme.atlassian.net@evil.example/browse/TES-41", "invalid"),
        ("https://acme.atlassian.net/browse/TES-41%0d%0a", "invalid"),
    ])
    func `anything else is not`(pasted: String, expected: String) {
        #expect(recogniser.recognise(pasted).summary == expected)
    }

    @Test(arguments: [("TES-41", "TES-41"), (" tes-41 ", "TES-41"), ("Ab_c-7", "AB_C-7")])
    func `a bare key belongs to the source that is asked`(typed: String, key: String) {
        #expect(recogniser.resolveKey(typed, in: Samples.id("acme")).summary == "acme " + key)
    }

    @Test func `a bare number is one of the default project`() {
        let source = JiraSamples.cloudSource("acme", project: "tes").source
        let recogniser = URLRecogniser([source], registry: JiraSamples.registry, patterns: Samples.patterns)
        #expect(recogniser.resolveKey("41", in: Samples.id("acme")).summary == "acme TES-41")
        #expect(self.recogniser.resolveKey("41", in: Samples.id("acme")).summary == "KEY_INVALID of acme")
    }

    @Test(arguments: ["", "TES", "TES-", "-1", "TES-01", "TES 1", "TES_1", "T-1", "#41", "TES-1.5", "TES-4１"])
    func `what is no key is refused with a reason`(typed: String) {
        #expect(recogniser.resolveKey(typed, in: Samples.id("dc")).summary == "KEY_INVALID of dc")
    }

    @Test func `the canonical address is built from the base URL`() {
        let pasted = "jira.corp.example/jira/secure/RapidBoard.jspa?selectedIssue=ops-9"
        guard case .matched(let issue) = recogniser.recognise(pasted) else { return #expect(Bool(false)) }
        #expect(issue.canonicalURL == "https://jira.corp.example/jira/browse/OPS-9" && issue.confidence == 1)
    }

    @Test(arguments: [
        ("PROJ-123", 0.8), ("AB_C-1", 0.8), ("proj-123", 0), ("Proj-123", 0), ("UTF-8", 0), ("SHA-256", 0),
        ("ISO-8601", 0), ("step-2", 0), ("PROJ", 0), ("X-1", 0), ("PROJ-0", 0),
    ])
    func `only what is written like a key is found in running text`(word: String, confidence: Double) {
        #expect(JiraSamples.cloud.confidence(inFreeText: word) == confidence)
    }

    @Test func `keys in a failure message are found`() {
        let source = JiraSamples.cloudSource("acme").source
        let recogniser = URLRecogniser([source], registry: JiraSamples.registry, patterns: Samples.patterns)
        let found = recogniser.extractReferences(
            "Known as TES-7 (see OPS-2); UTF-8, http-404 and 41 are not.")
        #expect(found.map(\.issue.key) == ["TES-7", "OPS-2"])
    }
}
