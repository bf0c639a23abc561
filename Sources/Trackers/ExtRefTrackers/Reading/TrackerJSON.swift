// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials

/// Reads a tracker's JSON, which may be anything: too big, too deep, of other types, or no JSON at all.
enum TrackerJSON {
    /// Decodes a bounded answer.
    /// - Throws: ``TrackerError/Code/badResponse`` with a sentence that holds nothing of the answer.
    static func decode<Value: Decodable>(
        _ type: Value.Type, from response: TrackerResponse
    ) throws(TrackerError) -> Value {
        guard response.body.count <= TrackerLimits.jsonBytesMax else {
            throw TrackerError(.badResponse, "The tracker's answer is larger than allowed.")
        }
        guard depth(of: response.body) <= TrackerLimits.jsonDepthMax else {
            throw TrackerError(.badResponse, "The tracker's answer is nested deeper than allowed.")
        }
        do {
            let decoder = JSONDecoder()
            if let key = CodingUserInfoKey.driftNotes, let notes = response.notes {
                decoder.userInfo[key] = notes
            }
            return try decoder.decode(type, from: Data(response.body))
        } catch {
            response.notes?.note(error, within: [])
            throw TrackerError(.badResponse, "The tracker's answer is not the JSON that was expected.")
        }
    }

    /// Writes a body. Keys are sorted, so that the same request is the same bytes.
    static func encode(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Proof that it cannot fail: only texts, numbers, lists and dictionaries of them are ever encoded.
        return (try? encoder.encode(value)).map(Array.init) ?? []
    }

    /// Deepest nesting of brackets outside of strings; the decoder itself recurses.
    static func depth(of bytes: [UInt8]) -> Int {
        let (quote, escape) = (UInt8(ascii: "\""), UInt8(ascii: "\\"))
        let (brace, bracket) = (UInt8(ascii: "{"), UInt8(ascii: "["))
        let (braceEnd, bracketEnd) = (UInt8(ascii: "}"), UInt8(ascii: "]"))
        var depth = 0
        var deepest = 0
        var isInString = false
        var isEscaped = false
        for byte in bytes {
            if isInString {
                isInString = isEscaped || byte != quote
                isEscaped = !isEscaped && byte == escape
            } else if byte == quote {
                isInString = true
            } else if byte == brace || byte == bracket {
                depth += 1
                deepest = max(deepest, depth)
            } else if byte == braceEnd || byte == bracketEnd {
                depth -= 1
            }
        }
        return deepest
    }
}

/// A value that is nil when it is absent, null or of another type than promised: for what an issue can do
/// without. An object that lacks a field which it cannot do without is noted as drift.
struct Lenient<Value: Decodable & Sendable>: Decodable, Sendable {
    let value: Value?

    init(from decoder: any Decoder) {
        do {
            value = try decoder.singleValueContainer().decode(Value.self)
        } catch {
            value = nil
            decoder.driftNotes?.note(error, within: decoder.codingPath)
        }
    }
}

extension KeyedDecodingContainer {
    /// Makes an absent ``Lenient`` value nil instead of an error; synthesised decoding calls it.
    func decode<Value>(_ type: Lenient<Value>.Type, forKey key: Key) throws -> Lenient<Value> {
        try decodeIfPresent(type, forKey: key) ?? Lenient(nil)
    }
}

extension Lenient {
    init(_ value: Value?) { self.value = value }
}
