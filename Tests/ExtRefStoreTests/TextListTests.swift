// SPDX-License-Identifier: Apache-2.0

import Foundation
import SQLEngine
import Testing

@testable import ExtRefStore

@Suite struct TextListTests {
    @Test(arguments: [
        [], [""], ["", ""], ["a", "b"], ["\"", "\\", "\\\"", "],["], ["\n\t\u{0}\u{1F}\u{7F}"],
        ["ü李🧪e\u{301}"],
        ["plain", "with \\ escape", "plain again"],
    ])
    func aListComesBackAndIsJSON(_ texts: [String]) throws {
        let json = TextList.encode(texts)
        #expect(try TextList.decode(json) == texts)
        #expect(try JSONDecoder().decode([String].self, from: Data(json.utf8)) == texts)
    }

    @Test func anyListComesBack() throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("TextListTests seed \(seed)")
        var state = seed
        func next(_ bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }
        let alphabet: [Character] = ["a", "\"", "\\", ",", "[", "]", "\n", "\u{0}", "u", "ü", "🧪", "\r\n"]
        for _ in 0..<500 {
            let texts = (0..<next(5)).map { _ in
                String((0..<next(6)).map { _ in alphabet[Int(next(UInt64(alphabet.count)))] })
            }
            #expect(try TextList.decode(TextList.encode(texts)) == texts, "seed \(seed)")
        }
    }

    @Test(arguments: [
        "", "[", "]", "null", "[\"a]", "[\"a\"", "[\"a\",]", "[\"a\"]x", "[a]", "[\"\\u00", "[\"\\u00zz\"]",
    ])
    func whatIsNoListIsDamage(_ json: String) {
        let failure = #expect(throws: SQLError.self) { try TextList.decode(json) }
        #expect(failure?.code == .damaged)
    }
}
