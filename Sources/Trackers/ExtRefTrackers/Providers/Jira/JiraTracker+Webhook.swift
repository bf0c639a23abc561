// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension JiraTracker {
    /// Reads a delivery of Jira's own webhooks.
    ///
    /// Comments and work logs count as changes where they name an issue: they change when it was updated.
    /// Links between issues name none by its key.
    public func readWebhook(
        _ delivery: WebhookDelivery, from source: IntegrationSource
    ) throws(TrackerError) -> WebhookEvent {
        let answer = TrackerResponse(status: 200, body: delivery.body)
        let event = try TrackerJSON.decode(JiraWebhook.Body.self, from: answer)
        let sentAt = event.timestamp.value.flatMap(JiraWebhook.time)
        // The same on retries (Atlassian, "Webhooks").
        let deliveryID = TrackerText.short(delivery.header("x-atlassian-webhook-identifier") ?? "")
        guard let issue = event.issue else {
            return WebhookEvent(.other, deliveryID: deliveryID, sentAt: sentAt)
        }
        guard let key = JiraKey(issue.key)?.text, JiraKey.number(issue.id.text) != nil else {
            throw TrackerError(.badResponse, "The notification names no Jira issue.")
        }
        let former = event.formerKeys.filter { $0 != key }
        return WebhookEvent(
            event.webhookEvent == JiraWebhook.deletedEvent ? .issueDeleted : .issueChanged,
            issues: ([key] + former).map { IssueReference(key: $0, nativeID: issue.id.text) },
            deliveryID: deliveryID, sentAt: sentAt)
    }
}

/// Jira's notifications, as far as they are read.
enum JiraWebhook {
    /// The only event after which the issue is gone.
    static let deletedEvent = "jira:issue_deleted"
    private static let keyField = "key"
    /// Former keys taken from one notification.
    private static let formerKeysMax = 5
    private static let timesBelievable = 1.0..<32_503_680_000_000.0  // milliseconds, up to the year 3000

    /// A whole notification.
    struct Body: Decodable {
        let webhookEvent: String
        /// Milliseconds since 1970.
        let timestamp: Lenient<Double>
        /// Absent where the event concerns none.
        let issue: Issue?
        let changelog: Lenient<Changelog>
    }

    /// The issue it is about; comments come with a part of its fields only, so none is read.
    struct Issue: Decodable {
        let id: ID
        let key: String
    }

    /// A text everywhere but in some old versions.
    struct ID: Decodable {
        let text: String

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Int64.self) {
                text = String(number)
            } else {
                text = try container.decode(String.self)
            }
        }
    }

    /// What changed; deletions have none.
    struct Changelog: Decodable {
        let items: Lenient<[Lenient<Item>]>
    }

    /// One changed field. Servers send no `fieldId`.
    struct Item: Decodable {
        let field: String
        let fromString: Lenient<String>
    }

    /// Reads when it was sent; nil when that cannot be.
    static func time(_ milliseconds: Double) -> Timestamp? {
        timesBelievable.contains(milliseconds) ? Timestamp(milliseconds: Int64(milliseconds)) : nil
    }

    fileprivate static func formerKeys(in items: [Item]) -> [String] {
        let keys = items.filter { $0.field.lowercased() == keyField }
            .compactMap { $0.fromString.value.flatMap(JiraKey.init)?.text }
        return Array(keys.prefix(formerKeysMax))
    }
}

extension JiraWebhook.Body {
    /// Keys that the issue had before it moved, which the changelog shows as a change of the field `Key`.
    var formerKeys: [String] {
        JiraWebhook.formerKeys(in: (changelog.value?.items.value ?? []).compactMap(\.value))
    }
}
