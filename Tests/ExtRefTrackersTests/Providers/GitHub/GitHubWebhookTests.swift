// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

/// Deliveries are cut from those that GitHub publishes for its own clients (octokit/webhooks, MIT).
@Suite struct GitHubWebhookTests {
    private static let issue =
        #""issue":{"id":444500041,"node_id":"MDU6SXNzdWU0NDQ1MDAwNDE=","number":1,"title":"x"}"#
    private static let place = #""repository":{"id":186853002,"full_name":"Codertocat/Hello-World"}"#
    private static let reference = IssueReference(
        key: "Codertocat/Hello-World#1", nativeID: "MDU6SXNzdWU0NDQ1MDAwNDE=")
    private static let other = IssueReference(
        key: "octo-org/octo-repo#1", nativeID: "MDExOlB1bGxSZXF1ZXN0MzMyNzAzOTcz")

    private func read(
        _ event: String?, _ body: String, type: String = "application/json",
        delivery: String = "72d3162e-cc78-11e3-81ab-4c9367dc0958"
    ) throws(TrackerError) -> WebhookEvent {
        var headers = [HTTPField("content-type", type), HTTPField("x-github-delivery", delivery)]
        if let event { headers.append(HTTPField("x-github-event", event)) }
        return try GitHubTracker().readWebhook(
            WebhookDelivery(headers: headers, body: Array(body.utf8)), from: GitHubSample.source().source)
    }

    @Test(arguments: [
        "opened", "edited", "closed", "reopened", "assigned", "unassigned", "labeled", "unlabeled", "typed",
        "pinned",
    ])
    func `an issue that changed is named by key and id`(action: String) throws {
        let event = try read("issues", #"{"action":"\#(action)",\#(Self.issue),\#(Self.place)}"#)
        #expect(event.kind == .issueChanged && event.issues == [Self.reference] && event.sentAt == nil)
        #expect(event.deliveryID == "72d3162e-cc78-11e3-81ab-4c9367dc0958")
    }

    @Test func `a deleted issue is said so`() throws {
        let event = try read("issues", #"{"action":"deleted",\#(Self.issue),\#(Self.place)}"#)
        #expect(event.kind == .issueDeleted && event.issues == [Self.reference])
    }

    @Test func `a transfer names both ends, from either end`() throws {
        let there = #"{"number":1,"node_id":"MDU6SXNzdWU0NDQ1MDAwNDE="}"#
        let here = #"{"number":1,"node_id":"MDExOlB1bGxSZXF1ZXN0MzMyNzAzOTcz"}"#
        let left = try read(
            "issues",
            #"{"action":"transferred","issue":\#(here),"repository":{"full_name":"octo-org/octo-repo"},"changes":"#
                + #"{"new_issue":\#(there),"new_repository":{"full_name":"Codertocat/Hello-World"}}}"#)
        #expect(left.kind == .issueChanged && left.issues == [Self.other, Self.reference])
        let arrived = try read(
            "issues",
            #"{"action":"opened","issue":\#(there),\#(Self.place),"changes":"#
                + #"{"old_issue":\#(here),"old_repository":{"full_name":"octo-org/octo-repo"}}}"#)
        #expect(arrived.kind == .issueChanged && arrived.issues == [Self.reference, Self.other])
    }

    @Test func `a pull request is an issue`() throws {
        let event = try read(
            "pull_request",
            #"{"action":"closed","number":2,"pull_request":{"node_id":"MDExOlB1bGxSZXF1ZXN0Mjc5MTQ3NDM3","number":2},"#
                + #"\#(Self.place)}"#)
        #expect(
            event.issues == [
                IssueReference(key: "Codertocat/Hello-World#2", nativeID: "MDExOlB1bGxSZXF1ZXN0Mjc5MTQ3NDM3")
            ])
    }

    @Test(arguments: ["ping", "issue_comment", "installation", "repository", "star", ""])
    func `what concerns no issue's state is a sign of life`(name: String) throws {
        let event = try read(name, #"{"action":"created",\#(Self.issue),\#(Self.place)}"#)
        #expect(event.kind == .other && event.issues.isEmpty && !event.deliveryID.isEmpty)
    }

    @Test(arguments: [
        ("issues", "{}"), ("issues", "[]"), ("issues", ""),
        ("issues", #"{"action":"opened",\#(Self.place)}"#),
        ("issues", #"{"action":"opened",\#(Self.issue)}"#),
        ("pull_request", #"{"action":"opened",\#(Self.issue),\#(Self.place)}"#),
        ("issues", #"{"issue":{"number":-1},\#(Self.place)}"#),
        ("issues", #"{\#(Self.issue),"repository":{"full_name":"../x"}}"#), (nil, "{}"),
    ])
    func `a body that names no issue is a typed failure`(event: String?, body: String) {
        let error = #expect(throws: TrackerError.self) { try read(event, body) }
        #expect(error?.code == .badResponse)
    }

    @Test func `a form instead of JSON is told how to be mended`() {
        let error = #expect(throws: TrackerError.self) {
            try read("issues", "payload=%7B%7D", type: "application/x-www-form-urlencoded")
        }
        #expect(error?.code == .badResponse && error?.message.contains("application/json") == true)
    }

    @Test(arguments: ["a b", "a/b", String(repeating: "a", count: 65), "ä"])
    func `a delivery id that is none is left out`(id: String) throws {
        #expect(try read("ping", "{}", delivery: id).deliveryID == "")
    }

    @Test func `deliveries are signed with the secret over the body`() {
        #expect(
            GitHubTracker().webhookSchemes == [.hmacSHA256(header: "x-hub-signature-256", prefix: "sha256=")])
    }
}
