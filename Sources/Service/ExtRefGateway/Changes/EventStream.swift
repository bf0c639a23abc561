// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import HummingbirdCore
import NIOCore

/// Writes one reader's feed as server-sent events.
///
/// The reader sets the pace. A page is asked for once the one before was taken, so a reader who is slow holds
/// one page, one piece of it and what the connection buffers; one who takes nothing for
/// ``EventStreamBounds/writeDuration`` is cut off, and goes on from the last event that arrived whole.
struct EventStream: Sendable {
    let feed: any ChangeFeed
    let bounds: EventStreamBounds
    let clock: any Clock<Duration>
    let channel: any Channel

    /// Writes until the feed ends, the reader is gone, or the task is cancelled.
    @concurrent func run(answering request: Request, _ writer: inout any ResponseBodyWriter) async throws {
        try await request.body.consumeWithInboundCloseHandler { _ in
            try await write(to: &writer)
        } onInboundClosed: {
            feed.end()
        }
        try await writer.finish(nil)
    }

    private func write(to writer: inout any ResponseBodyWriter) async throws {
        try await send(EventText.retry(bounds.retryMilliseconds), to: &writer)
        var cursor: String?
        do {
            while true {
                let page = try await feed.next(atMost: bounds.heartbeat)
                try await send(page, behind: cursor, to: &writer)
                cursor = page.cursor
            }
        } catch let end as ChangeFeedEnd {
            try await send(EventText.comment(end.reason), to: &writer)
        }
    }

    /// Sends a page in pieces of a bounded size.
    private func send(
        _ page: ChangeFeedPage, behind cursor: String?, to writer: inout any ResponseBodyWriter
    ) async throws {
        var piece = ""
        for event in page.events {
            piece += EventText.event(event)
            guard piece.utf8.count >= bounds.pieceBytes else { continue }
            try await send(piece, to: &writer)
            piece = ""
        }
        let last = page.events.last?.id ?? cursor
        if page.events.isEmpty || last != page.cursor {
            piece += EventText.heartbeat(id: last == page.cursor ? nil : page.cursor)
        }
        if !piece.isEmpty { try await send(piece, to: &writer) }
    }

    /// Sends some text; returns when the connection has room for more.
    private func send(_ text: String, to writer: inout any ResponseBodyWriter) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [clock, bounds, channel] in
                try await clock.sleep(for: bounds.writeDuration)
                // The write that waits for room fails with it.
                channel.close(promise: nil)
            }
            defer { group.cancelAll() }
            try await writer.write(ByteBuffer(string: text))
        }
    }
}

/// The pace of a stream of events.
public struct EventStreamBounds: Sendable {
    /// Longest time without a sign of life, so that proxies keep the connection and a dead one is noticed.
    public var heartbeat = GatewayLimits.heartbeatInterval
    /// Longest time for a reader to take what is offered.
    public var writeDuration = GatewayLimits.eventWriteDuration
    /// How long a reader is told to wait before it comes again, in milliseconds.
    public var retryMilliseconds = GatewayLimits.eventRetryMilliseconds
    /// Events are handed to the connection in pieces of about this many bytes.
    public var pieceBytes = GatewayLimits.eventPieceBytes

    /// Makes the bounds that ``GatewayLimits`` names.
    public init() {}
}
