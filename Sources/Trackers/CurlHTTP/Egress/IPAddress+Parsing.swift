// SPDX-License-Identifier: Apache-2.0

extension IPAddress {
    /// Reads an address in the strict forms only: four decimal parts without leading zeros, or RFC 4291 text.
    ///
    /// What other parsers take for an address too (`127.1`, `0x7f.1`, `017700000001`, a zone, brackets) is
    /// nil.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        if bytes.contains(UInt8(ascii: ":")) {
            guard let bits = Self.parseV6(bytes[...]) else { return nil }
            self = .v6(bits)
        } else {
            guard let bits = Self.parseV4(bytes[...]) else { return nil }
            self = .v4(bits)
        }
    }

    private static func parseV4(_ text: ArraySlice<UInt8>) -> UInt32? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bits: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.count), part.count == 1 || part.first != UInt8(ascii: "0"),
                let octet = number(part, radix: 10), octet <= 255
            else { return nil }
            bits = bits << 8 | octet
        }
        return bits
    }

    private static func parseV6(_ text: ArraySlice<UInt8>) -> UInt128? {
        guard let gap = firstDoubleColon(in: text) else {
            guard let groups = groups(text), groups.count == 8 else { return nil }
            return join(groups)
        }
        let head = text[..<gap]
        let tail = text[(gap + 2)...]
        guard firstDoubleColon(in: tail) == nil, tail.first != UInt8(ascii: ":"),
            let left = head.isEmpty ? [] : groups(head, mayEndInV4: false),
            let right = tail.isEmpty ? [] : groups(tail), left.count + right.count <= 7
        else { return nil }
        return join(left + Array(repeating: 0, count: 8 - left.count - right.count) + right)
    }

    /// Reads groups between single colons; the last two may be written as an IPv4 address.
    private static func groups(_ text: ArraySlice<UInt8>, mayEndInV4: Bool = true) -> [UInt16]? {
        var groups = [UInt16]()
        let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if mayEndInV4, index == parts.count - 1, part.contains(UInt8(ascii: ".")) {
                guard let bits = parseV4(part) else { return nil }
                groups += [UInt16(bits >> 16), UInt16(truncatingIfNeeded: bits)]
            } else {
                guard (1...4).contains(part.count), let group = number(part, radix: 16) else { return nil }
                groups.append(UInt16(group))
            }
            guard groups.count <= 8 else { return nil }
        }
        return groups
    }

    private static func join(_ groups: [UInt16]) -> UInt128 {
        groups.reduce(0) { $0 << 16 | UInt128($1) }
    }

    private static func firstDoubleColon(in text: ArraySlice<UInt8>) -> Int? {
        text.indices.dropLast().first { text[$0] == UInt8(ascii: ":") && text[$0 + 1] == UInt8(ascii: ":") }
    }

    /// Digits only: no sign, no blank, unlike `Int(_:radix:)`. At most four digits come here.
    private static func number(_ digits: ArraySlice<UInt8>, radix: UInt32) -> UInt32? {
        var value: UInt32 = 0
        for byte in digits {
            let digit: UInt32
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = UInt32(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = UInt32(byte - UInt8(ascii: "a")) + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = UInt32(byte - UInt8(ascii: "A")) + 10
            default: return nil
            }
            guard digit < radix else { return nil }
            value = value * radix + digit
        }
        return value
    }
}
