// SPDX-License-Identifier: Apache-2.0

/// One header field.
public struct HTTPField: Sendable, Hashable {
    public let name: String
    public let value: String

    /// Makes a field; it is checked when a request is sent.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// Whether it can be sent.
    public var isSound: Bool { fault == nil }

    /// What is wrong with it, as the end of a sentence; nil = nothing.
    ///
    /// A line break or NUL in a value would start another header or cut this one; libcurl passes both on.
    var fault: String? {
        guard !name.isEmpty, name.utf8.allSatisfy(Self.isToken) else { return "has a name that is no token" }
        guard value.utf8.count <= HTTPLimits.headerValueBytesMax else { return "is too long" }
        guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
            return "holds a control character"
        }
        return nil
    }

    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}

extension HTTPField: CustomStringConvertible {
    /// The name only: the value may be a credential.
    public var description: String { "\(name): …" }
}
