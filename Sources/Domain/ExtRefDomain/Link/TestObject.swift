// SPDX-License-Identifier: Apache-2.0

/// The kind of a test object: one of the host's five, or a free-form lower-case word of its own.
public struct ObjectKind: Hashable, Sendable, CustomStringConvertible, Comparable {
    public let rawValue: String

    public static let testCase = ObjectKind(trusted: "case")
    public static let run = ObjectKind(trusted: "run")
    public static let session = ObjectKind(trusted: "session")
    public static let milestone = ObjectKind(trusted: "milestone")
    public static let result = ObjectKind(trusted: "result")

    /// Accepts `[a-z][a-z0-9_]{0,31}`.
    public init?(_ text: String) {
        guard (1...32).contains(text.utf8.count), let first = text.utf8.first,
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first),
            text.utf8.allSatisfy(Self.isAllowed)
        else { return nil }
        rawValue = text
    }

    /// Trusts text that was validated before, such as a stored one.
    public init(trusted text: String) { rawValue = text }

    public var description: String { rawValue }

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

/// A test object of the host application: its kind and the host's id of it.
public struct TestObject: Hashable, Sendable {
    public let kind: ObjectKind
    /// The host's id; unique within tenant, project and kind.
    public let id: String

    public init(kind: ObjectKind, id: String) {
        self.kind = kind
        self.id = id
    }
}
