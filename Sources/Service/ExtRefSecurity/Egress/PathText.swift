// SPDX-License-Identifier: Apache-2.0

import CurlHTTP

/// The path and query of a URL: what may stand in them and what would be read differently by someone else.
enum PathText {
    /// Judges everything behind the authority.
    static func check(_ text: ArraySlice<UInt8>, for purpose: URLText.Purpose) throws(EgressDenial) {
        guard text.isEmpty || text.first == UInt8(ascii: "/") else {
            throw URLText.grammar("has something other than a path after its host")
        }
        let queryStart = text.firstIndex(of: UInt8(ascii: "?")) ?? text.endIndex
        try checkPath(text[..<queryStart], for: purpose)
        guard queryStart < text.endIndex else { return }
        guard purpose == .request else { throw URLText.grammar("carries a query") }
        try checkQuery(text[(queryStart + 1)...])
    }

    private static func checkPath(
        _ path: ArraySlice<UInt8>, for purpose: URLText.Purpose
    ) throws(EgressDenial) {
        for segment in path.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        {
            guard segment.allSatisfy({ isPathCharacter($0) }), let plain = percentDecoded(segment) else {
                throw URLText.grammar("holds a character that must be percent-encoded")
            }
            guard !isDotSegment(plain) else { throw URLText.grammar("holds a '.' or '..' segment") }
            guard plain.allSatisfy({ $0 > 0x1F && $0 != 0x7F }), !plain.contains(UInt8(ascii: "\\")) else {
                throw URLText.grammar("holds an encoded control character or backslash")
            }
            // A request may address a group's project as group%2Fproject; a base URL has no reason to.
            guard purpose == .request || !plain.contains(UInt8(ascii: "/")) else {
                throw URLText.grammar("holds an encoded slash")
            }
        }
        guard purpose == .request || !containsEmptySegment(path) else {
            throw URLText.grammar("holds two slashes in a row")
        }
    }

    private static func checkQuery(_ query: ArraySlice<UInt8>) throws(EgressDenial) {
        let refused = Array("#\\\"<>`^{}|".utf8)
        guard query.allSatisfy({ !refused.contains($0) }), percentDecoded(query) != nil else {
            throw URLText.grammar("has a query that is not percent-encoded")
        }
    }

    private static func containsEmptySegment(_ path: ArraySlice<UInt8>) -> Bool {
        let slash = UInt8(ascii: "/")
        return zip(path, path.dropFirst()).contains { $0 == slash && $1 == slash }
    }

    private static func isDotSegment(_ segment: [UInt8]) -> Bool {
        let dot = UInt8(ascii: ".")
        return segment == [dot] || segment == [dot, dot]
    }

    /// `pchar` of RFC 3986, 3.3.
    private static func isPathCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-._~!$&'()*+,;=:@%".utf8.contains(byte)
        }
    }

    /// Undoes percent-encoding; nil when a `%` is not followed by two hex digits.
    private static func percentDecoded(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var plain = [UInt8]()
        var rest = text
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                plain.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(hexValue), let low = rest.popFirst().flatMap(hexValue)
            else {
                return nil
            }
            plain.append(high << 4 | low)
        }
        return plain
    }

    private static func hexValue(_ byte: UInt8) -> UInt8? {
        Character(UnicodeScalar(byte)).hexDigitValue.map { UInt8($0) }
    }
}
