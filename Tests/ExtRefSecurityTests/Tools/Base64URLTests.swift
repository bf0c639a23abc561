// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import ExtRefSecurity

@Suite struct Base64URLTests {
    /// Vectors of RFC 4648, 10, without padding, and the two characters that differ from base64.
    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
        ("foobar", "Zm9vYmFy"), ("\u{3FB}\u{3FF}", "z7vPvw"), (">>>???", "Pj4-Pz8_"),
    ])
    func readsAndWritesTheVectors(plain: String, encoded: String) {
        #expect(Base64URL.text(plain.utf8) == encoded)
        #expect(Base64URL.bytes(encoded.utf8) == Array(plain.utf8))
    }

    @Test(arguments: ["A", "Zg=", "Zg==", "Zh", "Zm9", "Zm9v ", "Zm9v\n", "+w", "/w", "AAAAA", "é"])
    func refusesEverySecondSpelling(_ text: String) {
        #expect(Base64URL.bytes(text.utf8) == nil)
    }

    @Test func agreesWithFoundation() {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            let bytes = (0..<Int.random(in: 0...70, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            let foundation = Data(bytes).base64EncodedString().replacing("+", with: "-").replacing(
                "/", with: "_"
            )
            .replacing("=", with: "")
            #expect(Base64URL.text(bytes) == foundation, "seed \(seed)")
            #expect(Base64URL.bytes(foundation.utf8) == bytes, "seed \(seed)")
        }
    }
}
