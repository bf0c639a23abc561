// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct AzureDevOpsURLTests {
    private let recogniser = URLRecogniser(
        [
            AzureDevOpsSamples.source("s", base: "https://dev.azure.com/fabrikam"),
            AzureDevOpsSamples.source("old", base: "https://fabrikam.visualstudio.com"),
            AzureDevOpsSamples.source("tfs", base: "https://tfs.corp.example:8080/tfs/DefaultCollection"),
            AzureDevOpsSamples.source("own", base: "https://devops.example.com/Products"),
        ], registry: AzureDevOpsSamples.registry, patterns: Samples.patterns)

    @Test(arguments: [
        // The form of a work item.
        ("https://dev.azure.com/fabrikam/Fabrikam%20Fiber/_workitems/edit/12/", "s 12"),
        ("https://dev.azure.com/fabrikam/Fabrikam%20Fiber/_workitems/edit/12", "s 12"),
        ("https://dev.azure.com/fabrikam/_workitems/edit/12", "s 12"),
        ("dev.azure.com/fabrikam/_workitems/edit/12", "s 12"),
        ("https://dev.azure.com/fabrikam/Web/Web%20Team/_workitems/edit/12?fullScreen=true", "s 12"),
        ("https://dev.azure.com/fabrikam/web/_WorkItems/Edit/12", "s 12"),
        ("https://dev.azure.com/fabrikam/8a6b0d3e-0000-4000-8000-0123456789ab/_workitems/edit/12", "s 12"),
        ("https://dev.azure.com/fabrikam/_workitems/edit/2147483647", "s 2147483647"),
        ("https://dev.azure.com/fabrikam/Web/_workitems?id=5&_a=edit", "s 5"),
        ("https://dev.azure.com/fabrikam/Web/_workitems/?id=5", "s 5"),
        ("https://dev.azure.com/fabrikam/_workitems?_a=edit&id=5", "s 5"),
        ("https://dev.azure.com/fabrikam/Web/_workitems/index?id=5&_a=edit", "s 5"),
        ("https://dev.azure.com/fabrikam/Web/_workitems#_a=edit&id=5", "s 5"),
        ("https://dev.azure.com/fabrikam/Web/_workitems#id=5&triage=true&_a=edit", "s 5"),
        // Pages that open one over themselves.
        ("https://dev.azure.com/fabrikam/Web/_boards/board/t/Web%20Team/Stories/?workitem=297", "s 297"),
        ("https://dev.azure.com/fabrikam/Web/_boards/board/t/Web%20Team/Stories?workitem=297&x=y", "s 297"),
        ("https://dev.azure.com/fabrikam/Web/_backlogs/backlog/Web%20Team/Features?workitem=31", "s 31"),
        ("https://dev.azure.com/fabrikam/Web/_sprints/taskboard/Team/Web/Sprint%201?workitem=31", "s 31"),
        ("https://dev.azure.com/fabrikam/Web/_sprints/backlog/Team/Web/Sprint%201?WorkItem=31", "s 31"),
        (
            "https://dev.azure.com/fabrikam/Web/_queries/query/0e0e0e0e-1111-2222-3333-4444/?workitem=8",
            "s 8"
        ),
        ("https://dev.azure.com/fabrikam/Web/_workitems/recentlyupdated/?workitem=8", "s 8"),
        ("https://dev.azure.com/fabrikam/Web/_workitems/assignedtome?workitem=8", "s 8"),
        ("https://dev.azure.com/fabrikam/Web/_queries/edit/7/?triage=true", "s 7"),
        ("https://dev.azure.com/fabrikam/_queries/edit/7", "s 7"),
        // Mails and the interface itself.
        (
            "https://dev.azure.com/fabrikam/web/wi.aspx?pcguid=20cda608-32f0-4e6e-9b7c-8def7b38d15a&id=12",
            "s 12"
        ),
        ("https://dev.azure.com/fabrikam/web/WI.aspx?id=12", "s 12"),
        ("https://dev.azure.com/fabrikam/_apis/wit/workItems/12", "s 12"),
        ("https://dev.azure.com/fabrikam/Web/_apis/wit/workitems/12?api-version=7.1", "s 12"),
        (
            "https://dev.azure.com/fabrikam/be9b3917-0000-4000-8000-01/_apis/wit/workItems/13/updates/2",
            "s 13"
        ),
        ("https://dev.azure.com/fabrikam/_apis/wit/workItems/13/revisions", "s 13"),
        // The former host, with and without its collection.
        ("https://fabrikam.visualstudio.com/Web/_boards/board/t/Web%20Team/Stories/?workitem=297", "old 297"),
        ("https://fabrikam.visualstudio.com/_workitems/edit/3", "old 3"),
        ("https://FABRIKAM.VisualStudio.com/Web/_workitems/edit/3", "old 3"),
        ("https://fabrikam.visualstudio.com/DefaultCollection/Web/_workitems/edit/3", "old 3"),
        ("https://fabrikam.visualstudio.com/DefaultCollection/Web/Team/_workitems/edit/3", "old 3"),
        ("https://fabrikam.visualstudio.com/web/wi.aspx?pcguid=1&id=3", "old 3"),
        // Servers.
        ("https://tfs.corp.example:8080/tfs/DefaultCollection/Web/_workitems?id=5&_a=edit", "tfs 5"),
        ("https://tfs.corp.example:8080/tfs/DefaultCollection/Web/_workitems/edit/5", "tfs 5"),
        ("tfs.corp.example:8080/tfs/DefaultCollection/_workitems/edit/5", "tfs 5"),
        ("http://tfs.corp.example:8080/tfs/DefaultCollection/_workitems/edit/5", "tfs 5"),
        ("https://devops.example.com/Products/Shop/_workitems/edit/77", "own 77"),
        ("<https://devops.example.com/Products/Shop/_workitems/edit/77>.", "own 77"),
        ("(https://devops.example.com/Products/Shop/_workitems/edit/77)", "own 77"),
        ("https://devops.example.com/Products//Shop//_workitems/edit/77", "own 77"),
        ("https://devops.example.com/Products/Shop/%5Fworkitems/edit/%37%37", "own 77"),
    ])
    func `an address of a work item is recognised`(pasted: String, expected: String) {
        #expect(recogniser.recognise(pasted).summary == expected)
    }

    @Test(arguments: [
        ("https://dev.azure.com/fabrikam", "no issue of s"),
        ("https://dev.azure.com/fabrikam/Web", "no issue of s"),
        ("https://dev.azure.com/fabrikam/Web/_workitems/recentlyupdated/", "no issue of s"),
        ("https://dev.azure.com/fabrikam/Web/_workitems/create/Bug", "no issue of s"),
        ("https://dev.azure.com/fabrikam/Web/_workitems/edit/", "no issue of s"),
        ("https://dev.azure.com/fabrikam/Web/_workitems/edit/abc", "no issue of s"),
        ("https://dev.azure.com/fabrikam/Web/_workitems/edit/0", "no issue of s"),
        ("https://dev.azure.com/fabrikam/Web/_workitems/edit/012", "no issue of s"),
        ("https://dev.azure.com/fabrikam/Web/_workitems/edit/-1", "no issue of s"),
        ("https://dev.azure.com/fabrikam/Web/_workitems/edit/2147483648", "no issue of s"),
        ("https://dev.azure.com/fabrikam/Web/_workitems/edit/12/13", "no issue of s"),
        ("https://dev.azure.com/fabrikam/Web/_workitems/edit/%2312", "no issue of s"),
        ("https://dev.azure.com/fabrikam/Web/_workitems/edit/AB%2312", "no issue of s"),
        ("https://dev.azure.com/fabrikam/Web/_workitems/edit/１２", "no issue of s"),
        ("https://dev.azure.com/fabrikam/Web/_workitems?id=", "no issue of s"),
        ("https://dev.azure.com/fabrikam/Web/_workitems?id=5x", "no issue of s"),
        ("https://dev.azure.com/fabrikam/Web/_boards/board/t/Web%20Team/Stories/", "no issue of s"),
        (
            "https://dev.azure.com/fabrikam/Web/_boards/board/t/Web%20Team/Stories/?workitem=x",
            "no issue of s"
        ),
        ("https://dev.azure.com/fabrikam/Web/_boards/board/t/Web%20Team/Stories/?id=297", "no issue of s"),
        ("https://dev.azure.com/fabrikam/Web/_git/repo/pullrequest/5", "no issue of s"),
        ("https://dev.azure.com/fabrikam/Web/_git/repo?workitem=5", "no issue of s"),
        ("https://dev.azure.com/fabrikam/Web/_git/repo/_workitems/edit/5", "no issue of s"),
        ("https://dev.azure.com/fabrikam/Web/_build/results?buildId=5&id=5", "no issue of s"),
        ("https://dev.azure.com/fabrikam/Web/_wiki/wikis/Web.wiki/5/Home", "no issue of s"),
        ("https://dev.azure.com/fabrikam/a/b/c/d/_workitems/edit/5", "no issue of s"),
        ("https://dev.azure.com/fabrikam/_apis/wit/workItems", "no issue of s"),
        ("https://dev.azure.com/fabrikam/_apis/wit/workItems/5/attachments", "no issue of s"),
        ("https://dev.azure.com/fabrikam/_apis/git/pullrequests/5", "no issue of s"),
        ("https://dev.azure.com/fabrikam/web/wi.aspx?pcguid=12", "no issue of s"),
        ("https://dev.azure.com/fabrikam/web/build.aspx?id=12", "no issue of s"),
        ("https://dev.azure.com/fabrikam/workitems/edit/12", "no issue of s"),
        ("https://dev.azure.com/", "unknown"), ("https://dev.azure.com/_workitems/edit/12", "unknown"),
        ("https://dev.azure.com/fabrikam-two/_workitems/edit/12", "unknown"),
        ("https://dev.azure.com/contoso/Web/_workitems/edit/12", "unknown"),
        ("https://contoso.visualstudio.com/Web/_workitems/edit/12", "unknown"),
        ("https://tfs.corp.example/tfs/DefaultCollection/_workitems/edit/5", "unknown"),
        ("https://tfs.corp.example:8080/tfs/OtherCollection/_workitems/edit/5", "unknown"),
        ("https://fabrikam.visualstudio.com.evil.example/_workitems/edit/5", "unknown"),
        ("https://dev.azure.com@evil.example/fabrikam/_workitems/edit/5", "invalid"),
        ("https://user:pass@dev.azure.com/fabrikam/_workitems/edit/5", "invalid"),
        ("vstfs:///WorkItemTracking/WorkItem/12", "invalid"), ("javascript:alert(12)", "invalid"),
        ("https://dev.azure.com/fabrikam/_workitems/edit/1%00", "invalid"),
    ])
    func `anything else is not`(pasted: String, expected: String) {
        #expect(recogniser.recognise(pasted).summary == expected)
    }

    @Test(arguments: ["12", "#12", "AB#12", "ab#12", " #12 "])
    func `a number is a key however people write it`(typed: String) {
        #expect(recogniser.resolveKey(typed, in: Samples.id("s")).summary == "s 12")
        #expect(recogniser.recognise(typed, only: Samples.id("tfs")).summary == "tfs 12")
    }

    @Test(arguments: [
        "", "#", "AB#", "AB12", "AB##12", "#AB#12", "0", "012", "1.5", "-3", "１２", "1 2", "#1a", "2147483648",
        "99999999999999999999",
    ])
    func `what is no number is no key`(typed: String) {
        #expect(recogniser.resolveKey(typed, in: Samples.id("s")).summary == "KEY_INVALID of s")
    }

    @Test func `the address shown is built from the base address`() {
        let recognition = recogniser.recognise(
            "http://tfs.corp.example:8080/tfs/DefaultCollection/X/_queries/edit/5")
        guard case .matched(let issue) = recognition else { return #expect(Bool(false), "\(recognition)") }
        #expect(issue.canonicalURL == "https://tfs.corp.example:8080/tfs/DefaultCollection/_workitems/edit/5")
        #expect(issue.displayKey == "#5" && issue.confidence == 1)
    }

    @Test(arguments: [
        ("AB#12", 0.85), ("ab#12", 0.85), ("#12", 0.5), ("12", 0), ("PROJ-12", 0), ("tab#12", 0),
    ])
    func `a word in a text is as sure as it is distinctive`(word: String, confidence: Double) {
        #expect(AzureDevOpsSamples.tracker.confidence(inFreeText: word) == confidence)
    }

    @Test(arguments: [
        ("https://dev.azure.com/fabrikam", true), ("https://dev.azure.com", false),
        ("https://dev.azure.com/fabrikam/Web", false), ("https://dev.azure.com/fabrikam/_workitems", false),
        ("https://fabrikam.visualstudio.com", true),
        ("https://fabrikam.visualstudio.com/DefaultCollection", true),
        ("https://fabrikam.visualstudio.com/Web", false),
        ("https://tfs.corp.example:8080/tfs/DefaultCollection", true),
        ("https://devops.example.com/Products", true),
        ("https://tfs.corp.example:8080/tfs", false), ("https://devops.example.com", false),
        ("https://devops.example.com/Products/Shop/_boards", false),
    ])
    func `a base address names one organisation or collection`(base: String, isSound: Bool) {
        let violations = AzureDevOpsSamples.tracker.violations(of: AzureDevOpsSamples.source(base: base))
        #expect(violations.map(\.field) == (isSound ? [] : ["base_url"]))
        #expect(violations.allSatisfy { $0.description.hasPrefix("must ") })
    }

    @Test func `projects are named as work items name them`() {
        let source = AzureDevOpsSamples.source(
            allowed: ["Web Shop", "acme/Web", "8a6b0d3e-0000-4000-8000-0123456789ab", "_git", "Ünïcode"],
            project: "..")
        #expect(
            AzureDevOpsSamples.tracker.violations(of: source).map(\.field) == [
                "allowed_external_projects[1]", "allowed_external_projects[2]",
                "allowed_external_projects[3]",
                "default_external_project",
            ])
    }

    @Test(arguments: [
        ("11111111-2222-3333-4444-555555555555", true), ("example.onmicrosoft.com", true), ("a/b", false),
        ("..", false), ("a?b", false), ("", true),
    ])
    func `a directory is named by its id or a domain`(tenant: String, isSound: Bool) {
        let source = AzureDevOpsSamples.source(method: .clientCredentials, settings: ["tenant_id": tenant])
        let violations = AzureDevOpsSamples.tracker.violations(of: source)
        #expect(violations.map(\.field) == (isSound ? [] : ["authentication.settings[tenant_id]"]))
    }
}
