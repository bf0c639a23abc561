// SPDX-License-Identifier: Apache-2.0

import Logging
import RPC
import RPCServer

/// Logs connections: refused ones for all to see, the others for those who look closely.
struct ConnectionLog: ServerObserver {
    let logger: Logger

    func connectionOpened(_ peer: PeerIdentity) {
        logger.debug("connection opened", metadata: metadata(peer))
    }

    func connectionRefused(_ peer: PeerIdentity, _ reason: ConnectionRefusal) {
        logger.warning("connection refused", metadata: metadata(peer, reason: reason.rawValue))
    }

    func connectionClosed(_ peer: PeerIdentity, _ reason: ConnectionEnd) {
        logger.debug("connection closed", metadata: metadata(peer, reason: reason.label))
    }

    private func metadata(_ peer: PeerIdentity, reason: String? = nil) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            "transport": "\(peer.transport.rawValue)", "peer": "\(peer.address)",
        ]
        if let reason { metadata["reason"] = "\(reason)" }
        return metadata
    }
}
