// SPDX-License-Identifier: Apache-2.0

import ExtRefSecurity
import Logging
import RPC

/// Turns the text of settings into values and collects everything that is wrong with them.
struct SettingsReader {
    private let lookup: SettingsLookup
    private(set) var problems: [ConfigurationProblem]

    init(_ lookup: SettingsLookup, problems: [ConfigurationProblem] = []) {
        self.lookup = lookup
        self.problems = problems
    }

    /// Reads all settings; meaningful only while there are no ``problems``.
    mutating func settings() -> ServerSettings {
        var settings = ServerSettings(dataDirectory: dataDirectory())
        if let addresses = listen() { settings.listen = addresses }
        settings.httpListen = one(.httpListen, Self.addressRule, Self.address)
        settings.egress = egress()
        settings.identity = identity()
        settings.log = LogSettings(
            level: one(.logLevel, "must be trace, debug, info, notice, warning, error or critical") {
                Logger.Level(rawValue: $0)
            } ?? .info,
            format: one(.logFormat, "must be text or json") { LogSettings.Format(rawValue: $0) })
        settings.connectionsMax =
            number(.connectionsMax, in: 1...ServerLimits.connectionsMax) ?? settings.connectionsMax
        if let seconds = number(.deadlineMax, in: 1...ServerLimits.deadlineSecondsMax) {
            settings.deadlineMax = .seconds(seconds)
        }
        if let seconds = number(.drainSeconds, in: 0...ServerLimits.drainSecondsMax) {
            settings.drain = .seconds(seconds)
        }
        return settings
    }

    private mutating func dataDirectory() -> String {
        if let path = one(.dataDirectory, "must not be empty", { $0.isEmpty ? nil : $0 }) { return path }
        if !problems.contains(where: { $0.message.hasPrefix(Setting.dataDirectory.rawValue) }) {
            let setting = Setting.dataDirectory
            complain(
                "", setting,
                "is required: give \(setting.flag) DIR, \(setting.variable), or \(setting.rawValue) in the file"
            )
        }
        return ""
    }

    private mutating func listen() -> [Endpoint]? {
        guard let addresses = many(.listen, Self.addressRule, Self.address) else { return nil }
        if find(.listen).map({ $0.values.isEmpty || $0.values.count > ServerLimits.listenAddressesMax })
            == true
        {
            complain(.listen, "must hold 1 to \(ServerLimits.listenAddressesMax) addresses")
        }
        return addresses
    }

    private static let addressRule = "must be HOST:PORT, [IPv6]:PORT or unix:/path"

    private static func address(_ text: String) -> Endpoint? {
        let address = Endpoint(text)
        guard case .unix(let path) = address else { return address }
        return path.utf8.count <= ServerLimits.unixPathBytesMax ? address : nil
    }

    private mutating func egress() -> EgressConfiguration {
        var egress = EgressConfiguration()
        egress.httpsOnly = boolean(.egressHTTPSOnly) ?? egress.httpsOnly
        egress.allowOnly = boolean(.egressAllowOnly) ?? egress.allowOnly
        let port = { (text: String) in UInt16(text).flatMap { $0 > 0 ? $0 : nil } }
        if let ports = many(.egressPorts, "must be a port, 1 to 65535", port) { egress.ports = Set(ports) }
        egress.allow = entries(.egressAllow)
        egress.deny = entries(.egressDeny)
        egress.nat64Prefix = one(.egressNAT64Prefix, "must be an IPv6 /96, such as 64:ff9b::/96") {
            IPPrefix($0[...])
        }
        for fault in egress.faults { complain("", "egress.\(fault)") }
        return egress
    }

    private mutating func entries(_ setting: Setting) -> [EgressEntry] {
        many(setting, "must be host[:port] or CIDR[:port], such as jira.corp.internal:8443 or 10.1.2.0/24") {
            try? EgressEntry($0)
        } ?? []
    }

    private mutating func identity() -> IdentitySettings {
        let keySet = one(.identityKeySet, "must not be empty") { $0.isEmpty ? nil : $0 }
        let issuer = one(.identityIssuer, "must not be empty, nor '\(LocalIssuer.name)'") {
            $0.isEmpty || $0 == LocalIssuer.name ? nil : $0
        }
        let types = many(.identityTokenTypes, "must be at+jwt or jwt") {
            ["at+jwt", "jwt"].contains($0) ? $0 : nil
        }
        var identity = IdentitySettings(acceptsLocalTokens: boolean(.identityLocalTokens) ?? true)
        if let keySet, let issuer {
            identity.issuer = TrustedIssuer(
                name: issuer, keySetPath: keySet,
                types: types.map(Set.init) ?? [TrustedIssuer.accessTokenType])
        } else if keySet != nil {
            complain(.identityKeySet, "needs identity.issuer too: whose tokens the keys verify")
        } else if issuer != nil {
            complain(.identityIssuer, "needs identity.jwks too: the keys that verify its tokens")
        } else if !identity.acceptsLocalTokens {
            complain(.identityLocalTokens, "may be false only with identity.jwks: nobody could call")
        }
        return identity
    }
}

// MARK: Kinds of values

extension SettingsReader {
    /// One value; nil when it is not set or wrong.
    private mutating func one<Value>(_ setting: Setting, _ rule: String, _ read: (String) -> Value?) -> Value?
    {
        guard let found = find(setting), let text = found.values.first else { return nil }
        guard let value = read(text) else {
            complain(found.place, setting, "\(rule); it is '\(text)'")
            return nil
        }
        return value
    }

    /// Any number of values; nil when it is not set.
    private mutating func many<Value>(
        _ setting: Setting, _ rule: String, _ read: (String) -> Value?
    ) -> [Value]? {
        guard let found = find(setting) else { return nil }
        return found.values.compactMap { text in
            let value = read(text)
            if value == nil { complain(found.place, setting, "\(rule); it is '\(text)'") }
            return value
        }
    }

    private mutating func number(_ setting: Setting, in range: ClosedRange<Int>) -> Int? {
        one(setting, "must be a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    private mutating func boolean(_ setting: Setting) -> Bool? {
        one(setting, "must be true or false") { Bool($0.lowercased()) }
    }

    private mutating func find(_ setting: Setting) -> SettingsLookup.Found? {
        do throws(ConfigurationProblem) {
            return try lookup.find(setting)
        } catch {
            problems.append(error)
            return nil
        }
    }

    private mutating func complain(_ setting: Setting, _ message: String) {
        complain(find(setting)?.place ?? "", setting, message)
    }

    private mutating func complain(_ place: String, _ setting: Setting, _ message: String) {
        complain(place, "\(setting.rawValue): \(message)")
    }

    private mutating func complain(_ place: String, _ message: String) {
        problems.append(ConfigurationProblem(place, message))
    }
}
