// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// Forgejo (Codeberg is one) and Gitea, from which it comes, also below a path, through their REST v1.
///
/// Keys are `owner/repo#12`, for issues and pull requests alike. The id beside them survives when the
/// repository is renamed or transferred. There is no call that reads many issues by their numbers; a list of
/// what changed since a time stands in for it. Source: Forgejo's own API description, version 16.
public struct ForgejoTracker: Tracker {
    /// Makes the adapter.
    public init() {}

    public var description: ProviderDescription { Self.provider }

    private static let provider = ProviderDescription(
        id: .forgejo, displayName: "Forgejo / Gitea",
        capabilities: [.fetch, .search, .create, .comment, .webhook, .changesSince],
        authenticationMethods: Self.authenticationMethods, baseURLExample: "https://codeberg.org",
        issueURLTemplate: "", createURLTemplate: "",
        keyPattern: "[A-Za-z0-9][A-Za-z0-9_.-]*/[A-Za-z0-9_.-]+#[1-9][0-9]{0,17}",
        keyExample: "owner/repo#12")

    public func apiBaseURL(of source: IntegrationSource) -> String {
        source.baseURL.withoutTrailingSlashes + "/api/v1"
    }

    public func canonicalKey(_ typed: String) -> String? { ForgejoKey(typed)?.text }

    public func completedKey(_ typed: String, project: String) -> String {
        guard !project.isEmpty, let number = NumberKey.canonical(typed) else { return typed }
        return "\(project)#\(number)"
    }

    public func confidence(inFreeText word: String) -> Double {
        // Forgejo writes references in this form itself; "#12" alone is anybody's.
        if word.hasPrefix("#") { return NumberKey.canonical(word) == nil ? 0 : 0.5 }
        return ForgejoKey(word) == nil ? 0 : 0.8
    }

    public func violations(of source: IntegrationSource) -> [FieldViolation] {
        let form = "must be a repository, as owner/repo"
        var violations = source.allowedExternalProjects.enumerated().compactMap { index, project in
            ForgejoRepository(project) == nil
                ? FieldViolation("allowed_external_projects[\(index)]", form) : nil
        }
        if !source.defaultExternalProject.isEmpty, ForgejoRepository(source.defaultExternalProject) == nil {
            violations.append(FieldViolation("default_external_project", form))
        }
        return violations
    }

    func repository(_ text: String) throws(TrackerError) -> ForgejoRepository {
        guard let repository = ForgejoRepository(text) else {
            throw TrackerError(.invalidRequest, "Name a repository as owner/repo.")
        }
        return repository
    }

    /// The parts of a reference's key.
    func key(of reference: IssueReference) throws(TrackerError) -> ForgejoKey {
        guard let key = ForgejoKey(reference.key) else {
            throw TrackerError(.invalidRequest, "This is no reference such as owner/repo#12.")
        }
        return key
    }

    /// The repositories that a source names, its default one first.
    func repositories(of source: IntegrationSource) -> [ForgejoRepository] {
        var repositories = [ForgejoRepository]()
        for name in [source.defaultExternalProject] + source.allowedExternalProjects {
            guard let repository = ForgejoRepository(name), !repositories.contains(repository) else {
                continue
            }
            repositories.append(repository)
        }
        return repositories
    }
}
