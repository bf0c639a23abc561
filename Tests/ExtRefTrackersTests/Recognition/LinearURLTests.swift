// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefTrackers
import Testing

@Suite struct LinearURLTests {
    private static let registry = TrackerRegistry([LinearTracker()])

    private let recogniser = URLRecogniser(
        [
            LinearSamples.source("lin"), LinearSamples.source("other", "https://linear.app/other-co"),
            LinearSamples.source("gw", "http://gateway.example:8080/linear/acme"),
        ], registry: registry, patterns: Samples.patterns)

    @Test(arguments: [
        ("https://linear.app/acme/issue/ENG-12/checkout-fails", "lin ENG-12"),
        ("https://linear.app/acme/issue/ENG-12", "lin ENG-12"),
        ("https://linear.app/acme/issue/ENG-12/", "lin ENG-12"),
        ("https://linear.app/acme/issue/ENG-12/checkout-fails/", "lin ENG-12"),
        ("https://linear.app/acme/issue/ENG-12#comment-77217de3", "lin ENG-12"),
        ("https://linear.app/acme/issue/ENG-12/checkout-fails#comment-77217de3", "lin ENG-12"),
        ("https://linear.app/acme/issue/ENG-12/checkout-fails?utm_source=mail", "lin ENG-12"),
        ("https://linear.app/acme/issue/eng-12/checkout-fails", "lin ENG-12"),
        ("https://linear.app/acme/issue/Eng-12", "lin ENG-12"),
        ("https://linear.app/acme/issue/%45NG-12", "lin ENG-12"),
        ("https://linear.app/acme/issue/ENG-12/gr%C3%B6%C3%9Fe", "lin ENG-12"),
        ("https://linear.app/acme/issue/ENG-12/größe", "lin ENG-12"),
        ("https://linear.app/acme/issue/ENG-12/ops-7", "lin ENG-12"),
        ("https://linear.app/acme/issue/A1B2-3", "lin A1B2-3"),
        ("https://linear.app/acme/issue/ABCDEFGHIJ-999999999", "lin ABCDEFGHIJ-999999999"),
        ("https://linear.app/acme/issue/X-1", "lin X-1"),
        ("https://linear.app/other-co/issue/OPS-7/pager", "other OPS-7"),
        ("http://gateway.example:8080/linear/acme/issue/ENG-12", "gw ENG-12"),
        ("http://linear.app/acme/issue/ENG-12", "lin ENG-12"),
        ("HTTPS://LINEAR.APP/acme/issue/ENG-12", "lin ENG-12"),
        ("https://linear.app:443/acme/issue/ENG-12", "lin ENG-12"),
        ("https://linear.app//acme/issue//ENG-12", "unknown"),
        ("https://linear.app/acme//issue//ENG-12", "lin ENG-12"),
        ("https://linear.app/x/../acme/issue/ENG-12", "lin ENG-12"),
        ("linear.app/acme/issue/ENG-12/checkout-fails", "lin ENG-12"),
        ("  <https://linear.app/acme/issue/ENG-12/checkout-fails>\n", "lin ENG-12"),
        ("(https://linear.app/acme/issue/ENG-12/checkout-fails).", "lin ENG-12"),
        ("\"https://linear.app/acme/issue/ENG-12\",", "lin ENG-12"),
    ])
    func `an address of an issue is recognised`(pasted: String, expected: String) {
        #expect(recogniser.recognise(pasted).summary == expected)
    }

    @Test(arguments: [
        // Pages of a known workspace.
        ("https://linear.app/acme", "no issue of lin"), ("https://linear.app/acme/issue", "no issue of lin"),
        ("https://linear.app/acme/issue/new", "no issue of lin"),
        ("https://linear.app/acme/new", "no issue of lin"),
        ("https://linear.app/acme/team/ENG/active", "no issue of lin"),
        ("https://linear.app/acme/project/checkout-12", "no issue of lin"),
        ("https://linear.app/acme/view/ENG-12", "no issue of lin"),
        ("https://linear.app/acme/inbox", "no issue of lin"),
        ("https://linear.app/acme/profiles/mia", "no issue of lin"),
        ("https://linear.app/acme/issue/ENG", "no issue of lin"),
        ("https://linear.app/acme/issue/ENG-0", "no issue of lin"),
        ("https://linear.app/acme/issue/ENG-012", "no issue of lin"),
        ("https://linear.app/acme/issue/ENG-1234567890", "no issue of lin"),
        ("https://linear.app/acme/issue/ABCDEFGHIJK-1", "no issue of lin"),
        ("https://linear.app/acme/issue/ENG--1", "no issue of lin"),
        ("https://linear.app/acme/issue/ENG-12-3", "no issue of lin"),
        ("https://linear.app/acme/issue/ENG-１２", "no issue of lin"),
        ("https://linear.app/acme/issue/ENG_1", "no issue of lin"),
        ("https://linear.app/acme/issue/ÄNG-1", "no issue of lin"),
        ("https://linear.app/acme/issue/ENG-12/slug/more", "no issue of lin"),
        ("https://linear.app/acme/Issue/ENG-12", "no issue of lin"),
        ("https://linear.app/acme/issue/ENG%2F12", "no issue of lin"),
        // Neighbours that must not be claimed.
        ("https://linear.app/acme-two/issue/ENG-12", "unknown"),
        ("https://linear.app/ACME/issue/ENG-12", "unknown"),
        ("https://linear.app.evil.example/acme/issue/ENG-12", "unknown"),
        ("https://evil.example/linear.app/acme/issue/ENG-12", "unknown"),
        ("https://gateway.example/linear/acme/issue/ENG-12", "unknown"),
        // What is refused outright.
        ("linear://acme/issue/ENG-12", "invalid"), ("javascript:alert(1)", "invalid"),
        ("https://user:pass@linear.app/acme/issue/ENG-12", "invalid"),
        ("https://linear.app/acme/issue/ENG-12%00", "invalid"),
        ("https://linear.app/acme/issue/ENG 12", "invalid"),
    ])
    func `anything else is not`(pasted: String, expected: String) {
        #expect(recogniser.recognise(pasted).summary == expected)
    }

