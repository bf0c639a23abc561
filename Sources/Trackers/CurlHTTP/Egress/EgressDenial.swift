// SPDX-License-Identifier: Apache-2.0

/// A connection that the operator's egress policy forbids. No packet has left when it is thrown.
public struct EgressDenial: Error, Sendable, Hashable, CustomStringConvertible {
    /// The rule that fired. The raw values are stable: error details, metrics and documentation use them.
    public enum Rule: String, Sendable, CaseIterable {
        /// The URL is longer than allowed.
        case urlLength = "url.length"
        /// The URL is not in canonical form, or two parsers could read it differently.
        case urlGrammar = "url.grammar"
        /// The scheme is neither https nor http.
        case scheme = "scheme"
        /// The scheme is http while the operator keeps `https_only`.
        case schemePlain = "scheme.plain"
        /// The host is neither a canonical name nor a canonical address literal.
        case hostGrammar = "host.grammar"
        /// The host is a name of a local network: one label, `localhost`, `.local`, `.internal` and the like.
        case hostLocal = "host.local"
        /// The host is a cloud metadata service. Nothing opens this.
        case hostMetadata = "host.metadata"
        /// The operator's `deny` names the host.
        case hostDenied = "host.denied"
        /// The operator keeps `allow_only` and no `allow` entry names the host.
        case hostNotAllowed = "host.not_allowed"
        /// The port is in no list.
        case port = "port"
        /// The host has no address.
        case resolveEmpty = "resolve.empty"
        /// The host has more addresses than are judged.
        case resolveTooMany = "resolve.too_many"
        /// The address belongs to a cloud metadata service. Nothing opens this.
        case addressMetadata = "address.metadata"
        /// The address is loopback.
        case addressLoopback = "address.loopback"
        /// The address means "this host" or "any".
        case addressUnspecified = "address.unspecified"
        /// The address is private, unique local, site local or shared carrier space.
        case addressPrivate = "address.private"
        /// The address is link-local.
        case addressLinkLocal = "address.link_local"
        /// The address is multicast or broadcast. Nothing opens this.
        case addressMulticast = "address.multicast"
        /// The address carries an IPv4 address inside: mapped, compatible, NAT64, 6to4 or Teredo.
        case addressEmbedded = "address.embedded"
        /// The address is in another range of the IANA special-purpose registries, or outside 2000::/3.
        case addressReserved = "address.reserved"
        /// The address is one of this machine's own.
        case addressOwn = "address.own"
        /// The operator's `deny` covers the address.
        case addressDenied = "address.denied"
        /// The operator keeps `allow_only` and no `allow` entry covers the host or the address.
        case addressNotAllowed = "address.not_allowed"
    }

    /// The rule that fired.
    public let rule: Rule
    /// A sentence for the admin who typed the URL; it names the configuration key that would open it, if any.
    public let message: String

    /// Makes a denial.
    public init(_ rule: Rule, _ message: String) {
        self.rule = rule
        self.message = message
    }

    public var description: String { "\(rule.rawValue): \(message)" }
}
