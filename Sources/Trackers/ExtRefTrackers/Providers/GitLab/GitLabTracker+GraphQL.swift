// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain

extension GitLabWire {
    /// An answer of GraphQL: without data when the question was not understood.
    struct GraphQLAnswer<Value: Decodable & Sendable>: Decodable, Sendable {
        let data: Lenient<Value>
    }

    /// A work item, as the contract's query asks for it.
    struct WorkItem: Decodable {
        struct Named: Decodable {
            let name: Lenient<String>
        }

        /// What statuses are sorted into; the case is not documented.
        enum Categories: ClosedVocabulary {
            static let words: Set<String> = ["triage", "to_do", "in_progress", "done", "canceled"]
        }

        enum States: ClosedVocabulary {
            static let words: Set<String> = ["open", "opened", "closed"]
        }

        struct Status: Decodable {
            let name: Lenient<String>
            let category: Lenient<Word<Categories>>
        }

        struct Person: Decodable {
            let id: Lenient<String>
            let username: Lenient<String>
            let name: Lenient<String>
        }

        struct Label: Decodable {
            let title: Lenient<String>
        }

        struct List<Node: Decodable & Sendable>: Decodable, Sendable {
            let nodes: Lenient<[Lenient<Node>]>
        }

        struct Widget: Decodable {
            let status: Lenient<Status>
            let assignees: Lenient<List<Person>>
            let labels: Lenient<List<Label>>
        }

        /// Such as `gid://gitlab/WorkItem/93843`; the number is the one that REST and notifications use.
        let id: String
        let iid: String
        let title: String
        let state: Word<States>
        let webUrl: Lenient<String>
        let createdAt: Lenient<String>
        let closedAt: Lenient<String>
        let workItemType: Lenient<Named>
        let widgets: Lenient<[Lenient<Widget>]>
    }

    /// The number at the end of a global id; nil when there is none.
    static func number(ofGlobalID id: String) -> String? {
        guard id.hasPrefix("gid://"), let number = id.split(separator: "/").last else { return nil }
        return NumberKey.plain(String(number))
    }
}

extension GitLabTracker {
    private struct Question: Encodable {
        let query: String
        let variables: [String: String]
    }

    /// A question to GraphQL, which answers beside REST: `…/api/graphql` where REST is `…/api/v4`.
    func graphQLRequest(
        _ document: String, _ variables: [String: String], of source: TrackerSource
    ) throws(TrackerError) -> TrackerRequest {
        let headers = try writingHeaders(for: source)
        let body = TrackerJSON.encode(Question(query: document, variables: variables))
        let rest = apiBase(of: source.source)
        let isBesideREST = !source.source.apiBaseURL.isEmpty && rest.hasSuffix("/v4")
        var request = TrackerRequest(
            .post, path: isBesideREST ? [] : ["api", "graphql"], headers: headers, body: body)
        request.base = isBesideREST ? .address(rest.dropLast(2) + "graphql") : .web
        request.changesNothing = true
        return request
    }

    /// The contract's query for work items of a group or project, several of them under names of their own.
    static func itemsDocument(count: Int, withStatus: Bool) -> String {
        let status = withStatus ? "... on WorkItemWidgetStatus { status { id name category } } " : ""
        let fields =
            "{ id iid title state webUrl closedAt createdAt workItemType { name } widgets { __typename "
            + status + "... on WorkItemWidgetAssignees { assignees { nodes { id username name } } } "
            + "... on WorkItemWidgetLabels { labels { nodes { title } } } } }"
        let variables = (0..<count).map { ", $iid\($0): String!" }.joined()
        let items = (0..<count).map { "item\($0): workItem(iid: $iid\($0)) \(fields)" }
        return "query($path: ID!\(variables)) { namespace(fullPath: $path) { "
            + items.joined(separator: " ") + " } }"
    }
}
