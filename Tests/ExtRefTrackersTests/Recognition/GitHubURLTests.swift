// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefTrackers
import Testing

@Suite struct GitHubURLTests {
    private static let registry = TrackerRegistry([GitHubTracker()])

    private static func recogniser(_ sources: IntegrationSource...) -> URLRecogniser {
        URLRecogniser(sources, registry: registry, patterns: Samples.patterns)
    }

    private static let cloud = Samples.source("gh", .gitHub, "https://github.com")
    private let recogniser = Self.recogniser(
        Self.cloud, Samples.source("eu", .gitHub, "https://acme.ghe.com"),
        Samples.source("corp", .gitHub, "https://git.corp.example:8443/hub"))

    @Test(arguments: [
        // Issues.
        ("https://github.com/Codertocat/Hello-World/issues/1", "gh Codertocat/Hello-World#1"),
        (
            "https://github.com/Codertocat/Hello-World/issues/1#issuecomment-492700400",
            "gh Codertocat/Hello-World#1"
        ),
        ("https://github.com/octocat/Hello-World/issues/1347/", "gh octocat/Hello-World#1347"),
        (
            "https://github.com/octocat/Hello-World/issues/1347?notification_referrer_id=NT_1",
            "gh octocat/Hello-World#1347"
        ),
        ("github.com/octocat/Hello-World/issues/1347", "gh octocat/Hello-World#1347"),
        ("http://github.com/octocat/Hello-World/issues/1347", "gh octocat/Hello-World#1347"),
        ("HTTPS://GITHUB.COM/octocat/Hello-World/issues/1347", "gh octocat/Hello-World#1347"),
        ("https://github.com:443/octocat/Hello-World/issues/1347", "gh octocat/Hello-World#1347"),
        ("https://github.com//octocat//Hello-World/issues/1347", "gh octocat/Hello-World#1347"),
        ("https://github.com/octocat/Hello%2DWorld/issues/%31", "gh octocat/Hello-World#1"),
        ("<https://github.com/octocat/Hello-World/issues/7>,", "gh octocat/Hello-World#7"),
        ("(https://github.com/octocat/Hello-World/issues/7).", "gh octocat/Hello-World#7"),
        ("https://github.com/o/r/issues/999999999", "gh o/r#999999999"),
        ("https://github.com/o/.github/issues/3", "gh o/.github#3"),
        ("https://github.com/o/a.b_c-d/issues/3", "gh o/a.b_c-d#3"),
        ("https://github.com/mona_acme/app/issues/4", "gh mona_acme/app#4"),
        ("https://github.com/0xabc/app/issues/4", "gh 0xabc/app#4"),
        ("https://github.com/o/issues/issues/4", "gh o/issues#4"),
        // Pull requests, and the pages below them.
        ("https://github.com/Codertocat/Hello-World/pull/2/files", "gh Codertocat/Hello-World#2"),
        ("https://github.com/o/r/pull/2", "gh o/r#2"),
        ("https://github.com/o/r/pull/2#discussion_r123", "gh o/r#2"),
        ("https://github.com/o/r/pull/2/commits/ec26c3e57ca3a959ca5aad62de7213c562f8c821", "gh o/r#2"),
        ("https://github.com/o/r/pull/2/files/a..b", "gh o/r#2"),
        ("https://github.com/o/r/pull/2/checks?check_run_id=5", "gh o/r#2"),
        ("https://github.com/o/r/pull/2.diff", "gh o/r#2"),
        ("https://github.com/o/r/pull/2.patch", "gh o/r#2"),
        // What the API calls it.
        ("https://api.github.com/repos/o/r/issues/1", "gh o/r#1"),
        ("https://api.github.com/repos/o/r/pulls/2", "gh o/r#2"),
        // The side pane of projects and lists.
        (
            "https://github.com/orgs/acme/projects/5/views/1?pane=issue&itemId=123&issue=acme%7Cshop%7C12",
            "gh acme/shop#12"
        ),
        ("https://github.com/orgs/acme/projects/5?issue=acme|shop|12", "gh acme/shop#12"),
        ("https://github.com/users/mona/projects/1?pane=issue&issue=mona%7Ctodo%7C9", "gh mona/todo#9"),
        ("https://github.com/acme/shop/projects/2?issue=acme%7Cshop%7C12", "gh acme/shop#12"),
        ("https://github.com/acme/shop/issues?issue=acme%7Cshop%7C12", "gh acme/shop#12"),
        ("https://github.com/issues/assigned?issue=acme%7Cshop%7C12", "gh acme/shop#12"),
        // An enterprise with its own data region.
        ("https://acme.ghe.com/acme/shop/issues/5", "eu acme/shop#5"),
        ("acme.ghe.com/acme/shop/pull/6/files", "eu acme/shop#6"),
        // Enterprise Server, its API included.
        ("https://git.corp.example:8443/hub/team/app/issues/23#issue-5", "corp team/app#23"),
        ("https://git.corp.example:8443/hub/team/app/pull/24", "corp team/app#24"),
        ("https://git.corp.example:8443/hub/api/v3/repos/team/app/issues/23", "corp team/app#23"),
        ("https://git.corp.example:8443/hub/api/v3/repos/team/app/pulls/24", "corp team/app#24"),
        ("https://git.corp.example:8443/hub/repos/team/app/pulls/24", "corp team/app#24"),
    ])
    func `an address of an issue is recognised`(pasted: String, expected: String) {
        #expect(recogniser.recognise(pasted).summary == expected)
    }

