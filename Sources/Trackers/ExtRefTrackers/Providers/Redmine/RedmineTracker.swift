// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// Redmine from version 3 on, through its REST interface, which an administrator has to switch on.
///
/// Every path ends in `.json`. Ids survive a move between projects, so the id is the key. Redmine is one of
/// the few trackers that tell "forbidden" (403) from "missing" (404). Source: redmine.org, "Redmine API";
/// behaviour measured on 5.0.4.
public struct RedmineTracker: Tracker {
    /// Makes the adapter.
    public init() {}

    public var description: ProviderDescription { Self.provider }

    private static let provider = ProviderDescription(
        id: .redmine, displayName: "Redmine",
        capabilities: [.fetch, .batchFetch, .search, .create, .comment, .changesSince],
        authenticationMethods: Self.authenticationMethods, baseURLExample: "https://redmine.example.com",
        issueURLTemplate: "{baseUrl}/issues/{key}", createURLTemplate: "", keyPattern: "[1-9][0-9]{0,17}",
        keyExample: "#1234")

    public func canonicalKey(_ typed: String) -> String? { NumberKey.canonical(typed) }

    public func displayKey(_ key: String) -> String { "#" + key }

    public func confidence(inFreeText word: String) -> Double {
        // A bare number means anything; "#12" is how Redmine itself writes an issue, and many others do.
        word.hasPrefix("#") ? 0.5 : 0
    }

    public func violations(of source: IntegrationSource) -> [FieldViolation] {
        // An issue shows its project's number and name, and only the number cannot be given to another
        // project.
        source.allowedExternalProjects.enumerated().compactMap { index, project in
            canonicalKey(project) == project
                ? nil
                : FieldViolation(
                    "allowed_external_projects[\(index)]",
                    "must be the project's number, which {baseUrl}/projects/NAME.json shows as its id")
        }
    }
}
