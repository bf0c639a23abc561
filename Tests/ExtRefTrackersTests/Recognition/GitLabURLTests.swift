// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefTrackers
import Testing

@Suite struct GitLabURLTests {
    /// `{"iid":"23","full_path":"team/app","id":99}` in base64 without its padding.
    private static let shown = "eyJpaWQiOiIyMyIsImZ1bGxfcGF0aCI6InRlYW0vYXBwIiwiaWQiOjk5fQ"

    private let recogniser = URLRecogniser(
        [
            Samples.source("com", .gitLab, "https://gitlab.com"),
            Samples.source("old", .gitLab, "http://example.com"),
            Samples.source("sub", .gitLab, "https://git.corp.example/gitlab"),
            Samples.source("port", .gitLab, "https://git.corp.example:8443"),
            Samples.source("idn", .gitLab, "https://git.xn--bcher-kva.example"),
        ], registry: TrackerRegistry([GitLabTracker()]), patterns: Samples.patterns)

    @Test(arguments: [
        // The plain forms.
        ("https://git.corp.example/gitlab/team/sub/app/-/issues/23#note_5", "sub team/sub/app#23"),
        ("https://gitlab.com/team/app/-/work_items/23", "com team/app#23"),
        ("http://example.com/diaspora/app/issues/23", "old diaspora/app#23"),
        ("https://gitlab.com/groups/team/-/work_items/1", "com groups/team#1"),
        ("https://gitlab.com/team/app/-/issues/23", "com team/app#23"),
        ("https://gitlab.com/team/app/-/issues/23/", "com team/app#23"),
        ("https://gitlab.com/team/app/-/issues/23?tab=notes#note_1", "com team/app#23"),
        ("https://gitlab.com/team/app/-/issues/23/designs", "com team/app#23"),
        ("https://gitlab.com/team/app/-/issues/23/designs/shot.png?version=2", "com team/app#23"),
        ("https://gitlab.com/team/app/-/issues/incident/23", "com team/app#23"),
        ("https://gitlab.com/team/app/-/issues/incident/23/timeline", "com team/app#23"),
        ("https://gitlab.com/team/app/-/incidents/23", "com team/app#23"),
        ("https://gitlab.com/team/app/-/work_items/23#note_1", "com team/app#23"),
        ("https://gitlab.com/a/b/c/d/e/f/-/issues/1", "com a/b/c/d/e/f#1"),
        ("https://gitlab.com/a/b/c/d/e/f/issues/1", "com a/b/c/d/e/f#1"),
        ("https://gitlab.com/team/app/issues/23/designs", "com team/app#23"),
        ("https://gitlab.com/team/issues/issues/3", "com team/issues#3"),
        ("https://gitlab.com/team/issues/-/issues/3", "com team/issues#3"),
        ("https://gitlab.com/groups/team/sub/-/work_items/12", "com groups/team/sub#12"),
        ("https://gitlab.com/groups/team/-/epics/4", "com groups/team#4"),
        ("https://gitlab.com/groups/team/-/epics/4#note_3", "com groups/team#4"),
        ("https://gitlab.com/bob/my_app.js/-/issues/7", "com bob/my_app.js#7"),
        ("https://gitlab.com/_x/.y/-/issues/7", "com _x/.y#7"),
        ("https://gitlab.com/Team/App-Two/-/issues/7", "com Team/App-Two#7"),
        ("https://gitlab.com/team/app/-/issues/999999999999999999", "com team/app#999999999999999999"),
        // Lists and boards that show an item beside them.
        (
            "https://gitlab.com/team/app/-/boards/5?show=\(shown)%3D%3D",
            "com team/app#23"
        ),
        (
            "https://gitlab.com/team/app/-/issues?show=\(shown)==",
            "com team/app#23"
        ),
        (
            "https://gitlab.com/team/app/-/work_items?sort=created&show=\(shown)%3D%3D",
            "com team/app#23"
        ),
        (
            "https://gitlab.com/groups/team/-/boards?show=\(shown)%3D%3D",
            "com team/app#23"
        ),
        // {"iid":4,"full_path":"team"}
        (
            "https://gitlab.com/groups/team/-/work_items?show=eyJpaWQiOjQsImZ1bGxfcGF0aCI6InRlYW0ifQ==",
            "com groups/team#4"
        ),
        // An issue with another one shown beside it is itself.
        (
            "https://gitlab.com/team/app/-/issues/7?show=\(shown)%3D%3D",
            "com team/app#7"
        ),
        // Spellings of one address, and what surrounds it.
        ("gitlab.com/team/app/-/issues/23", "com team/app#23"),
        ("HTTPS://GITLAB.COM/team/app/-/issues/23", "com team/app#23"),
        ("http://gitlab.com:80/team/app/-/issues/23", "com team/app#23"),
        ("https://gitlab.com:443/team/app/-/issues/23", "com team/app#23"),
        ("https://gitlab.com./team/app/-/issues/23", "com team/app#23"),
        ("https://gitlab.com//team/app//-/issues/23", "com team/app#23"),
        ("https://gitlab.com/team/%61pp/-/issues/2%33", "com team/app#23"),
        ("https://gitlab.com/x/../team/app/-/issues/23", "com team/app#23"),
        ("<https://gitlab.com/team/app/-/issues/23>", "com team/app#23"),
        ("(https://gitlab.com/team/app/-/issues/23).", "com team/app#23"),
        ("[https://gitlab.com/team/app/-/issues/23];", "com team/app#23"),
        ("git.corp.example/gitlab/team/app/-/issues/5", "sub team/app#5"),
        ("https://git.corp.example/gitlab/groups/team/-/work_items/5", "sub groups/team#5"),
        ("https://git.corp.example:8443/team/app/-/issues/5", "port team/app#5"),
        ("https://git.bücher.example/team/app/-/issues/4", "idn team/app#4"),
    ])
    func `an address of an issue is recognised`(pasted: String, expected: String) {
        #expect(recogniser.recognise(pasted).summary == expected)
    }

