// SPDX-License-Identifier: Apache-2.0

/// A call whose bearer token does not prove who calls.
///
/// Neither the message nor any other part holds the token, a part of it, or a value out of it.
public struct AuthError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Why the token proves nothing.
    public enum Reason: String, Sendable, CaseIterable {
        /// There is no `authorization` metadata.
        case missing
        /// The metadata is not `Bearer` and a token.
        case schemeUnknown
        /// The token is longer than any this server accepts.
        case tooLong
        /// The token is not three base64url parts with JSON inside.
        case malformed
        /// The header asks for something that is never done, such as fetching a key from a URL.
        case headerRefused
        /// The header's `typ` is not an access token's.
        case typeRefused
        /// The header's `alg` is not the key's.
        case algorithmRefused
        /// No trusted issuer has a key with the header's `kid`.
        case keyUnknown
        /// The issuer's keys have not been confirmed for too long.
        case keysStale
        /// The signature is not the key's.
        case signatureInvalid
        /// A required claim is missing.
        case claimMissing
        /// A claim has the wrong type or form.
        case claimInvalid
        /// The token was issued by somebody else than the key's owner.
        case issuerRefused
        /// The token is meant for somebody else, or for others too.
        case audienceRefused
        /// The token has ended.
        case expired
        /// The token has not begun, or was issued in the future.
        case notYetValid
        /// The token lives longer than its issuer may let it.
        case lifetimeTooLong
    }

    /// Why the token proves nothing.
    public let reason: Reason
    /// The claim it is about, one of those this server knows; nil when it is about no claim.
    public let claim: String?

    init(_ reason: Reason, claim: String? = nil) {
        self.reason = reason
        self.claim = claim
    }

    /// A sentence for the caller.
    public var message: String {
        guard let claim else { return reason.sentence }
        return "The token's claim '\(claim)' \(reason.sentence)"
    }

    public var description: String { "\(reason.rawValue): \(message)" }
}

extension AuthError.Reason {
    fileprivate var sentence: String {
        switch self {
        case .missing: "The call carries no token. Send metadata authorization: Bearer <token>."
        case .schemeUnknown: "The authorization metadata must be the word Bearer, one space and a token."
        case .tooLong: "The token is longer than \(SecurityLimits.tokenBytesMax) bytes."
        case .malformed: "The token is not a signed JWT."
        case .headerRefused: "The token's header names a key by itself or demands an unknown extension."
        case .typeRefused: "The token is not an access token; its header's typ must be at+jwt."
        case .algorithmRefused: "The token's algorithm is not the one of its key."
        case .keyUnknown: "The token's key is not known here, or was withdrawn."
        case .keysStale: "The issuer's keys could not be confirmed for a day."
        case .signatureInvalid: "The token's signature is wrong."
        case .claimMissing: "is missing."
        case .claimInvalid: "has the wrong form."
        case .issuerRefused: "is not the issuer that owns the key."
        case .audienceRefused: "must be this service and nothing else."
        case .expired: "The token has expired. Get a new one."
        case .notYetValid: "lies in the future."
        case .lifetimeTooLong: "lies too far ahead."
        }
    }
}
