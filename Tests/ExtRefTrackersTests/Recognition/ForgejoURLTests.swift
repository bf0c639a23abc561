// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefTrackers
import Testing

@Suite struct ForgejoURLTests {
    private let recogniser = URLRecogniser(
        [
            Samples.source("cb", .forgejo, "https://codeberg.org"),
            Samples.source("sub", .forgejo, "https://git.corp.example/forge"),
            Samples.source("local", .forgejo, "http://localhost:3000"),
        ], registry: TrackerRegistry([ForgejoTracker()]), patterns: Samples.patterns)

    @Test(arguments: [
        ("https://codeberg.org/forgejo/forgejo/issues/12", "cb forgejo/forgejo#12"),
        ("https://codeberg.org/forgejo/forgejo/issues/12#issuecomment-99", "cb forgejo/forgejo#12"),
        ("https://codeberg.org/forgejo/forgejo/issues/12/", "cb forgejo/forgejo#12"),
        ("https://codeberg.org/forgejo/forgejo/issues/12?q=x", "cb forgejo/forgejo#12"),
        ("https://codeberg.org/forgejo/forgejo/pulls/7", "cb forgejo/forgejo#7"),
        ("https://codeberg.org/forgejo/forgejo/pulls/7/files", "cb forgejo/forgejo#7"),
        ("https://codeberg.org/forgejo/forgejo/pulls/7/commits/0a1b2c3", "cb forgejo/forgejo#7"),
        ("https://codeberg.org/bob.b/my_app.js/issues/1", "cb bob.b/my_app.js#1"),
        ("https://codeberg.org/b/.profile/issues/1", "cb b/.profile#1"),
        ("https://codeberg.org/A-b/C-d/issues/1", "cb A-b/C-d#1"),
        ("https://codeberg.org/issues-team/issues/issues/1", "cb issues-team/issues#1"),
        ("codeberg.org/forgejo/forgejo/issues/12", "cb forgejo/forgejo#12"),
        ("http://codeberg.org/forgejo/forgejo/issues/12", "cb forgejo/forgejo#12"),
        ("HTTPS://Codeberg.ORG:443/forgejo/forgejo/issues/12", "cb forgejo/forgejo#12"),
        ("https://codeberg.org//forgejo/forgejo//issues/12", "cb forgejo/forgejo#12"),
        ("https://codeberg.org/forgejo/%66orgejo/issues/12", "cb forgejo/forgejo#12"),
        ("<https://codeberg.org/forgejo/forgejo/issues/12>.", "cb forgejo/forgejo#12"),
        ("https://git.corp.example/forge/team/app/issues/3", "sub team/app#3"),
        ("git.corp.example/forge/team/app/pulls/3", "sub team/app#3"),
        ("http://localhost:3000/example/example/issues/1", "local example/example#1"),
        ("localhost:3000/example/example/issues/1", "local example/example#1"),
    ])
    func `an address of an issue is recognised`(pasted: String, expected: String) {
        #expect(recogniser.recognise(pasted).summary == expected)
    }

    @Test(arguments: [
        ("https://codeberg.org/forgejo/forgejo", "no issue of cb"),
        ("https://codeberg.org/forgejo/forgejo/issues", "no issue of cb"),
        ("https://codeberg.org/forgejo/forgejo/issues/new", "no issue of cb"),
        ("https://codeberg.org/forgejo/forgejo/issues/new/choose", "no issue of cb"),
        ("https://codeberg.org/forgejo/forgejo/issues/12/edit", "no issue of cb"),
        ("https://codeberg.org/forgejo/forgejo/issues/012", "no issue of cb"),
        ("https://codeberg.org/forgejo/forgejo/issues/0", "no issue of cb"),
        ("https://codeberg.org/forgejo/forgejo/issues/1x", "no issue of cb"),
        ("https://codeberg.org/forgejo/forgejo/pull/7", "no issue of cb"),
        ("https://codeberg.org/forgejo/forgejo/milestone/7", "no issue of cb"),
        ("https://codeberg.org/forgejo/forgejo/src/branch/main/issues/12", "no issue of cb"),
        ("https://codeberg.org/user/settings/issues/3", "no issue of cb"),
        ("https://codeberg.org/org/team/issues/3", "no issue of cb"),
        ("https://codeberg.org/api/v1/issues/3", "no issue of cb"),
        ("https://codeberg.org/-x/app/issues/3", "no issue of cb"),
        ("https://codeberg.org/a%2Fb/app/issues/3", "no issue of cb"),
        ("https://codeberg.org/a/%2E%2E%2Fb/issues/3", "no issue of cb"),
        ("https://codeberg.org/a/.../issues/3", "no issue of cb"),
        ("https://codeberg.org/a/b/c/issues/3", "no issue of cb"),
        ("https://git.corp.example/forge-two/team/app/issues/3", "unknown"),
        ("https://git.corp.example/team/app/issues/3", "unknown"),
        ("https://codeberg.org.evil.example/a/b/issues/3", "unknown"),
        ("http://localhost/example/example/issues/1", "unknown"),
        ("https://user:pass@codeberg.org/a/b/issues/3", "invalid"), ("file:///a/b/issues/3", "invalid"),
    ])
    func `anything else is not`(pasted: String, expected: String) {
        #expect(recogniser.recognise(pasted).summary == expected)
    }

    @Test(arguments: [
        ("team/app#23", "cb team/app#23"), ("#23", "cb team/app#23"), ("23", "cb team/app#23"),
        (" Team/App#1 ", "cb Team/App#1"),
    ])
    func `a key is read, a bare number in the default repository`(typed: String, expected: String) {
        var source = Samples.source("cb", .forgejo, "https://codeberg.org")
        source.defaultExternalProject = "team/app"
        let recogniser = URLRecogniser(
            [source], registry: TrackerRegistry([ForgejoTracker()]), patterns: Samples.patterns)
        #expect(recogniser.resolveKey(typed, in: source.id).summary == expected)
        #expect(recogniser.recognise(typed).summary == expected)
    }

    @Test(arguments: [
        "", "#", "23", "#23", "app#23", "team/app", "team/app#0", "team/app#01", "team/sub/app#1", "/app#1",
        "team/#1", "team/..#1", ".x/app#1", "user/app#1", "team/äpp#1", "team/app#1#2",
        String(repeating: "a", count: 101) + "/b#1",
    ])
    func `what is no key is refused with a reason`(typed: String) {
        #expect(recogniser.resolveKey(typed, in: Samples.id("cb")).summary == "KEY_INVALID of cb")
    }

    @Test(arguments: [
        ("team/app#23", 0.8), ("#23", 0.5), ("23", 0), ("app#23", 0), ("#0", 0), ("team/app", 0),
    ])
    func `words of a text are as sure as they are distinctive`(word: String, confidence: Double) {
        #expect(ForgejoTracker().confidence(inFreeText: word) == confidence)
    }
}
