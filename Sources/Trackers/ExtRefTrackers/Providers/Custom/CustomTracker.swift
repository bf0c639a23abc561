// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// Any other tracker: an address template and a key pattern, and never a packet.
///
/// Keys are the admin's business, within what keeps an address honest: a key holds no blank or control
/// character, no part of it may be empty or climb out of its folder (`.`, `..`), and it does not end with a
/// full stop, which people could not paste.
public struct CustomTracker: Tracker {
    /// Makes the adapter.
    public init() {}

    public var description: ProviderDescription { Self.provider }

    private static let provider = ProviderDescription(
        id: .custom, displayName: "Custom", capabilities: [],
        authenticationMethods: [AuthenticationMethod(id: .none, label: "Links only", fields: [])],
        baseURLExample: "https://bugs.example.com", issueURLTemplate: "{baseUrl}/{key}",
        createURLTemplate: "",
        keyPattern: "[A-Za-z0-9][A-Za-z0-9._/#-]{0,127}", keyExample: "PROJ-12")

    public func canonicalKey(_ typed: String) -> String? {
        let parts = typed.split(separator: "/", omittingEmptySubsequences: false)
        guard !parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }), !typed.hasSuffix("."),
            typed.unicodeScalars.allSatisfy({
                !$0.properties.isWhitespace && $0.properties.generalCategory != .control
            })
        else { return nil }
        return typed
    }

    /// The source's template is the whole grammar, and it was asked before.
    public func key(at location: IssueLocation) -> String? { nil }
}
