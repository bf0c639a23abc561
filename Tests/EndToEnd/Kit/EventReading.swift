// SPDX-License-Identifier: Apache-2.0

import ExtRefMessages
import ExtRefServer
import FoundationEssentials
import HTTPTestKit
import ProtobufC
import RPC
import RPCMessages
import Testing

/// What the stream of events and the long poll must tell alike of a change.
struct ToldChange: Sendable, Hashable {
    let cursor: String
    let kind: String
    let json: String

    init(_ change: Change) {
        cursor = change.cursor
        kind = change.kind.protoName ?? ""
        json = ProtoJSON.node(change).line
    }

    init(_ block: EventBlock) {
        cursor = block.id ?? ""
        kind = block.event ?? ""
        json = block.data ?? ""
    }
}

/// The JSON of a refusal.
struct RefusalBody: Decodable {
    struct Failure: Decodable {
        struct Violation: Decodable {
            let field: String
            let description: String
        }

        let code: String
        let message: String
        let reason: String
        let fieldViolations: [Violation]?
    }

    let error: Failure
}

extension TestServer {
    /// A client of the stream; needs `httpListen` to be set.
    func eventClient() throws -> EventStreamClient {
        let address = try #require(server.httpAddress)
        return EventStreamClient(try #require(EventStreamClient.Address("\(address)")))
    }
}

extension TestClient {
    /// The field that its token travels in over HTTP.
    var authorization: [(String, String)] { [("Authorization", "Bearer \(links.channel.token ?? "")")] }

    /// Everything the feed tells this caller, asked for by long polls.
    func toldChanges(_ request: ListChangesRequest = ListChangesRequest()) async throws -> [ToldChange] {
        var request = request
        request.after = "0"
        var told: [ToldChange] = []
        while true {
            let response = try await links.listChanges(request)
            if response.changes.isEmpty { return told }
            told += response.changes.map(ToldChange.init)
            request.after = response.nextAfter
        }
    }
}

extension EventStreamClient {
    /// Reads so many changes of a stream.
    func changes(_ count: Int, _ path: String, as caller: TestClient) async throws -> [ToldChange] {
        try await send(path, headers: caller.authorization) { answer in
            #expect(answer.status == 200)
            var told: [ToldChange] = []
            while told.count < count, let block = await answer.nextEvent() { told.append(ToldChange(block)) }
            return told
        }
    }
}
