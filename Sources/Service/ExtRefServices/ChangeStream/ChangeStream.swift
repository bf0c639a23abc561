// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import ProtobufC
public import RPC
import RPCMessages
import Synchronization

/// Follows the change feed for one reader, page by page, by calling `ListChanges` as the reader would.
///
/// So each page is judged anew by everything that judges calls: a token that ends or is withdrawn ends the
/// stream with the next page.
public final class ChangeStream: Sendable {
    /// Some changes, in commit order.
    public struct Page: Sendable {
        public let events: [Event]
        /// Where to go on: behind the last event, or behind what was looked at in vain.
        public let cursor: String
    }

    /// One change.
    public struct Event: Sendable {
        /// The cursor behind it.
        public let cursor: String
        /// The name of its `ChangeKind`.
        public let kind: String
        /// The `Change` in protobuf's JSON mapping.
        public let json: String
    }

    private struct State {
        var request: ListChangesRequest
        var first: ListChangesResponse?
    }

    private let links: LinkServiceClient<InProcessChannel>
    private let metadata: RPCMetadata
    private let pauses: any Clock<Duration>
    private let place: StreamPlaces.Place
    private let state: Mutex<State>

    /// Opens a stream; its first page is read, so that whoever may not read it hears so here.
    init(
        _ request: ListChangesRequest, by links: LinkServiceClient<InProcessChannel>, metadata: RPCMetadata,
        pauses: any Clock<Duration>, in place: StreamPlaces.Place
    ) async throws(RPCError) {
        self.links = links
        self.metadata = metadata
        self.pauses = pauses
        self.place = place
        var request = request
        request.pageSize = ServiceLimits.streamPageSize
        let first = try await links.listChanges(request, options: CallOptions(metadata: metadata))
        request.after = first.nextAfter
        state = Mutex(State(request: request, first: first))
    }

    /// Reads on: answers as soon as there is something, and with an empty page when the time is over. One at
    /// a time.
    /// - Throws: what `ListChanges` answers, and CANCELLED when the stream was ended.
    public func next(atMost wait: Duration) async throws(RPCError) -> Page {
        let first = state.withLock { $0.first.take() }
        if let first { return Page(first) }
        do {
            return try await place.interruption.run { try await self.read(atMost: wait) }
        } catch let error as RPCError {
            throw error
        } catch {
            throw .cancelled
        }
    }

    /// Ends a read that is under way, and all later ones.
    public func end() { place.interruption.end() }

    private func read(atMost wait: Duration) async throws -> Page {
        let end = ContinuousClock.now + wait
        while true {
            var request = state.withLock { $0.request }
            let (before, left) = (request.after, max(.zero, end - .now))
            request.wait = GoogleDuration(min(left, ServiceLimits.feedWaitMax))
            let response = try await links.listChanges(
                request,
                options: CallOptions(timeout: left + ServiceLimits.streamCallMargin, metadata: metadata))
            state.withLock { $0.request.after = response.nextAfter }
            if !response.changes.isEmpty || .now >= end { return Page(response) }
            // An empty answer before its time: a long look that goes on, or no place left to wait in.
            if response.nextAfter == before { try await pauses.sleep(for: ServiceLimits.streamPause) }
        }
    }
}

extension ChangeStream.Page {
    fileprivate init(_ response: ListChangesResponse) {
        events = response.changes.map(ChangeStream.Event.init)
        cursor = response.nextAfter
    }
}

extension ChangeStream.Event {
    fileprivate init(_ change: Wire.Change) {
        cursor = change.cursor
        kind = change.kind.protoName ?? String(change.kind.rawValue)
        json = ProtoJSON.node(change).line
    }
}
