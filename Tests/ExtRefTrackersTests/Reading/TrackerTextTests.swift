// SPDX-License-Identifier: Apache-2.0

import Testing
import TrackerConformance

@testable import ExtRefTrackers

@Suite struct TrackerTextTests {
    @Test(arguments: [
        ("Checkout fails", "Checkout fails"), ("  a \t\r\n b\u{2028}c ", "a b c"),
        ("\u{1B}[31mred\u{1B}[0m!", "red!"),
        ("\u{1B}]0;evil\u{07}good", "good"), ("\u{9B}1mx", "x"), ("a\u{0}\u{7}\u{85}b", "a b"),
        ("\u{202E}gnp.exe", "gnp.exe"),
        ("\u{2066}x\u{2069}\u{200F}", "x"), ("e\u{301}", "e\u{301}"),
        ("\u{1F469}\u{200D}\u{1F680}", "\u{1F469}\u{200D}\u{1F680}"),
        ("نامه\u{200C}ها", "نامه\u{200C}ها"), ("\u{FEFF}a\u{200B}b", "ab"), ("\u{E0041}x", "x"), ("", ""),
        ("\u{1B}", ""),
        ("a\u{1B}[", "a"), ("1 < 2 && 3 > 2", "1 < 2 && 3 > 2"),
    ])
    func `harmful characters go, the text stays`(text: String, expected: String) {
        #expect(TrackerText.title(text) == expected)
    }

    @Test func `a long text is cut at its scalars, without a blank at the end`() {
        #expect(TrackerText.clean("ab cd", scalarsMax: 3) == "ab")
        #expect(TrackerText.clean("ab cd", scalarsMax: 4) == "ab c")
        #expect(TrackerText.title(String(repeating: "🚀", count: 5_000)).unicodeScalars.count == 1_024)
    }

    @Test func `cleaning is final`() {
        for text in HostileAnswers.texts {
            let once = TrackerText.title(text)
            #expect(TrackerText.title(once) == once)
        }
    }

    @Test(arguments: [
        ("bücher", "bcher-kva"), ("münchen", "mnchen-3ya"), ("faß", "fa-hia"),
        ("他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye"),
        ("правда", "80aafi6cg"), ("ü", "tda"), ("παράδειγμα", "hxajbheg2az3al"),
    ])
    func `host names are encoded as RFC 3492 says`(label: String, expected: String) {
        #expect(Punycode.encode(label[...]) == expected)
    }

    @Test(arguments: [
        ("a b/ä?", "a%20b%2F%C3%A4%3F"), ("-._~AZaz09", "-._~AZaz09"), ("", ""), ("*,:", "%2A%2C%3A"),
    ])
    func `percent-encoding there and back`(text: String, encoded: String) {
        #expect(PercentCoding.encode(text) == encoded)
        #expect(PercentCoding.decode(encoded[...]) == text)
    }

    @Test(
        arguments: [("%", "%"), ("%4", "%4"), ("%zz", "%zz"), ("%ff", nil), ("%C3", nil)]
            as [(String, String?)])
    func `broken escapes stay, broken text is refused`(text: String, decoded: String?) {
        #expect(PercentCoding.decode(text[...]) == decoded)
    }
}
