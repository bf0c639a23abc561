// SPDX-License-Identifier: Apache-2.0

public import CurlHTTP

/// The egress policy: the operator's configuration applied to URLs and addresses. Pure; asks no resolver.
///
/// A URL is judged by grammar, host, scheme and port. An address is judged by what it is: metadata, multicast
/// and addresses that hide another one are refused always, other special ones unless the operator allows
/// them.
public struct OperatorEgressPolicy: EgressPolicy {
    private let configuration: EgressConfiguration

    /// Makes a policy; the configuration's ``EgressConfiguration/faults`` should be empty.
    public init(_ configuration: EgressConfiguration = EgressConfiguration()) {
        self.configuration = configuration
    }

    public func judge(url: String) throws(EgressDenial) -> EgressTarget {
        try target(URLText(url, for: .request))
    }

    /// Judges the base URL an admin types for a source: a request's URL that carries no query and no tricks
    /// in its path.
    public func judge(baseURL: String) throws(EgressDenial) -> EgressTarget {
        try target(URLText(baseURL, for: .base))
    }

    public func judge(address: IPAddress, of target: EgressTarget) throws(EgressDenial) {
        try judge(address, as: address, of: target)
    }
}

// MARK: URLs

extension OperatorEgressPolicy {
    private func target(_ url: URLText) throws(EgressDenial) -> EgressTarget {
        let port = url.port ?? url.scheme.defaultPort
        switch url.host {
        case .name(let name):
            let target = EgressTarget(
                scheme: url.scheme, host: .name(name), port: port, pathAndQuery: url.pathAndQuery)
            try judge(name: name, of: target)
            try judgeSchemeAndPort(of: target)
            return target
        case .address(let address):
            let target = EgressTarget(
                scheme: url.scheme, host: .address(address), port: port, pathAndQuery: url.pathAndQuery)
            try judgeSchemeAndPort(of: target)
            try judge(address: address, of: target)
            return target
        case .malformed:
            throw EgressDenial(.hostGrammar, "The URL's host is not written the one plain way.")
        }
    }

    private func judge(name: String, of target: EgressTarget) throws(EgressDenial) {
        guard !LocalNames.isMetadata(name) else {
            throw EgressDenial(
                .hostMetadata, "'\(name)' is a cloud's metadata service, which is never called.")
        }
        let isDenied = configuration.deny.contains {
            $0.covers(port: target.port) && $0.coversName(under: name)
        }
        guard !isDenied else {
            throw EgressDenial(.hostDenied, "The operator's egress.deny names '\(name)'.")
        }
        guard !configuration.allow.contains(where: { $0.subject == .host(name) }) else { return }
        guard !LocalNames.isLocal(name) else {
            throw EgressDenial(
                .hostLocal,
                "'\(name)' is a name of a local network. The operator can open it with egress.allow: \(name)."
            )
        }
        guard !configuration.allowOnly || hasAddressEntry else {
            throw EgressDenial(
                .hostNotAllowed,
                "Only listed hosts are called here. The operator can add '\(name)' to egress.allow.")
        }
    }

    private func judgeSchemeAndPort(of target: EgressTarget) throws(EgressDenial) {
        guard target.scheme == .https || !configuration.httpsOnly else {
            throw EgressDenial(
                .schemePlain,
                "Plain http is not called. The operator can open it with egress.https_only: false.")
        }
        // An address entry may open the port; which addresses a name has is not known yet.
        let mayOpenLater = configuration.allow.contains { $0.isAboutAddresses && $0.port == target.port }
        guard isListed(port: target.port) || isAllowed(name: target) || mayOpenLater else {
            throw portDenial(of: target)
        }
    }

    private var hasAddressEntry: Bool { configuration.allow.contains(where: \.isAboutAddresses) }

    private func isListed(port: UInt16) -> Bool {
        configuration.ports.contains(port) || (!configuration.httpsOnly && port == 80)
    }

