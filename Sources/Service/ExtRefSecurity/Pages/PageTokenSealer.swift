// SPDX-License-Identifier: Apache-2.0

import Crypto

/// Makes the opaque tokens that lead to a list's next page, and opens those it made.
///
/// A token is `version 1 | key id 8 | cursor | MAC 16` in base64url. The MAC (HMAC-SHA-256, cut to 128 bits)
/// covers caller, method and query besides the cursor, so a token works only where it was handed out. The
/// cursor is not hidden: it holds nothing its receiver has not seen.
public struct PageTokenSealer: Sendable {
    private static let version: UInt8 = 1
    private static let macBytes = 16
    private static let headerBytes = 1 + KeyRing.KeyID.byteCount

    private let primaryID: KeyRing.KeyID
    private let primaryKey: SymmetricKey
    private let keys: [KeyRing.KeyID: SymmetricKey]

    /// Derives the tokens' keys from a key ring; tokens survive restarts and rotations.
    public init(keyRing: KeyRing) {
        let purpose = "extref.page.v1"
        primaryID = keyRing.primaryID
        primaryKey = keyRing.primary.derivedKey(purpose: purpose)
        keys = keyRing.keys.mapValues { $0.derivedKey(purpose: purpose) }
    }

    /// Makes the token of a cursor.
    /// - Throws: ``SecurityError/Code/cursorTooLarge``.
    public func seal(_ cursor: [UInt8], binding: PageTokenBinding) throws(SecurityError) -> String {
        guard cursor.count <= SecurityLimits.cursorBytesMax else {
            throw SecurityError(
                .cursorTooLarge, "A page's cursor is longer than \(SecurityLimits.cursorBytesMax) bytes.")
        }
        let signed = [Self.version] + primaryID.bytes + cursor
        return Base64URL.text(
            signed + Self.mac(of: signed, binding: binding, key: primaryKey).prefix(Self.macBytes))
    }

    /// Opens a token that was made for the same caller and query.
    public func open(_ token: String, binding: PageTokenBinding) throws(PageTokenError) -> [UInt8] {
        guard token.utf8.count <= SecurityLimits.pageTokenBytesMax, let bytes = Base64URL.bytes(token.utf8),
            bytes.count >= Self.headerBytes + Self.macBytes, bytes.first == Self.version,
            let key = keys[KeyRing.KeyID(bytes: bytes[1..<Self.headerBytes])]
        else { throw PageTokenError() }
        let signed = Array(bytes.dropLast(Self.macBytes))
        let expected = Self.mac(of: signed, binding: binding, key: key).prefix(Self.macBytes)
        guard Self.isEqual(Array(expected), Array(bytes.suffix(Self.macBytes))) else {
            throw PageTokenError()
        }
        return Array(signed.dropFirst(Self.headerBytes))
    }

    private static func mac(
        of signed: [UInt8], binding: PageTokenBinding, key: SymmetricKey
    ) -> HMAC<SHA256>.MAC {
        var data = binding.authenticatedData
        BoundText.append(signed, to: &data)
        return HMAC<SHA256>.authenticationCode(for: data, using: key)
    }

    /// Compares in constant time, by way of the digests' own comparison.
    private static func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        SHA256.hash(data: left) == SHA256.hash(data: right)
    }
}

extension KeyRing.SealingKey {
    /// A key for one purpose (HKDF, RFC 5869): it tells nothing about this key or those for other purposes.
    func derivedKey(purpose: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key, info: Array(purpose.utf8), outputByteCount: Self.byteCount)
    }
}
