// SPDX-License-Identifier: Apache-2.0

/// A place in the bytes of a message; every read checks the end first.
@unsafe
struct WireCursor {
    var position: UnsafePointer<UInt8>
    let end: UnsafePointer<UInt8>

    /// protobuf-c reads no more bytes of a tag or of a length than this.
    private static let shortVarintBytesMax = 5
    private static let varintBytesMax = 10
    /// protobuf-c refuses longer lengths.
    private static let lengthMax = UInt64(Int32.max)

    var isAtEnd: Bool {
        @inline(__always) get { unsafe position >= end }
    }

    var remaining: Int {
        @inline(__always) get { unsafe end - position }
    }

    /// Reads a tag: field number times 8 plus wire type. Answers nil for number 0 and malformed tags.
    @inline(__always)
    mutating func tag() -> UInt32? {
        let first = unsafe position.pointee
        if first < 0x80 {
            unsafe position += 1
            return first < 8 ? nil : UInt32(first)
        }
        guard let value = unsafe shortVarint(), value <= UInt64(UInt32.max), value >= 8 else { return nil }
        return UInt32(truncatingIfNeeded: value)
    }

    /// Reads a length and makes sure that as many bytes follow.
    @inline(__always)
    mutating func length() -> Int? {
        guard unsafe position < end else { return nil }
        let first = unsafe position.pointee
        let value: UInt64
        if first < 0x80 {
            unsafe position += 1
            value = UInt64(first)
        } else {
            guard let long = unsafe shortVarint(), unsafe long <= Self.lengthMax else { return nil }
            value = long
        }
        let length = Int(truncatingIfNeeded: value)
        return unsafe length <= remaining ? length : nil
    }

    /// Moves past a varint of 10 bytes at most; answers false when it does not end.
    @inline(__always)
    mutating func skipVarint() -> Bool {
        let limit = unsafe position + min(remaining, Self.varintBytesMax)
        while unsafe position < limit {
            let byte = unsafe position.pointee
            unsafe position += 1
            if byte < 0x80 { return true }
        }
        return false
    }

    /// Moves past `count` bytes; answers false when there are fewer.
    @inline(__always)
    mutating func skip(_ count: Int) -> Bool {
        guard unsafe count <= remaining else { return false }
        unsafe position += count
        return true
    }

    private mutating func shortVarint() -> UInt64? {
        var value: UInt64 = 0
        for index in unsafe 0..<min(remaining, Self.shortVarintBytesMax) {
            let byte = unsafe position[index]
            value |= UInt64(byte & 0x7F) << UInt64(7 * index)
            if byte < 0x80 {
                unsafe position += index + 1
                return value
            }
        }
        return nil
    }
}
