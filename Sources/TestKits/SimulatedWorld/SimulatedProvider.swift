// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import ExtRefTrackers

/// An adapter of a tracker that exists in simulations only. Its answers are lines, so that a simulation
/// spends its time on the sync and not on reading JSON.
protocol SimulatedProvider: BatchFetching, WebhookReading {
    static var id: ProviderID { get }
}

/// A tracker that tells what changed since a time.
struct TellingProvider: SimulatedProvider, ChangesReading {
    static let id = ProviderID(rawValue: "telling")

    var changesNeedProject: Bool { false }

    func changes(
        since: Timestamp, project: String, page: String, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<ChangesPage> {
        let query = [("since", String(since.milliseconds)), ("page", page)].filter { !$0.1.isEmpty }
        let request = TrackerRequest(path: ["changes"], query: query.map { (name: $0.0, value: $0.1) })
        return .send(request) { (response) throws(TrackerError) in
            let (next, issues) = try Self.read(response, of: source)
            return ChangesPage(issues: issues, next: next)
        }
    }
}

/// A tracker whose issues have to be read one batch after the other.
struct SilentProvider: SimulatedProvider {
    static let id = ProviderID(rawValue: "silent")
}

extension SimulatedProvider {
    static var webhookField: String { "x-simulated-token" }

    var description: ProviderDescription {
        ProviderDescription(
            id: Self.id, displayName: Self.id.rawValue, capabilities: [.fetch, .batchFetch, .webhook],
            authenticationMethods: [AuthenticationMethod(id: .none, label: "None", fields: [])],
            baseURLExample: "https://tracker.example", issueURLTemplate: "{baseUrl}/issues/{key}",
            createURLTemplate: "", keyPattern: "[0-9]+", keyExample: "12")
    }

    func key(at location: IssueLocation) -> String? {
        location.segments.count == 2 && location.segments[0] == "issues"
            ? canonicalKey(location.segments[1]) : nil
    }

    func canonicalKey(_ typed: String) -> String? { Int(typed).map(String.init) }

    var batchIssuesMax: Int { 2 }

    func fetch(
        _ reference: IssueReference, from source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<IssueSnapshot> {
        .send(TrackerRequest(path: ["issues", reference.key])) { (response) throws(TrackerError) in
            guard let issue = try Self.read(response, of: source).issues.first else {
                throw TrackerError(.badResponse, "The answer holds no issue.")
            }
            return issue
        }
    }

    func fetchBatch(
        _ references: [IssueReference], from source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<BatchAnswer> {
        let keys = references.map(\.key).joined(separator: ",")
        let request = TrackerRequest(path: ["batch"], query: [(name: "keys", value: keys)])
        return .send(request) { (response) throws(TrackerError) in
            BatchAnswer(found: try Self.read(response, of: source).issues)
        }
    }

    var webhookSchemes: [WebhookScheme] { [.sharedSecret(header: Self.webhookField)] }

    func readWebhook(
        _ delivery: WebhookDelivery, from source: IntegrationSource
    ) throws(TrackerError) -> WebhookEvent {
        let words = String(decoding: delivery.body, as: UTF8.self).split(separator: " ").map(String.init)
        guard words.count == 2 else { throw TrackerError(.badResponse, "This is no notification.") }
        return WebhookEvent(
            .issueChanged, issues: [IssueReference(key: words[0], nativeID: "n" + words[0])],
            deliveryID: words[1])
    }

    /// Reads an answer: the next page's name, then an issue a line.
    static func read(
        _ response: TrackerResponse, of source: TrackerSource
    ) throws(TrackerError) -> (next: String, issues: [IssueSnapshot]) {
        let lines = String(decoding: response.body, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.first, first.hasPrefix("page ") else {
            throw TrackerError(.badResponse, "The answer makes no sense.")
        }
        var issues = [IssueSnapshot]()
        for line in lines.dropFirst() where !line.isEmpty {
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 4, let updated = Int64(words[3]) else {
                throw TrackerError(.badResponse, "The answer makes no sense.")
            }
            var issue = IssueSnapshot(
                nativeID: "n" + words[0], key: words[0],
                webURL: source.source.baseURL + "/issues/" + words[0], title: "version " + words[1],
                statusName: words[2], providerCategory: words[2] == "open" ? .todo : .done)
            issue.updatedAt = Timestamp(milliseconds: updated)
            issues.append(issue)
        }
        return (String(first.dropFirst("page ".count)), issues)
    }
}
