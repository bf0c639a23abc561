// SPDX-License-Identifier: Apache-2.0

/// Writes protobuf's binary form byte by byte, right or wrong as the test wishes.
public struct WireWriter {
    public private(set) var bytes: [UInt8] = []

    public init() {}

    public mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    public mutating func tag(_ number: UInt32, _ wireType: UInt8) {
        varint(UInt64(number) << 3 | UInt64(wireType))
    }

    public mutating func raw(_ content: some Sequence<UInt8>) {
        bytes.append(contentsOf: content)
    }

    public mutating func fixed32(_ value: UInt32) {
        bytes.append(contentsOf: (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) })
    }

    public mutating func fixed64(_ value: UInt64) {
        bytes.append(contentsOf: (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) })
    }

    /// A whole field with a length.
    public mutating func field(_ number: UInt32, _ content: some Collection<UInt8>) {
        tag(number, 2)
        varint(UInt64(content.count))
        raw(content)
    }

    public mutating func field(_ number: UInt32, _ text: String) {
        field(number, Array(text.utf8))
    }

    public mutating func field(_ number: UInt32, varint value: UInt64) {
        tag(number, 0)
        varint(value)
    }
}

/// The bytes that `body` writes.
public func wire(_ body: (inout WireWriter) -> Void) -> [UInt8] {
    var writer = WireWriter()
    body(&writer)
    return writer.bytes
}