    @Test(arguments: [
        // Pages of a known source.
        ("https://gitlab.com", "no issue of com"), ("https://gitlab.com/team/app", "no issue of com"),
        ("https://gitlab.com/team/app/-/issues", "no issue of com"),
        ("https://gitlab.com/team/app/-/issues/new", "no issue of com"),
        ("https://gitlab.com/team/app/-/issues/service_desk", "no issue of com"),
        ("https://gitlab.com/team/app/-/issues?search=23", "no issue of com"),
        ("https://gitlab.com/team/app/-/merge_requests/3", "no issue of com"),
        ("https://gitlab.com/team/app/-/epics/3", "no issue of com"),
        ("https://gitlab.com/team/app/-/boards/3", "no issue of com"),
        ("https://gitlab.com/team/app/-/issues/23.json", "no issue of com"),
        ("https://gitlab.com/team/app/-/issues/023", "no issue of com"),
        ("https://gitlab.com/team/app/-/issues/0", "no issue of com"),
        ("https://gitlab.com/team/app/-/issues/2%2F3", "no issue of com"),
        ("https://gitlab.com/team/app/-/issues/9999999999999999999", "no issue of com"),
        ("https://gitlab.com/team/app/-/issues/２３", "no issue of com"),
        ("https://gitlab.com/team/app/-/blob/main/issues/23", "no issue of com"),
        ("https://gitlab.com/groups/team/-/issues/3", "no issue of com"),
        ("https://gitlab.com/groups/team/issues/3", "no issue of com"),
        ("https://gitlab.com/groups/-/work_items/3", "no issue of com"),
        ("https://gitlab.com/team/-/issues/3", "no issue of com"),
        ("https://gitlab.com/team/issues/3", "no issue of com"),
        ("https://gitlab.com/-/issues/3", "no issue of com"),
        ("https://gitlab.com/team%2Fapp/-/issues/3", "no issue of com"),
        ("https://gitlab.com/team/%2e%2e%2fapp/-/issues/3", "no issue of com"),
        ("https://gitlab.com/team/-app/-/issues/3", "no issue of com"),
        ("https://gitlab.com/team/a%20b/-/issues/3", "no issue of com"),
        ("https://gitlab.com/team/.../-/issues/3", "no issue of com"),
        ("https://gitlab.com/api/v4/projects/5/issues/3", "no issue of com"),
        ("https://gitlab.com/api/v4/projects/team%2Fapp/issues/3", "no issue of com"),
        ("https://gitlab.com/dashboard/app/issues/3", "no issue of com"),
        ("https://gitlab.com/Users/bob/issues/3", "no issue of com"),
        // What is shown beside a list and does not say for certain what it is.
        ("https://gitlab.com/team/app/-/boards?show=nonsense", "no issue of com"),
        ("https://gitlab.com/team/app/-/boards?show=W10%3D", "no issue of com"),
        (
            "https://gitlab.com/groups/team/-/work_items?show=\(shown)%3D%3D",
            "no issue of com"
        ),
        // {"iid":4,"full_path":"team"}: a group's item on a project's board.
        (
            "https://gitlab.com/team/app/-/boards?show=eyJpaWQiOjQsImZ1bGxfcGF0aCI6InRlYW0ifQ==",
            "no issue of com"
        ),
        // Neighbours that must not be claimed.
        ("https://git.corp.example/gitlab-two/team/app/-/issues/5", "unknown"),
        ("https://git.corp.example/team/app/-/issues/5", "unknown"),
        ("https://git.corp.example/gitlab/../team/app/-/issues/5", "unknown"),
        ("https://gitlab.com.evil.example/team/app/-/issues/23", "unknown"),
        ("https://evil.example/gitlab.com/team/app/-/issues/23", "unknown"),
        ("https://about.gitlab.com/team/app/-/issues/23", "unknown"),
        ("https://gitlab.com:8443/team/app/-/issues/23", "unknown"),
        // What is refused outright.
        ("https://user:pass@gitlab.com/team/app/-/issues/23", "invalid"),
        ("javascript://gitlab.com/team/app/-/issues/23", "invalid"),
        ("https://gitlab.com/team/app/-/issues/23%00", "invalid"),
        ("https://gitlab.com\\team\\app\\-\\issues\\23", "invalid"),
    ])
    func `anything else is not`(pasted: String, expected: String) {
        #expect(recogniser.recognise(pasted).summary == expected)
    }

