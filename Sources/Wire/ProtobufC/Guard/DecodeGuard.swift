// SPDX-License-Identifier: Apache-2.0

/// One pass over encoded bytes that proves them safe for protobuf-c, before any memory is taken.
///
/// protobuf-c 1.4 is memory-safe but trusting: it takes invalid UTF-8, any wire type for a bool, lets a few
/// kilobytes of payload grow sixtyfold, and merges messages given twice wrongly. The guard refuses all of
/// that. What it lets through unpacks without fault, within `memoryBytes` bytes of arena.
@unsafe
struct DecodeGuard {
    /// Where the field begins that was refused, once one was.
    private(set) var faultPosition: UnsafePointer<UInt8>?

    private var fieldsLeft: Int
    private var unknownFieldsLeft: Int
    private var memoryLeft: Int
    private let memoryBudget: Int

    init(limits: DecodeLimits, payloadBytes: Int) {
        unsafe fieldsLeft = limits.fieldsMax
        unsafe unknownFieldsLeft = limits.unknownFieldsMax
        unsafe memoryBudget = limits.memoryBudget(payloadBytes: payloadBytes)
        unsafe memoryLeft = unsafe memoryBudget
    }

    /// An upper bound of the arena bytes that unpacking what was checked will take.
    var memoryBytes: Int {
        unsafe memoryBudget - memoryLeft
    }

    /// Checks a message of `count` bytes, and all messages in it.
    mutating func check(
        _ start: UnsafePointer<UInt8>, count: Int, _ table: UnsafePointer<RuleTable>, depthLeft: Int
    ) -> GuardFault {
        var cursor = unsafe WireCursor(position: start, end: start + count)
        var frame = unsafe Frame(rules: table.pointee.rules, depthLeft: depthLeft)
        guard unsafe charge(table.pointee.messageBytes) else { return .memoryBudget }
        while unsafe !cursor.isAtEnd {
            let fieldStart = unsafe cursor.position
            let fault = unsafe checkField(&cursor, &frame)
            if fault != .none {
                // A fault inside a nested message has left its own, more exact place.
                if unsafe faultPosition == nil { unsafe faultPosition = unsafe fieldStart }
                return fault
            }
        }
        return .none
    }

    /// What the guard remembers of the message it is in.
    @unsafe
    private struct Frame {
        let rules: UnsafeMutableBufferPointer<FieldRule>
        let depthLeft: Int
        var fieldCount = 0
        /// The `seenBit`s of the singular message fields that came.
        var seen: UInt64 = 0
    }

    /// Arena bytes that protobuf-c takes besides the structs and their contents.
    private enum Cost {
        /// Fields of one message that protobuf-c notes on its stack.
        static let stackFields = 16
        /// With more, all have notes of 32 bytes in pieces of memory that double, so half may be unused.
        static let scannedField = 64
        /// The entry for an unknown field.
        static let unknownField = 32
        /// What rounding an allocation may add.
        static let padding = ArenaLimits.alignment
    }

    @inline(__always)
    private mutating func checkField(_ cursor: inout WireCursor, _ frame: inout Frame) -> GuardFault {
        unsafe fieldsLeft -= 1
        guard unsafe fieldsLeft >= 0 else { return .fieldBudget }
        unsafe frame.fieldCount += 1
        if unsafe frame.fieldCount > Cost.stackFields {
            let fields = unsafe frame.fieldCount == Cost.stackFields + 1 ? frame.fieldCount : 1
            guard unsafe charge(fields * Cost.scannedField) else { return .memoryBudget }
        }
        guard let tag = unsafe cursor.tag() else { return .badTag }
        let number = Int(tag >> 3)
        let wireType = UInt8(truncatingIfNeeded: tag & 7)
        guard unsafe number < frame.rules.count, let rules = unsafe frame.rules.baseAddress,
            unsafe rules[number].kind != .none
        else { return unsafe checkUnknown(&cursor, wireType) }

        let rule = unsafe rules + number
        if unsafe rule.pointee.wireType == wireType { return unsafe checkValue(&cursor, rule, &frame) }
        if wireType == WireType.lengthPrefixed, unsafe rule.pointee.isPackable {
            return unsafe checkPacked(&cursor, rule)
        }
        return unsafe Self.isGroup(wireType) ? .groups : .wireType
    }

