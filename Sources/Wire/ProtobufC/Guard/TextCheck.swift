// SPDX-License-Identifier: Apache-2.0

/// Checks that bytes are UTF-8 (Unicode 15, table 3-7) without NUL.
enum TextCheck {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// Answers `.none`, `.embeddedNUL` or `.invalidUTF8`, whichever comes first in the bytes.
    static func fault(in start: UnsafePointer<UInt8>, count: Int) -> GuardFault {
        var cursor = unsafe start
        let end = unsafe start + count
        while unsafe cursor < end {
            unsafe skipASCII(&cursor, end)
            guard unsafe cursor < end else { break }
            if unsafe cursor.pointee == 0 { return .embeddedNUL }
            let length = unsafe sequenceLength(at: cursor, end)
            guard length > 0 else { return .invalidUTF8 }
            unsafe cursor += length
        }
        return .none
    }

    /// Moves past characters 1 to 127, eight at a time.
    @inline(__always)
    private static func skipASCII(_ cursor: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) {
        while unsafe end - cursor >= 8 {
            let word = unsafe UnsafeRawPointer(cursor).loadUnaligned(as: UInt64.self)
            // Subtracting one sets the high bit of a zero byte; of bytes 1 to 127 it sets none.
            if (word | (word &- ones)) & highBits != 0 { break }
            unsafe cursor += 8
        }
        while unsafe cursor < end, unsafe cursor.pointee &- 1 < 0x7F { unsafe cursor += 1 }
    }

    /// The bytes of the well-formed sequence of two bytes or more at `cursor`, or 0.
    private static func sequenceLength(
        at cursor: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
    ) -> Int {
        let available = unsafe end - cursor
        let lead = unsafe cursor.pointee
        // The second byte's range is what keeps out overlong forms, surrogates and numbers past U+10FFFF.
        let second: ClosedRange<UInt8>
        let length: Int
        switch lead {
        case 0xC2...0xDF: (second, length) = (0x80...0xBF, 2)
        case 0xE0: (second, length) = (0xA0...0xBF, 3)
        case 0xED: (second, length) = (0x80...0x9F, 3)
        case 0xE1...0xEF: (second, length) = (0x80...0xBF, 3)
        case 0xF0: (second, length) = (0x90...0xBF, 4)
        case 0xF1...0xF3: (second, length) = (0x80...0xBF, 4)
        case 0xF4: (second, length) = (0x80...0x8F, 4)
        default: return 0
        }
        guard available >= length, unsafe second.contains(cursor[1]) else { return 0 }
        for index in 2..<max(length, 2) where unsafe cursor[index] & 0xC0 != 0x80 { return 0 }
        return length
    }
}
