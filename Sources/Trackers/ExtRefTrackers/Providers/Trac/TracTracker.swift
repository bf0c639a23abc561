// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// Trac from version 1.0 on, through the export of its own ticket query, which every Trac has.
///
/// A source is one environment, and it is only read: Trac has no interface for programs, and its forms want
/// a token of the page they are on. Source: Trac, "TracQuery"; behaviour measured on 1.6.
public struct TracTracker: Tracker {
    /// What a ticket is called in Trac's own links, such as `ticket:12`.
    private static let realm = "ticket:"

    /// Makes the adapter.
    public init() {}

    public var description: ProviderDescription { Self.provider }

    private static let provider = ProviderDescription(
        id: .trac, displayName: "Trac", capabilities: [.fetch, .batchFetch, .search, .changesSince],
        authenticationMethods: Self.authenticationMethods, baseURLExample: "https://trac.example.org/demo",
        issueURLTemplate: "{baseUrl}/ticket/{key}", createURLTemplate: "{baseUrl}/newticket",
        keyPattern: "[1-9][0-9]{0,17}", keyExample: "#1234")

    public func canonicalKey(_ typed: String) -> String? {
        typed.lowercased().hasPrefix(Self.realm)
            ? NumberKey.plain(String(typed.dropFirst(Self.realm.count))) : NumberKey.canonical(typed)
    }

    public func displayKey(_ key: String) -> String { "#" + key }

    public func confidence(inFreeText word: String) -> Double {
        guard canonicalKey(word) != nil else { return 0 }
        return word.hasPrefix(Self.realm) ? 0.8 : word.hasPrefix("#") ? 0.5 : 0
    }

    public func key(at location: IssueLocation) -> String? {
        guard location.segments.count == 2, location.segments.first == "ticket" else { return nil }
        return NumberKey.plain(location.segments[1])
    }

    public func violations(of source: IntegrationSource) -> [FieldViolation] {
        source.allowedExternalProjects.isEmpty
            ? []
            : [
                FieldViolation(
                    "allowed_external_projects", "must be empty: a Trac environment has no projects")
            ]
    }
}
