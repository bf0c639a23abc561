// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

/// Bodies are cut from samples of go-gitlab (Apache-2.0) and gitlab4j-api (MIT).
@Suite struct GitLabWebhookTests {
    private static let issue = """
        {"object_kind":"issue","event_type":"issue","user":{"id":1,"username":"root"},
        "project":{"id":1,"path_with_namespace":"gitlabhq/gitlab-test"},
        "object_attributes":{"id":301,"title":"New API","iid":23,"project_id":14,"state":"opened",
        "action":"open","updated_at":"2013-12-03T17:15:43Z","url":"http://example.com/diaspora/issues/23",
        "labels":[{"id":206,"title":"API"}]},"assignees":[{"username":"user1"}],
        "changes":{"updated_at":{"previous":"2017-09-15 16:50:55 UTC"}}}
        """
    private static let confidential = issue.replacing(
        "\"event_type\":\"issue\"", with: "\"event_type\":\"confidential_issue\"")
    private static let workItem = """
        {"object_kind":"work_item","event_type":"work_item","object_attributes":{"id":93843,"iid":1,
        "title":"Test Epic item","type":"Epic","state":"opened","action":"update",
        "updated_at":"2024-10-17T06:47:37Z","url":"https://gitlab.example.com/groups/a-group/-/work_items/1"}}
        """
    private static let projectItem = workItem.replacing(
        "{\"object_kind\"",
        with: "{\"project\":{\"path_with_namespace\":\"team/sub/app\"},\"object_kind\"")
    private static let note = """
        {"object_kind":"note","event_type":"note","project":{"path_with_namespace":"gitlab-org/gitlab-test"},
        "object_attributes":{"id":1241,"note":"Hello world","noteable_type":"Issue"},
        "issue":{"id":92,"iid":17,"title":"test_issue","state":"closed"}}
        """

    private static func about(_ item: String, _ project: String = "null") -> String {
        "{\"object_kind\":\"work_item\",\"object_attributes\":\(item),\"project\":\(project)}"
    }

    private func read(
        _ body: String, _ headers: [String: String] = [:], _ baseURL: String = GitLabSamples.base
    ) throws -> WebhookEvent {
        let delivery = WebhookDelivery(
            headers: headers.map { HTTPField($0.key, $0.value) }, body: Array(body.utf8))
        return try GitLabTracker().readWebhook(delivery, from: GitLabSamples.source(baseURL).source)
    }

    @Test(arguments: [
        (issue, "gitlabhq/gitlab-test#23", "301"), (confidential, "gitlabhq/gitlab-test#23", "301"),
        (workItem, "groups/a-group#1", "93843"), (projectItem, "team/sub/app#1", "93843"),
    ])
    func `a notification names its issue`(body: String, key: String, id: String) throws {
        let event = try read(body)
        #expect(event.kind == .issueChanged && event.issues == [IssueReference(key: key, nativeID: id)])
        #expect(event.deliveryID == "" && event.sentAt == nil)
    }

    @Test func `below a path the group's address is read as well`() throws {
        let body = Self.workItem.replacing(
            "https://gitlab.example.com/", with: "http://inner.example/gitlab/")
        let event = try read(body, [:], "https://git.corp.example/gitlab")
        #expect(event.issues.map(\.key) == ["groups/a-group#1"])
    }

    @Test(arguments: [note, "{\"object_kind\":\"push\"}", "{\"object_kind\":\"\"}"])
    func `what concerns no issue is a sign of life`(body: String) throws {
        let event = try read(body, ["idempotency-key": "f5e5f430"])
        #expect(event == WebhookEvent(.other, deliveryID: "f5e5f430"))
    }

    @Test(
        arguments: [
            (["webhook-id": "w1", "idempotency-key": "i1", "x-gitlab-event-uuid": "e1"], "w1"),
            (["idempotency-key": "i1", "x-gitlab-event-uuid": "e1"], "i1"),
            (["x-gitlab-event-uuid": "e1"], "e1/301/2013-12-03T17:15:43Z"), ([:], ""),
            (["idempotency-key": "a\u{7}b"], "ab"),
        ] as [([String: String], String)])
    func `repeats of a delivery share an id`(headers: [String: String], id: String) throws {
        #expect(try read(Self.issue, headers).deliveryID == id)
    }

    @Test(
        arguments: [
            (["webhook-signature": "v1,x", "webhook-timestamp": "1795340867"], ForgeScript.now),
            (["webhook-timestamp": "1795340867"], nil),
            (["webhook-signature": "v1,x", "webhook-timestamp": "-1"], nil),
            (["webhook-signature": "v1,x", "webhook-timestamp": "soon"], nil),
        ] as [([String: String], Timestamp?)])
    func `only a signed time counts`(headers: [String: String], time: Timestamp?) throws {
        #expect(try read(Self.issue, headers).sentAt == time)
    }

    @Test(arguments: [
        "", "[]", "null", "{}", "{\"object_kind\":1}", "{\"object_kind\":\"issue\"}",
        "{\"object_kind\":\"issue\",\"object_attributes\":{\"id\":1}}",
        about("{\"iid\":0}", "{\"path_with_namespace\":\"a/b\"}"),
        about("{\"iid\":1}", "{\"path_with_namespace\":\"a/../b\"}"),
        about("{\"iid\":2,\"url\":\"https://x/groups/g/-/work_items/1\"}"),
        about("{\"iid\":1,\"url\":\"javascript:alert(1)\"}"),
    ])
    func `a wrong body is refused`(body: String) {
        let error = #expect(throws: TrackerError.self) { try read(body) }
        #expect(error?.code == .badResponse)
    }

    @Test func `a signature counts before the older token`() {
        #expect(
            GitLabTracker().webhookSchemes == [
                .standardWebhooks, .sharedSecret(header: "x-gitlab-token"),
            ])
    }
}
