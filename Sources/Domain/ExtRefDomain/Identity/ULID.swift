// SPDX-License-Identifier: Apache-2.0

/// The text form of a ULID: 48 bits of milliseconds and 80 random bits in Crockford base 32.
/// Source: the ULID specification (ulid/spec).
public enum ULID {
    /// Characters of the text form.
    public static let textBytes = 26
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    /// Writes a new ULID.
    public static func text(at time: Timestamp, using generator: inout some RandomNumberGenerator) -> String {
        var sequence = Sequence()
        return sequence.next(at: time, using: &generator)
    }

    private static func text(_ milliseconds: UInt64, _ high: UInt64, _ low: UInt64) -> String {
        var bytes = [UInt8]()
        bytes.reserveCapacity(textBytes)
        append(milliseconds, digits: 10, to: &bytes)
        append(high, digits: 8, to: &bytes)
        append(low, digits: 8, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Writes ULIDs that grow: within one millisecond each is the one before it plus a random step.
    ///
    /// The step is 1 to 2^32, so that ids stay unguessable from one another and 2^48 fit into a millisecond.
    public struct Sequence: Sendable {
        private var milliseconds: UInt64 = 0
        private var high: UInt64 = 0
        private var low: UInt64 = 0

        /// Starts without a predecessor.
        public init() {}

        /// Writes the next one. A clock that runs backwards is held at the latest time seen.
        public mutating func next(
            at time: Timestamp, using generator: inout some RandomNumberGenerator
        ) -> String {
            let now = UInt64(max(0, time.milliseconds)) & 0xFFFF_FFFF_FFFF
            if now > milliseconds {
                milliseconds = now
                high = generator.next() & 0xFF_FFFF_FFFF
                low = generator.next() & 0xFF_FFFF_FFFF
            } else {
                low += generator.next(upperBound: 1 << 32) + 1
                high = (high + low >> 40) & 0xFF_FFFF_FFFF
                low &= 0xFF_FFFF_FFFF
            }
            return ULID.text(milliseconds, high, low)
        }
    }

    /// Tells whether a byte is an upper-case Crockford digit.
    public static func isDigit(_ byte: UInt8) -> Bool { alphabet.contains(byte) }

    private static func append(_ value: UInt64, digits: Int, to bytes: inout [UInt8]) {
        for digit in stride(from: digits - 1, through: 0, by: -1) {
            bytes.append(alphabet[Int((value >> (5 * UInt64(digit))) & 31)])
        }
    }
}
