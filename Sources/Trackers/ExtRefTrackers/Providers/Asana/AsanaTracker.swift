// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// Asana, through its REST interface of version 1.0.
///
/// A task has one number (`gid`) in all of Asana and for ever, however many projects it is in. Asana knows
/// done or not done; what people move about are a project's sections, so those are shown as states. Projects
/// are named by their numbers, because their names can be given twice. Source: developers.asana.com, its
/// OpenAPI.
public struct AsanaTracker: Tracker {
    /// Most digits of a number.
    static let gidDigitsMax = 20

    /// Makes the adapter.
    public init() {}

    public var description: ProviderDescription { Self.provider }

    private static let provider = ProviderDescription(
        id: .asana, displayName: "Asana",
        capabilities: [.fetch, .batchFetch, .search, .create, .comment, .webhook, .changesSince],
        authenticationMethods: Self.authenticationMethods, baseURLExample: "https://app.asana.com",
        issueURLTemplate: "{baseUrl}/0/0/{key}", createURLTemplate: "", keyPattern: "[1-9][0-9]{0,19}",
        keyExample: "1201234567890123")

    public func apiBaseURL(of source: IntegrationSource) -> String {
        source.baseURL.withoutTrailingSlashes + "/api/1.0"
    }

    public func canonicalKey(_ typed: String) -> String? { Self.isGID(typed) ? typed : nil }

    public func violations(of source: IntegrationSource) -> [FieldViolation] {
        var violations = [FieldViolation]()
        for (index, project) in source.allowedExternalProjects.enumerated() where !Self.isGID(project) {
            violations.append(FieldViolation("allowed_external_projects[\(index)]", Self.projectRule))
        }
        let project = source.defaultExternalProject
        if !project.isEmpty, !Self.isGID(project) {
            violations.append(FieldViolation("default_external_project", Self.projectRule))
        }
        let workspace = source.authenticationSettings[Self.workspaceField] ?? ""
        if !workspace.isEmpty, !Self.isGID(workspace) {
            violations.append(
                FieldViolation(
                    "authentication.settings[\(Self.workspaceField)]",
                    "must be the workspace's number, which addresses show behind app.asana.com/1/"))
        }
        return violations
    }

    private static let projectRule =
        "must be the project's number, which its address shows behind /project/ or /0/"

    /// Whether a text is a number as Asana gives them out.
    static func isGID(_ text: String) -> Bool {
        (1...gidDigitsMax).contains(text.utf8.count) && text.utf8.first != UInt8(ascii: "0")
            && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
