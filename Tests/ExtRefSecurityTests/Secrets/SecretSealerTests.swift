// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Testing

@testable import ExtRefSecurity

/// What is sealed opens unchanged and in its place, and in no other way.
@Suite struct SecretSealerTests {
    private static let secretText = "canary-4f1c9e-token"
    private let ring = KeyRing.generated()
    private let sealer: SecretSealer
    private let place = SealBinding(
        tenantID: TenantID(trusted: "acme"), source: SourceID(trusted: "src_1"), field: "api_token")

    init() { sealer = SecretSealer(keyRing: ring) }

    private func opens(_ sealed: [UInt8], at place: SealBinding) -> Bool {
        (try? sealer.open(sealed, binding: place)) != nil
    }

    @Test(arguments: ["", "x", secretText, String(repeating: "é", count: SecurityLimits.secretBytesMax / 2)])
    func opensWhatItSealed(_ text: String) throws {
        let sealed = try sealer.seal(Secret(text), binding: place)
        #expect(try sealer.open(sealed, binding: place) == Secret(text))
        #expect(sealed.count == text.utf8.count + 1 + 8 + 60 + 28)
    }

    @Test func theSecretIsNotInTheSealedBytesAndNoTwoSealsAreAlike() throws {
        let first = try sealer.seal(Secret(Self.secretText), binding: place)
        let second = try sealer.seal(Secret(Self.secretText), binding: place)
        #expect(!String(decoding: first, as: UTF8.self).contains("canary"))
        // Key id and version are the same; data key, nonces and all that follows are not.
        #expect(first.prefix(9) == second.prefix(9))
        #expect(zip(first.dropFirst(9), second.dropFirst(9)).filter { $0 == $1 }.count < 16)
    }

    @Test func anOverlongSecretIsRefused() {
        let text = String(repeating: "x", count: SecurityLimits.secretBytesMax + 1)
        #expect(throws: SecurityError.self) { try sealer.seal(Secret(text), binding: place) }
    }

    @Test func everySingleFlippedBitIsFound() throws {
        let sealed = try sealer.seal(Secret(Self.secretText), binding: place)
        for bit in 0..<(sealed.count * 8) {
            var changed = sealed
            changed[bit / 8] ^= 1 << (bit % 8)
            #expect(!opens(changed, at: place), "bit \(bit)")
        }
    }

    @Test func everyShorterOrLongerTextIsFound() throws {
        let sealed = try sealer.seal(Secret(Self.secretText), binding: place)
        for count in 0..<sealed.count {
            #expect(!opens(Array(sealed.prefix(count)), at: place), "\(count) bytes")
        }
        #expect(!opens(sealed + [0], at: place))
    }

    @Test func tenThousandMutationsAllFail() throws {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        var other = place
        for round in 0..<10_000 {
            let sealed = try sealer.seal(Secret(Self.secretText), binding: place)
            other =
                [
                    SealBinding(
                        tenantID: TenantID(trusted: "acmf"), source: place.sourceID, field: place.field),
                    SealBinding(
                        tenantID: place.tenantID, source: SourceID(trusted: "src_2"), field: place.field),
                    SealBinding(tenantID: place.tenantID, source: place.sourceID, field: "password"),
                    // The same characters, cut elsewhere.
                    SealBinding(
                        tenantID: TenantID(trusted: "acmes"), source: SourceID(trusted: "rc_1"),
                        field: place.field),
                ].randomElement(using: &generator) ?? other
            let fails = try mutation(of: sealed, elsewhere: other, using: &generator)
            #expect(fails, "seed \(seed), round \(round)")
        }
    }

