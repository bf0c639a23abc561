// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import Foundation
import Testing

@testable import ExtRefSecurity

@Suite struct IPAddressTests {
    @Test(arguments: [
        ("1.2.3.4", "1.2.3.4"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"), ("::", "::"),
        ("::1", "::1"), ("1::", "1::"), ("2001:DB8::1", "2001:db8::1"),
        ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
        ("2001:0db8:0:0:0:0:0:0001", "2001:db8::1"), ("::ffff:1.2.3.4", "::ffff:102:304"),
        ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"), ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
        ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("1:2:3:0:5:6:7:8", "1:2:3:0:5:6:7:8"),
        ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
    ])
    func readsAndWritesTheCanonicalForm(text: String, canonical: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == canonical)
        #expect(IPAddress(canonical) == address)
        #expect(IPAddress(bytes: address.bytes) == address)
    }

    @Test(arguments: [
        "", ".", "1.2.3", "1.2.3.4.5", "1.2.3.4.", ".1.2.3.4", "01.2.3.4", "1.2.3.256", "1.2.3.-4",
        "+1.2.3.4", "0x1.2.3.4",
        "1.2.3.4 ", "１.2.3.4", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3",
        "1:2:3:4:5:6:7::8", ":1::2",
        "1::2:", "12345::", "g::", "::1%eth0", "[::1]", "1.2.3.4::", "::1.2.3.4:5", "::1.2.3", "::01.2.3.4",
        "::+1",
    ])
    func refusesEveryOtherForm(_ text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test func anyAddressSurvivesItsText() throws {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        for round in 0..<2_000 {
            // Many zero groups, so that `::` is tried in every place.
            let bytes = (0..<8).flatMap { _ -> [UInt8] in
                Bool.random(using: &generator)
                    ? [0, 0]
                    : [.random(in: 0...255, using: &generator), .random(in: 0...255, using: &generator)]
            }
            let address = try #require(IPAddress(bytes: bytes))
            #expect(IPAddress(address.description) == address, "seed \(seed), round \(round)")
        }
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false),
        ("0.0.0.0/0", "1.2.3.4", true),
        ("0.0.0.0/0", "::", false), ("1.2.3.4", "1.2.3.4", true), ("1.2.3.4/32", "1.2.3.5", false),
        ("fc00::/7", "fdff::1", true), ("fc00::/7", "fe00::", false), ("::/0", "ff02::1", true),
        ("::1", "::1", true),
    ])
    func aPrefixContainsItsBlock(prefix: String, address: String, isInside: Bool) throws {
        let prefix = try #require(IPPrefix(prefix))
        #expect(prefix.contains(try #require(IPAddress(address))) == isInside)
    }

    @Test(arguments: [
        "", "/8", "10.0.0.0/", "10.0.0.0/08", "10.0.0.0/+8", "10.0.0.0/33", "::/129", "10.0.0.1/8",
        "10.0.0.0/8/8", "10/8",
    ])
    func aPrefixIsReadStrictly(_ text: String) {
        #expect(IPPrefix(text) == nil)
    }
}
