// SPDX-License-Identifier: Apache-2.0

/// Blanks comments and string texts out of Swift source, so that a rule about code never trips over words.
/// Columns and lines stay where they are; code inside interpolations stays visible.
struct CodeMask {
    private enum Frame {
        case code(parentheses: Int)
        case string(hashes: Int, multiline: Bool)
    }

    private let input: [UInt8]
    private var output: [UInt8] = []
    private var position = 0
    private var frames: [Frame] = [.code(parentheses: 0)]

    /// The masked text.
    static func apply(to text: String) -> String {
        var mask = CodeMask(input: Array(text.utf8))
        mask.run()
        return String(decoding: mask.output, as: UTF8.self)
    }

    private init(input: [UInt8]) {
        self.input = input
        output.reserveCapacity(input.count)
    }

    private mutating func run() {
        while position < input.count {
            switch frames.last {
            case .string(let hashes, let multiline): stepInString(hashes: hashes, multiline: multiline)
            case .code(let parentheses): stepInCode(parentheses: parentheses)
            case nil: frames = [.code(parentheses: 0)]
            }
        }
    }

    private func sees(_ text: StaticString, at offset: Int = 0) -> Bool {
        let start = position + offset
        let wanted = Array("\(text)".utf8)
        return start + wanted.count <= input.count
            && input[start..<start + wanted.count].elementsEqual(wanted)
    }

    private mutating func keep(_ count: Int = 1) {
        output += input[position..<min(position + count, input.count)]
        position += count
    }

    private mutating func blank(_ count: Int = 1) {
        for byte in input[position..<min(position + count, input.count)] {
            output.append(byte == UInt8(ascii: "\n") ? byte : UInt8(ascii: " "))
        }
        position += count
    }

    private mutating func stepInCode(parentheses: Int) {
        let byte = input[position]
        switch byte {
        case UInt8(ascii: "/") where sees("//"): while position < input.count, !sees("\n") { blank() }
        case UInt8(ascii: "/") where sees("/*"): skipBlockComment()
        case UInt8(ascii: "\""), UInt8(ascii: "#"): openStringIfAny()
        case UInt8(ascii: "("):
            frames[frames.count - 1] = .code(parentheses: parentheses + 1)
            keep()
        case UInt8(ascii: ")") where parentheses == 0 && frames.count > 1:
            frames.removeLast()
            keep()
        case UInt8(ascii: ")"):
            frames[frames.count - 1] = .code(parentheses: parentheses - 1)
            keep()
        default: keep()
        }
    }

    private mutating func skipBlockComment() {
        var depth = 0
        repeat {
            if sees("/*") { depth += 1 } else if sees("*/") { depth -= 1 }
            blank(sees("/*") || sees("*/") ? 2 : 1)
        } while depth > 0 && position < input.count
    }

    private mutating func openStringIfAny() {
        var hashes = 0
        while position + hashes < input.count, input[position + hashes] == UInt8(ascii: "#") { hashes += 1 }
        guard sees("\"", at: hashes) else { return keep(max(1, hashes)) }
        let multiline = sees("\"\"\"", at: hashes)
        keep(hashes + (multiline ? 3 : 1))
        frames.append(.string(hashes: hashes, multiline: multiline))
    }

    private mutating func stepInString(hashes: Int, multiline: Bool) {
        let pounds = [UInt8](repeating: UInt8(ascii: "#"), count: hashes)
        let rest = input[position...].dropFirst()
        if sees("\\") && rest.starts(with: pounds) {
            let isInterpolation = rest.dropFirst(hashes).first == UInt8(ascii: "(")
            blank(1 + hashes)
            if isInterpolation { frames.append(.code(parentheses: 0)) }
            // What follows is an interpolation's parenthesis or an escaped character.
            isInterpolation ? keep() : blank()
        } else if sees(multiline ? "\"\"\"" : "\""), rest.dropFirst(multiline ? 2 : 0).starts(with: pounds) {
            keep((multiline ? 3 : 1) + hashes)
            frames.removeLast()
        } else if !multiline && sees("\n") {
            // Not a string after all (such as a regex literal with a quote): start over on the next line.
            frames.removeLast()
        } else {
            blank()
        }
    }
}