    @Test(arguments: [
        ("team/app#23", "com team/app#23"), (" team/sub/app#1 ", "com team/sub/app#1"),
        ("groups/team#1", "com groups/team#1"), ("Team/App#7", "com Team/App#7"),
        ("#23", "com team/app#23"), ("23", "com team/app#23"),
    ])
    func `a key is read, a bare number in the default project`(typed: String, expected: String) {
        var source = Samples.source("com", .gitLab, "https://gitlab.com")
        source.defaultExternalProject = "team/app"
        let recogniser = URLRecogniser(
            [source], registry: TrackerRegistry([GitLabTracker()]), patterns: Samples.patterns)
        #expect(recogniser.resolveKey(typed, in: source.id).summary == expected)
        #expect(recogniser.recognise(typed).summary == expected)
    }

    @Test(arguments: [
        "", "#", "23", "#23", "team#23", "team/app", "team/app#", "team/app#0", "team/app#01", "team/app#-1",
        "team/app##1", "team/app#1#2", "/team/app#1", "team//app#1", "team/app/#1", "team/../app#1",
        "-x/app#1", "tëam/app#1", "team/app!3", "groups#1", "groups/groups#1", "api/v4#1", "team/app#１",
        String(repeating: "a/", count: 256) + "a#1", String(repeating: "a", count: 256) + "/b#1",
    ])
    func `what is no key is refused with a reason`(typed: String) {
        #expect(recogniser.resolveKey(typed, in: Samples.id("com")).summary == "KEY_INVALID of com")
    }

    @Test(arguments: [
        ("team/app#23", "https://gitlab.com/team/app/-/issues/23"),
        ("groups/team/sub#1", "https://gitlab.com/groups/team/sub/-/work_items/1"),
    ])
    func `the canonical address is built from the parts of the key`(key: String, url: String) {
        guard case .matched(let issue) = recogniser.resolveKey(key, in: Samples.id("com")) else {
            return #expect(Bool(false))
        }
        #expect(issue.canonicalURL == url && issue.displayKey == key && issue.providerID == .gitLab)
    }

    @Test func `references in a text are found`() {
        let text = "Fails since team/app#23, see gitlab.com/team/app/-/issues/9 and and/or team#4."
        let found = recogniser.extractReferences(text).map { "\($0.issue.sourceID) \($0.issue.key)" }
        #expect(found.contains("src_com team/app#23") && found.contains("src_com team/app#9"))
        #expect(!found.contains { $0.hasSuffix("#4") })
    }
}
