// SPDX-License-Identifier: Apache-2.0

/// A bearer token out of the `authorization` metadata, split but not believed.
struct TokenText {
    let bytes: [UInt8]
    private let headerEnd: Int
    private let payloadEnd: Int

    /// Takes the token out of the metadata's value.
    static func token(in authorization: String?) throws(AuthError) -> [UInt8] {
        guard let authorization, !authorization.isEmpty else { throw AuthError(.missing) }
        // The whole text is copied at once and then cut: a copy from its middle would go byte by byte.
        var bytes = Array(authorization.utf8)
        let scheme = "bearer".utf8
        guard bytes.count <= SecurityLimits.tokenBytesMax + scheme.count + 1 else {
            throw AuthError(.tooLong)
        }
        guard bytes.count > scheme.count + 1, bytes[scheme.count] == UInt8(ascii: " "),
            zip(bytes, scheme).allSatisfy({ $0 | 0x20 == $1 })
        else { throw AuthError(.schemeUnknown) }
        bytes.removeFirst(scheme.count + 1)
        return bytes
    }

    init(_ token: [UInt8]) throws(AuthError) {
        let dots = token.indices.filter { token[$0] == UInt8(ascii: ".") }
        guard dots.count == 2 else { throw AuthError(.malformed) }
        bytes = token
        (headerEnd, payloadEnd) = (dots[0], dots[1])
    }

    /// The header's JSON.
    func header() throws(AuthError) -> [UInt8] { try Self.decode(bytes[..<headerEnd]) }

    /// The claims' JSON.
    func payload() throws(AuthError) -> [UInt8] { try Self.decode(bytes[(headerEnd + 1)..<payloadEnd]) }

    /// The signature; empty for an unsigned token.
    func signature() throws(AuthError) -> [UInt8] { try Self.decode(bytes[(payloadEnd + 1)...]) }

    /// What the signature covers.
    var signed: ArraySlice<UInt8> { bytes[..<payloadEnd] }

    private static func decode(_ part: ArraySlice<UInt8>) throws(AuthError) -> [UInt8] {
        guard let bytes = Base64URL.bytes(part) else { throw AuthError(.malformed) }
        return bytes
    }
}