    /// Changes a sealed secret, or the place it is opened at, in one of the ways a database could; true when
    /// that is found out.
    private func mutation(
        of sealed: [UInt8], elsewhere: SealBinding, using generator: inout SeededGenerator
    ) throws -> Bool {
        var changed = sealed
        switch Int.random(in: 0..<5, using: &generator) {
        case 0:
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                changed[Int.random(in: changed.indices, using: &generator)] ^= UInt8.random(
                    in: 1...255, using: &generator)
            }
        case 1:
            let start = Int.random(in: changed.indices, using: &generator)
            changed.removeSubrange(start..<Int.random(in: (start + 1)...changed.count, using: &generator))
        case 2: return !opens(sealed, at: elsewhere)
        case 3:
            // The head of one row, the tail of another of the same place.
            let second = try sealer.seal(Secret("another secret here"), binding: place)
            let cut = Int.random(in: 10..<sealed.count, using: &generator)
            changed = Array(sealed.prefix(cut) + second.dropFirst(cut))
            // Where the bytes before the cut happen to agree, that is the second row itself: no change.
            if changed == second { return opens(changed, at: place) }
        default:
            // A row of another place copied here.
            changed = try sealer.seal(Secret(Self.secretText), binding: elsewhere)
        }
        return changed == sealed || !opens(changed, at: place)
    }

    @Test func anotherRingOpensNothing() throws {
        let sealed = try sealer.seal(Secret(Self.secretText), binding: place)
        let stranger = SecretSealer(keyRing: .generated())
        let error = #expect(throws: SecurityError.self) { try stranger.open(sealed, binding: place) }
        #expect(error?.code == .sealingKeyUnknown)
    }

    @Test func anotherKeyUnderTheSameNameOpensNothing() throws {
        let sealed = try sealer.seal(Secret(Self.secretText), binding: place)
        let impostor = SecretSealer(
            keyRing: KeyRing(primaryID: ring.primaryID, primary: KeyRing.SealingKey()))
        let error = #expect(throws: SecurityError.self) { try impostor.open(sealed, binding: place) }
        #expect(error?.code == .sealBroken)
    }

    @Test func aKeyIDCannotBeExchangedForAnotherOfTheSameKey() throws {
        let alias = KeyRing.KeyID(bytes: [0, 1, 2, 3, 4, 5, 6, 7])
        let twins = KeyRing(primaryID: ring.primaryID, primary: ring.primary, retired: [alias: ring.primary])
        var sealed = try sealer.seal(Secret(Self.secretText), binding: place)
        sealed.replaceSubrange(1..<9, with: alias.bytes)
        let error = #expect(throws: SecurityError.self) {
            try SecretSealer(keyRing: twins).open(sealed, binding: place)
        }
        #expect(error?.code == .sealBroken)
    }

    @Test func noErrorHoldsTheSecretOrTheSealedBytes() throws {
        let sealed = try sealer.seal(Secret(Self.secretText), binding: place)
        var changed = sealed
        changed[sealed.count - 1] ^= 1
        let error = try #require(throws: SecurityError.self) { try sealer.open(changed, binding: place) }
        for form in printedForms(of: error) {
            #expect(!form.contains("canary"))
            #expect(!form.contains(HexText.text(sealed.suffix(8))))
        }
    }
}

// MARK: Rotation

extension SecretSealerTests {
    @Test func aRotatedRingOpensTheOldAndRewrapsIt() throws {
        let sealed = try sealer.seal(Secret(Self.secretText), binding: place)
        let fresh = KeyRing.generated()
        let both = SecretSealer(
            keyRing: KeyRing(
                primaryID: fresh.primaryID, primary: fresh.primary, retired: [ring.primaryID: ring.primary]))
        #expect(try both.open(sealed, binding: place) == Secret(Self.secretText))

        let moved = try #require(try both.rewrap(sealed, binding: place))
        #expect(SecretSealer.keyID(of: sealed) == ring.primaryID)
        #expect(SecretSealer.keyID(of: moved) == fresh.primaryID)
        #expect(moved.suffix(sealed.count - 69) == sealed.suffix(sealed.count - 69))
        #expect(try SecretSealer(keyRing: fresh).open(moved, binding: place) == Secret(Self.secretText))
        #expect(try both.rewrap(moved, binding: place) == nil)
        let elsewhere = SealBinding(tenantID: place.tenantID, source: place.sourceID, field: "password")
        #expect(throws: SecurityError.self) { try both.rewrap(sealed, binding: elsewhere) }
    }

    @Test func theCanaryKnowsItsRing() throws {
        let canary = try sealer.makeCanary()
        try sealer.check(canary: canary)
        for wrong: [UInt8] in [Array(canary.dropLast()), [], canary.map { $0 ^ 1 }] {
            let error = #expect(throws: SecurityError.self) { try sealer.check(canary: wrong) }
            #expect(error?.code == .keyRingWrong)
        }
        #expect(throws: SecurityError.self) { try SecretSealer(keyRing: .generated()).check(canary: canary) }
        // A secret is no canary, whatever it says.
        let secret = try sealer.seal(
            Secret("This database and this key ring belong together."), binding: place)
        #expect(throws: SecurityError.self) { try sealer.check(canary: secret) }
    }
}
