// SPDX-License-Identifier: Apache-2.0

/// Takes notifications of trackers, wherever they came in.
public protocol WebhookReceiving: Sendable {
    /// Judges and stores a notification; returns when it is durable.
    func receive(_ notification: WebhookNotification) async -> WebhookAnswer
}

/// A notification as it was posted.
public struct WebhookNotification: Sendable {
    /// The source it was sent for, as its path says.
    public let sourceID: String
    /// The part of the path behind it; empty when there is none.
    public let pathSecret: String
    /// Names in lower case, in the order they came, repeated ones included.
    public let headers: [(name: String, value: String)]
    public let body: [UInt8]

    /// Makes a notification.
    public init(
        sourceID: String, pathSecret: String = "", headers: [(name: String, value: String)], body: [UInt8]
    ) {
        self.sourceID = sourceID
        self.pathSecret = pathSecret
        self.headers = headers
        self.body = body
    }
}

/// What the tracker is told. It says nothing about why: whoever guesses learns nothing.
public enum WebhookAnswer: Sendable, Hashable {
    /// It is stored, was known, or is of no interest: the tracker need not repeat it.
    case taken
    /// There is no such source, it is switched off, or the notification is not its tracker's.
    case refused
    /// It could not be stored now; the tracker should repeat it.
    case busy
    /// It is taken, and its tracker wants this field in the answer.
    case takenReturning(name: String, value: String)
}
