// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefTrackers
import Testing

@Suite struct FreeTextTests {
    private let recogniser = Samples.recogniser(
        Samples.redmine("r"),
        Samples.source("jira", .custom, "https://j.example/browse", pattern: "[A-Z]+-[0-9]+"),
        Samples.source("any", .custom, "https://x.example"))

    private func found(_ text: String) -> [String] {
        let scalars = Array(text.unicodeScalars)
        return recogniser.extractReferences(text).map { candidate in
            let word = String(String.UnicodeScalarView(scalars[candidate.range]))
            return "\(word) -> \(candidate.issue.sourceID.rawValue.dropFirst(4)) \(candidate.issue.key)"
        }
    }

    @Test(
        arguments: [
            (
                "see https://redmine.example.com/issues/7, please",
                ["https://redmine.example.com/issues/7 -> r 7"]
            ),
            ("(redmine.example.com/issues/7)", ["redmine.example.com/issues/7 -> r 7"]),
            ("Fails since #12; maybe ABC-3.", ["#12 -> r 12", "ABC-3 -> jira ABC-3"]),
            (
                "🚀 ä [ABC-3](https://j.example/browse/ABC-3)",
                ["ABC-3 -> jira ABC-3", "https://j.example/browse/ABC-3 -> jira ABC-3"]
            ),
            ("12 items, HTTP 404, UTF-8x, v1.2-3", []), ("https://other.example/issues/1", []), ("", []),
            ("java.lang.NullPointerException: at Foo(Bar.java:12)", []),
            ("**ABC-9**", ["ABC-9 -> jira ABC-9"]),
        ] as [(String, [String])])
    func `references are found where they stand`(text: String, expected: [String]) {
        #expect(found(text) == expected)
    }

    @Test func `a word that several sources claim is less sure for each`() throws {
        let twins = Samples.recogniser(Samples.redmine("a"), Samples.redmine("b"))
        let candidates = twins.extractReferences("#1")
        #expect(candidates.map(\.issue.confidence) == [0.25, 0.25])
        let sure = recogniser.extractReferences("https://redmine.example.com/issues/7")
        #expect(sure.map(\.issue.confidence) == [1])
    }

    @Test func `work and results are bounded whatever the text is`() {
        let many = String(repeating: "#1 ", count: 30_000)
        #expect(recogniser.extractReferences(many).count == DomainLimits.extractCandidatesMax)
        let slow = Samples.recogniser(
            Samples.source("slow", .custom, "https://s.example", pattern: "(a|aa|[0-9])+[bc]"))
        let text = (0..<300).map { String(repeating: "a", count: 200) + "\($0)" }.joined(separator: " ")
        let elapsed = ContinuousClock().measure { #expect(slow.extractReferences(text).isEmpty) }
        #expect(elapsed < .seconds(5), "took \(elapsed)")
    }
}
