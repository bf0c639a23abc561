// SPDX-License-Identifier: Apache-2.0

import ExtRefSecurity
import RPC

/// Every setting of the server, once: the configuration file, the environment, the flags and the help all
/// follow it.
///
/// The raw value is the path in the file, such as `egress.https_only`.
public enum Setting: String, Sendable, CaseIterable {
    case dataDirectory = "data_dir"
    case listen
    case httpListen = "http_listen"
    case egressHTTPSOnly = "egress.https_only"
    case egressPorts = "egress.ports"
    case egressAllow = "egress.allow"
    case egressAllowOnly = "egress.allow_only"
    case egressDeny = "egress.deny"
    case egressNAT64Prefix = "egress.nat64_prefix"
    case identityKeySet = "identity.jwks"
    case identityIssuer = "identity.issuer"
    case identityTokenTypes = "identity.token_types"
    case identityLocalTokens = "identity.local_tokens"
    case logLevel = "log.level"
    case logFormat = "log.format"
    case connectionsMax = "limits.connections"
    case deadlineMax = "limits.deadline_seconds"
    case drainSeconds = "drain_seconds"

    /// The flag, such as `--egress-https-only`.
    public var flag: String {
        "--" + rawValue.replacing(".", with: "-").replacing("_", with: "-")
    }

    /// The environment variable, such as `EXTREF_EGRESS_HTTPS_ONLY`.
    public var variable: String {
        "EXTREF_" + rawValue.replacing(".", with: "_").uppercased()
    }

    /// Whether it holds any number of values: a list in the file, a repeated flag, commas in the environment.
    public var isList: Bool {
        switch self {
        case .listen, .egressPorts, .egressAllow, .egressDeny, .identityTokenTypes: true
        default: false
        }
    }

    /// What stands for a value in the help.
    var placeholder: String {
        switch self {
        case .dataDirectory: "DIR"
        case .listen, .httpListen: "HOST:PORT"
        case .egressHTTPSOnly, .egressAllowOnly, .identityLocalTokens: "true|false"
        case .egressPorts: "PORT"
        case .egressAllow, .egressDeny: "HOST|CIDR[:PORT]"
        case .egressNAT64Prefix: "PREFIX"
        case .identityKeySet: "FILE"
        case .identityIssuer: "TEXT"
        case .identityTokenTypes: "at+jwt|jwt"
        case .logLevel: "LEVEL"
        case .logFormat: "text|json"
        case .connectionsMax: "COUNT"
        case .deadlineMax, .drainSeconds: "SECONDS"
        }
    }

    /// What it holds when nothing says otherwise, for people.
    var standard: String {
        switch self {
        case .dataDirectory: "required"
        case .listen: ServerSettings.listenDefault.description
        case .egressHTTPSOnly: "true"
        case .egressPorts: "443"
        case .httpListen, .egressAllow, .egressDeny, .egressNAT64Prefix, .identityKeySet, .identityIssuer:
            "none"
        case .egressAllowOnly: "false"
        case .identityTokenTypes: TrustedIssuer.accessTokenType
        case .identityLocalTokens: "true"
        case .logLevel: "info"
        case .logFormat: "text on a terminal, else json"
        case .connectionsMax: "\(ServerLimits.connectionsDefault)"
        case .deadlineMax: "\(ServerLimits.deadlineSecondsDefault)"
        case .drainSeconds: "\(ServerLimits.drainSecondsDefault)"
        }
    }

    /// What it is for, in one or two sentences.
    var summary: String {
        switch self {
        case .dataDirectory:
            "Where everything is kept: the database, the keys and the admin token. Made on the first start."
        case .listen: "Where to listen; unix:/path for a unix socket, port 0 for a free port."
        case .httpListen:
            "Where to listen for webhooks over HTTP; TLS is for a proxy in front of it. unix:/path works too."
        case .egressHTTPSOnly: "Refuse trackers without https."
        case .egressPorts: "Ports that every tracker may be called on."
        case .egressAllow:
            "Hosts or address blocks inside your network that may be called although they are local."
        case .egressAllowOnly: "Call nothing but what egress.allow lists."
        case .egressDeny: "Hosts, with all names under them, or address blocks that are never called."
        case .egressNAT64Prefix: "The /96 through which this network reaches IPv4 from IPv6."
        case .identityKeySet:
            "Public keys (JWKS file) of the host application, which signs its users' tokens; read again when changed."
        case .identityIssuer:
            "Issuer (iss) of those tokens; needed with identity.jwks. Their audience is 'extref'."
        case .identityTokenTypes:
            "Types (typ) those tokens may have; jwt for an issuer that cannot write at+jwt."
        case .identityLocalTokens: "Accept tokens that 'extref token mint' made, admin.token among them."
        case .logLevel: "trace, debug, info, notice, warning, error or critical."
        case .logFormat: "How log lines on standard error look."
        case .connectionsMax: "Most connections at once."
        case .deadlineMax: "Longest time one call may take, whatever its caller asks for."
        case .drainSeconds: "How long calls in flight get to end after SIGTERM."
        }
    }
}
