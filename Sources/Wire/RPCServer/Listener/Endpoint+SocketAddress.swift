// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import RPC

extension Endpoint {
    /// The address that a listener got, or nil when it is of no kind that we listen on.
    init?(_ address: SocketAddress?) {
        guard let address else { return nil }
        if let path = address.pathname {
            self = .unix(path: path)
        } else if let host = address.ipAddress, let port = address.port {
            self = .tcp(host: host, port: port)
        } else {
            return nil
        }
    }
}
