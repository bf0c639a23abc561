// SPDX-License-Identifier: Apache-2.0

import PatternMatching
import Testing

@Suite struct PatternTests {
    @Test(arguments: [
        ("[A-Z]+-[0-9]+", "PROJ-12", true), ("[A-Z]+-[0-9]+", "xPROJ-12", false),
        ("[A-Z]+-[0-9]+", "PROJ-12x", false),
        ("[0-9]+", "12\n", false), ("^[0-9]+$", "12", true), ("^[0-9]+$", "12\n", false),
        ("a|ab", "ab", true),
        ("a|b.*", "ax", false), ("(?m)^a$", "a\nb", false), ("ä+", "ää", true), ("\\w+", "größe", true),
        (".", "🚀", true),
        ("(?i)abc", "ABC", true), ("(a)(b)\\2", "abb", true), ("a*", "", true), ("x", "", false),
        ("\\x{41}", "A", true),
    ])
    func `matches the whole subject or nothing`(pattern: String, subject: String, isMatch: Bool) throws {
        #expect(try Pattern(pattern).match(subject) == (isMatch ? .matched : .notMatched))
    }

    @Test(arguments: [
        "(a+)+$", "(a|aa)+$", "(a*)*[bc]", "(.*.*)*[xy]", "(?:(?:a+)+)+[bc]", "(([a-z])+.)+[A-Z]([a-z])+$",
    ])
    func `a catastrophic pattern stops within its budget and says so`(text: String) throws {
        let pattern = try Pattern(text)
        let subject = String(repeating: "a", count: 4_000) + "!"
        let elapsed = ContinuousClock().measure {
            #expect(pattern.match(subject) == .stepsExceeded)
        }
        #expect(elapsed < .milliseconds(200), "took \(elapsed)")
    }

    @Test func `a recursive pattern is stopped by the depth or heap limit`() throws {
        let pattern = try Pattern("(a(?1)?b|c(?1)*)+")
        let subject = String(repeating: "a", count: 8_000)
        #expect(pattern.match(subject) != .matched)
    }

    @Test func `an oversized subject does not match`() throws {
        #expect(
            try Pattern("a*").match(String(repeating: "a", count: PatternLimits.subjectBytesMax)) == .matched)
        #expect(
            try Pattern("a*").match(String(repeating: "a", count: PatternLimits.subjectBytesMax + 1))
                == .notMatched)
    }

    @Test(
        arguments: [
            ("", "is empty", nil), ("(ab", "missing closing parenthesis at character 4", 3),
            ("ä[", "missing terminating ] for character class at character 3", 2),
            ("a{2}**b", "quantifier does not follow a repeatable item at character 5", 4),
            ("x(*LIMIT_MATCH=9)y", "may not use (*…) at character 2", 1),
            ("(*UTF)a", "may not use (*…) at character 1", 0),
            ("\\C", "using \\C is disabled by the application at character 3", 2),
            (
                String(repeating: "(", count: 60) + String(repeating: ")", count: 60),
                "parentheses are too deeply nested at character 52", 51
            ),
            (String(repeating: "a", count: 513), "is longer than 512 characters", nil),
        ] as [(String, String, Int?)])
    func `a faulty pattern is explained with its position`(pattern: String, message: String, offset: Int?) {
        let error = #expect(throws: PatternError.self) { try Pattern(pattern) }
        #expect(error?.message == message)
        #expect(error?.offset == offset)
    }

    @Test func `a pattern that compiles to a giant is refused`() {
        #expect(throws: PatternError.self) { try Pattern("(((a{1,200}){1,200}){1,200}){1,200}") }
    }

    @Test func `the cache answers the same for good and bad patterns`() throws {
        let cache = PatternCache()
        #expect(try cache.pattern("a+") == cache.pattern("a+"))
        for _ in 0..<2 { #expect(throws: PatternError.self) { try cache.pattern("(") } }
        for number in 0..<(PatternLimits.cachedPatternsMax * 2) {
            _ = try cache.pattern("a{\(number)}|b\(number)")
        }
        #expect(try cache.pattern("a+").match("aaa") == .matched)
    }

    @Test func `one pattern serves many tasks at once`() async throws {
        let pattern = try Pattern("[A-Z]+-[0-9]+")
        let matches = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask { (0..<500).count { pattern.match("KEY-\($0)") == .matched } }
            }
            return await group.reduce(0, +)
        }
        #expect(matches == 4_000)
    }
}
