// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain

extension LinearTracker {
    private struct Body<Variables: Encodable>: Encodable {
        let query: String
        let variables: Variables
    }

    private struct NoVariables: Encodable, Sendable {}

    private struct Answer<Content: Decodable>: Decodable {
        let data: Content
    }

    /// A request to Linear's only endpoint. What varies goes into variables, never into the document.
    func ask(
        _ document: String, _ variables: some Encodable, of source: TrackerSource
    ) throws(TrackerError) -> TrackerRequest {
        var request = TrackerRequest(
            .post, path: ["graphql"], headers: try headers(for: source),
            body: TrackerJSON.encode(Body(query: document, variables: variables)))
        request.changesNothing = document.hasPrefix("query")
        return request
    }

    /// A question in which nothing varies.
    func ask(_ document: String, of source: TrackerSource) throws(TrackerError) -> TrackerRequest {
        try ask(document, NoVariables(), of: source)
    }

    /// The content of an answer; ``failure(_:)`` has read its errors already.
    func read<Content: Decodable>(
        _ type: Content.Type, from response: TrackerResponse
    ) throws(TrackerError) -> Content {
        try TrackerJSON.decode(Answer<Content>.self, from: response).data
    }
}

/// What varies in the questions, see ``LinearQuery``.
enum LinearVariables {
    struct ID: Encodable, Sendable {
        let id: String
    }

    struct Team: Encodable, Sendable {
        let team: String
    }

    struct Address: Encodable, Sendable {
        let url: String
    }

    struct Issues: Encodable, Sendable {
        let filter: Filter
        let first: Int
        var after: String?
    }

    struct Search: Encodable, Sendable {
        let term: String
        let first: Int
        let filter: Filter?
    }

    struct Create: Encodable, Sendable {
        let input: NewIssue
    }

    struct Attach: Encodable, Sendable {
        let input: Attachment
    }

    /// Linear's `IssueFilter`; what is nil is not sent.
    struct Filter: Encodable, Sendable {
        var or: [Filter]?
        var id: Comparator<String>?
        var number: Comparator<Int>?
        var team: TeamFilter?
        var updatedAt: Comparator<String>?
    }

    struct TeamFilter: Encodable, Sendable {
        let key: Comparator<String>
    }

    struct Comparator<Value: Encodable & Sendable>: Encodable, Sendable {
        var eq: Value?
        var gte: Value?
        var `in`: [Value]?
    }

    /// Linear's `IssueCreateInput`.
    struct NewIssue: Encodable, Sendable {
        let id: String
        let teamId: String
        let title: String
        let description: String
        var stateId: String?
        var assigneeId: String?
        var priority: Int?
        var labelIds: [String]?
        var dueDate: String?
    }

    /// Linear's `AttachmentCreateInput`.
    struct Attachment: Encodable, Sendable {
        struct Metadata: Encodable, Sendable {
            let linkId: String
        }

        let issueId: String
        let url: String
        let title: String
        let subtitle: String
        let metadata: Metadata
    }
}
