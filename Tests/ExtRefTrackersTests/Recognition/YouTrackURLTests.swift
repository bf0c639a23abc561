// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefTrackers
import Testing

@Suite struct YouTrackURLTests {
    private let recogniser = Samples.recogniser(
        of: YouTrackTracker(),
        [
            Samples.source("y", .youTrack, "https://acme.youtrack.cloud"),
            Samples.source("own", .youTrack, "https://corp.example/youtrack"),
        ])

    @Test(arguments: [
        ("https://acme.youtrack.cloud/issue/SP-8", "y SP-8"),
        ("https://acme.youtrack.cloud/issue/SP-8/", "y SP-8"),
        ("https://acme.youtrack.cloud/issue/SP-8/checkout-fails", "y SP-8"),
        ("https://acme.youtrack.cloud/issue/sp-8", "y SP-8"),
        ("https://acme.youtrack.cloud/issue/SP-8#focus=Comments-4-17.0-0", "y SP-8"),
        ("https://acme.youtrack.cloud/issue/JB_TEST2-100?p=x", "y JB_TEST2-100"),
        ("https://acme.youtrack.cloud/issue/2D-7", "y 2D-7"),
        ("https://acme.youtrack.cloud/agiles/108-2/current?issue=SP-8", "y SP-8"),
        ("https://acme.youtrack.cloud/agiles/108-2/109-5?query=x&issue=SP-8#bottom", "y SP-8"),
        ("https://acme.youtrack.cloud/issues/SP?issue=SP-8", "y SP-8"),
        ("https://acme.youtrack.cloud/issues?q=project:%20SP&issue=SP-8", "y SP-8"),
        ("https://acme.youtrack.cloud/api/issues/SP-8?fields=id", "y SP-8"),
        ("acme.youtrack.cloud/issue/SP-8", "y SP-8"), ("http://acme.youtrack.cloud/issue/SP-8", "y SP-8"),
        ("HTTPS://ACME.youtrack.CLOUD:443/issue/SP-8.", "y SP-8"),
        ("<https://acme.youtrack.cloud/issue/SP-8>", "y SP-8"),
        ("https://acme.youtrack.cloud/x/../issue/%53P-8", "y SP-8"),
        ("https://corp.example/youtrack/issue/OPS-12/a-title", "own OPS-12"),
        ("https://corp.example/youtrack/agiles/1-2/3-4?issue=OPS-12", "own OPS-12"),
        // Pages that show no single issue.
        ("https://acme.youtrack.cloud/", "no issue of y"),
        ("https://acme.youtrack.cloud/issue", "no issue of y"),
        ("https://acme.youtrack.cloud/issues", "no issue of y"),
        ("https://acme.youtrack.cloud/issues/SP-8", "no issue of y"),
        ("https://acme.youtrack.cloud/issue/SP", "no issue of y"),
        ("https://acme.youtrack.cloud/issue/SP-0", "no issue of y"),
        ("https://acme.youtrack.cloud/issue/SP-08", "no issue of y"),
        ("https://acme.youtrack.cloud/issue/2-7", "no issue of y"),
        ("https://acme.youtrack.cloud/issue/SP-8x", "no issue of y"),
        ("https://acme.youtrack.cloud/issue/S%2FP-8", "no issue of y"),
        ("https://acme.youtrack.cloud/issue/SP-%238", "no issue of y"),
        ("https://acme.youtrack.cloud/issue/S%C3%9F-8", "no issue of y"),
        ("https://acme.youtrack.cloud/issue/SP-8/title/more", "no issue of y"),
        ("https://acme.youtrack.cloud/articles/SP-A-8/Title", "no issue of y"),
        ("https://acme.youtrack.cloud/newIssue?project=SP", "no issue of y"),
        ("https://acme.youtrack.cloud/agiles/108-2/current?issue=", "no issue of y"),
        ("https://acme.youtrack.cloud/reports?issue=SP-8", "no issue of y"),
        ("https://acme.youtrack.cloud/api/users/SP-8", "no issue of y"),
        // Neighbours.
        ("https://corp.example/issue/SP-8", "unknown"),
        ("https://corp.example/youtrack2/issue/SP-8", "unknown"),
        ("https://other.youtrack.cloud/issue/SP-8", "unknown"),
        ("https://acme.youtrack.cloud.evil.example/issue/SP-8", "unknown"),
        ("https://acme.youtrack.cloud:8443/issue/SP-8", "unknown"),
        ("https://user@acme.youtrack.cloud/issue/SP-8", "invalid"),
    ])
    func `an address is recognised, or told from an issue's`(pasted: String, expected: String) {
        #expect(recogniser.recognise(pasted).summary == expected)
    }

    @Test(arguments: [("SP-8", "SP-8"), ("sp-8", "SP-8"), (" jb_test-12 ", "JB_TEST-12"), ("2D-7", "2D-7")])
    func `a key is a project's short name and a number`(typed: String, key: String) {
        #expect(recogniser.resolveKey(typed, in: Samples.id("y")).summary == "y " + key)
    }

    @Test(arguments: [
        "", "SP", "SP-", "-8", "SP-0", "SP-08", "2-7", "SP 8", "S.P-8", "SP-8-9", "SP-8x", "S\u{DF}-8",
        "SP-８", "#8",
    ])
    func `anything else is none`(typed: String) {
        #expect(recogniser.resolveKey(typed, in: Samples.id("y")).summary == "KEY_INVALID of y")
    }

    @Test func `a bare number is completed with the default project`() {
        var source = Samples.source("y", .youTrack, "https://acme.youtrack.cloud")
        source.defaultExternalProject = "SP"
        let recogniser = Samples.recogniser(of: YouTrackTracker(), [source])
        #expect(recogniser.resolveKey("#8", in: Samples.id("y")).summary == "y SP-8")
        #expect(recogniser.resolveKey("8", in: Samples.id("y")).summary == "y SP-8")
        #expect(recogniser.resolveKey("OPS-1", in: Samples.id("y")).summary == "y OPS-1")
    }

    @Test(arguments: [
        ("SP-8", 0.8), ("JB_TEST-12", 0.8), ("sp-8", 0), ("UTF-8", 0), ("ISO-8859", 0), ("SHA-256", 0),
        ("2-7", 0), ("SP", 0),
    ])
    func `only what looks like a key stands out in a text`(word: String, confidence: Double) {
        #expect(YouTrackTracker().confidence(inFreeText: word) == confidence)
    }

    @Test func `an allowed project is a short name`() {
        var source = Samples.source("y", .youTrack, "https://acme.youtrack.cloud")
        source.allowedExternalProjects = ["SP", "a b", "2", "jb_test"]
        let registry = TrackerRegistry([YouTrackTracker()])
        #expect(
            SourceValidator(registry: registry, patterns: Samples.patterns).violations(of: source).map(
                \.field)
                == ["allowed_external_projects[1]", "allowed_external_projects[2]"])
    }
}
