// SPDX-License-Identifier: Apache-2.0

/// Names that mean something only inside one network, or to a cloud's hypervisor.
enum LocalNames {
    /// Names of cloud metadata services, refused with every name under them.
    private static let metadata = [
        "metadata.google.internal", "metadata.goog", "metadata.tencentyun.com", "metadata", "instance-data",
    ]

    /// Top-level domains that the public DNS does not have and local networks do (RFC 6761, 6762, 8375;
    /// ICANN's `internal`; what routers and clusters hand out).
    private static let suffixes = [
        "localhost", "localdomain", "local", "internal", "intranet", "private", "corp", "home", "lan", "svc",
        "home.arpa", "onion",
    ]

    static func isMetadata(_ name: String) -> Bool { metadata.contains { name.isOrLies(under: $0) } }

    static func isLocal(_ name: String) -> Bool {
        !name.utf8.contains(UInt8(ascii: ".")) || suffixes.contains { name.isOrLies(under: $0) }
    }
}

extension String {
    /// Tells whether a lower-case name is the domain or a name below it.
    func isOrLies(under domain: String) -> Bool {
        self == domain || hasSuffix("." + domain)
    }
}
