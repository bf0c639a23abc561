// SPDX-License-Identifier: Apache-2.0

public import CurlHTTP
public import ExtRefDomain

/// Understands the tracker's notifications.
public protocol WebhookReading: Tracker {
    /// How a notification proves where it comes from; the first one whose header is there counts.
    var webhookSchemes: [WebhookScheme] { get }

    /// How far from now the time may lie that a notification itself says it was sent at; nil where that says
    /// nothing, because a repeat still has the time of the first try.
    var webhookAgeMax: Duration? { get }

    /// The field in which a tracker that chooses the secret itself tells it, in its first call, and wants it
    /// sent back; lower case. nil where we choose the secret.
    var webhookHandshakeHeader: String? { get }

    /// Reads a notification whose signature was found good. It is only a hint: the issue is read again.
    func readWebhook(
        _ delivery: WebhookDelivery, from source: IntegrationSource
    ) throws(TrackerError) -> WebhookEvent
}

extension WebhookReading {
    public var webhookAgeMax: Duration? { nil }
    public var webhookHandshakeHeader: String? { nil }
}

/// How a notification is authenticated with the source's webhook secret. Compared in constant time, over the
/// raw body.
public enum WebhookScheme: Sendable, Hashable {
    /// `HMAC-SHA256(secret, body)` in hexadecimal, behind a prefix, in a header.
    case hmacSHA256(header: String, prefix: String)
    /// Standard Webhooks: `webhook-id`, `webhook-timestamp`, `webhook-signature: v1,<base64>`.
    case standardWebhooks
    /// The secret itself in a header.
    case sharedSecret(header: String)
    /// The secret as the password of HTTP Basic authentication.
    case basic
    /// The secret as the last part of the path that the tracker posts to.
    case pathSecret
}

/// A notification as it arrived.
public struct WebhookDelivery: Sendable {
    /// Names in lower case.
    public let headers: [HTTPField]
    public let body: [UInt8]

    /// Makes a delivery.
    public init(headers: [HTTPField], body: [UInt8]) {
        self.headers = headers
        self.body = body
    }

    /// Makes a delivery of names, in whatever case, and values.
    public init(fields: [(name: String, value: String)], body: [UInt8]) {
        self.init(headers: fields.map { HTTPField($0.name.lowercased(), $0.value) }, body: body)
    }

    /// The first value of a field, by lower-case name.
    public func header(_ name: String) -> String? { values(name).first }

    /// All values of a field, by lower-case name.
    public func values(_ name: String) -> [String] { headers.filter { $0.name == name }.map(\.value) }
}

/// What a notification is about.
public struct WebhookEvent: Sendable, Hashable {
    /// What happened, as far as it matters here.
    public enum Kind: Sendable, Hashable {
        case issueChanged, issueDeleted
        /// A sign of life, or of something that concerns no issue.
        case other
    }

    public let kind: Kind
    /// The issues it is about, former keys of a moved one included; empty for ``Kind/other``.
    public let issues: [IssueReference]
    /// The same for every repeat of one notification; empty where the vendor has no such id.
    public let deliveryID: String
    /// When it was sent, if what is signed says so.
    public let sentAt: Timestamp?

    /// Makes an event.
    public init(
        _ kind: Kind, issues: [IssueReference] = [], deliveryID: String = "", sentAt: Timestamp? = nil
    ) {
        self.kind = kind
        self.issues = issues
        self.deliveryID = deliveryID
        self.sentAt = sentAt
    }
}
