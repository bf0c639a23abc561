// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension LinearTracker: WebhookReading {
    public var webhookSchemes: [WebhookScheme] { [.hmacSHA256(header: "linear-signature", prefix: "")] }

    /// As Linear's own SDK has it.
    public var webhookAgeMax: Duration? { .seconds(60) }

    /// Reads the notifications about issues; those about comments, labels and projects change nothing that is
    /// shown here.
    public func readWebhook(
        _ delivery: WebhookDelivery, from source: IntegrationSource
    ) throws(TrackerError) -> WebhookEvent {
        let response = TrackerResponse(status: 200, body: delivery.body)
        let event = try TrackerJSON.decode(LinearWire.Notification.self, from: response)
        let deliveryID = TrackerText.short(delivery.header("linear-delivery") ?? "")
        guard event.type == "Issue" else {
            return WebhookEvent(.other, deliveryID: deliveryID, sentAt: event.sentAt)
        }
        let issue = try TrackerJSON.decode(LinearWire.IssueNotification.self, from: response).data
        guard Self.isID(issue.id), let key = canonicalKey(issue.identifier) else {
            throw TrackerError(.badResponse, "The notification names no issue that could be one of Linear's.")
        }
        let former = (issue.previousIdentifiers.value ?? []).compactMap { $0.value.flatMap(canonicalKey) }
        let keys = [key] + former.filter { $0 != key }.prefix(Self.previousKeysMax)
        return WebhookEvent(
            event.action == "remove" || issue.trashed.value == true ? .issueDeleted : .issueChanged,
            issues: keys.map { IssueReference(key: $0, nativeID: issue.id) }, deliveryID: deliveryID,
            sentAt: event.sentAt)
    }
}

extension LinearWire {
    struct Notification: Decodable {
        let action: String
        let type: String
        /// Milliseconds since 1970.
        let webhookTimestamp: Lenient<Double>

        var sentAt: Timestamp? {
            guard let milliseconds = webhookTimestamp.value, milliseconds > 0, milliseconds < 1e15 else {
                return nil
            }
            return Timestamp(milliseconds: Int64(milliseconds))
        }
    }

    struct IssueNotification: Decodable {
        struct Issue: Decodable {
            let id: String
            let identifier: String
            let previousIdentifiers: Lenient<[Lenient<String>]>
            let trashed: Lenient<Bool>
        }

        let data: Issue
    }
}
