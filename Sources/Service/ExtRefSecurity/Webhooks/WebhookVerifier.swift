// SPDX-License-Identifier: Apache-2.0

import Crypto
import CurlHTTP
public import ExtRefDomain
public import ExtRefTrackers

/// Judges whether a notification comes from its tracker, by a secret that both know.
///
/// Everything is compared in constant time and over the bytes as they arrived. Each value has one spelling
/// that is accepted; a field that decides and comes twice is refused. The answer is yes or no: why not is
/// nobody's business but the admin's.
public struct WebhookVerifier: Sendable {
    /// What is wrong with a notification, for the source's own log.
    public enum Refusal: String, Error, Sendable, Hashable {
        /// No secret is set, or the one there is overlapped its time.
        case noSecret = "No webhook secret is set for this source."
        case unsigned = "It carries none of the proofs that this tracker sends."
        case malformed = "Its proof is not written as this tracker writes it."
        case wrong = "Its proof does not fit the source's webhook secret."
        case stale = "It was sent too long ago, or the clocks of tracker and server differ."
    }

    private let secrets: [[UInt8]]
    private let now: Timestamp

    /// Makes a verifier.
    /// - Parameter secrets: the source's secret and, for some time after a rotation, the one before. Any that
    ///   is shorter than ``SecurityLimits/webhookSecretBytesMin`` counts as none.
    public init(secrets: [Secret], now: Timestamp) {
        self.secrets = secrets.map { $0.reveal { Array($0.utf8) } }
            .filter { $0.count >= SecurityLimits.webhookSecretBytesMin }
        self.now = now
    }

    /// Judges a notification by the first of the tracker's schemes that it makes use of.
    /// - Parameter pathSecret: the last part of the path it was posted to; empty = there was none.
    public func verify(
        _ delivery: WebhookDelivery, pathSecret: String = "", by schemes: [WebhookScheme]
    ) throws(Refusal) {
        guard !secrets.isEmpty else { throw .noSecret }
        let used = schemes.first { $0.isUsed(by: delivery, pathSecret: pathSecret) }
        switch used {
        case nil: throw .unsigned
        case .hmacSHA256(let header, let prefix):
            try verifyHMAC(try only(header, of: delivery), behind: prefix, of: delivery.body)
        case .standardWebhooks: try verifyStandardWebhook(delivery)
        case .sharedSecret(let header): try verifyEqual(Array(try only(header, of: delivery).utf8))
        case .basic: try verifyBasic(try only("authorization", of: delivery))
        case .pathSecret: try verifyEqual(Array(pathSecret.utf8))
        }
    }

    /// The value of a field that must come exactly once.
    private func only(_ name: String, of delivery: WebhookDelivery) throws(Refusal) -> String {
        let values = delivery.headers.filter { $0.name == name }.map(\.value)
        guard values.count == 1 else { throw .malformed }
        return values[0]
    }

    private func verifyHMAC(_ text: String, behind prefix: String, of body: [UInt8]) throws(Refusal) {
        let bytes = Array(text.utf8)
        guard bytes.starts(with: prefix.utf8),
            let code = Self.lowercaseHex(bytes.dropFirst(prefix.utf8.count)), code.count == SHA256.byteCount
        else { throw .malformed }
        try requireAny { Self.isCode(code, of: body, under: $0) }
    }

