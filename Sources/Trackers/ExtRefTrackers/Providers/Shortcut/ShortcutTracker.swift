// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// Shortcut (formerly Clubhouse), through its REST interface of version 3.
///
/// A workspace is a source: tokens belong to one. Stories have one number for ever; people write `sc-123`.
/// What the vendor calls Teams, and its interface groups, are the external projects, named as in mentions.
/// Source: developer.shortcut.com, version 3.
public struct ShortcutTracker: Tracker {
    /// Most digits of a story's number.
    static let keyDigitsMax = 18
    /// Longest name of a workspace in addresses.
    static let workspaceBytesMax = 64
    /// What people write ahead of a number.
    private static let prefix = "sc-"

    /// Makes the adapter.
    public init() {}

    public var description: ProviderDescription { Self.provider }

    private static let provider = ProviderDescription(
        id: .shortcut, displayName: "Shortcut",
        capabilities: [.fetch, .search, .create, .backLink, .webhook, .changesSince],
        authenticationMethods: Self.authenticationMethods, baseURLExample: "https://app.shortcut.com/acme",
        issueURLTemplate: "{baseUrl}/story/{key}", createURLTemplate: "{baseUrl}/stories/new",
        keyPattern: "[1-9][0-9]{0,17}", keyExample: "sc-123")

    public func apiBaseURL(of source: IntegrationSource) -> String { "https://api.app.shortcut.com/api/v3" }

    public func canonicalKey(_ typed: String) -> String? {
        let isPrefixed = typed.lowercased().hasPrefix(Self.prefix)
        let digits = isPrefixed ? typed.dropFirst(Self.prefix.count) : typed[...]
        guard (1...Self.keyDigitsMax).contains(digits.utf8.count), digits.utf8.first != UInt8(ascii: "0"),
            digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return String(digits)
    }

    public func displayKey(_ key: String) -> String { Self.prefix + key }

    public func confidence(inFreeText word: String) -> Double {
        // Small letters only: "SC-123" is how other trackers write keys.
        word.hasPrefix(Self.prefix) ? 0.9 : 0
    }

    public func violations(of source: IntegrationSource) -> [FieldViolation] {
        var violations = [FieldViolation]()
        if Self.workspace(of: source) == nil {
            violations.append(
                FieldViolation(
                    "base_url", "must end with the workspace's name, as in https://app.shortcut.com/acme"))
        }
        for (index, team) in source.allowedExternalProjects.enumerated() where !Self.isTeamName(team) {
            violations.append(FieldViolation("allowed_external_projects[\(index)]", Self.teamNameRule))
        }
        let team = source.defaultExternalProject
        if !team.isEmpty, !Self.isTeamName(team) {
            violations.append(FieldViolation("default_external_project", Self.teamNameRule))
        }
        return violations
    }

    private static let teamNameRule =
        "must be a team's mention name without the @, such as engineering; the team's settings show it"

    /// Whether a text may be what a team is mentioned by.
    static func isTeamName(_ text: String) -> Bool {
        (1...DomainLimits.shortTextScalarsMax).contains(text.unicodeScalars.count) && !text.hasPrefix("@")
            && !text.contains(where: \.isWhitespace)
    }

    /// The workspace that a base URL ends with; nil when it names none.
    static func workspace(of source: IntegrationSource) -> String? {
        guard let name = (try? PastedURL(source.baseURL))?.segments.last, isWorkspace(name) else {
            return nil
        }
        return name
    }

    /// Whether a text is the name of a workspace in addresses.
    static func isWorkspace(_ text: String) -> Bool {
        (1...workspaceBytesMax).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
