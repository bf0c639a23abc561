// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct AzureDevOpsBackLinkTests {
    private typealias Samples = AzureDevOpsSamples

    private static let first = "lnk_01JD0000000000000000000001"
    private static let second = "lnk_01JD0000000000000000000002"
    private static let url = "https://tests.example.com/case/TC-1?a=b"

    private static func link(
        _ id: String = first, title: String = "Test case TC-1", url: String = url
    ) -> BackLink {
        BackLink(linkID: id, url: url, title: title, relationship: "Tested by")
    }

    private static func hyperlink(_ comment: String?, url: String = url, id: Int = 65_275) -> String {
        let words = comment.map { ",\"comment\":\"\($0)\"" } ?? ""
        return "{\"rel\":\"Hyperlink\",\"url\":\"\(url)\",\"attributes\":{\"id\":\(id)\(words)}}"
    }

    private static let parent = #"{"rel":"System.LinkTypes.Hierarchy-Reverse","url":"https://x.example/1"}"#

    private static func item(_ relations: String..., rev: Int = 6) -> HTTPResponse {
        Samples.json(
            "{\"id\":12,\"rev\":\(rev),\"fields\":{},\"relations\":[\(relations.joined(separator: ","))]}")
    }

    private static let bare = Samples.json("{\"id\":12,\"rev\":5,\"fields\":{}}")

    private func put(_ link: BackLink, _ answers: HTTPResponse...) async throws -> (String, [HTTPRequest]) {
        let transport = Samples.script(answers)
        let call = try Samples.tracker.putBackLink(link, on: IssueReference(key: "12"), in: Samples.ready())
        let id = try await Samples.runner(transport).run(
            call, with: Samples.ready(), reading: Samples.tracker)
        return (id, transport.sent)
    }

    private func remove(
        _ link: BackLink, remoteID: String = "", _ answers: HTTPResponse...
    ) async throws -> [HTTPRequest] {
        let transport = Samples.script(answers)
        let call = try Samples.tracker.removeBackLink(
            link, remoteID: remoteID, from: IssueReference(key: "12"), in: Samples.ready())
        try await Samples.runner(transport).run(call, with: Samples.ready(), reading: Samples.tracker)
        return transport.sent
    }

    private static func patch(_ steps: String, rev: Int = 6) -> String {
        "[{\"op\":\"test\",\"path\":\"/rev\",\"value\":\(rev)},\(steps)]"
    }

    @Test func `a link is added after a look at the relations`() async throws {
        let (id, sent) = try await put(
            Self.link(), Self.bare, Self.item(Self.hyperlink("Tested by: Test case TC-1 (\(Self.first))")))
        #expect(id == "65275")
        #expect(
            sent.map(\.line) == [
                "GET /_apis/wit/workitems/12?%24expand=relations&api-version=7.1",
                "PATCH /_apis/wit/workitems/12?api-version=7.1",
            ])
        #expect(sent[1].headers == Samples.patchHeaders)
        #expect(
            sent[1].text
                == Self.patch(
                    """
                    {"op":"add","path":"/relations/-","value":{"attributes":\
                    {"comment":"Tested by: Test case TC-1 (\(Self.first))"},"rel":"Hyperlink",\
                    "url":"\(Self.url)"}}
                    """, rev: 5))
    }

    @Test func `a second time nothing is written`() async throws {
        let (id, sent) = try await put(
            Self.link(), Self.item(Self.parent, Self.hyperlink("Tested by: Test case TC-1 (\(Self.first))")))
        #expect(id == "65275" && sent.count == 1)
    }

    @Test func `a new title becomes the comment, at its place among all relations`() async throws {
        let (_, sent) = try await put(
            Self.link(title: "Renamed"),
            Self.item(Self.parent, Self.hyperlink("Tested by: Test case TC-1 (\(Self.first))")), Self.bare)
        #expect(
            sent[1].text
                == Self.patch(
                    """
                    {"op":"replace","path":"/relations/1/attributes/comment",\
                    "value":"Tested by: Renamed (\(Self.first))"}
                    """))
    }

    @Test func `two links to one address share a hyperlink`() async throws {
        let (_, sent) = try await put(
            Self.link(Self.second), Self.item(Self.hyperlink("Blocks: x (\(Self.first))")), Self.bare)
        #expect(
            sent[1].text.contains("\"value\":\"Tested by: Test case TC-1 (\(Self.first) \(Self.second))\""))
        let leave = try await remove(
            Self.link(Self.second), Self.item(Self.hyperlink("Tested by: x (\(Self.first) \(Self.second))")),
            Self.bare)
        #expect(
            leave[1].text
                == Self.patch(
                    """
                    {"op":"replace","path":"/relations/0/attributes/comment",\
                    "value":"Tested by: Test case TC-1 (\(Self.first))"}
                    """))
    }

    @Test(arguments: [nil, "", "see the wiki (and more)", "(x)"] as [String?])
    func `a person's own link to the same address serves, and stays theirs`(comment: String?) async throws {
        let (id, sent) = try await put(Self.link(), Self.item(Self.hyperlink(comment)))
        #expect(id.isEmpty && sent.count == 1)
        let left = try await remove(Self.link(), Self.item(Self.hyperlink(comment)))
        #expect(left.count == 1)
    }

    @Test func `when the host's address changed the old link goes with the new one's coming`() async throws {
        let old = Self.hyperlink("Tested by: x (\(Self.first))", url: "https://old.example/1")
        let (_, sent) = try await put(Self.link(), Self.item(Self.parent, old), Self.bare)
        #expect(sent[1].text.hasPrefix("[{\"op\":\"test\",\"path\":\"/rev\",\"value\":6},{\"op\":\"add\""))
        #expect(sent[1].text.hasSuffix(",{\"op\":\"remove\",\"path\":\"/relations/1\"}]"))
    }

    @Test func `a link that somebody added meanwhile is no failure`() async throws {
        let refusal = Samples.refusal(400, "SomethingException", "VS1: Relation already exists.")
        let (id, sent) = try await put(
            Self.link(), Self.bare, refusal,
            Self.item(Self.hyperlink("Tested by: Test case TC-1 (\(Self.first))")))
        #expect(id == "65275" && sent.count == 3)
    }

    @Test func `a refusal for another reason is one`() async throws {
        let refusal = Samples.refusal(400, "SomethingException", "TF237111: no right in this area")
        let error = await #expect(throws: TrackerError.self) {
            try await put(Self.link(), Self.bare, refusal, Self.bare)
        }
        #expect(error?.code == .permissionDenied)
    }

    @Test(arguments: [(409, "WorkItemRevisionMismatchException"), (412, "TestPatchOperationFailedException")])
    func `after somebody else's change it is tried once more`(status: Int, typeKey: String) async throws {
        let refusal = Samples.refusal(status, typeKey, "VS403351: no")
        let (_, sent) = try await put(Self.link(), Self.bare, refusal, Self.item(rev: 9), Self.item(rev: 10))
        #expect(sent.count == 4 && sent[3].text.contains("\"/rev\",\"value\":9}"))
        let error = await #expect(throws: TrackerError.self) {
            try await put(Self.link(), Self.bare, refusal, Self.bare, refusal)
        }
        #expect(error?.code == .unavailable && error?.isTransient == true)
    }

    @Test func `a token that may only read lacks a scope`() async throws {
        let error = await #expect(throws: TrackerError.self) {
            try await put(Self.link(), Self.bare, HTTPResponse(status: 401))
        }
        #expect(error?.code == .scopeMissing)
    }

    @Test func `a link is removed from its place, guarded by the revision`() async throws {
        let sent = try await remove(
            Self.link(), Self.item(Self.parent, "null", Self.hyperlink("Tested by: x (\(Self.first))")),
            Self.bare)
        #expect(sent[1].text == Self.patch("{\"op\":\"remove\",\"path\":\"/relations/2\"}"))
    }

    @Test func `one whose comment a person changed is known by the tracker's id`() async throws {
        let edited = Self.hyperlink("mine")
        #expect(try await remove(Self.link(), remoteID: "65275", Self.item(edited), Self.bare).count == 2)
        #expect(try await remove(Self.link(), remoteID: "1", Self.item(edited)).count == 1)
    }

    @Test func `a link that is not there is gone`() async throws {
        #expect(try await remove(Self.link(), Self.bare).count == 1)
        #expect(try await remove(Self.link(), Self.item(Self.hyperlink("x (\(Self.second))"))).count == 1)
    }

    @Test func `a comment is cut, and never its ids`() {
        let text = AzureDevOpsLinkComment.text(
            Self.link(title: String(repeating: "x", count: 500)), linkIDs: [Self.first, Self.second])
        #expect(text.unicodeScalars.count == 255)
        #expect(AzureDevOpsLinkComment.linkIDs(in: text) == [Self.first, Self.second])
    }
}
