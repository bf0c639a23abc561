// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

/// Bodies are cut from deliveries recorded by go-playground/webhooks (MIT).
@Suite struct ForgejoWebhookTests {
    private static func body(_ action: String, more: String = "") -> String {
        "{\"action\":\"\(action)\",\"number\":1,\"issue\":\(ForgejoSamples.issue),\(more)"
            + "\"repository\":{\"id\":1,\"full_name\":\"example/example\"},\"sender\":{\"login\":\"example\"}}"
    }

    private static let pull = """
        {"action":"closed","number":7,"pull_request":{"id":3,"number":7,"state":"closed","merged":true},
        "repository":{"full_name":"example/example"}}
        """

    private func read(_ body: String, _ headers: [String: String] = [:]) throws -> WebhookEvent {
        let delivery = WebhookDelivery(
            headers: headers.map { HTTPField($0.key, $0.value) }, body: Array(body.utf8))
        return try ForgejoTracker().readWebhook(delivery, from: ForgejoSamples.source().source)
    }

    @Test(arguments: ["opened", "assigned", "label_updated", "closed", "reopened", "edited", "milestoned"])
    func `a notification names its issue`(action: String) throws {
        let event = try read(Self.body(action), ["x-gitea-delivery": "d1", "x-gitea-event": "issues"])
        #expect(
            event
                == WebhookEvent(
                    .issueChanged, issues: [IssueReference(key: "example/example#1", nativeID: "1")],
                    deliveryID: "d1"))
    }

    @Test func `a deletion is told apart`() throws {
        #expect(try read(Self.body("deleted")).kind == .issueDeleted)
    }

    @Test func `a pull request has another id among the issues`() throws {
        let event = try read(Self.pull, ["x-forgejo-delivery": "f1", "x-gitea-delivery": "g1"])
        #expect(event.issues == [IssueReference(key: "example/example#7")] && event.deliveryID == "f1")
    }

    @Test(arguments: [
        (body("created", more: "\"comment\":{\"id\":4,\"body\":\"hi\"},"), [:]),
        (body("created"), ["x-gitea-event": "issue_comment"]),
        ("{\"ref\":\"refs/heads/main\",\"repository\":{\"full_name\":\"a/b\"}}", ["x-forgejo-event": "push"]),
        ("{}", [:]),
    ])
    func `what changes no issue is a sign of life`(body: String, headers: [String: String]) throws {
        #expect(try read(body, headers) == WebhookEvent(.other))
    }

    @Test(arguments: [
        "", "[]", "null", "{\"issue\":{}}", "{\"issue\":{\"number\":1}}",
        "{\"issue\":{\"number\":0},\"repository\":{\"full_name\":\"a/b\"}}",
        "{\"issue\":{\"number\":1},\"repository\":{\"full_name\":\"a/../b\"}}",
    ])
    func `a wrong body is refused`(body: String) {
        let error = #expect(throws: TrackerError.self) { try read(body) }
        #expect(error?.code == .badResponse)
    }

    @Test func `both signatures are plain hexadecimal`() {
        #expect(
            ForgejoTracker().webhookSchemes == [
                .hmacSHA256(header: "x-forgejo-signature", prefix: ""),
                .hmacSHA256(header: "x-gitea-signature", prefix: ""),
            ])
    }
}
