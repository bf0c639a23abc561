// SPDX-License-Identifier: Apache-2.0

public import CProtobufC

/// Reads the members of unpacked C structs as Swift values. For generated code.
///
/// All functions copy. They trust the struct: it has passed the guard and protobuf-c.
public enum FieldReading {
    /// A string; the guard has seen that it is UTF-8 without NUL.
    @unsafe @inlinable
    public static func text(_ data: ProtobufCBinaryData) -> String {
        unsafe String(decoding: UnsafeBufferPointer(start: data.data, count: data.len), as: UTF8.self)
    }

    /// Bytes.
    @unsafe @inlinable
    public static func bytes(_ data: ProtobufCBinaryData) -> [UInt8] {
        unsafe [UInt8](UnsafeBufferPointer(start: data.data, count: data.len))
    }

    /// A bool, which is an int in C.
    @inlinable
    public static func bool(_ value: protobuf_c_boolean) -> Bool {
        value != 0
    }

    /// An enumeration, whose C type is signed or not depending on its values.
    @inlinable
    public static func enumeration<Value: ProtobufEnum, CEnum: RawRepresentable>(
        _ value: CEnum, as: Value.Type = Value.self
    ) -> Value where CEnum.RawValue: FixedWidthInteger {
        Value(rawValue: Int32(truncatingIfNeeded: value.rawValue))
    }

    /// A singular message, nil when absent.
    @unsafe @inlinable
    public static func message<Value: ProtobufMessage, CMessage>(
        _ pointer: UnsafeMutablePointer<CMessage>?, as: Value.Type = Value.self
    ) -> Value? {
        guard let pointer = unsafe pointer else { return nil }
        return unsafe Value(unpacked: UnsafeRawPointer(pointer))
    }

    /// The elements of a repeated field, each read by `read`.
    @unsafe @inlinable
    public static func array<CElement, Element>(
        _ start: UnsafeMutablePointer<CElement>?, _ count: Int, _ read: (CElement) -> Element
    ) -> [Element] {
        unsafe UnsafeBufferPointer(start: start, count: count).map(read)
    }

    /// The elements of a repeated number field, which are the same in C and in Swift.
    @unsafe @inlinable
    public static func numbers<Number: BitwiseCopyable>(
        _ start: UnsafeMutablePointer<Number>?, _ count: Int
    ) -> [Number] {
        unsafe [Number](UnsafeBufferPointer(start: start, count: count))
    }

    /// The elements of a repeated message field.
    @unsafe @inlinable
    public static func messages<Value: ProtobufMessage, CMessage>(
        _ start: UnsafeMutablePointer<UnsafeMutablePointer<CMessage>?>?, _ count: Int,
        as: Value.Type = Value.self
    ) -> [Value] {
        unsafe array(start, count) { unsafe message($0) ?? Value() }
    }

    /// The entries of a map; of equal keys the last one wins.
    @unsafe @inlinable
    public static func map<CEntry, Key: Hashable, Value>(
        _ start: UnsafeMutablePointer<UnsafeMutablePointer<CEntry>?>?, _ count: Int,
        key: (CEntry) -> Key, value: (CEntry) -> Value
    ) -> [Key: Value] {
        var map = [Key: Value](minimumCapacity: count)
        for index in 0..<count {
            guard let entry = unsafe start?[index]?.pointee else { continue }
            map[key(entry)] = value(entry)
        }
        return map
    }
}
