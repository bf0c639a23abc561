// SPDX-License-Identifier: Apache-2.0

import Crypto

/// The keys that seal data keys: one primary that seals, and retired ones that only open.
///
/// A rotation adds a new primary, keeps the old one as retired, rewraps every secret, then drops it.
public struct KeyRing: Sendable {
    /// Names a key without telling anything about it.
    public struct KeyID: Sendable, Hashable, CustomStringConvertible {
        static let byteCount = 8
        let bytes: [UInt8]

        init(bytes: some Sequence<UInt8>) {
            self.bytes = Array(bytes)
        }

        /// 16 lower-case hex digits.
        public var description: String { HexText.text(bytes) }
    }

    /// One key, in the form that seals and in the form that is written down.
    struct SealingKey: Sendable {
        static let byteCount = 32
        let key: SymmetricKey
        let hexText: Secret

        init?(hexText: String) {
            guard let bytes = HexText.bytes(hexText), bytes.count == Self.byteCount else { return nil }
            key = SymmetricKey(data: bytes)
            self.hexText = Secret(hexText)
        }

        /// A new key out of the system's generator.
        init() {
            let bytes = RandomBytes.make(Self.byteCount)
            key = SymmetricKey(data: bytes)
            hexText = Secret(HexText.text(bytes))
        }
    }

    /// The key that seals.
    public let primaryID: KeyID
    let keys: [KeyID: SealingKey]
    let primary: SealingKey

    /// How many keys only open.
    public var retiredCount: Int { keys.count - 1 }

    init(primaryID: KeyID, primary: SealingKey, retired: [KeyID: SealingKey] = [:]) {
        self.primaryID = primaryID
        self.primary = primary
        keys = retired.merging([primaryID: primary]) { _, primary in primary }
    }

    /// A ring of one new random key.
    public static func generated() -> KeyRing {
        KeyRing(primaryID: KeyID(bytes: RandomBytes.make(KeyID.byteCount)), primary: SealingKey())
    }

    /// A key that opens, if the ring holds it.
    func key(_ id: KeyID) -> SymmetricKey? { keys[id]?.key }
}

extension KeyRing: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "KeyRing(primary \(primaryID), \(retiredCount) retired)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Bytes as hex digits.
enum HexText {
    static func text(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        let digits = text.utf8.map { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count.isMultiple(of: 2), !digits.contains(nil) else { return nil }
        let values = digits.compactMap { $0 }
        return stride(from: 0, to: values.count, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
    }
}

/// Bytes out of the system's cryptographic generator.
enum RandomBytes {
    static func make(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}