    @Test func `an address without its workspace means whichever there is, and is not sure of it`() {
        let pasted = "https://linear.app/issue/LIN-1778/foo-bar#comment-77217de3"
        #expect(recogniser.recognise(pasted).summary == "ambiguous lin LIN-1778, other LIN-1778")
        let alone = URLRecogniser(
            [LinearSamples.source("lin")], registry: Self.registry, patterns: Samples.patterns)
        guard case .matched(let issue) = alone.recognise(pasted) else {
            Testing.Issue.record("not recognised")
            return
        }
        #expect(issue.key == "LIN-1778" && issue.confidence == 0.6)
        #expect(issue.canonicalURL == "https://linear.app/acme/issue/LIN-1778")
        #expect(alone.recognise("https://linear.app/issue/new").summary == "unknown")
    }

    @Test(arguments: [("ENG-12", "ENG-12"), ("eng-12", "ENG-12"), (" OPS-7 ", "OPS-7"), ("2B-1", "2B-1")])
    func `a bare key is stored in capitals`(typed: String, key: String) {
        #expect(recogniser.resolveKey(typed, in: Samples.id("lin")).summary == "lin " + key)
        #expect(recogniser.recognise(typed, only: Samples.id("lin")).summary == "lin " + key)
    }

    @Test(arguments: [
        "", "12", "#12", "ENG", "ENG-", "-12", "ENG-0", "ENG 12", "ENG-1a", "ẞENG-1", "ENG-1\u{301}",
    ])
    func `what is no key is refused with a reason`(typed: String) {
        #expect(recogniser.resolveKey(typed, in: Samples.id("lin")).summary == "KEY_INVALID of lin")
    }

    @Test func `a key in a text counts in capitals only`() {
        let text = "ENG-12 fails since (OPS-7); eng-3 and utf-8 do not count, nor does 2026-11."
        let recogniser = URLRecogniser(
            [LinearSamples.source("lin")], registry: Self.registry, patterns: Samples.patterns)
        let found = recogniser.extractReferences(text)
        #expect(found.map(\.issue.key) == ["ENG-12", "OPS-7"])
        #expect(found.allSatisfy { $0.issue.confidence == 0.8 })
    }

    @Test func `the canonical address is built from the base URL`() {
        let recognition = recogniser.recognise("http://gateway.example:8080/linear/acme/issue/eng-12/words#x")
        guard case .matched(let issue) = recognition else { return #expect(Bool(false), "\(recognition)") }
        #expect(issue.canonicalURL == "http://gateway.example:8080/linear/acme/issue/ENG-12")
    }

    @Test(arguments: [
        ("https://linear.app/acme", [String](), "", [String]()),
        ("https://linear.app/Acme-2", ["ENG", "ops"], "ENG", []),
        ("https://gateway.example/linear/acme", [], "eng", []),
        ("https://linear.app", [], "", ["base_url"]),
        ("https://linear.app/acme_co", [], "", ["base_url"]),
        ("https://linear.app/acme", ["ENG", "Engineering team"], "", ["allowed_external_projects[1]"]),
        ("https://linear.app/acme", [], "ENG-12", ["default_external_project"]),
    ])
    func `a source needs a workspace and knows teams by their keys`(
        baseURL: String, allowed: [String], project: String, faults: [String]
    ) {
        var source = LinearSamples.source("lin", baseURL)
        source.allowedExternalProjects = allowed
        source.defaultExternalProject = project
        #expect(LinearTracker().violations(of: source).map(\.field) == faults)
    }
}
