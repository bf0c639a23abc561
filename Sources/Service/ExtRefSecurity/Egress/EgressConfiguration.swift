// SPDX-License-Identifier: Apache-2.0

public import CurlHTTP

/// What the operator lets this server connect to. Tenants never see or change it.
///
/// The default is the public internet over https on port 443. Trackers inside a company network are opened
/// one by one with ``allow``; nothing opens a cloud's metadata service.
public struct EgressConfiguration: Sendable, Hashable {
    /// Whether plain http is refused. Without it http URLs are called too, on port 80 as well.
    public var httpsOnly = true
    /// The ports that every host may be called on.
    public var ports: Set<UInt16> = [443]
    /// Hosts and blocks that may be called although they are local, and on the entry's port although
    /// ``ports`` does not list it. A host entry opens exactly that name.
    public var allow: [EgressEntry] = []
    /// Whether nothing but ``allow`` may be called.
    public var allowOnly = false
    /// Hosts, with every name under them, and blocks that are never called. Wins over ``allow``.
    public var deny: [EgressEntry] = []
    /// The /96 through which this network reaches IPv4 from IPv6 (RFC 6052). Its addresses are judged by the
    /// IPv4 address inside; without it they are refused.
    public var nat64Prefix: IPPrefix?
    /// This machine's own addresses, which the program reads off its interfaces. They count as loopback does.
    public var ownAddresses: Set<IPAddress> = []

    /// Makes the default configuration.
    public init() {}

    /// What is wrong with the configuration as a whole; empty when nothing is.
    public var faults: [String] {
        var faults = [String]()
        if ports.contains(0) { faults.append("ports: must be 1 to 65535") }
        if let prefix = nat64Prefix, prefix.length != 96 || prefix.address.bytes.count != 16 {
            faults.append("nat64_prefix: must be an IPv6 /96, such as 64:ff9b::/96")
        }
        for (name, list) in [("allow", allow), ("deny", deny)]
        where list.count > SecurityLimits.egressEntriesMax {
            faults.append("\(name): holds more than \(SecurityLimits.egressEntriesMax) entries")
        }
        if allowOnly && allow.isEmpty { faults.append("allow_only: forbids everything while allow is empty") }
        return faults
    }
}
