// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import Testing

@testable import ExtRefSecurity

/// The first and last address of every special block, written out apart from the tables they check.
@Suite struct AddressClassTests {
    private static let blocks: [(first: String, last: String, rule: EgressDenial.Rule)] = [
        ("0.0.0.0", "0.255.255.255", .addressUnspecified), ("10.0.0.0", "10.255.255.255", .addressPrivate),
        ("100.64.0.0", "100.127.255.255", .addressPrivate),
        ("127.0.0.0", "127.255.255.255", .addressLoopback),
        ("169.254.0.0", "169.254.255.255", .addressMetadata),
        ("172.16.0.0", "172.31.255.255", .addressPrivate),
        ("192.0.0.0", "192.0.0.255", .addressReserved), ("192.0.2.0", "192.0.2.255", .addressReserved),
        ("192.31.196.0", "192.31.196.255", .addressReserved),
        ("192.52.193.0", "192.52.193.255", .addressReserved),
        ("192.88.99.0", "192.88.99.255", .addressReserved),
        ("192.168.0.0", "192.168.255.255", .addressPrivate),
        ("192.175.48.0", "192.175.48.255", .addressReserved),
        ("198.18.0.0", "198.19.255.255", .addressReserved),
        ("198.51.100.0", "198.51.100.255", .addressReserved),
        ("203.0.113.0", "203.0.113.255", .addressReserved),
        ("224.0.0.0", "239.255.255.255", .addressMulticast),
        ("240.0.0.0", "255.255.255.254", .addressReserved),
        ("255.255.255.255", "255.255.255.255", .addressMulticast),
        ("168.63.129.16", "168.63.129.16", .addressMetadata), ("::", "::", .addressUnspecified),
        ("::1", "::1", .addressLoopback),
        ("64:ff9b:2::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", .addressReserved),
        ("2001::", "2001:0:ffff:ffff:ffff:ffff:ffff:ffff", .addressEmbedded),
        ("2001:1::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", .addressReserved),
        ("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", .addressReserved),
        ("2620:4f:8000::", "2620:4f:8000:ffff:ffff:ffff:ffff:ffff", .addressReserved),
        ("3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", .addressReserved),
        ("4000::", "fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", .addressReserved),
        ("fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", .addressPrivate),
        ("fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", .addressLinkLocal),
        ("fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", .addressPrivate),
        ("ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", .addressMulticast),
    ]

    @Test(arguments: blocks)
    func bothEndsOfABlockAreSpecial(first: String, last: String, rule: EgressDenial.Rule) throws {
        for text in [first, last] {
            let address = try #require(IPAddress(text))
            guard case .special(rule) = AddressClass(address) else {
                Issue.record("\(text) is \(AddressClass(address))")
                continue
            }
        }
    }

    @Test(arguments: [
        "1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
        "128.0.0.0",
        "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "191.255.255.255", "192.0.1.0",
        "192.0.3.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "203.0.112.255",
        "203.0.114.0", "223.255.255.255", "168.63.129.15", "168.63.129.17", "2000::", "2001:200::",
        "2001:db7:ffff::", "2001:db9::", "2001:ffff::", "2003::", "2620:4f:7fff::", "2620:4f:8001::",
        "3ffe:ffff::", "3fff:1000::", "2606:4700:4700::1111",
    ])
    func whatLiesBesideABlockIsPublic(_ text: String) throws {
        let address = try #require(IPAddress(text))
        guard case .public = AddressClass(address) else {
            Issue.record("\(text) is \(AddressClass(address))")
            return
        }
    }

    @Test(arguments: [
        ("::ffff:1.2.3.4", "1.2.3.4"), ("::ffff:0:1.2.3.4", "1.2.3.4"), ("::1.2.3.4", "1.2.3.4"),
        ("64:ff9b::1.2.3.4", "1.2.3.4"), ("64:ff9b:1::1.2.3.4", "1.2.3.4"), ("2002:102:304::1", "1.2.3.4"),
        ("2002:102:304:ffff:ffff:ffff:ffff:ffff", "1.2.3.4"),
    ])
    func theAddressInsideAnotherIsFound(outer: String, inner: String) throws {
        let address = try #require(IPAddress(outer))
        guard case .embedded(let bits) = AddressClass(address) else {
            Issue.record("\(outer) is \(AddressClass(address))")
            return
        }
        #expect(IPAddress.v4(bits).description == inner)
    }

    /// A block that does not parse would silently vanish from the tables.
    @Test func noBlockOfTheTablesIsLost() throws {
        #expect(AddressClass.blockCount == 6 + 18 + 11 + 6)
    }
}
