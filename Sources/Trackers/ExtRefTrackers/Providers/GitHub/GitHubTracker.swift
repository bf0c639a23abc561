// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// GitHub: github.com, enterprises with their own data region (GHE.com), and Enterprise Server.
///
/// Issues and pull requests are read alike. An issue's id (`node_id`) does not survive a transfer to another
/// repository, but the REST API leads from the old place to the new one; its key changes with every rename
/// of the repository or its owner. Single reads, lists and writes go through REST, many issues through one
/// GraphQL query. Source: GitHub's OpenAPI description 2026-03-10, its GraphQL schema, "Best practices for
/// using the REST API".
public struct GitHubTracker: Tracker {
    /// Makes the adapter.
    public init() {}

    public var description: ProviderDescription { Self.provider }

    private static let provider = ProviderDescription(
        id: .gitHub, displayName: "GitHub",
        capabilities: [.fetch, .batchFetch, .search, .create, .comment, .webhook, .changesSince],
        authenticationMethods: Self.authenticationMethods, baseURLExample: "https://github.com",
        issueURLTemplate: "", createURLTemplate: "", keyPattern: GitHubKey.pattern,
        keyExample: "octocat/Hello-World#42")

    public func canonicalKey(_ typed: String) -> String? { GitHubKey(typed)?.text }

    public func completedKey(_ typed: String, project: String) -> String {
        let digits = typed.hasPrefix("#") ? typed.dropFirst() : typed[...]
        guard !project.isEmpty, let number = GitHubKey.number(digits) else { return typed }
        return "\(project)#\(number)"
    }

    /// How sure a word of a free text is: with its repository, and as `#12`, which many trackers write.
    private static let wholeKeyConfidence = 0.9
    private static let hashConfidence = 0.5

    public func confidence(inFreeText word: String) -> Double {
        if GitHubKey(word) != nil { return Self.wholeKeyConfidence }
        return word.hasPrefix("#") && GitHubKey.number(word.dropFirst()) != nil ? Self.hashConfidence : 0
    }

    public func violations(of source: IntegrationSource) -> [FieldViolation] {
        var violations = [FieldViolation]()
        if let fault = GitHubSite.fault(of: source.baseURL) {
            violations.append(FieldViolation("base_url", fault))
        }
        let project = source.defaultExternalProject
        if !project.isEmpty, GitHubRepository(project) == nil {
            violations.append(FieldViolation("default_external_project", Self.projectRule))
        }
        for (index, project) in source.allowedExternalProjects.enumerated()
        where GitHubRepository(project) == nil {
            violations.append(FieldViolation("allowed_external_projects[\(index)]", Self.projectRule))
        }
        return violations
    }

    private static let projectRule = "must be a repository, as owner/name"

    /// A repository that the service or an admin names.
    func repository(named project: String) throws(TrackerError) -> GitHubRepository {
        guard let repository = GitHubRepository(project) else {
            throw TrackerError(.invalidRequest, "This is no GitHub repository. One looks like owner/name.")
        }
        return repository
    }

    /// The key of an issue that the service names.
    func key(of reference: IssueReference) throws(TrackerError) -> GitHubKey {
        guard let key = GitHubKey(reference.key) else {
            throw TrackerError(.invalidRequest, "This is no key of a GitHub issue.")
        }
        return key
    }

    /// The repository to try things on: the default one, else the first that is allowed.
    func sampleRepository(of source: IntegrationSource) -> GitHubRepository? {
        ([source.defaultExternalProject] + source.allowedExternalProjects).lazy
            .compactMap { GitHubRepository($0) }.first
    }
}
