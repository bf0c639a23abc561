// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// GitLab.com and self-managed GitLab, also below a path, through REST v4 and, for what REST does not have,
/// GraphQL.
///
/// Keys are `group/sub/project#23`, and `groups/team#1` for items that belong to a group (epics). The id
/// beside them holds in the whole installation, but a move to another project makes a new issue with a new
/// id and closes the old one. Source: docs.gitlab.com, "Issues API" and "Moving issues".
public struct GitLabTracker: Tracker {
    /// Makes the adapter.
    public init() {}

    public var description: ProviderDescription { Self.provider }

    private static let provider = ProviderDescription(
        id: .gitLab, displayName: "GitLab",
        capabilities: [.fetch, .batchFetch, .search, .create, .comment, .webhook, .changesSince],
        authenticationMethods: Self.authenticationMethods, baseURLExample: "https://gitlab.com",
        issueURLTemplate: "", createURLTemplate: "",
        keyPattern: "[A-Za-z0-9_.][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_.][A-Za-z0-9_.-]*)+#[1-9][0-9]{0,17}",
        keyExample: "group/project#23")

    public func apiBaseURL(of source: IntegrationSource) -> String {
        source.baseURL.withoutTrailingSlashes + "/api/v4"
    }

    public func canonicalKey(_ typed: String) -> String? { GitLabKey(typed)?.text }

    public func completedKey(_ typed: String, project: String) -> String {
        guard !project.isEmpty, let number = NumberKey.canonical(typed) else { return typed }
        return "\(project)#\(number)"
    }

    public func confidence(inFreeText word: String) -> Double {
        // GitLab writes references in this form itself; "#12" alone is anybody's.
        if word.hasPrefix("#") { return NumberKey.canonical(word) == nil ? 0 : 0.5 }
        return GitLabKey(word) == nil ? 0 : 0.8
    }

    public func violations(of source: IntegrationSource) -> [FieldViolation] {
        let form = "must be the full path of a project, such as group/project, or of a group, as groups/group"
        var violations = source.allowedExternalProjects.enumerated().compactMap { index, project in
            GitLabPlace(project) == nil
                ? FieldViolation("allowed_external_projects[\(index)]", form) : nil
        }
        if !source.defaultExternalProject.isEmpty, GitLabPlace(source.defaultExternalProject) == nil {
            violations.append(FieldViolation("default_external_project", form))
        }
        return violations
    }

    /// The project of an operation that GitLab offers for projects only.
    /// - Parameter deed: what is wanted, as the rest of the sentence "GitLab … only in projects".
    func project(_ text: String, _ deed: String) throws(TrackerError) -> GitLabPlace {
        guard let place = GitLabPlace(text) else {
            throw TrackerError(
                .invalidRequest, "Name a GitLab project by its full path, such as group/project.")
        }
        guard !place.isGroup else { throw TrackerError(.unsupported, "GitLab \(deed) only in projects.") }
        return place
    }

    /// The parts of a reference's key.
    func key(of reference: IssueReference) throws(TrackerError) -> GitLabKey {
        guard let key = GitLabKey(reference.key) else {
            throw TrackerError(.invalidRequest, "This is no GitLab reference such as group/project#23.")
        }
        return key
    }
}
