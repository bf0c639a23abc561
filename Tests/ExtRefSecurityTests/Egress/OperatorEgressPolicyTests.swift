// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import Testing

@testable import ExtRefSecurity

@Suite struct OperatorEgressPolicyTests {
    private let standard = OperatorEgressPolicy()

    private func policy(_ change: (inout EgressConfiguration) throws -> Void) rethrows -> OperatorEgressPolicy
    {
        var configuration = EgressConfiguration()
        try change(&configuration)
        return OperatorEgressPolicy(configuration)
    }

    private func rule(_ policy: OperatorEgressPolicy, _ url: String) -> EgressDenial.Rule? {
        do throws(EgressDenial) {
            _ = try policy.judge(url: url)
            return nil
        } catch {
            return error.rule
        }
    }

    private func rule(
        _ policy: OperatorEgressPolicy, _ name: String, at address: String, port: UInt16 = 443
    ) throws
        -> EgressDenial.Rule?
    {
        let target = EgressTarget(scheme: .https, host: .name(name), port: port)
        let address = try #require(IPAddress(address))
        do throws(EgressDenial) {
            try policy.judge(address: address, of: target)
            return nil
        } catch {
            return error.rule
        }
    }

    @Test(arguments: [
        ("https://jira.example.com", "https://jira.example.com/"),
        ("HTTPS://Jira.Example.COM:443/Base", "https://jira.example.com/Base"),
        ("https://[2001:4860:4860:0:0:0:0:8888]/x", "https://[2001:4860:4860::8888]/x"),
        (
            "https://gitlab.example.com/api/v4/projects/a%2Fb?x=1&y=%20",
            "https://gitlab.example.com/api/v4/projects/a%2Fb?x=1&y=%20"
        ),
        ("https://x.example.com/search?fields[]=a", "https://x.example.com/search?fields[]=a"),
    ])
    func aTargetHasOneSpelling(url: String, canonical: String) throws {
        #expect(try standard.judge(url: url).url == canonical)
    }

    @Test(arguments: [
        ("https://10.0.0.1/", EgressDenial.Rule.addressPrivate), ("https://127.0.0.1/", .addressLoopback),
        ("https://0.0.0.0/", .addressUnspecified), ("https://169.254.169.254/", .addressMetadata),
        ("https://224.0.0.1/", .addressMulticast), ("https://192.0.2.1/", .addressReserved),
        ("https://[::1]/", .addressLoopback), ("https://[fe80::1]/", .addressLinkLocal),
        ("https://[fc00::1]/", .addressPrivate), ("https://[::ffff:127.0.0.1]/", .addressEmbedded),
        ("https://[::ffff:169.254.169.254]/", .addressMetadata), ("https://[2001::1]/", .addressEmbedded),
        ("https://[2002:a00:1::]/", .addressEmbedded), ("https://[2002:a9fe:a9fe::]/", .addressMetadata),
        ("https://[4000::1]/", .addressReserved), ("https://localhost/", .hostLocal),
        ("https://metadata.google.internal/", .hostMetadata), ("https://a.metadata.goog/", .hostMetadata),
        ("https://redis/", .hostLocal), ("http://example.com/", .schemePlain),
        ("file:///etc/passwd", .scheme),
        ("https://example.com:8443/", .port), ("https://0x7f.1/", .hostGrammar),
        ("https://user@example.com/", .urlGrammar), ("https://example.com/../x", .urlGrammar),
        ("https://example.com/x#y", .urlGrammar), ("https://example.com/%zz", .urlGrammar),
        ("https://example.com/x?y=%4", .urlGrammar), ("https://example.com/%0a", .urlGrammar),
    ])
    func theRuleThatFiresIsNamed(url: String, expected: EgressDenial.Rule) {
        #expect(rule(standard, url) == expected)
    }

    @Test func anAllowedNameOpensItselfAndNothingUnderIt() throws {
        let policy = try policy { $0.allow = [try EgressEntry("jira.corp.internal:8443")] }
        #expect(rule(policy, "https://jira.corp.internal:8443/") == nil)
        #expect(rule(policy, "https://jira.corp.internal/") == nil)
        #expect(rule(policy, "https://sub.jira.corp.internal:8443/") == .hostLocal)
        #expect(rule(policy, "https://jira.corp.internal:9443/") == .port)
        #expect(try rule(policy, "jira.corp.internal", at: "10.0.0.7", port: 8_443) == nil)
        // The entry is about one port: on another the name is a name like any.
        #expect(try rule(policy, "jira.corp.internal", at: "10.0.0.7") == .addressPrivate)
        #expect(try rule(policy, "other.example.com", at: "10.0.0.7", port: 8_443) == .addressPrivate)
    }

    @Test func anAllowedBlockOpensItsAddressesOnItsPort() throws {
        let policy = try policy { $0.allow = [try EgressEntry("10.1.2.0/24:8443")] }
        #expect(rule(policy, "https://10.1.2.9:8443/") == nil)
        #expect(rule(policy, "https://10.1.2.9/") == .addressPrivate)
        #expect(rule(policy, "https://10.1.3.9:8443/") == .addressPrivate)
        #expect(rule(policy, "https://tracker.example.com:8443/") == nil)
        #expect(try rule(policy, "tracker.example.com", at: "10.1.2.9", port: 8_443) == nil)
        #expect(try rule(policy, "tracker.example.com", at: "93.184.216.34", port: 8_443) == .port)
    }

