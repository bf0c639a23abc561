// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct JiraBackLinkTests {
    private static let link = BackLink(
        linkID: "lnk_01JD0000000000000000000000", url: "https://tests.example.com/case/TC-1?a=b&c=d",
        title: "Test case TC-1", relationship: "Tested by")
    private static let issue = IssueReference(key: "TES-41", nativeID: "10040")

    private func put(
        _ play: JiraPlay, _ source: TrackerSource, _ link: BackLink = Self.link
    ) async throws(TrackerError) -> String {
        try await play.run(source) { (tracker, source) throws(TrackerError) in
            try tracker.putBackLink(link, on: Self.issue, in: source)
        }
    }

    private func remove(_ play: JiraPlay, _ source: TrackerSource) async throws(TrackerError) {
        try await play.run(source) { (tracker, source) throws(TrackerError) in
            try tracker.removeBackLink(Self.link, remoteID: "10000", from: Self.issue, in: source)
        }
    }

    @Test(arguments: [
        (JiraSamples.cloudSource(), "https://acme.atlassian.net/rest/api/3"),
        (JiraSamples.dataCenterSource(), "https://jira.corp.example/jira/rest/api/2"),
    ])
    func `a link is put whole and found by a global id of our own`(
        source: TrackerSource, api: String
    ) async throws {
        let play = JiraPlay(.init(201, [:], JiraSamples.remoteLink), .init(200, [:], JiraSamples.remoteLink))
        #expect(try await put(play, source) == "10000")
        #expect(try await put(play, source) == "10000")
        let expected =
            "POST \(api)/issue/10040/remotelink {\"application\":{\"name\":\"ExtRef\",\"type\":\"extref\"},"
            + "\"globalId\":\"extref:lnk_01JD0000000000000000000000\",\"object\":{\"title\":\"Test case TC-1\","
            + "\"url\":\"https://tests.example.com/case/TC-1?a=b&c=d\"},\"relationship\":\"Tested by\"}"
        #expect(play.asked == [expected, expected])
        #expect(JiraSamples.cloud.backLinkForm == .linkObject)
    }

    @Test func `an answer without an id is as good, and a long title is cut`() async throws {
        let play = JiraPlay(.init(201, [:], "[]"))
        let link = BackLink(
            linkID: "lnk_1", url: "https://t.example", title: String(repeating: "x", count: 300),
            relationship: "")
        #expect(try await put(play, JiraSamples.cloudSource(), link) == "")
        let long = String(repeating: "x", count: JiraLimits.linkTitleScalarsMax)
        #expect(play.asked[0].contains("\"title\":\"\(long)\""))
    }

    @Test(arguments: [
        (403, TrackerError.Code.permissionDenied), (404, .notFound), (413, .invalidRequest),
        (400, .invalidRequest),
        (401, .credentialsRejected), (500, .unavailable),
    ])
    func `a refusal says what is in the way`(status: Int, code: TrackerError.Code) async {
        let play = JiraPlay(.init(status, [:], "{\"errorMessages\":[],\"errors\":{}}"))
        let error = await #expect(throws: TrackerError.self) {
            try await put(play, JiraSamples.cloudSource())
        }
        #expect(error?.code == code && error?.message.hasSuffix(".") == true)
    }

    @Test(arguments: [(204, ""), (404, "{\"errorMessages\":[\"gone\"]}")])
    func `it is taken off by the global id, and one that is not there is no failure`(
        status: Int, body: String
    ) async throws {
        for (source, api) in [
            (JiraSamples.cloudSource(), "https://acme.atlassian.net/rest/api/3"),
            (JiraSamples.dataCenterSource(), "https://jira.corp.example/jira/rest/api/2"),
        ] {
            let play = JiraPlay(.init(status, [:], body))
            try await remove(play, source)
            #expect(
                play.asked == [
                    "DELETE \(api)/issue/10040/remotelink?globalId=extref%3Alnk_01JD0000000000000000000000"
                ])
        }
    }

    @Test(
        arguments: [
            (403, [:], TrackerError.Code.permissionDenied),
            (404, ["x-seraph-loginreason": "AUTHENTICATED_FAILED"], .credentialsRejected),
        ] as [(Int, [String: String], TrackerError.Code)])
    func `a link that stays is a failure`(
        status: Int, headers: [String: String], code: TrackerError.Code
    ) async {
        let play = JiraPlay(.init(status, headers, "{}"))
        let error = await #expect(throws: TrackerError.self) {
            try await remove(play, JiraSamples.cloudSource())
        }
        #expect(error?.code == code)
    }
}
