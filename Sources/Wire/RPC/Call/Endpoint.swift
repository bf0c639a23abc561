// SPDX-License-Identifier: Apache-2.0

/// Where a server listens and a client calls.
public enum Endpoint: Sendable, Hashable, CustomStringConvertible {
    /// A TCP port of a host name or address; a listener with port 0 lets the system choose.
    case tcp(host: String, port: Int)
    /// A socket in the file system. A listener replaces one that a dead server left there.
    case unix(path: String)

    /// `host:port`, with brackets around an IPv6 address, or `unix:path`.
    public var description: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }

    /// Reads what `description` writes; nil when the text is neither.
    public init?(_ text: String) {
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst(5))
            guard !path.isEmpty else { return nil }
            self = .unix(path: path)
            return
        }
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = text[..<colon]
        if host.hasPrefix("[") && host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty else { return nil }
        self = .tcp(host: String(host), port: Int(port))
    }
}
