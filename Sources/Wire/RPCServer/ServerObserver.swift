// SPDX-License-Identifier: Apache-2.0

public import RPC
public import TTRPC

/// Hears what happens to connections, for logs and metrics. Every function is called on an event loop and
/// returns soon. Each has an empty default.
public protocol ServerObserver: Sendable {
    /// A connection was accepted.
    func connectionOpened(_ peer: PeerIdentity)
    /// A connection was closed at once.
    func connectionRefused(_ peer: PeerIdentity, _ reason: ConnectionRefusal)
    /// A connection ended.
    func connectionClosed(_ peer: PeerIdentity, _ reason: ConnectionEnd)
}

/// Why a connection was not taken.
public enum ConnectionRefusal: String, Sendable, CaseIterable {
    /// The server has as many connections as it may.
    case serverFull = "server_full"
    /// The peer's address has as many connections of strangers as it may.
    case addressFull = "address_full"
}

/// Why a connection ended.
public enum ConnectionEnd: Sendable, Hashable {
    /// The first byte did not come in its time.
    case silent
    /// The first byte belongs to a protocol that the server does not speak.
    case unknownProtocol
    /// The peer took nothing of the queued output for too long.
    case stalled
    /// The protocol's rules ended it.
    case closed(CloseReason)

    /// A word for logs and metric labels.
    public var label: String {
        switch self {
        case .silent: "silent"
        case .unknownProtocol: "unknown_protocol"
        case .stalled: "stalled"
        case .closed(let reason): reason.rawValue
        }
    }
}

extension ServerObserver {
    /// Does nothing.
    public func connectionOpened(_ peer: PeerIdentity) {}
    /// Does nothing.
    public func connectionRefused(_ peer: PeerIdentity, _ reason: ConnectionRefusal) {}
    /// Does nothing.
    public func connectionClosed(_ peer: PeerIdentity, _ reason: ConnectionEnd) {}
}

/// Hears nothing.
struct SilentObserver: ServerObserver {}
