// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import extref

@Suite struct TextWidthTests {
    @Test(arguments: [
        ("", 0), ("abc", 3), ("äöü", 3), ("a\u{308}", 1), ("日本", 4), ("ｆｕｌｌ", 8), ("한국어", 6), ("🚀", 2),
        ("👨‍👩‍👧", 2), ("❤️", 2), ("🇩🇪", 2), ("e\u{200B}f", 2),
    ])
    func `a grapheme takes the cells a terminal gives it`(text: String, cells: Int) {
        #expect(TextWidth.cells(text) == cells)
    }

    @Test(arguments: [
        ("short", 10, "short"), ("exactly", 7, "exactly"), ("too long", 5, "too …"), ("日本語", 4, "日…"),
        ("日本語", 5, "日本…"), ("👨‍👩‍👧👨‍👩‍👧", 3, "👨‍👩‍👧…"), ("ab", 1, "…"), ("ab", 0, ""),
    ])
    func `text is shortened between graphemes`(text: String, limit: Int, expected: String) {
        let fitted = TextWidth.fit(text, to: limit)
        #expect(fitted == expected)
        #expect(TextWidth.cells(fitted) <= limit)
    }

    @Test(arguments: [
        ("\u{1B}[31mred", " [31mred"), ("a\nb", "a b"), ("\u{9B}31m", " 31m"),
        ("abc\u{202E}fdp.exe", "abc fdp.exe"),
        ("tab\there", "tab here"), ("plain ä 🚀", "plain ä 🚀"),
    ])
    func `nothing that steers a terminal gets through`(text: String, expected: String) {
        #expect(TextWidth.printable(text) == expected)
    }
}
