// SPDX-License-Identifier: Apache-2.0

/// Where a request leads, in canonical form: made by a policy out of text that only one reading allows.
public struct EgressTarget: Sendable, Hashable, CustomStringConvertible {
    /// The schemes there are. No third one is ever dialled.
    public enum Scheme: String, Sendable, Hashable {
        case https, http

        /// The port when the URL names none.
        public var defaultPort: UInt16 { self == .https ? 443 : 80 }
    }

    /// A name to resolve, or an address that needs no resolution.
    public enum Host: Sendable, Hashable, CustomStringConvertible {
        /// A lower-case LDH name without a trailing dot.
        case name(String)
        /// An address literal.
        case address(IPAddress)

        /// The host as it stands in a URL: IPv6 in brackets.
        public var description: String {
            switch self {
            case .name(let name): name
            case .address(.v4(let bits)): IPAddress.v4(bits).description
            case .address(let address): "[\(address)]"
            }
        }
    }

    public let scheme: Scheme
    public let host: Host
    public let port: UInt16
    /// The path, starting with `/`, and the query with its `?`, if there is one.
    public let pathAndQuery: String

    /// Makes a target out of parts that are already canonical.
    public init(scheme: Scheme, host: Host, port: UInt16, pathAndQuery: String = "/") {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.pathAndQuery = pathAndQuery
    }

    /// Scheme, host and port as the web writes an origin; the default port is left out.
    public var origin: String {
        port == scheme.defaultPort ? "\(scheme)://\(host)" : "\(scheme)://\(host):\(port)"
    }

    /// The whole URL, the only spelling that is handed to libcurl.
    public var url: String { origin + pathAndQuery }

    /// Tells whether credentials for this target may also go to the other one.
    public func isSameOrigin(as other: EgressTarget) -> Bool {
        scheme == other.scheme && host == other.host && port == other.port
    }

    /// The origin only: a path or query may hold what does not belong into a log.
    public var description: String { origin }
}
