// SPDX-License-Identifier: Apache-2.0

public import CurlHTTP

/// A block of addresses in CIDR notation, such as `10.1.0.0/16` or `fd00::/8`.
public struct IPPrefix: Sendable, Hashable, CustomStringConvertible {
    /// The first address of the block.
    public let address: IPAddress
    /// How many leading bits every address of the block shares.
    public let length: Int

    /// Reads an address, or an address, a slash and a length. Bits behind the length must be zero:
    /// `10.1.2.3/8` leaves open what was meant.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = parts.first, parts.count <= 2, let address = IPAddress(String(first)) else {
            return nil
        }
        let bits = address.bytes.count * 8
        guard parts.count == 2 else {
            self.init(address, length: bits)
            return
        }
        let digits = parts[1]
        guard (1...3).contains(digits.count), digits.allSatisfy({ ("0"..."9").contains($0) }),
            digits == "0" || digits.first != "0", let length = Int(digits), length <= bits,
            Self.network(of: address, length: length) == address
        else { return nil }
        self.init(address, length: length)
    }

    /// Makes a block from parts that are known to be right.
    init(_ address: IPAddress, length: Int) {
        self.address = address
        self.length = length
    }

    /// Tells whether an address lies in the block. IPv4 and IPv6 never contain each other.
    public func contains(_ other: IPAddress) -> Bool {
        Self.network(of: other, length: length) == address
    }

    public var description: String { "\(address)/\(length)" }

    /// Clears the bits behind the length. A shift by the full width yields zero in Swift.
    private static func network(of address: IPAddress, length: Int) -> IPAddress {
        switch address {
        case .v4(let bits): .v4(bits & (UInt32.max << (32 - length)))
        case .v6(let bits): .v6(bits & (UInt128.max << (128 - length)))
        }
    }
}