    @Test(arguments: [
        // Pages that show no single issue.
        ("https://github.com/O/R/issues/new", "no issue of gh"),
        ("https://github.com/O/R/issues/new/choose", "no issue of gh"),
        ("https://github.com/O/R/issues?q=is:open", "no issue of gh"),
        ("https://github.com/O/R/issues", "no issue of gh"), ("https://github.com/O/R", "no issue of gh"),
        ("https://github.com/O/R/pulls", "no issue of gh"),
        ("https://github.com/O/R/pulls/2", "no issue of gh"),
        ("https://github.com/O/R/discussions/2", "no issue of gh"),
        ("https://github.com/O/R/milestone/2", "no issue of gh"),
        ("https://github.com/O/R/issues/1/edit", "no issue of gh"),
        ("https://github.com/O/R/issues/01", "no issue of gh"),
        ("https://github.com/O/R/issues/0", "no issue of gh"),
        ("https://github.com/O/R/issues/-1", "no issue of gh"),
        ("https://github.com/O/R/issues/1x", "no issue of gh"),
        ("https://github.com/O/R/issues/１", "no issue of gh"),
        ("https://github.com/O/R/issues/1234567890", "no issue of gh"),
        ("https://github.com/O/R/Issues/1", "no issue of gh"),
        ("https://github.com/O/R/pull/2.txt", "no issue of gh"),
        ("https://github.com/O/R/pull/2.diff/files", "no issue of gh"),
        ("https://github.com/O/R%2FS/issues/1", "no issue of gh"),
        ("https://github.com/-o/r/issues/1", "no issue of gh"),
        ("https://github.com/o_/r/issues/1", "no issue of gh"),
        ("https://github.com/o.p/r/issues/1", "no issue of gh"),
        ("https://github.com/ö/r/issues/1", "no issue of gh"),
        ("https://github.com/orgs/acme/issues/1", "no issue of gh"),
        ("https://github.com/orgs/acme/projects/5", "no issue of gh"),
        ("https://github.com/orgs/acme/projects/5?issue=acme%7Cshop", "no issue of gh"),
        ("https://github.com/orgs/acme/projects/5?issue=acme%7Cshop%7Cx", "no issue of gh"),
        ("https://github.com/orgs/acme/projects/5?issue=..%7Cshop%7C1", "no issue of gh"),
        ("https://github.com/acme/shop/wiki?issue=acme%7Cshop%7C12", "no issue of gh"),
        ("https://github.com/", "no issue of gh"), ("https://acme.ghe.com/acme", "no issue of eu"),
        ("https://git.corp.example:8443/hub/api/v3/repositories/1000/issues/3", "no issue of corp"),
        ("https://git.corp.example:8443/hub/api/v3/repos/team/app/issues/3/comments", "no issue of corp"),
        // Other places.
        ("https://api.github.com/repos/o/r/issues/1/comments", "unknown"),
        ("https://api.github.com/user", "unknown"),
        ("https://gist.github.com/o/r/issues/1", "unknown"),
        ("https://github.com.evil.example/o/r/issues/1", "unknown"),
        ("https://evil.example/github.com/o/r/issues/1", "unknown"),
        ("https://other.ghe.com/acme/shop/issues/5", "unknown"),
        ("https://git.corp.example/hub/team/app/issues/23", "unknown"),
        ("https://git.corp.example:8443/hub-two/team/app/issues/23", "unknown"),
        // What is refused outright.
        ("javascript:alert(1)", "invalid"), ("https://mona:x@github.com/o/r/issues/1", "invalid"),
        ("git@github.com:o/r.git", "invalid"), ("https://github.com/o/r/issues/1%00", "invalid"),
    ])
    func `anything else is not`(pasted: String, expected: String) {
        #expect(recogniser.recognise(pasted).summary == expected)
    }