    private func isAllowed(name target: EgressTarget) -> Bool {
        guard case .name(let name) = target.host else { return false }
        return configuration.allow.contains {
            $0.subject == .host(name) && ($0.port.map { $0 == target.port } ?? isListed(port: target.port))
        }
    }

    private func portDenial(of target: EgressTarget) -> EgressDenial {
        EgressDenial(
            .port,
            "Port \(target.port) is not called. The operator can open it with egress.ports, or with "
                + "egress.allow: \(target.host):\(target.port).")
    }
}

// MARK: Addresses

extension OperatorEgressPolicy {
    /// Judges an address, and the one inside it; messages name the outer one.
    private func judge(
        _ address: IPAddress, as shown: IPAddress, of target: EgressTarget
    ) throws(EgressDenial) {
        let addressClass = AddressClass(address)
        if case .embedded(let inner) = addressClass, configuration.nat64Prefix?.contains(address) == true {
            return try judge(.v4(inner), as: shown, of: target)
        }
        if let rule = addressClass.unopenableRule {
            throw EgressDenial(rule, "\(shown) is \(rule.meaning), which is never called.")
        }
        let isDenied = configuration.deny.contains { $0.covers(port: target.port) && $0.covers(address) }
        guard !isDenied else {
            throw EgressDenial(.addressDenied, "The operator's egress.deny covers \(shown).")
        }
        guard !isAllowed(name: target), !isAllowed(address, port: target.port) else { return }
        if case .special(let rule) = addressClass {
            throw openable(rule, "\(shown) is \(rule.meaning).", shown)
        }
        guard !configuration.ownAddresses.contains(address) else {
            throw openable(.addressOwn, "\(shown) is this machine's own address.", shown)
        }
        guard !configuration.allowOnly else {
            throw openable(.addressNotAllowed, "Only listed addresses are called here.", shown)
        }
        guard isListed(port: target.port) else { throw portDenial(of: target) }
    }

    private func isAllowed(_ address: IPAddress, port: UInt16) -> Bool {
        configuration.allow.contains {
            $0.covers(address) && ($0.port.map { $0 == port } ?? isListed(port: port))
        }
    }

    private func openable(_ rule: EgressDenial.Rule, _ message: String, _ address: IPAddress) -> EgressDenial
    {
        EgressDenial(rule, message + " The operator can open it with egress.allow: \(address).")
    }
}

extension AddressClass {
    /// The rule that refuses the address whatever the operator allows; nil when the operator may open it.
    fileprivate var unopenableRule: EgressDenial.Rule? {
        switch self {
        case .public: nil
        case .embedded(let inner):
            if case .special(.addressMetadata) = AddressClass(.v4(inner)) {
                .addressMetadata
            } else {
                .addressEmbedded
            }
        case .special(let rule):
            switch rule {
            case .addressMetadata, .addressMulticast, .addressUnspecified, .addressLinkLocal,
                .addressEmbedded:
                rule
            default: nil
            }
        }
    }
}

extension EgressDenial.Rule {
    /// The rule as the end of a sentence that starts with the address.
    fileprivate var meaning: String {
        switch self {
        case .addressMetadata: "an address of a cloud's metadata service"
        case .addressMulticast: "a multicast or broadcast address"
        case .addressUnspecified: "an unspecified address"
        case .addressLinkLocal: "a link-local address"
        case .addressEmbedded: "an address that hides an IPv4 address"
        case .addressLoopback: "a loopback address"
        case .addressPrivate: "a private address"
        default: "a reserved address"
        }
    }
}

extension EgressEntry {
    fileprivate var isAboutAddresses: Bool {
        if case .addresses = subject { true } else { false }
    }

    fileprivate func covers(port other: UInt16) -> Bool { port == nil || port == other }

    fileprivate func covers(_ address: IPAddress) -> Bool {
        if case .addresses(let prefix) = subject { prefix.contains(address) } else { false }
    }

    fileprivate func coversName(under name: String) -> Bool {
        if case .host(let host) = subject { name.isOrLies(under: host) } else { false }
    }
}
