// SPDX-License-Identifier: Apache-2.0

import CurlHTTP

/// What kind of address it is, after the IANA special-purpose address registries.
///
/// IPv4 is public unless a block here says otherwise; IPv6 is public only inside 2000::/3, less the blocks
/// here.
enum AddressClass {
    case `public`
    /// Not public, and the rule that says so.
    case special(EgressDenial.Rule)
    /// An IPv6 address that carries this IPv4 address inside.
    case embedded(UInt32)

    init(_ address: IPAddress) {
        switch address {
        case _ where Self.metadata.contains { $0.contains(address) }: self = .special(.addressMetadata)
        case .v4: self = Self.firstMatch(in: Self.specialV4, address).map(Self.special) ?? .public
        case .v6(let bits): self = Self.classify(v6: bits)
        }
    }

    private static func classify(v6 bits: UInt128) -> AddressClass {
        let address = IPAddress.v6(bits)
        if let rule = firstMatch(in: specialV6, address) { return .special(rule) }
        for (prefix, shift) in embeddings where prefix.contains(address) {
            return .embedded(UInt32(truncatingIfNeeded: bits >> shift))
        }
        return globalUnicast.contains(address) ? .public : .special(.addressReserved)
    }

    private static func firstMatch(in table: [Block], _ address: IPAddress) -> EgressDenial.Rule? {
        table.first { $0.prefix.contains(address) }?.rule
    }
}

extension AddressClass {
    private struct Block {
        let prefix: IPPrefix
        let rule: EgressDenial.Rule
    }

    /// What the clouds serve credentials on. 169.254/16 whole: every cloud picks another address in it.
    private static let metadata = prefixes(
        "169.254.0.0/16", "100.100.100.200", "192.0.0.192", "168.63.129.16", "fd00:ec2::254", "fd00:ec2::23")

    private static let specialV4: [Block] =
        blocks(.addressUnspecified, "0.0.0.0/8")
        + blocks(.addressLoopback, "127.0.0.0/8")
        + blocks(.addressPrivate, "10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16")
        + blocks(.addressMulticast, "224.0.0.0/4", "255.255.255.255/32")
        + blocks(
            .addressReserved, "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
            "192.88.99.0/24", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
            "240.0.0.0/4")

    private static let specialV6: [Block] =
        blocks(.addressUnspecified, "::/128")
        + blocks(.addressLoopback, "::1/128")
        + blocks(.addressLinkLocal, "fe80::/10")
        + blocks(.addressPrivate, "fc00::/7", "fec0::/10")
        + blocks(.addressMulticast, "ff00::/8")
        + blocks(.addressEmbedded, "2001::/32")
        + blocks(.addressReserved, "2001::/23", "2001:db8::/32", "2620:4f:8000::/48", "3fff::/20")

    private static let globalUnicast = IPPrefix(.v6(0x2 << 124), length: 3)

    /// Blocks that carry an IPv4 address, and how many bits lie to the right of it. Teredo is not among them:
    /// it stands in the table above, for its IPv4 address is obfuscated.
    private static let embeddings: [(prefix: IPPrefix, shift: Int)] = [
        ("::ffff:0:0/96", 0), ("::ffff:0:0:0/96", 0), ("::/96", 0), ("64:ff9b::/96", 0),
        ("64:ff9b:1::/48", 0),
        ("2002::/16", 80),
    ].compactMap { text, shift in IPPrefix(text).map { ($0, shift) } }

    private static func blocks(_ rule: EgressDenial.Rule, _ texts: String...) -> [Block] {
        texts.compactMap(IPPrefix.init).map { Block(prefix: $0, rule: rule) }
    }

    private static func prefixes(_ texts: String...) -> [IPPrefix] {
        texts.compactMap(IPPrefix.init)
    }

    /// How many blocks the tables hold; a test compares it with how many they should, since a typing mistake
    /// would drop one.
    static var blockCount: Int { metadata.count + specialV4.count + specialV6.count + embeddings.count }
}
