// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension GitHubTracker: WebhookReading {
    public var webhookSchemes: [WebhookScheme] {
        [.hmacSHA256(header: "x-hub-signature-256", prefix: "sha256=")]
    }

    /// Longest delivery id that is believed; GitHub's are UUIDs.
    private static let deliveryIDBytesMax = 64

    private struct Subject: Decodable {
        let number: Int
        let nodeID: Lenient<String>

        enum CodingKeys: String, CodingKey {
            case number
            case nodeID = "node_id"
        }
    }

    private struct Place: Decodable {
        let fullName: String

        enum CodingKeys: String, CodingKey {
            case fullName = "full_name"
        }
    }

    /// Where a transferred issue went to, or came from.
    private struct Changes: Decodable {
        let newIssue: Lenient<Subject>
        let newRepository: Lenient<Place>
        let oldIssue: Lenient<Subject>
        let oldRepository: Lenient<Place>

        enum CodingKeys: String, CodingKey {
            case newIssue = "new_issue"
            case newRepository = "new_repository"
            case oldIssue = "old_issue"
            case oldRepository = "old_repository"
        }
    }

    private struct Payload: Decodable {
        let action: Lenient<String>
        let repository: Place
        let issue: Lenient<Subject>
        let pullRequest: Lenient<Subject>
        let changes: Lenient<Changes>

        enum CodingKeys: String, CodingKey {
            case action, repository, issue, changes
            case pullRequest = "pull_request"
        }
    }

    /// Reads `issues` and `pull_request`. Comments change nothing that is kept here, and everything else
    /// concerns no single issue.
    public func readWebhook(
        _ delivery: WebhookDelivery, from source: IntegrationSource
    ) throws(TrackerError) -> WebhookEvent {
        let id = Self.deliveryID(of: delivery)
        guard let event = delivery.header("x-github-event") else {
            throw TrackerError(.badResponse, "The notification does not say which event it is about.")
        }
        let response = TrackerResponse(status: 200, headers: delivery.headers, body: delivery.body)
        guard response.mediaType != "application/x-www-form-urlencoded" else {
            throw TrackerError(.badResponse, "Set the content type of GitHub's webhook to application/json.")
        }
        guard event == "issues" || event == "pull_request" else {
            return WebhookEvent(.other, deliveryID: id)
        }
        let payload = try TrackerJSON.decode(Payload.self, from: response)
        let subject = event == "issues" ? payload.issue.value : payload.pullRequest.value
        let main = try Self.reference(to: subject, in: payload.repository)
        let kind: WebhookEvent.Kind = payload.action.value == "deleted" ? .issueDeleted : .issueChanged
        return WebhookEvent(kind, issues: [main] + Self.relatives(in: payload.changes.value), deliveryID: id)
    }

    /// The other end of a transfer.
    private static func relatives(in changes: Changes?) -> [IssueReference] {
        guard let changes else { return [] }
        let ends = [
            (changes.newIssue.value, changes.newRepository.value),
            (changes.oldIssue.value, changes.oldRepository.value),
        ]
        return ends.compactMap { subject, place in place.flatMap { try? reference(to: subject, in: $0) } }
    }

    private static func reference(
        to subject: Subject?, in place: Place
    ) throws(TrackerError) -> IssueReference {
        guard let subject, GitHubKey.isNumber(subject.number),
            let repository = GitHubRepository(place.fullName)
        else { throw TrackerError(.badResponse, "The notification names no issue.") }
        let id = subject.nodeID.value ?? ""
        return IssueReference(
            key: GitHubKey(repository, subject.number).text, nativeID: GitHubNodeID.isSound(id) ? id : "")
    }

    private static func deliveryID(of delivery: WebhookDelivery) -> String {
        let id = delivery.header("x-github-delivery") ?? ""
        let isSound =
            id.utf8.count <= deliveryIDBytesMax
            && id.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
        return isSound ? id : ""
    }
}
