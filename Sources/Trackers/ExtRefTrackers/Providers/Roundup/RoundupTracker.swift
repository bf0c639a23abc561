// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// Roundup from version 2.0 on, through the REST interface of a tracker whose issues are of the class
/// `issue`, as in its templates `classic` and `jinja2`.
///
/// A source is one tracker: there are no projects in it, and the number is the key for ever. Source: Roundup,
/// "REST API for Roundup"; behaviour measured on 2.6.0.
public struct RoundupTracker: Tracker {
    /// What Roundup itself writes before a number: a designator such as `issue12`.
    static let designator = "issue"

    /// Makes the adapter.
    public init() {}

    public var description: ProviderDescription { Self.provider }

    private static let provider = ProviderDescription(
        id: .roundup, displayName: "Roundup",
        capabilities: [.fetch, .batchFetch, .search, .create, .comment, .changesSince],
        authenticationMethods: Self.authenticationMethods, baseURLExample: "https://issues.example.org/demo",
        issueURLTemplate: "{baseUrl}/issue{key}", createURLTemplate: "{baseUrl}/issue?@template=item",
        keyPattern: "[1-9][0-9]{0,17}", keyExample: "issue1234")

    public func apiBaseURL(of source: IntegrationSource) -> String {
        source.baseURL.withoutTrailingSlashes + "/rest"
    }

    public func canonicalKey(_ typed: String) -> String? {
        guard typed.lowercased().hasPrefix(Self.designator) else { return NumberKey.canonical(typed) }
        return NumberKey.plain(String(typed.dropFirst(Self.designator.count)))
    }

    public func displayKey(_ key: String) -> String { Self.designator + key }

    public func confidence(inFreeText word: String) -> Double {
        word.hasPrefix(Self.designator) && canonicalKey(word) != nil ? 0.8 : 0
    }

    public func violations(of source: IntegrationSource) -> [FieldViolation] {
        source.allowedExternalProjects.isEmpty
            ? []
            : [
                FieldViolation(
                    "allowed_external_projects", "must be empty: a Roundup tracker has no projects")
            ]
    }
}
