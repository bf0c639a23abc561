// SPDX-License-Identifier: Apache-2.0

/// The text form of a ULID: 48 bits of milliseconds and 80 random bits in Crockford base 32.
/// Source: the ULID specification (ulid/spec).
public enum ULID {
    /// Characters of the text form.
    public static let textBytes = 26
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    /// Writes a new ULID.
    public static func text(at time: Timestamp, using generator: inout some RandomNumberGenerator) -> String {
        var bytes = [UInt8]()
        bytes.reserveCapacity(textBytes)
        append(UInt64(max(0, time.milliseconds)) & 0xFFFF_FFFF_FFFF, digits: 10, to: &bytes)
        append(generator.next() & 0xFF_FFFF_FFFF, digits: 8, to: &bytes)
        append(generator.next() & 0xFF_FFFF_FFFF, digits: 8, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Tells whether a byte is an upper-case Crockford digit.
    public static func isDigit(_ byte: UInt8) -> Bool { alphabet.contains(byte) }

    private static func append(_ value: UInt64, digits: Int, to bytes: inout [UInt8]) {
        for digit in stride(from: digits - 1, through: 0, by: -1) {
            bytes.append(alphabet[Int((value >> (5 * UInt64(digit))) & 31)])
        }
    }
}
