// SPDX-License-Identifier: Apache-2.0

import ExtRefMessages
import RPC
import RPCMessages
import Testing

/// One wrong request and how it must be refused.
struct BadInput: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let refusal: Refusal
    let call: @Sendable (BadInputTests.Scene) async throws -> Void

    init(
        _ name: String, _ refusal: Refusal,
        _ call: @escaping @Sendable (BadInputTests.Scene) async throws -> Void
    ) {
        testDescription = name
        self.refusal = refusal
        self.call = call
    }
}

@Suite struct BadInputTests {
    /// A server with one good source, one disabled one, and one link.
    struct Scene: Sendable {
        let admin: TestClient
        let tester: TestClient
        let stranger: TestClient
        let sourceID: String
        let disabledID: String
        let link: Link

        init(_ server: TestServer) async throws {
            admin = try server.admin()
            tester = try server.tester()
            stranger = try server.tester(as: "somebody-else")
            sourceID = try await admin.createCustomSource()
            disabledID = try await admin.createCustomSource(.custom("Old", url: "https://old.example.com"))
            _ = try await admin.admin.disableSource(DisableSourceRequest(id: disabledID))
            link = try await tester.link(.key("1", of: sourceID))
        }

        func create(_ draft: LinkDraft) async throws {
            _ = try await tester.links.createLink(CreateLinkRequest(draft))
        }
    }

    static let table: [BadInput] = [
        BadInput("unknown source", Refusal(.notFound, "SOURCE_NOT_FOUND")) {
            try await $0.create(.key("1", of: "src_01JD3V5W000000000000000000"))
        },
        BadInput("text that is no source id", Refusal(.notFound, "SOURCE_NOT_FOUND")) {
            try await $0.create(.key("1", of: "src_'; DROP TABLE sources"))
        },
        BadInput("disabled source by id", Refusal(.failedPrecondition, "SOURCE_DISABLED")) {
            try await $0.create(.key("1", of: $0.disabledID))
        },
        BadInput("URL of a disabled source", Refusal(.failedPrecondition, "SOURCE_DISABLED")) {
            try await $0.create(.url("https://old.example.com/issues/7"))
        },
        BadInput(
            "wrong key pattern",
            Refusal(.invalidArgument, "KEY_PATTERN_MISMATCH", field: "link.target.key.key")
        ) { try await $0.create(.key("ABC", of: $0.sourceID)) },
        BadInput("empty key", Refusal(.invalidArgument, "FIELD_INVALID", field: "link.target.key.key")) {
            try await $0.create(.key("", of: $0.sourceID))
        },
        BadInput(
            "URL of no known source",
            Refusal(.invalidArgument, "URL_UNKNOWN_SOURCE", field: "link.target.url")
        ) { try await $0.create(.url("https://elsewhere.example.com/issues/1")) },
        BadInput(
            "/org/repo never claims /org/repo-two",
            Refusal(.invalidArgument, "URL_UNKNOWN_SOURCE", field: "link.target.url")
        ) { try await $0.create(.url("https://bugs.example.com/org/repo-two/issues/1")) },
        BadInput(
            "a source's URL that names no issue",
            Refusal(.invalidArgument, "URL_NOT_AN_ISSUE", field: "link.target.url")
        ) { try await $0.create(.url("https://bugs.example.com/org/repo/wiki/Home")) },
        BadInput("javascript: URL", Refusal(.invalidArgument, "URL_INVALID", field: "link.target.url")) {
            try await $0.create(.url("javascript:alert(1)//https://bugs.example.com/org/repo/issues/1"))
        },
        BadInput(
            "javascript: bare URL", Refusal(.invalidArgument, "URL_INVALID", field: "link.target.bare_url")
        ) {
            var draft = LinkDraft.url("")
            draft.target = LinkTarget(target: .bareURL("JavaScript:alert(1)"))
            try await $0.create(draft)
        },
        BadInput("no target", Refusal(.invalidArgument, "FIELD_INVALID", field: "link.target")) {
            var draft = LinkDraft.url("")
            draft.target = nil
            try await $0.create(draft)
        },
        BadInput("note of 2,001 characters", Refusal(.invalidArgument, "FIELD_INVALID", field: "link.note")) {
            var draft = LinkDraft.key("1", of: $0.sourceID)
            draft.note = String(repeating: "ä", count: 2_001)
            try await $0.create(draft)
        },
        BadInput("no object", Refusal(.invalidArgument, "FIELD_INVALID", field: "link.object")) {
            var draft = LinkDraft.key("1", of: $0.sourceID)
            draft.object = nil
            try await $0.create(draft)
        },
        BadInput("NUL in a note", Refusal(.invalidArgument, "FIELD_INVALID", field: "link.note")) {
            var draft = LinkDraft.key("1", of: $0.sourceID)
            draft.note = "a\u{0}b"
            try await $0.create(draft)
        },
        BadInput("unknown relation", Refusal(.notFound, "RELATION_NOT_FOUND")) {
            try await $0.create(.key("1", of: $0.sourceID, relation: "Defects"))
        },
        BadInput("request_id of 37 bytes", Refusal(.invalidArgument, "FIELD_INVALID", field: "request_id")) {
            _ = try await $0.tester.links.createLink(
                CreateLinkRequest(
                    .key("1", of: $0.sourceID), requestID: String(repeating: "x", count: 37)))
        },
        BadInput("project the token does not name", Refusal(.permissionDenied, "PERMISSION_DENIED")) {
            _ = try await $0.tester.links.createLink(
                CreateLinkRequest(.key("1", of: $0.sourceID), in: "P2"))
        },
        BadInput("1,001 items", Refusal(.invalidArgument, "BATCH_TOO_LARGE", field: "links")) {
            let links = (1...1_001).map { LinkDraft.key("\($0)") }
            _ = try await $0.tester.links.batchCreateLinks(
                BatchCreateLinksRequest(projectID: "P1", links: links))
        },
        BadInput(
            "page token of another caller",
            Refusal(.invalidArgument, "PAGE_TOKEN_INVALID", field: "page_token")
        ) {
            _ = try await $0.tester.link(.key("2", of: $0.sourceID))
            var request = ListLinksRequest(projectID: "P1", pageSize: 1)
            request.pageToken = try await $0.tester.links.listLinks(request).nextPageToken
            try #require(!request.pageToken.isEmpty)
            _ = try await $0.stranger.links.listLinks(request)
        },
        BadInput(
            "page token of another query",
            Refusal(.invalidArgument, "PAGE_TOKEN_INVALID", field: "page_token")
        ) {
            _ = try await $0.tester.link(.key("2", of: $0.sourceID))
            var request = ListLinksRequest(projectID: "P1", pageSize: 1)
            request.pageToken = try await $0.tester.links.listLinks(request).nextPageToken
            request.sourceID = $0.sourceID
            _ = try await $0.tester.links.listLinks(request)
        },
        BadInput("invented page token", Refusal(.invalidArgument, "PAGE_TOKEN_INVALID", field: "page_token"))
        {
            _ = try await $0.tester.links.listLinks(ListLinksRequest(projectID: "P1", pageToken: "AAAA"))
        },
        BadInput("negative page size", Refusal(.invalidArgument, "FIELD_INVALID", field: "page_size")) {
            _ = try await $0.tester.links.listLinks(ListLinksRequest(projectID: "P1", pageSize: -1))
        },
        BadInput("somebody else's link", Refusal(.permissionDenied, "PERMISSION_DENIED")) {
            _ = try await $0.stranger.links.deleteLink(DeleteLinkRequest(id: $0.link.id))
        },
        BadInput("link that is gone", Refusal(.notFound, "LINK_NOT_FOUND")) {
            _ = try await $0.tester.links.deleteLink(DeleteLinkRequest(id: $0.link.id))
            _ = try await $0.tester.links.getLink(GetLinkRequest(id: $0.link.id))
        },
        BadInput("name that is taken", Refusal(.alreadyExists, "NAME_TAKEN")) {
            _ = try await $0.admin.createCustomSource(.custom("bugs", url: "https://other.example.com"))
        },
        BadInput(
            "key pattern that is none",
            Refusal(.invalidArgument, "FIELD_INVALID", field: "source.key_pattern")
        ) {
            var source = Source.custom("x", url: "https://x.example.com")
            source.keyPattern = "[0-9"
            _ = try await $0.admin.createCustomSource(source)
        },
        BadInput("tester who configures", Refusal(.permissionDenied, "PERMISSION_DENIED")) {
            _ = try await $0.tester.createCustomSource(.custom("x", url: "https://x.example.com"))
        },
    ]

