// SPDX-License-Identifier: Apache-2.0

/// A generated enumeration. It is open: a number that the .proto file does not know is kept.
public protocol ProtobufEnum: RawRepresentable, Sendable, Hashable, CaseIterable, CustomStringConvertible
where RawValue == Int32 {
    /// Creates the value with a number, known or not.
    init(rawValue: Int32)

    /// The full name in the .proto file, for instance `extref.v1.Provider`.
    static var enumName: String { get }

    /// The names of all known numbers as in the .proto file, aliases left out.
    static var protoNames: [Int32: String] { get }
}

extension ProtobufEnum {
    /// The value numbered 0, which a field has before it is set.
    public init() {
        self.init(rawValue: 0)
    }

    /// Finds a value by its name in the .proto file, for instance `PROVIDER_JIRA`.
    public init?(protoName: String) {
        guard let entry = Self.protoNames.first(where: { $0.value == protoName }) else { return nil }
        self.init(rawValue: entry.key)
    }

    /// The name in the .proto file, or nil for an unknown number.
    public var protoName: String? {
        Self.protoNames[rawValue]
    }

    /// Whether the .proto file knows the number.
    public var isRecognized: Bool {
        protoName != nil
    }

    /// All values that the .proto file knows, by rising number.
    public static var allCases: [Self] {
        protoNames.keys.sorted().map { Self(rawValue: $0) }
    }

    /// The name in the .proto file, or the number when it is unknown.
    public var description: String {
        protoName ?? String(rawValue)
    }
}
