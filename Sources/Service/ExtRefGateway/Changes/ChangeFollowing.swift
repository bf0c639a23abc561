// SPDX-License-Identifier: Apache-2.0

/// Opens the change feed to those who follow it over HTTP.
public protocol ChangeFollowing: Sendable {
    /// Judges who asks for what, and opens a feed for them.
    func open(_ request: ChangeFeedRequest) async -> ChangeFeedAnswer
}

/// What somebody asks for who wants to follow the feed.
public struct ChangeFeedRequest: Sendable {
    /// What stands behind the `?` of the address, in its order, repeated names included.
    public let parameters: [QueryParameter]
    /// Names in lower case, in the order they came, repeated ones included.
    public let headers: [(name: String, value: String)]

    /// Makes a request.
    public init(parameters: [QueryParameter], headers: [(name: String, value: String)]) {
        self.parameters = parameters
        self.headers = headers
    }
}

/// What becomes of a wish to follow the feed.
public enum ChangeFeedAnswer: Sendable {
    case open(any ChangeFeed)
    case refused(HTTPRefusal)
}

/// Why somebody gets no feed, in HTTP's words.
public struct HTTPRefusal: Sendable {
    /// The status: 400 to 599.
    public let status: Int
    /// A JSON object that says what is wrong.
    public let body: String
    /// When another try may succeed; nil = not said.
    public let retryAfter: Duration?

    /// Makes a refusal.
    public init(status: Int, body: String, retryAfter: Duration? = nil) {
        self.status = status
        self.body = body
        self.retryAfter = retryAfter
    }
}

/// A place in the change feed from which somebody reads on. Letting go of it gives the place back.
public protocol ChangeFeed: Sendable {
    /// Reads on: answers as soon as there is something, and with an empty page when the time is over.
    ///
    /// One at a time; nothing is read ahead, so that a slow reader costs a page and no more.
    /// - Throws: when there will be nothing more here. Who follows may go on from the last cursor.
    func next(atMost wait: Duration) async throws(ChangeFeedEnd) -> ChangeFeedPage

    /// Ends a read that is under way, and all later ones.
    func end()
}

/// A feed goes on no longer.
public struct ChangeFeedEnd: Error, Sendable {
    /// Why, in words of the contract such as `UNAUTHENTICATED TOKEN_EXPIRED`; one line.
    public let reason: String

    /// Makes an end.
    public init(_ reason: String) { self.reason = reason }
}

/// Some changes, in commit order.
public struct ChangeFeedPage: Sendable {
    public let events: [ChangeFeedEvent]
    /// Where to go on: behind the last event, or further when what follows is not for this reader.
    public let cursor: String

    /// Makes a page.
    public init(events: [ChangeFeedEvent], cursor: String) {
        self.events = events
        self.cursor = cursor
    }
}

/// One change.
public struct ChangeFeedEvent: Sendable {
    /// The cursor behind it.
    public let id: String
    /// What happened, in the contract's word.
    public let kind: String
    /// The change as a JSON object.
    public let data: String

    /// Makes an event.
    public init(id: String, kind: String, data: String) {
        self.id = id
        self.kind = kind
        self.data = data
    }
}
