// SPDX-License-Identifier: Apache-2.0

internal import Crypto
internal import ExtRefDomain

/// The seal of an audit entry: SHA-256 over the seal before it and every field of the entry.
enum AuditHash {
    /// Computes the seal as lower-case hex.
    static func hash(_ entry: AuditEntry, sequence: Int64, previous: String) -> String {
        var hash = SHA256()
        var bytes: [UInt8] = []
        for text in texts(of: entry, sequence: sequence, previous: previous) {
            // The length in front keeps two fields from trading bytes unnoticed.
            withLength(text, into: &bytes)
        }
        hash.update(data: bytes)
        return hash.finalize().reduce(into: "") { text, byte in
            text.append(hexDigit(byte >> 4))
            text.append(hexDigit(byte & 15))
        }
    }

    private static func texts(of entry: AuditEntry, sequence: Int64, previous: String) -> [String] {
        [
            previous, String(sequence), entry.id.rawValue, entry.tenantID.rawValue,
            entry.projectID == nil ? "0" : "1", entry.projectID?.rawValue ?? "", entry.principalID.rawValue,
            entry.action, entry.resourceType, entry.resourceID, entry.origin.rawValue, entry.requestID,
            String(entry.occurredAt.milliseconds),
        ] + entry.fields.flatMap { [$0.field, $0.before, $0.after] }
    }

    private static func withLength(_ text: String, into bytes: inout [UInt8]) {
        let length = UInt32(text.utf8.count)
        for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: length >> UInt32(shift))) }
        bytes.append(contentsOf: text.utf8)
    }

    private static func hexDigit(_ nibble: UInt8) -> Character {
        Character(Unicode.Scalar(nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10))
    }
}
