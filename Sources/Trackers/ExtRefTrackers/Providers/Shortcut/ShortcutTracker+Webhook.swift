// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension ShortcutTracker: WebhookReading {
    public var webhookSchemes: [WebhookScheme] { [.hmacSHA256(header: "payload-signature", prefix: "")] }

    /// Stories named by one notification; a bulk edit touches many.
    static let webhookStoriesMax = 500

    /// Reads what happened to stories. One notification tells all that one deed caused.
    public func readWebhook(
        _ delivery: WebhookDelivery, from source: IntegrationSource
    ) throws(TrackerError) -> WebhookEvent {
        let response = TrackerResponse(status: 200, body: delivery.body)
        let event = try TrackerJSON.decode(ShortcutWire.Notification.self, from: response)
        let deliveryID = TrackerText.short(event.id.value ?? "")
        let deeds = event.actions.compactMap(\.value).filter { $0.entityType == "story" }
        var seen = Set<String>()
        let keys = deeds.compactMap { canonicalKey(String($0.id)) }.filter { seen.insert($0).inserted }
        guard !keys.isEmpty else { return WebhookEvent(.other, deliveryID: deliveryID) }
        return WebhookEvent(
            deeds.allSatisfy { $0.action == "delete" } ? .issueDeleted : .issueChanged,
            issues: keys.prefix(Self.webhookStoriesMax).map { IssueReference(key: $0, nativeID: $0) },
            deliveryID: deliveryID)
    }
}

extension ShortcutWire {
    struct Notification: Decodable {
        struct Deed: Decodable {
            let id: Int64
            let entityType: String
            let action: String

            enum CodingKeys: String, CodingKey {
                case id, action
                case entityType = "entity_type"
            }
        }

        let id: Lenient<String>
        /// Things other than stories may have ids of other kinds.
        let actions: [Lenient<Deed>]
    }
}