    @Test(arguments: [
        "169.254.169.254", "100.100.100.200", "192.0.0.192", "168.63.129.16", "fd00:ec2::254", "fd00:ec2::23",
        "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "224.0.0.1", "0.0.0.0", "::", "fe80::1", "ff02::1",
        "::ffff:10.0.0.1", "2001::1",
    ])
    func whatNothingOpensStaysClosed(address: String) throws {
        let policy = try policy {
            $0.allow = try ["0.0.0.0/0", "::/0", "open.example.com"].map { try EgressEntry($0) }
            $0.nat64Prefix = IPPrefix("64:ff9b::/96")
        }
        let first = try rule(policy, "open.example.com", at: address)
        let second = try rule(policy, "other.example.com", at: address)
        #expect(first != nil)
        #expect(second != nil)
    }

    @Test func aDeniedEntryWinsOverAnAllowedOne() throws {
        let policy = try policy {
            $0.allow = try ["example.com", "93.184.216.0/24"].map { try EgressEntry($0) }
            $0.deny = try ["example.com", "93.184.216.34"].map { try EgressEntry($0) }
        }
        #expect(rule(policy, "https://example.com/") == .hostDenied)
        #expect(rule(policy, "https://under.example.com/") == .hostDenied)
        #expect(rule(policy, "https://93.184.216.34/") == .addressDenied)
        #expect(rule(policy, "https://93.184.216.35/") == nil)
        #expect(rule(policy, "https://notexample.com/") == nil)
    }

    @Test func withAllowOnlyNothingElseIsCalled() throws {
        let policy = try policy {
            $0.allowOnly = true
            $0.allow = [try EgressEntry("api.github.com")]
        }
        #expect(rule(policy, "https://api.github.com/") == nil)
        #expect(try rule(policy, "api.github.com", at: "140.82.112.5") == nil)
        #expect(rule(policy, "https://example.com/") == .hostNotAllowed)
        #expect(rule(policy, "https://93.184.216.34/") == .addressNotAllowed)
    }

    @Test func aDeclaredNAT64PrefixIsSeenThrough() throws {
        let policy = policy { $0.nat64Prefix = IPPrefix("64:ff9b::/96") }
        #expect(try rule(policy, "x.example.com", at: "64:ff9b::808:808") == nil)
        #expect(try rule(policy, "x.example.com", at: "64:ff9b::a00:1") == .addressPrivate)
        #expect(try rule(OperatorEgressPolicy(), "x.example.com", at: "64:ff9b::808:808") == .addressEmbedded)
    }

    @Test func thisMachinesOwnAddressIsRefused() throws {
        let own = try #require(IPAddress("93.184.216.34"))
        let policy = policy { $0.ownAddresses = [own] }
        #expect(rule(policy, "https://93.184.216.34/") == .addressOwn)
        #expect(try rule(policy, "me.example.com", at: "93.184.216.34") == .addressOwn)
        #expect(rule(policy, "https://93.184.216.35/") == nil)
    }

    @Test func aRefusalNamesTheKeyThatOpensIt() {
        func message(_ url: String) -> String {
            do throws(EgressDenial) {
                _ = try standard.judge(url: url)
                return ""
            } catch {
                return error.message
            }
        }
        #expect(message("https://10.0.0.1/").contains("egress.allow: 10.0.0.1"))
        #expect(message("https://jira.corp/").contains("egress.allow: jira.corp"))
        #expect(message("http://example.com/").contains("egress.https_only: false"))
        #expect(message("https://example.com:8443/").contains("egress.ports"))
        #expect(!message("https://169.254.169.254/").contains("egress."))
    }

    @Test(arguments: [
        "", ":", "10.0.0.1/8", "10.0.0.0/33", "fd00::/8:443", "a b", "host:0", "host:70000", "-a.b", "x/24",
        "*.example.com", "[fd00::/8", "127.1",
    ])
    func aMalformedEntryIsRefused(_ text: String) {
        #expect(throws: SecurityError.self) { try EgressEntry(text) }
    }

    @Test(arguments: [
        "jira.corp:8443", "10.1.2.0/24", "[10.1.2.0/24]:80", "fd00::/8", "[fd00::/8]:443", "[::1/128]:9",
    ])
    func anEntryReadsBackAsItIsWritten(_ text: String) throws {
        let entry = try EgressEntry(text)
        #expect(try EgressEntry(entry.description) == entry)
    }

    @Test func faultsOfAConfigurationAreListedTogether() {
        var configuration = EgressConfiguration()
        #expect(configuration.faults.isEmpty)
        configuration.ports = [0]
        configuration.allowOnly = true
        configuration.nat64Prefix = IPPrefix("64:ff9b::/64")
        #expect(configuration.faults.count == 3)
    }
}
