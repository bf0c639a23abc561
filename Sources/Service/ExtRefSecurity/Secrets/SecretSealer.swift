// SPDX-License-Identifier: Apache-2.0

import Crypto
import FoundationEssentials

/// Seals secrets for the store and opens them again: AES-256-GCM with a fresh data key for each secret, which
/// is itself sealed with the key ring's primary key (envelope encryption).
///
/// A copy of the database alone opens nothing. What opens must be unchanged to the bit and stand where it was
/// sealed.
public struct SecretSealer: Sendable {
    private let keyRing: KeyRing

    /// Makes a sealer over a key ring.
    public init(keyRing: KeyRing) {
        self.keyRing = keyRing
    }

    /// Seals a secret for one place, with the primary key.
    /// - Throws: ``SecurityError/Code/secretTooLarge``.
    public func seal(_ secret: Secret, binding: SealBinding) throws(SecurityError) -> [UInt8] {
        guard secret.byteCount <= SecurityLimits.secretBytesMax else {
            throw SecurityError(
                .secretTooLarge, "A secret may be at most \(SecurityLimits.secretBytesMax) bytes long.")
        }
        return try seal(secret.reveal { Array($0.utf8) }, authenticating: binding.authenticatedData)
    }

    /// Opens a sealed secret that was sealed for this very place.
    /// - Throws: ``SecurityError/Code/sealBroken``, ``SecurityError/Code/sealingKeyUnknown``.
    public func open(_ sealed: [UInt8], binding: SealBinding) throws(SecurityError) -> Secret {
        let plain = try open(sealed, authenticating: binding.authenticatedData)
        guard let text = String(validating: plain, as: UTF8.self) else { throw Self.broken }
        return Secret(text)
    }

    /// Moves a sealed secret under the primary key without opening the secret itself: a rotation's step.
    /// - Returns: nil when it already is.
    public func rewrap(_ sealed: [UInt8], binding: SealBinding) throws(SecurityError) -> [UInt8]? {
        guard let envelope = SealedEnvelope(sealed) else { throw Self.broken }
        guard envelope.keyID != keyRing.primaryID else { return nil }
        let place = binding.authenticatedData
        let dataKey = try unwrap(envelope, authenticating: place)
        return try wrap(dataKey, box: envelope.box, authenticating: place).bytes
    }

    /// The id of the key that a sealed secret waits for; nil when the bytes are no sealed secret.
    public static func keyID(of sealed: [UInt8]) -> KeyRing.KeyID? {
        SealedEnvelope(sealed)?.keyID
    }
}

// MARK: Canary

extension SecretSealer {
    private static let canaryText = "This database and this key ring belong together."
    private static let canaryPlace = BoundText.join("extref.canary.v1")

    /// Seals a known text to store beside the secrets. At every start it tells whether the ring is the right
    /// one.
    public func makeCanary() throws(SecurityError) -> [UInt8] {
        try seal(Array(Self.canaryText.utf8), authenticating: Self.canaryPlace)
    }

    /// Opens a stored canary.
    /// - Throws: ``SecurityError/Code/keyRingWrong`` when this ring did not seal it.
    public func check(canary: [UInt8]) throws(SecurityError) {
        do {
            let plain = try open(canary, authenticating: Self.canaryPlace)
            guard plain == Array(Self.canaryText.utf8) else { throw Self.broken }
        } catch {
            throw SecurityError(
                .keyRingWrong,
                "The key ring does not open this database's secrets. Restore the one that belongs to it.",
                cause: error)
        }
    }
}

// MARK: Envelope

extension SecretSealer {
    private static let broken = SecurityError(
        .sealBroken,
        "A sealed secret was changed, or belongs to another tenant, source or field. Set it again.")

    private func seal(_ plain: [UInt8], authenticating place: [UInt8]) throws(SecurityError) -> [UInt8] {
        let dataKey = RandomBytes.make(KeyRing.SealingKey.byteCount)
        let box = try Self.sealBox(plain, using: SymmetricKey(data: dataKey), authenticating: place)
        return try wrap(dataKey, box: box, authenticating: place).bytes
    }

    private func open(_ sealed: [UInt8], authenticating place: [UInt8]) throws(SecurityError) -> [UInt8] {
        guard let envelope = SealedEnvelope(sealed) else { throw Self.broken }
        let dataKey = try unwrap(envelope, authenticating: place)
        return try Self.openBox(envelope.box, using: SymmetricKey(data: dataKey), authenticating: place)
    }

    private func wrap(
        _ dataKey: [UInt8], box: [UInt8], authenticating place: [UInt8]
    ) throws(SecurityError) -> SealedEnvelope {
        let id = keyRing.primaryID
        let wrapped = try Self.sealBox(
            dataKey, using: keyRing.primary.key, authenticating: Self.wrapping(place, by: id))
        return SealedEnvelope(keyID: id, wrappedKey: wrapped, box: box)
    }

    private func unwrap(
        _ envelope: SealedEnvelope, authenticating place: [UInt8]
    ) throws(SecurityError) -> [UInt8] {
        guard let key = keyRing.key(envelope.keyID) else {
            throw SecurityError(
                .sealingKeyUnknown,
                "A secret was sealed with key \(envelope.keyID), which the key ring does not hold.")
        }
        let data = Self.wrapping(place, by: envelope.keyID)
        return try Self.openBox(envelope.wrappedKey, using: key, authenticating: data)
    }

    private static func wrapping(_ place: [UInt8], by id: KeyRing.KeyID) -> [UInt8] {
        var data = BoundText.join("extref.datakey.v1")
        BoundText.append([SealedEnvelope.version], to: &data)
        BoundText.append(id.bytes, to: &data)
        BoundText.append(place, to: &data)
        return data
    }

    private static func sealBox(
        _ plain: [UInt8], using key: SymmetricKey, authenticating data: [UInt8]
    ) throws(SecurityError) -> [UInt8] {
        do {
            let box = try AES.GCM.seal(plain, using: key, authenticating: data)
            return Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)
        } catch {
            throw SecurityError(.keyFileDamaged, "A key of the key ring cannot seal.", cause: error)
        }
    }

    private static func openBox(
        _ bytes: [UInt8], using key: SymmetricKey, authenticating data: [UInt8]
    ) throws(SecurityError) -> [UInt8] {
        do {
            return try Array(
                AES.GCM.open(AES.GCM.SealedBox(combined: bytes), using: key, authenticating: data))
        } catch {
            throw broken
        }
    }
}
