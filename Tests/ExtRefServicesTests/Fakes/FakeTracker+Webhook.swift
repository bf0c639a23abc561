// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

@testable import ExtRefTrackers

extension FakeTracker: WebhookReading {
    static let webhookField = "x-fake-token"

    /// What the fake tracker posts.
    struct Notice: Codable, Sendable {
        var key = "FK-1"
        var nativeID = ""
        var event = "changed"
        var delivery = ""
        var sentAt: Int64 = 0
        /// Something that makes its body another one.
        var number = 0
    }

    var webhookSchemes: [WebhookScheme] { [.sharedSecret(header: Self.webhookField), .pathSecret] }

    var webhookAgeMax: Duration? { .seconds(60) }

    func readWebhook(
        _ delivery: WebhookDelivery, from source: IntegrationSource
    ) throws(TrackerError) -> WebhookEvent {
        let notice = try TrackerJSON.decode(
            Notice.self, from: TrackerResponse(status: 200, body: delivery.body))
        guard notice.event != "ping" else { return WebhookEvent(.other, deliveryID: notice.delivery) }
        return WebhookEvent(
            notice.event == "deleted" ? .issueDeleted : .issueChanged,
            issues: [IssueReference(key: notice.key, nativeID: notice.nativeID)],
            deliveryID: notice.delivery,
            sentAt: notice.sentAt == 0 ? nil : Timestamp(milliseconds: notice.sentAt))
    }
}
