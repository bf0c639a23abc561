// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// Linear, through its GraphQL interface.
///
/// A workspace is a source: keys and tokens belong to one. An issue's id (a UUID) survives everything; its
/// key, such as `ENG-12`, changes with its team, and former keys stay known. Source: linear.app/developers;
/// the schema of the vendor's SDK.
public struct LinearTracker: Tracker {
    /// Longest team key; Linear's own settings stop earlier.
    static let teamKeyBytesMax = 10
    /// Most digits of an issue's number within its team.
    static let numberDigitsMax = 9
    /// Longest name of a workspace in addresses.
    static let workspaceBytesMax = 64

    /// Makes the adapter.
    public init() {}

    public var description: ProviderDescription { Self.provider }

    private static let provider = ProviderDescription(
        id: .linear, displayName: "Linear",
        capabilities: [.fetch, .batchFetch, .search, .create, .backLink, .webhook, .changesSince],
        authenticationMethods: Self.authenticationMethods, baseURLExample: "https://linear.app/acme",
        issueURLTemplate: "{baseUrl}/issue/{key}", createURLTemplate: "{baseUrl}/new",
        keyPattern: "[A-Z0-9]{1,10}-[1-9][0-9]{0,8}", keyExample: "ENG-12")

    public func apiBaseURL(of source: IntegrationSource) -> String { "https://api.linear.app" }

    public func canonicalKey(_ typed: String) -> String? {
        let key = typed.uppercased()
        return Self.parts(of: key) == nil ? nil : key
    }

    public func confidence(inFreeText word: String) -> Double {
        // In capitals only: "utf-8" is no issue, and Linear itself never writes a key otherwise.
        guard let first = word.utf8.first, Self.isCapital(first), Self.parts(of: word) != nil else {
            return 0
        }
        return 0.8
    }

    public func violations(of source: IntegrationSource) -> [FieldViolation] {
        var violations = [FieldViolation]()
        if Self.workspace(of: source) == nil {
            violations.append(
                FieldViolation(
                    "base_url", "must end with the workspace's name, as in https://linear.app/acme"))
        }
        for (index, team) in source.allowedExternalProjects.enumerated()
        where !Self.isTeamKey(team.uppercased()) {
            violations.append(FieldViolation("allowed_external_projects[\(index)]", Self.teamKeyRule))
        }
        let team = source.defaultExternalProject
        if !team.isEmpty, !Self.isTeamKey(team.uppercased()) {
            violations.append(FieldViolation("default_external_project", Self.teamKeyRule))
        }
        return violations
    }

    private static let teamKeyRule = "must be a team's key, such as ENG: what its issues' keys start with"
}

// MARK: - Grammar

extension LinearTracker {
    /// Team key and number of a canonical key.
    static func parts(of key: String) -> (team: String, number: Int)? {
        let parts = key.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, isTeamKey(String(parts[0])),
            (1...numberDigitsMax).contains(parts[1].utf8.count), parts[1].utf8.allSatisfy(isDigit),
            parts[1].utf8.first != UInt8(ascii: "0"), let number = Int(parts[1])
        else { return nil }
        return (String(parts[0]), number)
    }

    /// Whether a text is a team's key, in capitals.
    static func isTeamKey(_ text: String) -> Bool {
        (1...teamKeyBytesMax).contains(text.utf8.count)
            && text.utf8.allSatisfy { isCapital($0) || isDigit($0) }
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
            && text.uppercased().utf8.allSatisfy { isCapital($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
    }

    /// Whether a text is an id as Linear gives them out.
    static func isID(_ text: String) -> Bool { text.isUUID }

    private static func isCapital(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
