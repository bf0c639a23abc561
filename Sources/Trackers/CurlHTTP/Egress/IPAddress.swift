// SPDX-License-Identifier: Apache-2.0

/// An IPv4 or IPv6 address as a number. Has no zone: an address with a zone is never dialled.
public enum IPAddress: Sendable, Hashable, CustomStringConvertible {
    /// 32 bits, the first octet on top.
    case v4(UInt32)
    /// 128 bits, the first group on top.
    case v6(UInt128)

    /// Makes an address out of 4 or 16 octets in network order, as a socket address holds them.
    /// - Returns: nil for any other count.
    public init?(bytes: some Collection<UInt8>) {
        switch bytes.count {
        case 4: self = .v4(bytes.reduce(0) { $0 << 8 | UInt32($1) })
        case 16: self = .v6(bytes.reduce(0) { $0 << 8 | UInt128($1) })
        default: return nil
        }
    }

    /// 4 or 16 octets in network order.
    public var bytes: [UInt8] {
        switch self {
        case .v4(let bits): stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: bits >> $0) }
        case .v6(let bits):
            stride(from: 120, through: 0, by: -8).map { UInt8(truncatingIfNeeded: bits >> $0) }
        }
    }

    /// Dotted quad, or the canonical IPv6 text of RFC 5952: lower case, longest run of zeros as `::`.
    public var description: String {
        switch self {
        case .v4: bytes.map { String($0) }.joined(separator: ".")
        case .v6(let bits): Self.text(groups: Self.groups(of: bits))
        }
    }

    private static func groups(of bits: UInt128) -> [UInt16] {
        stride(from: 112, through: 0, by: -16).map { UInt16(truncatingIfNeeded: bits >> $0) }
    }

    private static func text(groups: [UInt16]) -> String {
        let words = groups.map { String($0, radix: 16) }
        guard let zeros = longestZeroRun(in: groups) else { return words.joined(separator: ":") }
        let head = words[..<zeros.lowerBound].joined(separator: ":")
        return head + "::" + words[zeros.upperBound...].joined(separator: ":")
    }

    /// The first longest run of at least two zero groups (RFC 5952, 4.2).
    private static func longestZeroRun(in groups: [UInt16]) -> Range<Int>? {
        var best: Range<Int>?
        var start = 0
        while start < groups.count {
            let end = groups[start...].firstIndex { $0 != 0 } ?? groups.count
            if end - start >= 2, end - start > best?.count ?? 0 { best = start..<end }
            start = end + 1
        }
        return best
    }
}
