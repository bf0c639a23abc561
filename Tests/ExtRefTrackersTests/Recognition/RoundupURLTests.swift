// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefTrackers
import Testing

@Suite struct RoundupURLTests {
    private let recogniser = Samples.recogniser(
        of: RoundupTracker(),
        [
            Samples.source("r", .roundup, "https://bugs.example.org/demo"),
            Samples.source("root", .roundup, "https://issues.example.net"),
            Samples.source("port", .roundup, "http://127.0.0.1:8917/demo"),
        ])

    @Test(arguments: [
        ("https://bugs.example.org/demo/issue1", "r 1"), ("https://bugs.example.org/demo/issue1/", "r 1"),
        ("https://bugs.example.org/demo/issue2551234#msg7", "r 2551234"),
        ("https://bugs.example.org/demo/issue1?@template=history", "r 1"),
        ("https://bugs.example.org/demo/issue1?%40ok_message=issue%201%20created", "r 1"),
        ("https://bugs.example.org/demo/rest/data/issue/12", "r 12"),
        ("https://bugs.example.org/demo/rest/data/issue/12?@verbose=2", "r 12"),
        ("bugs.example.org/demo/issue1", "r 1"), ("http://bugs.example.org/demo/issue1", "r 1"),
        ("HTTPS://BUGS.example.ORG:443/demo/issue1.", "r 1"),
        ("<https://bugs.example.org/demo/issue1>", "r 1"),
        ("https://bugs.example.org/demo/%69ssue1", "r 1"),
        ("https://bugs.example.org/x/../demo/issue1", "r 1"),
        ("https://issues.example.net/issue9", "root 9"), ("http://127.0.0.1:8917/demo/issue3", "port 3"),
        ("https://bugs.example.org/demo/issue999999999999999999", "r 999999999999999999"),
        // Pages that show no single issue.
        ("https://bugs.example.org/demo/issue", "no issue of r"),
        ("https://bugs.example.org/demo/issue?@template=item", "no issue of r"),
        ("https://bugs.example.org/demo/issue?@columns=title&@sort=-activity", "no issue of r"),
        ("https://bugs.example.org/demo/issue0", "no issue of r"),
        ("https://bugs.example.org/demo/issue01", "no issue of r"),
        ("https://bugs.example.org/demo/issue%231", "no issue of r"),
        ("https://bugs.example.org/demo/issue-1", "no issue of r"),
        ("https://bugs.example.org/demo/issue1x", "no issue of r"),
        ("https://bugs.example.org/demo/issueissue1", "no issue of r"),
        ("https://bugs.example.org/demo/Issue1", "no issue of r"),
        ("https://bugs.example.org/demo/msg1", "no issue of r"),
        ("https://bugs.example.org/demo/user3", "no issue of r"),
        ("https://bugs.example.org/demo/file1/issue1", "no issue of r"),
        ("https://bugs.example.org/demo/issue1/edit", "no issue of r"),
        ("https://bugs.example.org/demo/rest/data/msg/1", "no issue of r"),
        ("https://bugs.example.org/demo/rest/data/issue/1/title", "no issue of r"),
        ("https://bugs.example.org/demo/issue9999999999999999999", "no issue of r"),
        // Neighbours.
        ("https://bugs.example.org/demo2/issue1", "unknown"), ("https://bugs.example.org/issue1", "unknown"),
        ("https://bugs.example.org:8443/demo/issue1", "unknown"),
        ("https://bugs.example.org.evil.example/demo/issue1", "unknown"),
        ("https://user@bugs.example.org/demo/issue1", "invalid"),
    ])
    func `an address is recognised, or told from an issue's`(pasted: String, expected: String) {
        #expect(recogniser.recognise(pasted).summary == expected)
    }

    @Test(arguments: [("12", "12"), ("#12", "12"), ("issue12", "12"), ("Issue12", "12"), (" ISSUE12 ", "12")])
    func `a key is a number or a designator`(typed: String, key: String) {
        #expect(recogniser.resolveKey(typed, in: Samples.id("r")).summary == "r " + key)
    }

    @Test(arguments: ["", "issue", "issue#1", "issue0", "msg1", "issue-1", "issue1.5", "issue １"])
    func `anything else is none`(typed: String) {
        #expect(recogniser.resolveKey(typed, in: Samples.id("r")).summary == "KEY_INVALID of r")
    }

    @Test func `the canonical address and the displayed key are Roundup's own`() {
        guard case .matched(let issue) = recogniser.recognise("http://bugs.example.org/demo/issue7?a=b#msg1")
        else {
            return #expect(Bool(false))
        }
        #expect(issue.canonicalURL == "https://bugs.example.org/demo/issue7" && issue.displayKey == "issue7")
    }

    @Test(arguments: [("issue12", 0.8), ("#12", 0), ("12", 0), ("issue", 0), ("issues12", 0), ("ISSUE12", 0)])
    func `only a designator stands out in a text`(word: String, confidence: Double) {
        #expect(RoundupTracker().confidence(inFreeText: word) == confidence)
    }

    @Test func `a list of allowed projects makes no sense`() {
        var source = Samples.source("r", .roundup, "https://bugs.example.org/demo")
        source.allowedExternalProjects = ["x"]
        let registry = TrackerRegistry([RoundupTracker()])
        #expect(
            SourceValidator(registry: registry, patterns: Samples.patterns).violations(of: source).map(
                \.field)
                == ["allowed_external_projects"])
    }
}
