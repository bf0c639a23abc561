// SPDX-License-Identifier: Apache-2.0

/// A value that an issue can do without, but that the vendor's contract promises in every answer: its
/// absence, null and any other type read as nil, like a ``Lenient`` one, and are noted as drift.
struct Promised<Value: Decodable & Sendable>: Decodable, Sendable {
    let value: Value?

    init(from decoder: any Decoder) {
        do {
            value = try decoder.singleValueContainer().decode(Value.self)
        } catch {
            value = nil
            decoder.driftNotes?.note(DriftSign(.missingField, DriftNotes.name(decoder.codingPath)))
        }
    }
}

extension KeyedDecodingContainer {
    /// Makes an absent ``Promised`` value nil instead of an error; synthesised decoding calls it.
    func decode<Value>(_ type: Promised<Value>.Type, forKey key: Key) throws -> Promised<Value> {
        // For an absent key this decoder holds null.
        Promised(from: try superDecoder(forKey: key))
    }
}
