// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// Bugzilla from version 5.0 on, through its REST interface.
///
/// The number is the key for ever. Of aliases only the identifiers of the CVE list are taken: any other word
/// can be an alias too, and would be claimed. Source: Bugzilla, "WebService API (v1)".
public struct BugzillaTracker: Tracker {
    /// What people write before a number.
    private static let word = "bug "
    /// Most digits of a CVE's own number.
    private static let cveDigits = 4...12

    /// Makes the adapter.
    public init() {}

    public var description: ProviderDescription { Self.provider }

    private static let provider = ProviderDescription(
        id: .bugzilla, displayName: "Bugzilla",
        capabilities: [.fetch, .batchFetch, .search, .create, .backLink, .changesSince],
        authenticationMethods: Self.authenticationMethods, baseURLExample: "https://bugzilla.example.org",
        issueURLTemplate: "{baseUrl}/show_bug.cgi?id={key}", createURLTemplate: "{baseUrl}/enter_bug.cgi",
        keyPattern: "[1-9][0-9]{0,17}|CVE-[0-9]{4}-[0-9]{4,12}", keyExample: "12345")

    public func apiBaseURL(of source: IntegrationSource) -> String {
        source.baseURL.withoutTrailingSlashes + "/rest"
    }

    public func canonicalKey(_ typed: String) -> String? {
        if let cve = Self.cve(typed) { return cve }
        return typed.lowercased().hasPrefix(Self.word)
            ? NumberKey.plain(typed.dropFirst(Self.word.count).description.trimmingBlanks())
            : NumberKey.canonical(typed)
    }

    public func displayKey(_ key: String) -> String { Self.cve(key) ?? "Bug " + key }

    public func confidence(inFreeText word: String) -> Double {
        // "bug 12" is two words; "#12" is written everywhere.
        if Self.cve(word) == word { return 0.6 }
        return word.hasPrefix("#") && canonicalKey(word) != nil ? 0.5 : 0
    }

    /// Reads `CVE-2026-12345`, in any case.
    static func cve(_ text: String) -> String? {
        let parts = text.uppercased().split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "CVE", parts[1].utf8.count == 4, isDigits(parts[1]),
            cveDigits.contains(parts[2].utf8.count), isDigits(parts[2])
        else { return nil }
        return parts.joined(separator: "-")
    }

    private static func isDigits(_ text: Substring) -> Bool {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
