// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension AsanaTracker: WebhookReading {
    /// The secret is Asana's: it comes with the first call, as `X-Hook-Secret`, and must be sent back.
    public var webhookSchemes: [WebhookScheme] { [.hmacSHA256(header: "x-hook-signature", prefix: "")] }

    public var webhookHandshakeHeader: String? { "x-hook-secret" }

    /// Tasks named by one notification; Asana gathers up to 1,000 events in one.
    static let webhookTasksMax = 500

    /// Events are numbers and words only. An empty list is a sign of life.
    public func readWebhook(
        _ delivery: WebhookDelivery, from source: IntegrationSource
    ) throws(TrackerError) -> WebhookEvent {
        let response = TrackerResponse(status: 200, body: delivery.body)
        let events = try TrackerJSON.decode(AsanaWire.Notification.self, from: response).events
        let ofTasks = events.compactMap(\.value).filter { $0.resource.type.value == "task" }
        var seen = Set<String>()
        let gids = ofTasks.map(\.resource.gid).filter { Self.isGID($0) && seen.insert($0).inserted }
        guard !gids.isEmpty else { return WebhookEvent(.other) }
        return WebhookEvent(
            ofTasks.allSatisfy { $0.action == "deleted" } ? .issueDeleted : .issueChanged,
            issues: gids.prefix(Self.webhookTasksMax).map { IssueReference(key: $0, nativeID: $0) })
    }
}

extension AsanaWire {
    struct Notification: Decodable {
        struct Resource: Decodable {
            let gid: String
            let type: Lenient<String>

            enum CodingKeys: String, CodingKey {
                case gid
                case type = "resource_type"
            }
        }

        struct Event: Decodable {
            let action: String
            let resource: Resource
        }

        let events: [Lenient<Event>]
    }
}
