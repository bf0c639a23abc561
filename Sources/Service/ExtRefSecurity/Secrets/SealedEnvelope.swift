// SPDX-License-Identifier: Apache-2.0

/// The bytes of a sealed secret, split: `version 1 | key id 8 | wrapped data key 60 | nonce 12 | ciphertext |
/// tag 16`.
///
/// The secret's own tag does not cover the key id, so that a rotation rewraps the data key alone; the wrapped
/// data key's tag does. So every byte is under one of the two tags.
struct SealedEnvelope {
    static let version: UInt8 = 1
    /// Nonce, 32 bytes of key, tag.
    static let wrappedKeyBytes = 12 + 32 + 16
    /// Nonce and tag around an empty secret.
    static let boxBytesMin = 12 + 16

    let keyID: KeyRing.KeyID
    let wrappedKey: [UInt8]
    let box: [UInt8]

    init(keyID: KeyRing.KeyID, wrappedKey: [UInt8], box: [UInt8]) {
        self.keyID = keyID
        self.wrappedKey = wrappedKey
        self.box = box
    }

    /// Splits stored bytes; nil when they are too short or of another version.
    init?(_ bytes: [UInt8]) {
        let keyStart = 1 + KeyRing.KeyID.byteCount
        let boxStart = keyStart + Self.wrappedKeyBytes
        guard bytes.first == Self.version, bytes.count >= boxStart + Self.boxBytesMin else { return nil }
        keyID = KeyRing.KeyID(bytes: bytes[1..<keyStart])
        wrappedKey = Array(bytes[keyStart..<boxStart])
        box = Array(bytes[boxStart...])
    }

    var bytes: [UInt8] { [Self.version] + keyID.bytes + wrappedKey + box }
}
