// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefTrackers
import Testing

@Suite struct CustomURLTests {
    private static let templates = [
        "{baseUrl}/{key}", "{baseUrl}/view/{key}", "{baseUrl}/view/BUG-{key}.html",
        "{baseUrl}/view/{key}/details",
        "{baseUrl}/show?id={key}", "{baseUrl}/show?type=bug&id=B{key}&tab=1", "{baseUrl}/app#/issue/{key}",
        "https://elsewhere.example:8443/t/{key}", "{baseUrl}/a%20b/{key}", "{baseUrl}/?q={key}",
    ]

    private func source(
        _ template: String, pattern: String = ".+", base: String = "https://bugs.example/x"
    ) -> IntegrationSource {
        Samples.source("c", .custom, base, template: template, pattern: pattern)
    }

    @Test(arguments: [
        ("{baseUrl}/view/{key}", "https://bugs.example/x/view/PROJ-12", "c PROJ-12"),
        ("{baseUrl}/view/{key}", "https://bugs.example/x/view/PROJ-12/", "c PROJ-12"),
        ("{baseUrl}/view/{key}", "https://bugs.example/x/view/PROJ-12?utm=1#top", "c PROJ-12"),
        ("{baseUrl}/view/{key}", "https://bugs.example/x/view/a/b/c", "c a/b/c"),
        ("{baseUrl}/view/{key}", "https://bugs.example/x/view/a%23b%20", "KEY_INVALID of c"),
        ("{baseUrl}/view/{key}", "https://bugs.example/x/view/a%23b", "c a#b"),
        ("{baseUrl}/view/{key}", "https://bugs.example/x/view", "no issue of c"),
        ("{baseUrl}/view/{key}", "https://bugs.example/x/viewer/1", "no issue of c"),
        ("{baseUrl}/view/{key}", "https://bugs.example/x-two/view/1", "unknown"),
        ("{baseUrl}/view/{key}", "https://bugs.example/view/1", "unknown"),
        ("{baseUrl}/view/BUG-{key}.html", "https://bugs.example/x/view/BUG-7.html", "c 7"),
        ("{baseUrl}/view/BUG-{key}.html", "https://bugs.example/x/view/BUG-.html", "no issue of c"),
        ("{baseUrl}/view/BUG-{key}.html", "https://bugs.example/x/view/bug-7.html", "no issue of c"),
        ("{baseUrl}/view/{key}/details", "https://bugs.example/x/view/7/details", "c 7"),
        ("{baseUrl}/view/{key}/details", "https://bugs.example/x/view/7", "no issue of c"),
        ("{baseUrl}/show?type=bug&id=B{key}", "https://bugs.example/x/show?id=B9&type=bug&x=1", "c 9"),
        ("{baseUrl}/show?type=bug&id=B{key}", "https://bugs.example/x/show?id=B9", "no issue of c"),
        ("{baseUrl}/show?type=bug&id=B{key}", "https://bugs.example/x/show?type=bug&ID=B9", "no issue of c"),
        ("{baseUrl}/app#/issue/{key}", "https://bugs.example/x/app#/issue/12", "c 12"),
        ("{baseUrl}/app#/issue/{key}", "https://bugs.example/x/app", "no issue of c"),
        ("https://elsewhere.example:8443/t/{key}", "https://elsewhere.example:8443/t/1", "c 1"),
        ("https://elsewhere.example:8443/t/{key}", "https://elsewhere.example/t/1", "unknown"),
    ])
    func `a template turned round finds the key`(template: String, pasted: String, expected: String) {
        #expect(Samples.recogniser(source(template)).recognise(pasted).summary == expected)
    }

    @Test(arguments: templates, [UInt64.random(in: 0...UInt64.max), 1, 2, 3])
    func `every key survives its own address`(template: String, seed: UInt64) throws {
        let recogniser = Samples.recogniser(source(template))
        var generator = SeededGenerator(seed: seed)
        let alphabet = Array("abzAZ019-_.~/#?&=+%:;,@!$'()*[]{}|\"<>äß漢🚀".unicodeScalars)
        var tried = 0
        for _ in 0..<400 {
            var scalars = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 1...12, using: &generator) {
                scalars.append(alphabet[Int.random(in: 0..<alphabet.count, using: &generator)])
            }
            let key = String(scalars)
            guard case .matched(let issue) = recogniser.resolveKey(key, in: Samples.id("c")) else { continue }
            tried += 1
            #expect(issue.key == key)
            let again = recogniser.recognise(issue.canonicalURL)
            #expect(again.summary == "c " + key, "seed \(seed) \(issue.canonicalURL)")
        }
        #expect(tried > 200, "seed \(seed)")
    }

    @Test(arguments: [
        "", "a b", "a\tb", "a\u{0}", "..", ".", "a/../b", "../x", "a//b", "/a", "a/", "a.",
        String(repeating: "k", count: 513),
    ])
    func `a key that could leave its place or not be pasted is refused`(key: String) {
        let recogniser = Samples.recogniser(source("{baseUrl}/{key}"))
        #expect(recogniser.resolveKey(key, in: Samples.id("c")).summary == "KEY_INVALID of c")
    }

    @Test func `the key pattern decides, and a slow one is named as the culprit`() throws {
        let recogniser = Samples.recogniser(source("{baseUrl}/{key}", pattern: "[A-Z]+-[0-9]+"))
        #expect(recogniser.recognise("https://bugs.example/x/ABC-1").summary == "c ABC-1")
        #expect(recogniser.recognise("https://bugs.example/x/abc-1").summary == "KEY_PATTERN_MISMATCH of c")
        let slow = Samples.recogniser(source("{baseUrl}/{key}", pattern: "(a|aa)+[bc]"))
        let verdict = slow.recognise("https://bugs.example/x/" + String(repeating: "a", count: 400))
        guard case .keyRefused(_, .keyPatternMismatch, let reason) = verdict else {
            return #expect(Bool(false), "\(verdict)")
        }
        #expect(reason.contains("too slow"))
    }

    @Test(arguments: [
        ("https://{key}.example/", "issue_url_template"), ("{baseUrl}/view", "issue_url_template"),
        ("{baseUrl}/{key}/{key}", "issue_url_template"), ("javascript:{key}", "issue_url_template"),
        ("{baseUrl}/?{key}=1", "issue_url_template"), ("{baseUrl}/{id}/{key}", "issue_url_template"),
    ])
    func `a template that cannot be turned round is refused when it is saved`(template: String, field: String)
    {
        let violations = SourceValidator(patterns: Samples.patterns).violations(of: source(template))
        #expect(violations.map(\.field) == [field], "\(violations)")
    }
}
