// SPDX-License-Identifier: Apache-2.0

/// The opened secrets of a source, by field name, such as `api_key`. Lives as short as possible and never
/// prints.
public struct TrackerCredential: Sendable, Hashable {
    private let fields: [String: String]

    /// Takes opened secrets.
    public init(_ fields: [String: String] = [:]) {
        self.fields = fields
    }

    /// The secret of a field, if it is set.
    public subscript(field: String) -> String? { fields[field] }

    /// Whether there is no secret at all.
    public var isEmpty: Bool { fields.isEmpty }
}

extension TrackerCredential: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { isEmpty ? "TrackerCredential(none)" : "TrackerCredential(redacted)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
