// SPDX-License-Identifier: Apache-2.0

/// The opened secrets of a source, by field name, such as `api_key`. Lives as short as possible and never
/// prints.
public struct TrackerCredential: Sendable, Hashable {
    /// Under which name an adapter finds the access token that was obtained for it, see ``TokenObtaining``.
    public static let accessTokenField = "access_token"

    /// Under which name the grant stands that access tokens are renewed with.
    static let refreshTokenField = "refresh_token"

    private var fields: [String: String]

    /// Takes opened secrets.
    public init(_ fields: [String: String] = [:]) {
        self.fields = fields
    }

    /// The secret of a field, if it is set.
    public subscript(field: String) -> String? { fields[field] }

    /// The same with one more secret.
    func setting(_ field: String, to value: String) -> TrackerCredential {
        var copy = self
        copy.fields[field] = value
        return copy
    }

    /// The same without what is renewed by itself, and so says nothing about who entered what.
    var withoutTokens: TrackerCredential {
        TrackerCredential(
            fields.filter { $0.key != Self.accessTokenField && $0.key != Self.refreshTokenField })
    }

    /// Whether there is no secret at all.
    public var isEmpty: Bool { fields.isEmpty }
}

extension TrackerCredential: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { isEmpty ? "TrackerCredential(none)" : "TrackerCredential(redacted)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
