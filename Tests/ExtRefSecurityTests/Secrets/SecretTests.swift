// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ExtRefSecurity

/// A secret shows itself on no path but the one that says so.
@Suite struct SecretTests {
    private static let canary = "canary-4f1c9e-token"

    private struct Holder {
        let secret = Secret(SecretTests.canary)
        let list = [Secret(SecretTests.canary)]
        let map = ["api_token": Secret(SecretTests.canary)]
        let optional: Secret? = Secret(SecretTests.canary)
    }

    private struct Carrier: Error {
        let secret = Secret(SecretTests.canary)
    }

    @Test func noPrintPathShowsASecret() {
        let secret = Secret(Self.canary)
        for form in printedForms(of: secret) + ["\(secret)", secret.description, secret.debugDescription] {
            #expect(!form.contains("canary"))
            #expect(form.contains(Secret.placeholder))
        }
        #expect(Mirror(reflecting: secret).children.isEmpty)
    }

    @Test func noPrintPathShowsASecretInsideSomethingElse() {
        for form in printedForms(of: Holder()) + printedForms(of: Carrier()) {
            #expect(!form.contains("canary"))
        }
    }

    @Test func noKeyIsPrinted() throws {
        let text = "extref-keyring 1\nprimary 0011223344556677 \(String(repeating: "c0ffee42", count: 8))\n"
        let ring = try KeyRing(text: text, path: "keyring")
        for form in printedForms(of: ring) + printedForms(of: ring.primary)
            + printedForms(of: SecretSealer(keyRing: ring))
        {
            #expect(!form.contains("c0ffee"))
        }
    }

    @Test func aSecretIsNotEncodable() {
        #expect((Secret("x") as Any) as? any Encodable == nil)
    }

    @Test func comesOutOnlyWhenRevealed() {
        #expect(Secret(Self.canary).reveal { $0 } == Self.canary)
        #expect(Secret("ä").byteCount == 2)
        #expect(Secret("").isEmpty)
    }

    @Test(arguments: [
        ("a", "a", true), ("a", "b", false), ("a", "aa", false), ("", "", true), ("ä", "a\u{308}", false),
    ])
    func equalMeansTheSameBytes(left: String, right: String, isEqual: Bool) {
        #expect((Secret(left) == Secret(right)) == isEqual)
    }
}