    @Test(arguments: [
        ("codertocat/hello-world#1", "codertocat/hello-world#1"), (" o/r#12 ", "o/r#12"),
        ("#12", "acme/shop#12"), ("12", "acme/shop#12"), ("Other/Repo#3", "Other/Repo#3"),
    ])
    func `a bare key keeps its spelling, and a number means the default repository`(
        typed: String, key: String
    ) {
        var source = Self.cloud
        source.defaultExternalProject = "acme/shop"
        let recogniser = Self.recogniser(source)
        #expect(recogniser.recognise(typed).summary == "gh " + key)
        #expect(recogniser.resolveKey(typed, in: source.id).summary == "gh " + key)
    }

    @Test(arguments: [
        "", "#", "12", "#12", "o/r", "o/r#", "o/r#0", "o/r#012", "o/r#1a", "o/r#1#2", "o/r/s#1", "/r#1",
        "o/#1",
        "-o/r#1", "o/..#1", "o/.#1", "o r/x#1", "ö/r#1", "o/r#1234567890", "o/r#１", "o_b_c/r#1",
        String(repeating: "o", count: 40) + "/r#1", "o/" + String(repeating: "r", count: 101) + "#1",
    ])
    func `what is no key is refused with a reason`(typed: String) {
        #expect(
            Self.recogniser(Self.cloud).resolveKey(typed, in: Self.cloud.id).summary == "KEY_INVALID of gh")
    }

    @Test(arguments: [
        ("https://github.com/o/r/pull/2/files", "https://github.com/o/r/issues/2"),
        ("https://acme.ghe.com/o/r/issues/2#x", "https://acme.ghe.com/o/r/issues/2"),
        (
            "https://git.corp.example:8443/hub/api/v3/repos/o/r/pulls/2",
            "https://git.corp.example:8443/hub/o/r/issues/2"
        ),
    ])
    func `every spelling has one canonical address, which leads back to the key`(
        pasted: String, expected: String
    ) {
        guard case .matched(let issue) = recogniser.recognise(pasted) else { return #expect(Bool(false)) }
        #expect(issue.canonicalURL == expected)
        #expect(recogniser.recognise(issue.canonicalURL) == .matched(issue))
    }

    @Test(
        arguments: [
            ("fails since octocat/Hello-World#42.", ["octocat/Hello-World#42 0.9"]),
            ("see #7", ["acme/shop#7 0.5"]), ("7 of 9, C#, and/or, o/r", []),
            ("https://github.com/o/r/pull/2", ["o/r#2 1.0"]),
        ] as [(String, [String])])
    func `references in a text are as sure as they are distinctive`(text: String, expected: [String]) {
        var source = Self.cloud
        source.defaultExternalProject = "acme/shop"
        let found = Self.recogniser(source).extractReferences(text)
        #expect(found.map { "\($0.issue.key) \($0.issue.confidence)" } == expected)
    }

    @Test(arguments: [
        ("https://github.com", "", "https://api.github.com", "https://api.github.com/graphql"),
        ("https://acme.ghe.com", "", "https://api.acme.ghe.com", "https://api.acme.ghe.com/graphql"),
        (
            "https://git.corp.example", "", "https://git.corp.example/api/v3",
            "https://git.corp.example/api/graphql"
        ),
        (
            "https://git.corp.example", "https://gate.example/x/api/v3/", "https://gate.example/x/api/v3",
            "https://gate.example/x/api/graphql"
        ),
        (
            "https://github.com", "https://gate.example/hub", "https://gate.example/hub",
            "https://gate.example/hub/graphql"
        ),
    ])
    func `each site has its API in its own place`(base: String, own: String, rest: String, graphQL: String) {
        var source = Samples.source("s", .gitHub, base)
        source.apiBaseURL = own
        #expect(GitHubTracker().apiBase(of: source) == rest)
        #expect(GitHubSample.graphQLAddress(of: source) == graphQL)
    }

    @Test(
        arguments: [
            ("https://github.com", "acme/shop", ["a/b"], []), ("https://github.com", "", [], []),
            ("https://api.github.com", "", [], ["base_url"]),
            ("https://www.github.com", "", [], ["base_url"]),
            ("https://github.com/acme", "", [], ["base_url"]),
            ("https://api.acme.ghe.com", "", [], ["base_url"]),
            ("https://acme.ghe.com/x", "", [], ["base_url"]), ("https://git.corp.example/hub", "", [], []),
            (
                "https://github.com", "acme", ["a/b", "c"],
                ["default_external_project", "allowed_external_projects[1]"]
            ),
        ] as [(String, String, [String], [String])])
    func `settings that cannot work are refused when they are saved`(
        base: String, project: String, allowed: [String], fields: [String]
    ) {
        var source = Samples.source("s", .gitHub, base)
        source.defaultExternalProject = project
        source.allowedExternalProjects = allowed
        #expect(GitHubTracker().violations(of: source).map(\.field) == fields)
    }
}
