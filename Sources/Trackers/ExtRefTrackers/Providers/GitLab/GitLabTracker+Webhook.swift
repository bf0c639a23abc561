// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension GitLabTracker: WebhookReading {
    /// A signing token makes deliveries Standard Webhooks (version 19); the older secret token is only sent
    /// along.
    public var webhookSchemes: [WebhookScheme] {
        [.standardWebhooks, .sharedSecret(header: "x-gitlab-token")]
    }

    private struct Delivery: Decodable {
        struct Project: Decodable {
            let path: Lenient<String>

            enum CodingKeys: String, CodingKey { case path = "path_with_namespace" }
        }

        struct Item: Decodable {
            let id: Lenient<Int64>
            let iid: Lenient<Int64>
            let url: Lenient<String>
            let updatedAt: Lenient<String>

            enum CodingKeys: String, CodingKey {
                case id, iid, url
                case updatedAt = "updated_at"
            }
        }

        let kind: String
        /// Absent for items of a group.
        let project: Lenient<Project>
        let item: Lenient<Item>

        enum CodingKeys: String, CodingKey {
            case project
            case kind = "object_kind"
            case item = "object_attributes"
        }
    }

    /// What a delivery about an issue or work item calls itself, confidential or not.
    private static let kinds: Set<String> = ["issue", "work_item"]

    public func readWebhook(
        _ delivery: WebhookDelivery, from source: IntegrationSource
    ) throws(TrackerError) -> WebhookEvent {
        let body = try TrackerJSON.decode(
            Delivery.self, from: TrackerResponse(status: 200, body: delivery.body))
        guard Self.kinds.contains(body.kind) else {
            return WebhookEvent(.other, deliveryID: deliveryID(delivery, nil), sentAt: sentAt(delivery))
        }
        guard let item = body.item.value, let key = key(of: item, body.project.value, in: source) else {
            throw TrackerError(.badResponse, "The notification does not say which issue it is about.")
        }
        let id = item.id.value.flatMap { $0 > 0 ? String($0) : nil } ?? ""
        return WebhookEvent(
            .issueChanged, issues: [IssueReference(key: key.text, nativeID: id)],
            deliveryID: deliveryID(delivery, item), sentAt: sentAt(delivery))
    }

    private func key(
        of item: Delivery.Item, _ project: Delivery.Project?, in source: IntegrationSource
    ) -> GitLabKey? {
        guard let iid = item.iid.value.map({ String($0) }) else { return nil }
        if let place = project?.path.value.flatMap({ GitLabPlace($0) }), !place.isGroup {
            return GitLabKey(place, iid: iid)
        }
        guard let address = item.url.value, let key = key(inAddress: address, of: source), key.iid == iid
        else {
            return nil
        }
        return key
    }

    /// Repeats of one delivery share the idempotency key (version 17.4). The event's id is older, but events
    /// that follow from each other share it, so that item and time are joined to it.
    private func deliveryID(_ delivery: WebhookDelivery, _ item: Delivery.Item?) -> String {
        let own = delivery.header("webhook-id") ?? delivery.header("idempotency-key")
        if let own, !own.isEmpty { return TrackerText.short(own) }
        guard let event = delivery.header("x-gitlab-event-uuid"), !event.isEmpty else { return "" }
        let id = item?.id.value.map { String($0) } ?? ""
        return TrackerText.short("\(event)/\(id)/\(item?.updatedAt.value ?? "")")
    }

    /// The time that the signature covers; without a signature there is none.
    private func sentAt(_ delivery: WebhookDelivery) -> Timestamp? {
        guard delivery.header("webhook-signature") != nil, let text = delivery.header("webhook-timestamp"),
            let seconds = Int64(text), (0..<100_000_000_000).contains(seconds)
        else { return nil }
        return Timestamp(seconds: seconds)
    }
}
