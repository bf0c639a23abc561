// SPDX-License-Identifier: Apache-2.0

/// Puts map entries in order of their keys, so that equal messages have equal bytes. For generated code.
public enum MapOrder {
    /// By the UTF-8 of the keys, as other protobuf libraries do it.
    public static func sorted<Value>(_ map: [String: Value]) -> [(key: String, value: Value)] {
        map.count < 2
            ? Array(map) : map.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }

    /// By the numbers.
    public static func sorted<Key: FixedWidthInteger, Value>(
        _ map: [Key: Value]
    ) -> [(key: Key, value: Value)] {
        map.sorted { $0.key < $1.key }
    }

    /// False before true.
    public static func sorted<Value>(_ map: [Bool: Value]) -> [(key: Bool, value: Value)] {
        map.sorted { !$0.key && $1.key }
    }
}
