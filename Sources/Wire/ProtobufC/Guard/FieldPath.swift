// SPDX-License-Identifier: Apache-2.0

internal import CProtobufC

/// Names the field that begins at a place in encoded bytes, for error messages.
///
/// The guard notes only the place. This second, slow pass runs once a refused message.
@unsafe
struct FieldPath {
    /// Where the field begins.
    let target: UnsafePointer<UInt8>
    private var components: [String] = []

    init(target: UnsafePointer<UInt8>) {
        unsafe self.target = unsafe target
    }

    /// Answers the path, for instance `links[3].object.id`. Fields before the target have passed the guard.
    static func text(
        to target: UnsafePointer<UInt8>, in start: UnsafePointer<UInt8>, count: Int,
        _ table: UnsafePointer<RuleTable>
    ) -> String {
        var path = unsafe FieldPath(target: target)
        unsafe path.walk(start, count: count, table)
        return unsafe path.components.joined(separator: ".")
    }

    private mutating func walk(
        _ start: UnsafePointer<UInt8>, count: Int, _ table: UnsafePointer<RuleTable>
    ) {
        var cursor = unsafe WireCursor(position: start, end: start + count)
        // A bomb has many fields before the one that is too much, so no dictionary here.
        var occurrences = unsafe [Int](repeating: 0, count: table.pointee.rules.count)
        while unsafe !cursor.isAtEnd {
            let fieldStart = unsafe cursor.position
            guard let tag = unsafe cursor.tag() else { return }
            let number = Int(tag >> 3)
            let isKnown = number < occurrences.count
            let index = isKnown ? occurrences[number] : 0
            if isKnown { occurrences[number] += 1 }
            if unsafe fieldStart == target {
                unsafe components.append(Self.name(of: number, index, table))
                return
            }
            guard let content = unsafe Self.skipValue(&cursor, wireType: UInt8(tag & 7)) else { return }
            if isKnown, unsafe target < cursor.position, let child = unsafe table.pointee.rules[number].child
            {
                unsafe components.append(Self.name(of: number, index, table))
                return unsafe walk(content, count: cursor.position - content, child)
            }
        }
    }

    /// Moves past a value and answers where its content began, behind the length if it has one.
    private static func skipValue(
        _ cursor: inout WireCursor, wireType: UInt8
    ) -> UnsafePointer<UInt8>? {
        let length: Int?
        switch wireType {
        case WireType.varint: return unsafe cursor.skipVarint() ? cursor.position : nil
        case WireType.fixed32: length = 4
        case WireType.fixed64: length = 8
        case WireType.lengthPrefixed: length = unsafe cursor.length()
        default: return nil
        }
        let content = unsafe cursor.position
        guard let length, unsafe cursor.skip(length) else { return nil }
        return unsafe content
    }

    private static func name(of number: Int, _ index: Int, _ table: UnsafePointer<RuleTable>) -> String {
        let descriptor = unsafe table.pointee.descriptor
        let fields = unsafe UnsafeBufferPointer(start: descriptor.fields, count: Int(descriptor.n_fields))
        guard let field = unsafe fields.first(where: { unsafe Int($0.id) == number }) else {
            return "#\(number)"
        }
        let name = unsafe String(cString: field.name)
        return unsafe field.label == PROTOBUF_C_LABEL_REPEATED ? "\(name)[\(index)]" : name
    }
}
