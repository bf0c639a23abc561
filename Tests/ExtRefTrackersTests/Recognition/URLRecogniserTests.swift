// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefTrackers
import PatternMatching
import Testing

@Suite struct URLRecogniserTests {
    @Test func `the longest base wins, whole segments only`() {
        let recogniser = Samples.recogniser(
            Samples.source("root", .custom, "https://h.example", template: "{baseUrl}/{key}", pattern: ".+"),
            Samples.source(
                "repo", .custom, "https://h.example/org/repo", template: "{baseUrl}/{key}", pattern: ".+"),
            Samples.source(
                "two", .custom, "https://h.example/org/repo-two", template: "{baseUrl}/{key}", pattern: ".+"))
        #expect(recogniser.recognise("https://h.example/org/repo/1").summary == "repo 1")
        #expect(recogniser.recognise("https://h.example/org/repo-two/1").summary == "two 1")
        #expect(recogniser.recognise("https://h.example/org/repo-three/1").summary == "root org/repo-three/1")
        #expect(recogniser.recognise("https://h.example/org/repo/../repo-two/1").summary == "two 1")
        #expect(recogniser.recognise("https://h.example/org/repo%2D%74wo/1").summary == "two 1")
    }

    @Test func `a shorter base answers when the longest shows no issue`() {
        let recogniser = Samples.recogniser(
            Samples.redmine("r", "https://h.example"),
            Samples.source(
                "c", .custom, "https://h.example/projects", template: "{baseUrl}/{key}.html", pattern: ".+"))
        #expect(recogniser.recognise("https://h.example/projects/x/issues/5").summary == "r 5")
        #expect(recogniser.recognise("https://h.example/projects/x").summary == "no issue of c")
    }

    @Test func `two sources of one place are reported and never guessed, unless the scheme tells`() {
        let twins = Samples.recogniser(Samples.redmine("a"), Samples.redmine("b"))
        #expect(twins.recognise("https://redmine.example.com/issues/1").summary == "ambiguous a 1, b 1")
        #expect(twins.recognise("#1").summary == "ambiguous a 1, b 1")
        #expect(twins.recognise("#1", only: Samples.id("b")).summary == "b 1")
        let schemes = Samples.recogniser(
            Samples.redmine("s"), Samples.redmine("p", "http://redmine.example.com"))
        #expect(schemes.recognise("http://redmine.example.com/issues/1").summary == "p 1")
        #expect(schemes.recognise("https://redmine.example.com/issues/1").summary == "s 1")
        #expect(schemes.recognise("redmine.example.com/issues/1").summary == "ambiguous s 1, p 1")
    }

    @Test func `a clear key is not made unclear by a provider that takes any word`() {
        let recogniser = Samples.recogniser(
            Samples.redmine("r"), Samples.source("any", .custom, "https://x.example"),
            Samples.source("jira", .custom, "https://j.example", pattern: "[A-Z]+-[0-9]+"))
        #expect(recogniser.recognise("12").summary == "r 12")
        #expect(recogniser.recognise("PROJ-12").summary == "jira PROJ-12")
        #expect(recogniser.recognise("proj-12").summary == "any proj-12")
        #expect(recogniser.recognise("hello").summary == "invalid")
        #expect(recogniser.recognise("hello", only: Samples.id("any")).summary == "any hello")
    }

    @Test func `an unknown address is handed on as it was pasted`() {
        let recogniser = Samples.recogniser(Samples.redmine())
        guard case .unknownSource(let url, "") = recogniser.recognise(" <example.org/a?b=c#d>. ") else {
            return #expect(Bool(false))
        }
        #expect(url.text == "https://example.org/a?b=c#d")
    }

    @Test func `a source with broken settings or an unknown provider recognises nothing and harms nobody`() {
        let recogniser = Samples.recogniser(
            Samples.source("broken", .custom, "https://b.example", pattern: "("),
            Samples.source("alien", ProviderID(rawValue: "alien"), "https://a.example"), Samples.redmine("r"))
        #expect(recogniser.recognise("https://b.example/1").summary == "unknown")
        #expect(recogniser.recognise("https://redmine.example.com/issues/1").summary == "r 1")
        #expect(recogniser.resolveKey("1", in: Samples.id("broken")).summary == "invalid")
    }

    @Test func `no random text crashes it, and what it accepts it accepts again`() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        let recogniser = Samples.recogniser(
            Samples.redmine("r"),
            Samples.source(
                "c", .custom, "https://h.example/x", template: "{baseUrl}/v?k={key}", pattern: "\\S+"))
        let pieces = [
            "https://", "http:", "redmine.example.com", "h.example", "/", "//", "/x", "/v", "?", "k=", "&",
            "#", "issues",
            "1", "42", "..", ".", "%2e", "%", "%zz", "%C3%A4", "ä", "@", ":", "\\", " ", "<", ">", "[", "]",
            "\u{0}", "\u{202E}", "漢",
        ]
        for _ in 0..<5_000 {
            let text = (0..<Int.random(in: 0...10, using: &generator))
                .map { _ in pieces[Int.random(in: 0..<pieces.count, using: &generator)] }.joined()
            guard case .matched(let issue) = recogniser.recognise(text) else { continue }
            #expect(
                recogniser.recognise(issue.canonicalURL).summary == recogniser.recognise(text).summary,
                "seed \(seed): \(text)")
        }
    }

    @Test(arguments: [
        ("https://h.example/", "base_url"), ("https://h.example?x", "base_url"), ("h.example", "base_url"),
        ("ftp://h.example", "base_url"), ("https://u:p@h.example", "base_url"),
        ("https://h.example/#a", "base_url"),
    ])
    func `a base URL that is no plain address is refused when it is saved`(base: String, field: String) {
        let fields = Set(
            SourceValidator(patterns: PatternCache()).violations(of: Samples.redmine("r", base)).map(\.field))
        #expect(fields.contains(field) && fields.isSubset(of: [field, "issue_url_template"]), "\(fields)")
    }

    @Test func `all faults of a source are reported at once`() {
        var source = Samples.source("c", .custom, "https://h.example", template: "nonsense", pattern: "(")
        source.createURLTemplate = "javascript:x"
        source.authenticationMethod = .apiKey
        let fields = SourceValidator(patterns: PatternCache()).violations(of: source).map(\.field).sorted()
        #expect(
            fields == ["authentication.method", "create_url_template", "issue_url_template", "key_pattern"])
        var redmine = Samples.redmine()
        redmine.allowedExternalProjects = ["7", "demo"]
        #expect(
            SourceValidator(patterns: PatternCache()).violations(of: redmine).map(\.field) == [
                "allowed_external_projects[1]"
            ])
    }
}
