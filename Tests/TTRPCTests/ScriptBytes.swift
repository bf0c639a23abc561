// SPDX-License-Identifier: Apache-2.0

/// Reads the bytes of a script: hexadecimal pairs, quoted text, lengths, stream ids, repetitions.
enum ScriptBytes {
    static func read(_ text: Substring) throws -> [UInt8] {
        guard let open = text.firstIndex(of: "["), let close = text.firstIndex(of: "]") else {
            return try words(text).flatMap(bytes)
        }
        let group = try read(text[text.index(after: open)..<close])
        let rest = text[text.index(after: close)...]
        guard rest.hasPrefix("*"), let count = Int(rest.dropFirst().prefix { $0.isNumber }) else {
            throw Script.Malformed(line: String(text))
        }
        let tail = rest.dropFirst().drop { $0.isNumber }
        return try read(text[..<open]) + (0..<count).flatMap { _ in group } + read(tail)
    }

    /// Words, quoted ones kept whole.
    private static func words(_ text: Substring) -> [String] {
        var words: [String] = []
        var word = ""
        var isQuoted = false
        for character in text {
            if character == "\"" { isQuoted.toggle() }
            if character == " " && !isQuoted {
                if !word.isEmpty { words.append(word) }
                word = ""
            } else {
                word.append(character)
            }
        }
        return word.isEmpty ? words : words + [word]
    }

    private static func bytes(_ word: String) throws -> [UInt8] {
        if word.hasPrefix("L") || word.hasPrefix("S"), let number = UInt32(word.dropFirst()) {
            return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
        }
        let parts = word.split(separator: "*", omittingEmptySubsequences: false)
        if parts.count == 2, !word.hasSuffix("\""), let count = Int(parts[1]) {
            let one = try bytes(String(parts[0]))
            return (0..<count).flatMap { _ in one }
        }
        if word.hasPrefix("\""), word.hasSuffix("\""), word.count > 1 {
            return Array(word.dropFirst().dropLast().utf8)
        }
        guard word.count == 2, let byte = UInt8(word, radix: 16) else { throw Script.Malformed(line: word) }
        return [byte]
    }
}
