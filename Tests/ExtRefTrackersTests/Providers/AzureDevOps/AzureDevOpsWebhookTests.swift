// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Testing

@testable import ExtRefTrackers

@Suite struct AzureDevOpsWebhookTests {
    private typealias Samples = AzureDevOpsSamples

    private func read(_ body: String) throws(TrackerError) -> WebhookEvent {
        try Samples.tracker.readWebhook(
            WebhookDelivery(headers: [], body: Array(body.utf8)), from: Samples.source())
    }

    private static func body(_ event: String, _ resource: String) -> String {
        """
        {"subscriptionId":"1b","notificationId":3,"id":"72da0ade-0000-4000-8000-bf287bf7e840",\
        "eventType":"\(event)",\
        "publisherId":"tfs","message":{"text":"x"},"resource":\(resource),"resourceVersion":"1.0",\
        "resourceContainers":{"project":{"id":"be"}},"createdDate":"2026-11-22T13:03:28.9695265Z"}
        """
    }

    @Test(arguments: [
        (
            "workitem.created", #"{"id":5,"rev":1,"fields":{"System.State":"New"}}"#,
            WebhookEvent.Kind.issueChanged, "5"
        ),
        (
            "workitem.updated",
            #"{"id":2,"workItemId":13,"rev":2,"fields":{"System.State":{"newValue":"Done"}}}"#,
            .issueChanged, "13"
        ),
        ("workitem.deleted", #"{"id":5,"rev":1}"#, .issueDeleted, "5"),
        ("workitem.restored", #"{"id":5,"rev":1}"#, .issueChanged, "5"),
        ("workitem.commented", #"{"id":5,"rev":4,"fields":{"System.History":"x"}}"#, .issueChanged, "5"),
    ])
    func `an event names its item`(
        event: String, resource: String, kind: WebhookEvent.Kind, key: String
    ) throws {
        #expect(
            try read(Self.body(event, resource))
                == WebhookEvent(
                    kind, issues: [IssueReference(key: key, nativeID: key)],
                    deliveryID: "72da0ade-0000-4000-8000-bf287bf7e840"))
    }

    @Test(arguments: ["build.complete", "git.push", "message.posted"])
    func `what concerns no work item is a sign of life`(event: String) throws {
        let event = try read(Self.body(event, #"{"id":5}"#))
        #expect(event.kind == .other && event.issues.isEmpty && !event.deliveryID.isEmpty)
    }

    @Test(arguments: [
        "", "[]", "{}", "{\"eventType\":7}", "<html></html>", body("workitem.created", "null"),
        body("workitem.updated", #"{"id":2}"#), body("workitem.created", #"{"id":0}"#),
        body("workitem.created", #"{"id":"5"}"#), body("workitem.created", #"{"id":99999999999}"#),
        body("workitem.created", "[]"),
    ])
    func `a body that names no item is refused`(body: String) {
        let error = #expect(throws: TrackerError.self) { try read(body) }
        #expect(error?.code == .badResponse)
    }

    @Test func `a notification proves itself by a password`() {
        #expect(Samples.tracker.webhookSchemes == [.basic])
    }
}
