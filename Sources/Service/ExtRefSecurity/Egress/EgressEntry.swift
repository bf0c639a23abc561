// SPDX-License-Identifier: Apache-2.0

/// One line of the operator's `allow` or `deny` list: a host name or a block of addresses, on one port or
/// all.
///
/// Forms: `jira.corp.internal`, `jira.corp.internal:8443`, `10.1.2.0/24`, `10.1.2.3:8443`, `fd00::/8`,
/// `[fd00::/8]:8443`.
public struct EgressEntry: Sendable, Hashable, CustomStringConvertible {
    /// What the entry is about.
    public enum Subject: Sendable, Hashable {
        /// A host name in lower case.
        case host(String)
        /// Every address of a block.
        case addresses(IPPrefix)
    }

    public let subject: Subject
    /// The only port the entry is about; nil = every port.
    public let port: UInt16?

    /// Reads an entry.
    /// - Throws: ``SecurityError/Code/egressEntryInvalid`` with the entry in the message.
    public init(_ text: String) throws(SecurityError) {
        guard let (subject, port) = Self.parse(text[...]) else {
            throw SecurityError(
                .egressEntryInvalid,
                "Egress entry '\(text)' is neither host[:port] nor CIDR[:port]. Write it like "
                    + "jira.corp.internal:8443 or 10.1.2.0/24.")
        }
        self.subject = subject
        self.port = port
    }

    public var description: String {
        switch (subject, port) {
        case (.host(let name), nil): name
        case (.host(let name), let port?): "\(name):\(port)"
        case (.addresses(let prefix), nil): "\(prefix)"
        case (.addresses(let prefix), let port?): "[\(prefix)]:\(port)"
        }
    }

    private static func parse(_ text: Substring) -> (Subject, UInt16?)? {
        if let prefix = IPPrefix(text) { return (.addresses(prefix), nil) }
        guard let (host, port) = splitPort(text) else { return nil }
        if let prefix = IPPrefix(host) { return (.addresses(prefix), port) }
        guard case .name(let name) = HostText(host.utf8) else { return nil }
        return (.host(name), port)
    }

    private static func splitPort(_ text: Substring) -> (host: Substring, port: UInt16?)? {
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { return nil }
            let inside = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            if rest.isEmpty { return (inside, nil) }
            guard rest.first == ":", let port = PortText.port(rest.dropFirst().utf8) else { return nil }
            return (inside, port)
        }
        guard let colon = text.firstIndex(of: ":") else { return (text, nil) }
        guard let port = PortText.port(text[text.index(after: colon)...].utf8) else { return nil }
        return (text[..<colon], port)
    }
}
