// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension ForgejoTracker: WebhookReading {
    /// Forgejo sends both, Gitea the second; plain hexadecimal digits.
    public var webhookSchemes: [WebhookScheme] {
        [
            .hmacSHA256(header: "x-forgejo-signature", prefix: ""),
            .hmacSHA256(header: "x-gitea-signature", prefix: ""),
        ]
    }

    private struct Delivery: Decodable {
        struct Item: Decodable {
            let id: Lenient<Int64>
            let number: Lenient<Int64>
            let repository: Lenient<ForgejoWire.RepositoryName>
        }

        /// Any object, to know that it is there.
        struct Presence: Decodable {}

        let action: Lenient<String>
        let issue: Lenient<Item>
        let pullRequest: Lenient<Item>
        let comment: Lenient<Presence>
        let repository: Lenient<ForgejoWire.RepositoryName>

        enum CodingKeys: String, CodingKey {
            case action, issue, comment, repository
            case pullRequest = "pull_request"
        }
    }

    /// Headers that tell one delivery from another, and name the event.
    private static let deliveryHeaders = ["x-forgejo-delivery", "x-gitea-delivery"]
    private static let eventHeaders = ["x-forgejo-event", "x-gitea-event"]
    private static let commentEvents: Set<String> = ["issue_comment", "pull_request_comment"]

    public func readWebhook(
        _ delivery: WebhookDelivery, from source: IntegrationSource
    ) throws(TrackerError) -> WebhookEvent {
        let body = try TrackerJSON.decode(
            Delivery.self, from: TrackerResponse(status: 200, body: delivery.body))
        let id = TrackerText.short(Self.deliveryHeaders.lazy.compactMap(delivery.header).first ?? "")
        let event = Self.eventHeaders.lazy.compactMap(delivery.header).first ?? ""
        // A comment changes nothing that is shown of an issue; what it closes is notified by itself.
        let isComment = body.comment.value != nil || Self.commentEvents.contains(event)
        guard let item = body.issue.value ?? body.pullRequest.value, !isComment else {
            return WebhookEvent(.other, deliveryID: id)
        }
        guard let key = key(of: item, in: body.repository.value ?? item.repository.value) else {
            throw TrackerError(.badResponse, "The notification does not say which issue it is about.")
        }
        // A pull request's own id is not the one that it has among the issues.
        let nativeID = body.issue.value?.id.value.flatMap { $0 > 0 ? String($0) : nil } ?? ""
        return WebhookEvent(
            body.action.value == "deleted" ? .issueDeleted : .issueChanged,
            issues: [IssueReference(key: key.text, nativeID: nativeID)], deliveryID: id)
    }

    private func key(of item: Delivery.Item, in repository: ForgejoWire.RepositoryName?) -> ForgejoKey? {
        guard let number = item.number.value.map({ String($0) }),
            let repository = repository?.fullName.value.flatMap({ ForgejoRepository($0) })
        else { return nil }
        return ForgejoKey(repository, number: number)
    }
}
