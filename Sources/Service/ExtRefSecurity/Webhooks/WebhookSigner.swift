// SPDX-License-Identifier: Apache-2.0

import Crypto
public import ExtRefDomain
public import ExtRefTrackers

/// Proves a notification as a tracker would: the other half of ``WebhookVerifier``, for tests of a source.
public enum WebhookSigner {
    /// Writes a notification with its proof.
    /// - Parameter id: the notification's id, where the scheme has one.
    /// - Returns: the notification, and the last part of its path; nil when the secret does not fit the
    ///   scheme.
    public static func sign(
        _ body: [UInt8], id: String, by scheme: WebhookScheme, with secret: Secret, at now: Timestamp
    ) -> (delivery: WebhookDelivery, pathSecret: String)? {
        let text = secret.reveal { $0 }
        switch scheme {
        case .hmacSHA256(let header, let prefix):
            let code = code(of: body, under: Array(text.utf8))
            return (delivery([(header, prefix + WebhookKeyText.hexadecimal(code))], body), "")
        case .standardWebhooks:
            guard let key = WebhookVerifier.key(of: Array(text.utf8)) else { return nil }
            let code = code(of: Array("\(id).\(now.seconds).".utf8) + body, under: key)
            let fields = [
                ("webhook-id", id), ("webhook-timestamp", "\(now.seconds)"),
                ("webhook-signature", "v1," + WebhookKeyText.base64(code)),
            ]
            return (delivery(fields, body), "")
        case .sharedSecret(let header): return (delivery([(header, text)], body), "")
        case .basic:
            let pair = WebhookKeyText.base64(Array("extref:\(text)".utf8))
            return (delivery([("authorization", "Basic " + pair)], body), "")
        case .pathSecret: return (delivery([], body), text)
        }
    }

    private static func delivery(_ fields: [(String, String)], _ body: [UInt8]) -> WebhookDelivery {
        WebhookDelivery(fields: fields.map { (name: $0.0, value: $0.1) }, body: body)
    }

    private static func code(of message: [UInt8], under key: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key)))
    }
}
