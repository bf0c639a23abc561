// SPDX-License-Identifier: Apache-2.0

import ExtRefMessages
import RPC
import Testing

/// What a caller can get wrong when linking, and the words that help.
@Suite struct BadInputTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let code: RPCCode
        let reason: String
        let field: String?
        let edit: @Sendable (inout LinkDraft) -> Void
        var testDescription: String { name }
    }

    static let unknownID = "00000000000000000000000000"

    static let rows: [Row] = [
        Row(name: "unknown source", code: .notFound, reason: "SOURCE_NOT_FOUND", field: nil) {
            $0.target = LinkTarget(target: .key(SourceKey(sourceID: "src_" + unknownID, key: "1")))
        },
        Row(
            name: "wrong key pattern", code: .invalidArgument, reason: "KEY_INVALID",
            field: "link.target.key.key"
        ) {
            $0.target = LinkTarget(target: .key(SourceKey(key: "not-a-number")))
        },
        Row(
            name: "URL of no known source", code: .invalidArgument, reason: "URL_UNKNOWN_SOURCE",
            field: "link.target.url"
        ) {
            $0.target = LinkTarget(target: .url("https://elsewhere.example.com/issues/1"))
        },
        Row(
            name: "URL of no issue", code: .invalidArgument, reason: "URL_NOT_AN_ISSUE",
            field: "link.target.url"
        ) {
            $0.target = LinkTarget(target: .url("https://redmine.example.com/projects/demo"))
        },
        Row(
            name: "a source's path does not claim a longer one", code: .invalidArgument,
            reason: "URL_UNKNOWN_SOURCE", field: "link.target.url"
        ) {
            $0.target = LinkTarget(target: .url("https://hub.example.com/org/repo-two/7"))
        },
        Row(name: "javascript URL", code: .invalidArgument, reason: "URL_INVALID", field: "link.target.url") {
            $0.target = LinkTarget(target: .url("javascript:alert(1)"))
        },
        Row(
            name: "bare javascript URL", code: .invalidArgument, reason: "URL_INVALID",
            field: "link.target.bare_url"
        ) {
            $0.target = LinkTarget(target: .bareURL("javascript:alert(1)"))
        },
        Row(
            name: "URL with a password", code: .invalidArgument, reason: "URL_INVALID",
            field: "link.target.bare_url"
        ) {
            $0.target = LinkTarget(target: .bareURL("https://me:secret@example.com/x"))
        },
        Row(name: "too long note", code: .invalidArgument, reason: "FIELD_INVALID", field: "link.note") {
            $0.note = String(repeating: "x", count: 2_001)
        },
        Row(name: "no object", code: .invalidArgument, reason: "FIELD_INVALID", field: "link.object") {
            $0.object = nil
        },
        Row(name: "no target", code: .invalidArgument, reason: "FIELD_INVALID", field: "link.target") {
            $0.target = nil
        },
        Row(name: "bad kind", code: .invalidArgument, reason: "FIELD_INVALID", field: "link.object.kind") {
            $0.object?.kind = "Test Case"
        },
        Row(
            name: "too many ancestors", code: .invalidArgument, reason: "FIELD_INVALID",
            field: "link.ancestors"
        ) {
            $0.ancestors = (0..<9).map { ObjectRef(kind: "run", id: String($0)) }
        },
        Row(name: "unknown relation", code: .notFound, reason: "RELATION_NOT_FOUND", field: nil) {
            $0.relationName = "Nope"
        },
        Row(
            name: "no relation named", code: .invalidArgument, reason: "FIELD_INVALID",
            field: "link.relation_id"
        ) {
            $0.relationName = ""
        },
        Row(name: "unknown issue", code: .notFound, reason: "ISSUE_NOT_FOUND", field: nil) {
            $0.target = LinkTarget(target: .issueID("iss_" + unknownID))
        },
    ]

    @Test(arguments: rows)
    func eachMistakeHasItsOwnWords(_ row: Row) async throws {
        let harness = try ServiceHarness()
        try await harness.addRedmine()
        _ = try await harness.admin().createSource(
            CreateSourceRequest(
                source: Source(
                    provider: "custom", displayName: "Hub", baseURL: "https://hub.example.com/org/repo",
                    issueURLTemplate: "{baseUrl}/{key}", keyPattern: "[0-9]{3,}")))
        var draft = ServiceHarness.draft()
        row.edit(&draft)
        let error = await failure {
            try await harness.links().createLink(CreateLinkRequest(projectID: "P1", link: draft))
        }
        #expect(error?.code == row.code)
        #expect(error?.reason == row.reason)
        if let field = row.field { #expect(error?.fields == [field]) }
        #expect(harness.redmine.requests.isEmpty, "a mistake costs the tracker nothing")
    }

    @Test func aThousandAndOneItemsAreTooMany() async throws {
        let harness = try ServiceHarness()
        try await harness.addRedmine()
        let drafts = (0...1_000).map { ServiceHarness.draft("TC-\($0)") }
        let error = await failure {
            try await harness.links().batchCreateLinks(
                BatchCreateLinksRequest(projectID: "P1", links: drafts))
        }
        #expect(
            error?.code == .invalidArgument && error?.reason == "BATCH_TOO_LARGE"
                && error?.fields == ["links"])
    }

    @Test func anUnknownFilterValueIsNamedInsteadOfDropped() async throws {
        let harness = try ServiceHarness()
        let request = ListLinksRequest(
            projectID: "P1", statusCategories: [.done, StatusCategory(rawValue: 99)])
        let error = await failure { try await harness.links().listLinks(request) }
        #expect(error?.reason == "FILTER_INVALID" && error?.fields == ["status_categories[1]"])
    }
}
