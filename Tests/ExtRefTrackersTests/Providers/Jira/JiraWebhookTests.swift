// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct JiraWebhookTests {
    private func read(
        _ body: String, headers: [HTTPField] = []
    ) throws(TrackerError) -> WebhookEvent {
        try JiraSamples.cloud.readWebhook(
            WebhookDelivery(headers: headers, body: Array(body.utf8)), from: JiraSamples.cloudSource().source)
    }

    private static func event(
        _ name: String,
        _ rest: String = ",\"issue\":{\"id\":\"10040\",\"key\":\"TES-41\",\"fields\":{\"labels\":[]}}",
        items: String? = nil
    ) -> String {
        let changelog = items.map { ",\"changelog\":{\"id\":\"10222\",\"items\":[\($0)]}" } ?? ""
        return "{\"timestamp\":1550286113023,\"webhookEvent\":\"\(name)\"\(rest)\(changelog)}"
    }

    private static let assigned =
        "{\"field\":\"assignee\",\"fieldtype\":\"jira\",\"fieldId\":\"assignee\",\"from\":null,\"fromString\":null,"
        + "\"to\":\"admin\",\"toString\":\"Test User\"}"
    /// As servers send it, without `fieldId`.
    private static let resolved =
        "{\"field\":\"status\",\"fieldtype\":\"jira\",\"from\":\"3\",\"fromString\":\"In Progress\",\"to\":\"5\","
        + "\"toString\":\"Resolved\"},{\"field\":\"resolution\",\"fieldtype\":\"jira\",\"from\":null,"
        + "\"fromString\":null,\"to\":\"10000\",\"toString\":\"Done\"}"
    private static let moved =
        "{\"field\":\"project\",\"fieldtype\":\"jira\",\"fieldId\":\"project\",\"from\":\"1\",\"fromString\":\"Old\","
        + "\"to\":\"2\",\"toString\":\"New\"},{\"field\":\"Key\",\"fieldtype\":\"jira\",\"from\":null,"
        + "\"fromString\":\"OLD-7\",\"to\":null,\"toString\":\"TES-41\"}"

    @Test(arguments: [
        (event("jira:issue_created", items: assigned), WebhookEvent.Kind.issueChanged, ["TES-41"]),
        (event("jira:issue_updated", items: assigned), .issueChanged, ["TES-41"]),
        (event("jira:issue_updated", items: resolved), .issueChanged, ["TES-41"]),
        (event("jira:issue_updated"), .issueChanged, ["TES-41"]),
        (event("jira:issue_updated", items: "1,null,{}"), .issueChanged, ["TES-41"]),
        // A move names the key it had.
        (event("jira:issue_updated", items: moved), .issueChanged, ["TES-41", "OLD-7"]),
        (
            event("jira:issue_updated", items: moved.replacing("OLD-7", with: "../x")), .issueChanged,
            ["TES-41"]
        ),
        (event("jira:issue_deleted"), .issueDeleted, ["TES-41"]),
        (event("comment_created"), .issueChanged, ["TES-41"]),
        // Servers send comments without their issue.
        (event("comment_created", ",\"comment\":{\"id\":\"1\"}"), .other, []),
        (event("issuelink_created", ",\"issueLink\":{\"id\":1,\"sourceIssueId\":2}"), .other, []),
        (event("jira:version_released", ""), .other, []),
        (event("jira:issue_updated", ",\"issue\":null"), .other, []),
        (
            event("jira:issue_updated", ",\"issue\":{\"id\":10040,\"key\":\"tes-41\"}"), .issueChanged,
            ["TES-41"]
        ),
    ])
    func `a notification names the issue and what happened`(
        body: String, kind: WebhookEvent.Kind, keys: [String]
    ) throws {
        let event = try read(body)
        #expect(event.kind == kind && event.issues.map(\.key) == keys)
        #expect(event.issues.allSatisfy { $0.nativeID == "10040" })
        #expect(event.sentAt == Timestamp(milliseconds: 1_550_286_113_023))
    }

    @Test func `repeats of one notification have one id`() throws {
        let headers = [
            HTTPField("x-atlassian-webhook-identifier", "a1b2"), HTTPField("x-atlassian-webhook-retry", "2"),
        ]
        #expect(try read(Self.event("jira:issue_updated"), headers: headers).deliveryID == "a1b2")
        #expect(try read(Self.event("jira:issue_updated")).deliveryID.isEmpty)
    }

    @Test(arguments: ["", "null", "[]", "{}", "{\"webhookEvent\":7}", "x"])
    func `what is no notification is refused`(body: String) {
        let error = #expect(throws: TrackerError.self) { try read(body) }
        #expect(error?.code == .badResponse)
    }

    @Test(arguments: [
        "{}", "{\"id\":\"x\",\"key\":\"TES-1\"}", "{\"id\":\"1\",\"key\":\"TES\"}", "{\"id\":\"1\"}", "7",
        "{\"id\":\"1\",\"key\":\"TES-1/../2\"}",
    ])
    func `an issue that cannot be one is refused`(issue: String) {
        let error = #expect(throws: TrackerError.self) {
            try read(Self.event("jira:issue_updated", ",\"issue\":\(issue)"))
        }
        #expect(error?.code == .badResponse)
    }

    @Test(arguments: ["null", "-5", "1e300", "\"x\"", "0"])
    func `a time that is none is left out`(time: String) throws {
        let body = Self.event("jira:issue_updated").replacing("1550286113023", with: time)
        #expect(try read(body).sentAt == nil)
    }

    @Test func `Cloud signs, Data Center posts to a secret address`() {
        let signed = WebhookScheme.hmacSHA256(header: "x-hub-signature", prefix: "sha256=")
        #expect(JiraSamples.cloud.webhookSchemes == [signed])
        #expect(JiraSamples.dataCenter.webhookSchemes == [signed, .pathSecret])
    }
}
