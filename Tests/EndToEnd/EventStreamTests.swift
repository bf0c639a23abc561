// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import ExtRefSecurity
import ExtRefServer
import ExtRefServices
import ExtRefTrackers
import FoundationEssentials
import HTTPTestKit
import RPC
import Testing

/// The change feed as server-sent events, read over a socket as a dashboard's backend reads it.
@Suite(.timeLimit(.minutes(2))) struct EventStreamTests {
    private static let listen: @Sendable (inout ServerSettings) -> Void = {
        $0.httpListen = .tcp(host: "127.0.0.1", port: 0)
    }

    /// A server with links of two projects and two sources.
    private static func with(_ body: (TestServer, _ sources: [String]) async throws -> Void) async throws {
        try await TestServer.with(change: listen) { server in
            let admin = try server.admin()
            let sources = [
                try await admin.createCustomSource(.custom()),
                try await admin.createCustomSource(.custom("More", url: "https://more.example.com")),
            ]
            for (number, project) in ["P1", "P2", "P1", "P2", "P1"].enumerated() {
                _ = try await admin.link(
                    .key("\(number)", of: sources[number % 2], from: "TC-\(number)"), in: project)
            }
            try await body(server, sources)
        }
    }

    @Test func `it tells what a long poll tells, to each caller what is theirs`() async throws {
        try await Self.with { server, sources in
            let (client, admin) = (try server.eventClient(), try server.admin())
            let member = try server.client("member", ["P2": .read])
            let filters: [(TestClient, String, ListChangesRequest)] = [
                (admin, "", ListChangesRequest()), (member, "", ListChangesRequest()),
                (admin, "&project_id=P1", ListChangesRequest(projectID: "P1")),
                (admin, "&source_id=\(sources[1])", ListChangesRequest(sourceID: sources[1])),
                (
                    member, "&project_id=P2&object.kind=case&object.id=TC%2D3",
                    ListChangesRequest(projectID: "P2", object: ObjectRef(kind: "case", id: "TC-3"))
                ),
            ]
            for (caller, query, request) in filters {
                let polled = try await caller.toldChanges(request)
                #expect(!polled.isEmpty, "\(query)")
                let told = try await client.changes(
                    polled.count, "/v1/changes?after=0" + query, as: caller)
                #expect(told == polled, "\(query)")
            }
            let all = try await admin.toldChanges()
            let ofMember = try await member.toldChanges()
            #expect(Set(ofMember.map(\.cursor)).isSubset(of: all.map(\.cursor)))
            #expect(ofMember.count < all.count)
        }
    }

    @Test func `its data is JSON of the contract's names`() async throws {
        struct Told: Decodable {
            struct Object: Decodable { let kind, id: String }

            let cursor, kind, projectId, linkId, origin, occurTime: String
            let object: Object
        }
        try await Self.with { server, _ in
            let admin = try server.admin()
            let told = try await server.eventClient().changes(
                1, "/v1/changes?after=0&project_id=P1&object.kind=case&object.id=TC-0", as: admin)
            let change = try JSONDecoder().decode(Told.self, from: Data(try #require(told.first).json.utf8))
            #expect(change.cursor == told[0].cursor && change.kind == "CHANGE_KIND_LINK_CREATED")
            #expect(change.projectId == "P1" && change.object.kind == "case" && change.object.id == "TC-0")
            #expect(change.linkId.hasPrefix("lnk_") && change.origin == "ORIGIN_USER")
        }
    }

    @Test func `a reader who saw nothing yet loses nothing by coming again`() async throws {
        try await Self.with { server, sources in
            let (client, admin) = (try server.eventClient(), try server.admin())
            func firstID(_ headers: [(String, String)]) async throws -> String {
                try await client.send("/v1/changes", headers: admin.authorization + headers) { answer in
                    #expect(await answer.next()?.retry != nil)
                    let start = await answer.next()
                    #expect(start?.data == nil)
                    return try #require(start?.id)
                }
            }
            let here = try await firstID([])
            let link = try await admin.link(.key("99", of: sources[0]))
            // The field of a reader who comes again counts, not the address, which stays the same.
            try await client.send(
                "/v1/changes?after=0", headers: admin.authorization + [("Last-Event-ID", here)]
            ) { answer in
                let first = try #require(await answer.nextEvent())
                #expect(first.id == String(try #require(Int(here)) + 1))
                var event: EventBlock? = first
                while let told = event, told.data?.contains(link.id) != true {
                    event = await answer.nextEvent()
                }
                #expect(event?.event == "CHANGE_KIND_LINK_CREATED")
            }
        }
    }

    @Test func `a change arrives while the reader waits`() async throws {
        try await Self.with { server, sources in
            let admin = try server.admin()
            try await server.eventClient().send("/v1/changes", headers: admin.authorization) { answer in
                _ = await answer.next()
                _ = await answer.next()
                for key in ["100", "101", "102"] {
                    let link = try await admin.link(.key(key, of: sources[0]))
                    var event = await answer.nextEvent()
                    while let told = event, told.data?.contains(link.id) != true {
                        event = await answer.nextEvent()
                    }
                    #expect(event?.event == "CHANGE_KIND_LINK_CREATED")
                }
            }
        }
    }

    @Test func `a refusal says code, reason and field as a call's does`() async throws {
        try await Self.with { server, _ in
            let (client, member) = (try server.eventClient(), try server.client("member", ["P1": .read]))
            let roleless = try server.client("nobody")
            let refused: [(TestClient?, String, Int, String, String, [String])] = [
                (nil, "", 401, "UNAUTHENTICATED", "TOKEN_MISSING", []),
                (nil, "?nonsense=1", 401, "UNAUTHENTICATED", "TOKEN_MISSING", []),
                (server.client(token: "a.b.c"), "", 401, "UNAUTHENTICATED", "TOKEN_INVALID", []),
                (roleless, "", 403, "PERMISSION_DENIED", "PERMISSION_DENIED", []),
                (member, "?project_id=P2", 403, "PERMISSION_DENIED", "PERMISSION_DENIED", []),
                (member, "?after=x", 400, "INVALID_ARGUMENT", "FIELD_INVALID", ["after"]),
                (member, "?after=99999", 400, "INVALID_ARGUMENT", "FIELD_INVALID", ["after"]),
                (
                    member, "?object.kind=case&object.id=TC-1&after=-1", 400, "INVALID_ARGUMENT",
                    "FIELD_INVALID", ["after", "project_id"]
                ),
                (
                    member, "?wait=5&access_token=t&after=0&after=1", 400, "INVALID_ARGUMENT",
                    "FIELD_INVALID", ["wait", "access_token", "after"]
                ),
            ]
            for (caller, query, status, code, reason, fields) in refused {
                let body = try await client.send(
                    "/v1/changes" + query, headers: caller?.authorization ?? []
                ) { answer in
                    #expect(answer.status == status, "\(query)")
                    return await answer.rest()
                }
                let failure = try JSONDecoder().decode(RefusalBody.self, from: Data(body.utf8)).error
                #expect(failure.code == code && failure.reason == reason && !failure.message.isEmpty)
                #expect(failure.fieldViolations?.map(\.field) ?? [] == fields, "\(query)")
            }
        }
    }

    @Test func `a token that ends, ends the stream`() async throws {
        let time = MovedTime()
        try await TestServer.with(change: Self.listen, clock: time.now) { server in
            let (admin, member) = (try server.admin(), try server.client("member", ["P1": .read]))
            let source = try await admin.createCustomSource()
            try await server.eventClient().send("/v1/changes", headers: member.authorization) { answer in
                _ = await answer.next()
                _ = await answer.next()
                time.advance(.seconds(3_600 + 600))
                let late = try LocalIssuer.open(directory: server.directory).mint(
                    for: Caller(
                        tenantID: TenantID(trusted: "local"), principalID: PrincipalID(trusted: "admin"),
                        isTenantAdmin: true), lifetime: .seconds(3_600), now: time.now())
                // What ends the read that is under way: the next one is judged anew.
                _ = try await admin.with(token: late.reveal { $0 }).link(.key("1", of: source))
                var blocks: [EventBlock] = []
                while let block = await answer.next() { blocks.append(block) }
                #expect(answer.isWhole)
                #expect(blocks.last?.comments == ["UNAUTHENTICATED TOKEN_EXPIRED"])
            }
        }
    }

    @Test func `a server that goes away ends its streams at once`() async throws {
        try await Self.with { server, _ in
            let admin = try server.admin()
            try await server.eventClient().send("/v1/changes", headers: admin.authorization) { answer in
                _ = await answer.next()
                _ = await answer.next()
                let start = ContinuousClock.now
                server.server.drain()
                #expect(await answer.next()?.comments == ["CANCELLED "])
                #expect(await answer.next() == nil && answer.isWhole)
                #expect(.now - start < .seconds(5))
            }
        }
    }

    @Test func `one subject has so many streams, whatever its tokens, and others have theirs`() async throws {
        try await Self.with { server, _ in
            let client = try server.eventClient()
            let many = try (0..<ServiceLimits.streamsPerCallerMax).map { _ in
                try server.client("many", ["P1": .read])
            }
            let one = try server.client("one", ["P1": .read])
            try await Self.holding(many[...], client) {
                for (caller, status) in [(many[0], 429), (one, 200)] {
                    try await client.send("/v1/changes", headers: caller.authorization) { answer in
                        #expect(answer.status == status)
                        #expect(answer.header("retry-after") == (status == 429 ? "5" : ""))
                    }
                }
            }
            // Their places are free again as soon as the server has noticed that they are gone.
            while try await client.send("/v1/changes", headers: many[0].authorization, { $0.status }) != 200 {
                await Task.yield()
            }
        }
    }

    /// Runs the body while each of the callers holds a stream.
    private static func holding(
        _ callers: ArraySlice<TestClient>, _ client: EventStreamClient, _ body: () async throws -> Void
    ) async throws {
        guard let caller = callers.first else { return try await body() }
        try await client.send("/v1/changes", headers: caller.authorization) { answer in
            #expect(answer.status == 200)
            try await holding(callers.dropFirst(), client, body)
        }
    }
}
