// SPDX-License-Identifier: Apache-2.0

import CurlHTTP

/// A host as it stands in a URL, read by the one grammar that leaves no second reading.
///
/// Whatever some resolver or C library takes for a number (`127.1`, `0x7f.1`, `1e3`) is neither a name nor an
/// address here: a name's last label must start with a letter, as every top-level domain does.
enum HostText: Equatable {
    /// A lower-case name.
    case name(String)
    /// An address literal in canonical form.
    case address(IPAddress)
    /// Neither.
    case malformed

    init(_ text: some Collection<UInt8>) {
        let bytes = text.map(Self.lowercased)
        if let address = IPAddress(String(decoding: bytes, as: UTF8.self)) {
            self = .address(address)
            return
        }
        let labels = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard bytes.count <= SecurityLimits.hostNameBytesMax, labels.allSatisfy(Self.isLabel),
            let first = labels.last?.first, Self.isLetter(first)
        else {
            self = .malformed
            return
        }
        self = .name(String(decoding: bytes, as: UTF8.self))
    }

    /// Letters, digits and inner hyphens, 1 to 63 octets (RFC 1123, 2.1).
    private static func isLabel(_ label: ArraySlice<UInt8>) -> Bool {
        let hyphen = UInt8(ascii: "-")
        guard (1...SecurityLimits.hostLabelBytesMax).contains(label.count) else { return false }
        return label.first != hyphen && label.last != hyphen
            && label.allSatisfy { isLetter($0) || isDigit($0) || $0 == hyphen }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

/// A port as it stands in a URL.
enum PortText {
    /// Reads 1 to 65535 without sign, blank or leading zero.
    static func port(_ text: some Collection<UInt8>) -> UInt16? {
        guard (1...5).contains(text.count), text.first != UInt8(ascii: "0") else { return nil }
        var value: UInt32 = 0
        for byte in text {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + UInt32(byte - UInt8(ascii: "0"))
        }
        return UInt16(exactly: value)
    }
}