    @Test(arguments: table)
    func `a wrong request is refused with the right code, reason and field`(input: BadInput) async throws {
        try await TestServer.with { server in
            let scene = try await Scene(server)
            try await input.refusal.check { try await input.call(scene) }
        }
    }

    @Test func `a stale etag is aborted and names the current one`() async throws {
        try await TestServer.with { server in
            let scene = try await Scene(server)
            var request = UpdateLinkRequest(id: scene.link.id, note: "one", etag: scene.link.etag)
            request.updateMask = GoogleFieldMask(paths: ["note"])
            let updated = try #require(try await scene.tester.links.updateLink(request).link)
            request.note = "two"
            let error = try await Refusal(.aborted, "ETAG_MISMATCH").check {
                _ = try await scene.tester.links.updateLink(request)
            }
            let info = try #require(error.detail(GoogleRPCErrorInfo.self))
            #expect(info.metadata["current_etag"] == updated.etag)
            request.etag = updated.etag
            #expect(try await scene.tester.links.updateLink(request).link?.note == "two")
        }
    }

    @Test func `every wrong field is named at once`() async throws {
        try await TestServer.with { server in
            let tester = try await Scene(server).tester
            let draft = LinkDraft(
                object: ObjectRef(kind: "Case!", id: ""), ancestors: [ObjectRef()],
                note: String(repeating: "x", count: 2_001))
            let error = try await Refusal(.invalidArgument, "FIELD_INVALID", field: "link.note").check {
                _ = try await tester.links.createLink(CreateLinkRequest(draft))
            }
            let fields = error.detail(GoogleRPCBadRequest.self)?.fieldViolations.map(\.field) ?? []
            #expect(fields.contains { $0.hasPrefix("link.object") })
            #expect(fields.contains { $0.hasPrefix("link.ancestors") })
            #expect(fields.contains("link.target"))
        }
    }

    @Test func `no token, no answer`() async throws {
        try await TestServer.with { server in
            let nobody = server.client(token: nil)
            try await Refusal(.unauthenticated, "TOKEN_MISSING").check {
                _ = try await nobody.links.listLinks(ListLinksRequest(projectID: "P1"))
            }
            try await Refusal(.unauthenticated, "TOKEN_INVALID").check {
                _ = try await server.client(token: "e30.e30.e30").links.listLinks(
                    ListLinksRequest(projectID: "P1"))
            }
        }
    }
}
