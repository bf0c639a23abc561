// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// YouTrack, in the cloud and on one's own server, through its REST interface.
///
/// The entity id (`2-7`) survives a move between projects, which changes the key; the old key keeps leading
/// to the issue. State, priority, type and assignee are custom fields whose names a site may change, so a
/// source can name them. Source: JetBrains, "YouTrack REST API".
public struct YouTrackTracker: Tracker {
    /// Most characters of a project's short name.
    private static let projectBytesMax = 64
    /// Words of texts that look like keys and mean something else.
    private static let commonWords: Set<String> = [
        "UTF", "ISO", "SHA", "MD", "RFC", "CVE", "HTTP", "TLS", "SSL", "AES", "RSA", "IPV", "X", "COVID",
    ]

    /// Makes the adapter.
    public init() {}

    public var description: ProviderDescription { Self.provider }

    private static let provider = ProviderDescription(
        id: .youTrack, displayName: "YouTrack",
        capabilities: [.fetch, .search, .create, .comment, .changesSince],
        authenticationMethods: Self.authenticationMethods,
        baseURLExample: "https://example.youtrack.cloud", issueURLTemplate: "{baseUrl}/issue/{key}",
        createURLTemplate: "{baseUrl}/newIssue", keyPattern: "[A-Z0-9_]+-[1-9][0-9]*", keyExample: "SP-8")

    public func apiBaseURL(of source: IntegrationSource) -> String {
        source.baseURL.withoutTrailingSlashes + "/api"
    }

    public func completedKey(_ typed: String, project: String) -> String {
        guard let number = NumberKey.canonical(typed), Self.isProject(project) else { return typed }
        return "\(project)-\(number)"
    }

    public func canonicalKey(_ typed: String) -> String? {
        // Letters of other alphabets can turn into ASCII ones.
        guard typed.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        let typed = typed.uppercased()
        guard let dash = typed.lastIndex(of: "-") else { return nil }
        let project = String(typed[..<dash])
        guard Self.isProject(project), let number = NumberKey.plain(String(typed[dash...].dropFirst())) else {
            return nil
        }
        return "\(project)-\(number)"
    }

    public func confidence(inFreeText word: String) -> Double {
        guard let key = canonicalKey(word), key == word,
            !Self.commonWords.contains(String(key.prefix { $0 != "-" }))
        else { return 0 }
        return 0.8
    }

    public func violations(of source: IntegrationSource) -> [FieldViolation] {
        source.allowedExternalProjects.enumerated().compactMap { index, project in
            Self.isProject(project)
                ? nil
                : FieldViolation(
                    "allowed_external_projects[\(index)]",
                    "must be a project's short name, which its issues begin with, such as SP")
        }
    }

    /// Whether a text is a project's short name: ASCII letters, digits and underscores, not digits alone,
    /// which would make an entity id of the key.
    static func isProject(_ text: String) -> Bool {
        (1...projectBytesMax).contains(text.utf8.count)
            && text.utf8.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") }
            && text.utf8.contains(where: isLetter)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte & 0xDF)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// Whether a text is the id of an entity, such as `2-7`.
    static func isEntityID(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.count == 2
            && parts.allSatisfy {
                (1...NumberKey.digitsMax).contains($0.utf8.count) && $0.utf8.allSatisfy(isDigit)
            }
    }
}
