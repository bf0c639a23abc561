// SPDX-License-Identifier: Apache-2.0

/// What a client speaks. In each protocol the client speaks first, and its first byte is never that of
/// another.
enum WireProtocol: Sendable, Hashable {
    /// The length of a ttrpc frame is below 16 MiB, so its first byte is 0.
    case ttrpc
    /// The preface of HTTP/2 begins with `PRI`.
    case http2
    /// A TLS record of the handshake.
    case tls
    /// Anything else.
    case unknown

    init(firstByte: UInt8) {
        switch firstByte {
        case 0x00: self = .ttrpc
        case UInt8(ascii: "P"): self = .http2
        case 0x16: self = .tls
        default: self = .unknown
        }
    }
}
