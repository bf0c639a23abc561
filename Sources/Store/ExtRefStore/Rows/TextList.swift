// SPDX-License-Identifier: Apache-2.0

internal import SQLEngine

/// A list of texts as a JSON array of strings: for columns that no query looks into, and for lists that a
/// statement takes as one parameter. Only what this type writes is read back.
enum TextList {
    /// Writes an array; `[]` when there is nothing.
    static func encode(_ texts: some Sequence<String>) -> String {
        var bytes: [UInt8] = [UInt8(ascii: "[")]
        for text in texts {
            if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(UInt8(ascii: "\""))
            for byte in text.utf8 { append(byte, to: &bytes) }
            bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(UInt8(ascii: "]"))
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func append(_ byte: UInt8, to bytes: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(contentsOf: [UInt8(ascii: "\\"), byte])
        case 0..<0x20:
            bytes.append(contentsOf: Array("\\u00".utf8) + [hexDigit(byte >> 4), hexDigit(byte & 15)])
        default: bytes.append(byte)
        }
    }

    private static func hexDigit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
    }

    /// Reads an array back.
    static func decode(_ json: String) throws(SQLError) -> [String] {
        if json == "[]" { return [] }
        var reader = Reader(rest: json.utf8[...])
        try reader.expect("[")
        var texts: [String] = []
        repeat { texts.append(try reader.string()) } while reader.take(",")
        try reader.expect("]")
        guard reader.rest.isEmpty else { throw reader.failure }
        return texts
    }

    private struct Reader {
        var rest: Substring.UTF8View
        var failure: SQLError { SQLError(.damaged, "a list column does not hold a list") }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard rest.first == UInt8(ascii: character) else { return false }
            rest.removeFirst()
            return true
        }

        mutating func expect(_ character: Unicode.Scalar) throws(SQLError) {
            guard take(character) else { throw failure }
        }

        mutating func string() throws(SQLError) -> String {
            try expect("\"")
            // Most texts hold nothing that was escaped, and are cut out whole.
            guard let end = rest.firstIndex(where: Self.isSpecial) else { throw failure }
            let plain = Substring(rest[..<end])
            rest = rest[end...]
            if take("\"") { return String(plain) }
            return try string(startingWith: Array(plain.utf8))
        }

        private static func isSpecial(_ byte: UInt8) -> Bool {
            byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
        }

        private mutating func string(startingWith start: [UInt8]) throws(SQLError) -> String {
            var bytes = start
            while let byte = rest.popFirst() {
                switch byte {
                case UInt8(ascii: "\""): return String(decoding: bytes, as: UTF8.self)
                case UInt8(ascii: "\\"): bytes.append(try escaped())
                default: bytes.append(byte)
                }
            }
            throw failure
        }

        private mutating func escaped() throws(SQLError) -> UInt8 {
            guard let byte = rest.popFirst() else { throw failure }
            guard byte == UInt8(ascii: "u") else { return byte }
            let digits = rest.prefix(4)
            rest = rest.dropFirst(4)
            guard let code = UInt8(String(Substring(digits)), radix: 16) else { throw failure }
            return code
        }
    }
}
