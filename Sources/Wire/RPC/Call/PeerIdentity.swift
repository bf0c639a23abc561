// SPDX-License-Identifier: Apache-2.0

/// Who is at the other end of the connection, as far as the transport knows.
///
/// It says nothing about the caller: a bearer token in the metadata does, and interceptors read that.
public struct PeerIdentity: Sendable {
    /// How the call came in.
    public enum Transport: String, Sendable {
        /// A TCP connection.
        case tcp
        /// A unix socket on the same host.
        case unix
        /// The same process.
        case inProcess
    }

    /// How the call came in.
    public let transport: Transport
    /// The peer's address without its port; the socket's path for a unix socket; empty in process.
    public let address: String
    /// The connection, for those who can tell more about it.
    public let connection: (any PeerConnection)?

    /// Creates an identity. Transports do.
    public init(transport: Transport, address: String, connection: (any PeerConnection)? = nil) {
        self.transport = transport
        self.address = address
        self.connection = connection
    }

    /// A peer in the same process.
    public static let inProcess = PeerIdentity(transport: .inProcess, address: "")
}

/// What interceptors can tell a transport about one of its connections.
public protocol PeerConnection: Sendable {
    /// A call on the connection proved its caller's identity, so the connection no longer counts as one of a
    /// stranger. Calling it again changes nothing.
    func authenticated()
}
