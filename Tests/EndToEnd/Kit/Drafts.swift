// SPDX-License-Identifier: Apache-2.0

import ExtRefMessages
import Testing

// Requests as the tests need them, in one line each.

extension Source {
    /// A source without an API: any key, any test, no network.
    static func custom(_ name: String = "Bugs", url: String = "https://bugs.example.com/org/repo") -> Source {
        var source = Source(
            owner: Owner(owner: .tenant(true)), provider: "custom", displayName: name, baseURL: url,
            issueURLTemplate: "{baseUrl}/issues/{key}", keyPattern: "[0-9]{1,9}")
        source.availability = Availability(allProjects: true)
        return source
    }
}

extension LinkDraft {
    /// A link from a test case to a key of a source.
    static func key(
        _ key: String, of sourceID: String = "", from object: String = "TC-1", relation: String = "Defect"
    ) -> LinkDraft {
        draft(.key(SourceKey(sourceID: sourceID, key: key)), object, relation)
    }

    /// A link from a test case to a pasted URL.
    static func url(_ url: String, from object: String = "TC-1", relation: String = "Defect") -> LinkDraft {
        draft(.url(url), object, relation)
    }

    private static func draft(_ target: LinkTarget.Target, _ object: String, _ relation: String) -> LinkDraft
    {
        LinkDraft(
            object: ObjectRef(kind: "case", id: object), target: LinkTarget(target: target),
            relationName: relation)
    }
}

extension CreateLinkRequest {
    init(_ draft: LinkDraft, in project: String = "P1", requestID: String = "") {
        self.init(projectID: project, link: draft, requestID: requestID)
    }
}

extension Link {
    /// The issue it points to; fails the test when it points to none.
    func issue(sourceLocation: SourceLocation = #_sourceLocation) throws -> ExtRefMessages.Issue {
        guard case .issue(let issue) = target else {
            TestIssue.record("the link points to no issue", sourceLocation: sourceLocation)
            throw NoIssue()
        }
        return issue
    }
}

/// The test library's `Issue`, whose name the contract has too.
private typealias TestIssue = Testing.Issue

/// A link that points to no issue.
struct NoIssue: Error {}

extension TestClient {
    /// Creates the source that most tests link into, and answers its id.
    func createCustomSource(_ source: Source = .custom()) async throws -> String {
        let response = try await admin.createSource(CreateSourceRequest(source: source))
        return try #require(response.source).id
    }

    /// Creates a link and answers it.
    func link(_ draft: LinkDraft, in project: String = "P1") async throws -> Link {
        try #require(try await links.createLink(CreateLinkRequest(draft, in: project)).link)
    }

    /// The id of a relation by its name.
    func relationID(_ name: String) async throws -> String {
        let response = try await admin.listRelations(ListRelationsRequest(showDisabled: true))
        return try #require(response.relations.first { $0.name == name }).id
    }

    /// All links of a project, page by page.
    func allLinks(in project: String = "P1", pageSize: Int32 = 500) async throws -> [Link] {
        var request = ListLinksRequest(projectID: project, pageSize: pageSize)
        var found: [Link] = []
        repeat {
            let response = try await links.listLinks(request)
            found += response.links
            request.pageToken = response.nextPageToken
        } while !request.pageToken.isEmpty
        return found
    }
}