    private func verifyEqual(_ presented: [UInt8]) throws(Refusal) {
        // Codes under a key of this moment are of one length and tell nothing when they differ.
        let key = SymmetricKey(size: .bits256)
        let code = HMAC<SHA256>.authenticationCode(for: presented, using: key)
        try requireAny { HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: $0, using: key) }
    }

    private func verifyBasic(_ text: String) throws(Refusal) {
        // RFC 7617, 2: the scheme's name in any case, one space, and the password behind the first colon.
        let bytes = Array(text.utf8)
        let scheme = "basic "
        guard bytes.count > scheme.utf8.count,
            String(decoding: bytes.prefix(scheme.utf8.count), as: UTF8.self).lowercased() == scheme,
            let pair = Base64Strict.bytes(bytes.dropFirst(scheme.utf8.count)),
            let colon = pair.firstIndex(of: UInt8(ascii: ":"))
        else { throw .malformed }
        try verifyEqual(Array(pair[(colon + 1)...]))
    }

    /// Looks at every secret, whichever fits.
    private func requireAny(_ fits: ([UInt8]) -> Bool) throws(Refusal) {
        let verdicts = secrets.map(fits)
        guard verdicts.contains(true) else { throw .wrong }
    }

    private static func isCode(_ code: [UInt8], of message: [UInt8], under key: [UInt8]) -> Bool {
        HMAC<SHA256>.isValidAuthenticationCode(
            code, authenticating: message, using: SymmetricKey(data: key))
    }

    private static func lowercaseHex(_ digits: ArraySlice<UInt8>) -> [UInt8]? {
        guard digits.count.isMultiple(of: 2) else { return nil }
        let values = digits.compactMap { digit -> UInt8? in
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
            default: nil
            }
        }
        guard values.count == digits.count else { return nil }
        return stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
    }
}

// MARK: Standard Webhooks

extension WebhookVerifier {
    private static let keyPrefix = "whsec_"
    private static let version = "v1,"

    /// Standard Webhooks 1.0.0: the signature covers id, time and body, and several may be given while a
    /// secret is exchanged.
    private func verifyStandardWebhook(_ delivery: WebhookDelivery) throws(Refusal) {
        let id = try only("webhook-id", of: delivery)
        let time = try only("webhook-timestamp", of: delivery)
        let signatures = try only("webhook-signature", of: delivery).split(
            separator: " ", omittingEmptySubsequences: false)
        guard Self.isID(id), let seconds = Int64(time), String(seconds) == time, seconds > 0,
            signatures.count <= SecurityLimits.webhookSignaturesMax
        else { throw .malformed }
        let codes = signatures.filter { $0.hasPrefix(Self.version) }
            .compactMap { Base64Strict.bytes(Array($0.utf8.dropFirst(Self.version.utf8.count))) }
            .filter { $0.count == SHA256.byteCount }
        guard !codes.isEmpty else { throw .malformed }
        let message = Array("\(id).\(time).".utf8) + delivery.body
        try requireAny { secret in
            guard let key = Self.key(of: secret) else { return false }
            return codes.map { Self.isCode($0, of: message, under: key) }.contains(true)
        }
        // Only what is signed can be stale: anything else could be made up.
        let age = now.seconds.subtractingReportingOverflow(seconds)
        guard !age.overflow, abs(age.partialValue) <= SecurityLimits.webhookSkewMax.components.seconds else {
            throw .stale
        }
    }

    /// Letters, digits, `-` and `_`: with a dot, id and time could be cut elsewhere.
    private static func isID(_ text: String) -> Bool {
        (1...SecurityLimits.webhookIDBytesMax).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    /// The key that a secret of this form writes; nil when it is of another form.
    static func key(of secret: [UInt8]) -> [UInt8]? {
        guard secret.starts(with: keyPrefix.utf8) else { return nil }
        let key = Base64Strict.bytes(secret.dropFirst(keyPrefix.utf8.count))
        return key.flatMap { $0.count >= SecurityLimits.webhookKeyBytesMin ? $0 : nil }
    }
}

extension WebhookScheme {
    /// Whether a notification carries what this scheme looks at.
    fileprivate func isUsed(by delivery: WebhookDelivery, pathSecret: String) -> Bool {
        switch self {
        case .hmacSHA256(let header, _), .sharedSecret(let header): delivery.header(header) != nil
        case .standardWebhooks: delivery.header("webhook-signature") != nil
        case .basic: delivery.header("authorization") != nil
        case .pathSecret: !pathSecret.isEmpty
        }
    }
}