    @inline(__always)
    private mutating func checkValue(
        _ cursor: inout WireCursor, _ rule: UnsafePointer<FieldRule>, _ frame: inout Frame
    ) -> GuardFault {
        if unsafe rule.pointee.isRepeated {
            guard unsafe charge(Int(rule.pointee.elementBytes)) else { return .memoryBudget }
        }
        switch unsafe rule.pointee.kind {
        case .varint: return unsafe cursor.skipVarint() ? .none : .badVarint
        case .fixed32: return unsafe cursor.skip(4) ? .none : .truncated
        case .fixed64: return unsafe cursor.skip(8) ? .none : .truncated
        case .bytes, .text: return unsafe checkBytes(&cursor, rule)
        case .message: return unsafe checkMessage(&cursor, rule, &frame)
        case .none: return .badTag
        }
    }

    @inline(__always)
    private mutating func checkBytes(
        _ cursor: inout WireCursor, _ rule: UnsafePointer<FieldRule>
    ) -> GuardFault {
        guard let length = unsafe cursor.length() else { return .badLength }
        guard unsafe charge(length + Cost.padding) else { return .memoryBudget }
        if unsafe rule.pointee.kind == .text {
            let fault = unsafe TextCheck.fault(in: cursor.position, count: length)
            if fault != .none { return fault }
        }
        unsafe cursor.position += length
        return .none
    }

    private mutating func checkMessage(
        _ cursor: inout WireCursor, _ rule: UnsafePointer<FieldRule>, _ frame: inout Frame
    ) -> GuardFault {
        guard let length = unsafe cursor.length() else { return .badLength }
        guard unsafe frame.depthLeft > 1 else { return .depth }
        // protobuf-c loses values when it merges two messages of a oneof, and no encoder writes two.
        guard unsafe frame.seen & rule.pointee.seenBit == 0 else { return .repeatedMessage }
        unsafe frame.seen |= unsafe rule.pointee.seenBit
        guard let child = unsafe rule.pointee.child else { return .badTag }
        let fault = unsafe check(cursor.position, count: length, child, depthLeft: frame.depthLeft - 1)
        unsafe cursor.position += length
        return fault
    }

    /// Checks the values of a repeated number field that stand behind one length.
    private mutating func checkPacked(
        _ cursor: inout WireCursor, _ rule: UnsafePointer<FieldRule>
    ) -> GuardFault {
        guard let length = unsafe cursor.length() else { return .badLength }
        var values = unsafe WireCursor(position: cursor.position, end: cursor.position + length)
        unsafe cursor.position += length
        switch unsafe rule.pointee.kind {
        case .fixed32, .fixed64:
            guard unsafe length % Int(rule.pointee.elementBytes) == 0 else { return .badLength }
            return unsafe charge(length) ? .none : .memoryBudget
        default: break
        }
        // For bools protobuf-c takes an element for each byte, for numbers one for each varint.
        guard unsafe charge(length * Int(rule.pointee.elementBytes)) else { return .memoryBudget }
        while unsafe !values.isAtEnd {
            guard unsafe values.skipVarint() else { return .badVarint }
        }
        return .none
    }

    private mutating func checkUnknown(_ cursor: inout WireCursor, _ wireType: UInt8) -> GuardFault {
        unsafe unknownFieldsLeft -= 1
        guard unsafe unknownFieldsLeft >= 0 else { return .unknownFields }
        let start = unsafe cursor.position
        switch wireType {
        case WireType.varint:
            guard unsafe cursor.skipVarint() else { return .badVarint }
        case WireType.fixed32:
            guard unsafe cursor.skip(4) else { return .truncated }
        case WireType.fixed64:
            guard unsafe cursor.skip(8) else { return .truncated }
        case WireType.lengthPrefixed:
            guard let length = unsafe cursor.length() else { return .badLength }
            unsafe cursor.position += length
        default:
            return unsafe Self.isGroup(wireType) ? .groups : .badTag
        }
        let copied = unsafe cursor.position - start
        return unsafe charge(copied + Cost.unknownField + 2 * Cost.padding) ? .none : .memoryBudget
    }

    /// Takes `byteCount` from the memory budget; answers false when it is spent.
    @inline(__always)
    private mutating func charge(_ byteCount: Int) -> Bool {
        unsafe memoryLeft -= byteCount
        return unsafe memoryLeft >= 0
    }

    private static func isGroup(_ wireType: UInt8) -> Bool {
        wireType == WireType.startGroup || wireType == WireType.endGroup
    }
}
