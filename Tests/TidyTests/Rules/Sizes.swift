// SPDX-License-Identifier: Apache-2.0

/// Sizes beyond which a reader loses the thread. They are ratchets: lower them when the tree allows, never
/// raise them.
enum Sizes {
    static let lineColumnsMax = 110
    /// For lines that end in the text of a string, which reads worse when it is cut.
    static let textColumnsMax = 120
    static let fileLinesMax = 600
    static let testFileLinesMax = 900
    static let functionLinesMax = 70
    static let readmeLinesMax = 250
    static let architectureLinesMax = 300
    static let decisionLinesMax = 80

    static func overlongLines(in file: SourceFile) -> [Finding] {
        file.lines.indices.compactMap { index in
            let limit = endsInText(file, at: index) ? textColumnsMax : lineColumnsMax
            let columns = file.lines[index].count
            guard columns > limit else { return nil }
            return Finding(
                path: file.path, line: index + 1,
                advice: "\(columns) columns; break the line before column \(limit) (make format does most)")
        }
    }

    /// Whether what lies beyond the limit is the text of a string, such as SQL or a sentence for people.
    private static func endsInText(_ file: SourceFile, at index: Int) -> Bool {
        let code = file.code[index].reversed().drop { " \"#,)".contains($0) }.count
        return code <= lineColumnsMax && !file.lines[index].contains("//")
    }

    static func overlongFile(_ file: SourceFile) -> [Finding] {
        let limit = file.isTest ? testFileLinesMax : fileLinesMax
        guard file.lines.count > limit else { return [] }
        return [
            Finding(
                path: file.path, line: 0,
                advice:
                    "\(file.lines.count) lines; split it by aspect into Type+Aspect.swift (at most \(limit))")
        ]
    }

    static func overlongFunctions(in file: SourceFile) -> [Finding] {
        functions(in: file).filter { $0.length > functionLinesMax }.map { start, length in
            Finding(
                path: file.path, line: start + 1,
                advice: "a function of \(length) lines; give its steps names (at most \(functionLinesMax))")
        }
    }

    /// First line (from 0) and length of each function body that has braces.
    static func functions(in file: SourceFile) -> [(start: Int, length: Int)] {
        var found: [(start: Int, length: Int)] = []
        for (start, line) in file.code.enumerated() where declaresFunction(line) {
            if let end = closingLine(of: file.code, from: start) { found.append((start, end - start + 1)) }
        }
        return found
    }

    private static func declaresFunction(_ line: String) -> Bool {
        line.words.contains("func")
            || line.words.contains("init") && line.contains("init(")
                && !line.contains(".init(")
    }

    /// The line where the first brace opened at or after `start` closes; nil for a requirement without a
    /// body.
    private static func closingLine(of code: [String], from start: Int) -> Int? {
        var depth = 0
        var hasOpened = false
        for index in start..<code.count {
            if !hasOpened && index > start && (declaresFunction(code[index]) || code[index].words.isEmpty) {
                return nil
            }
            for byte in code[index].utf8 {
                if byte == UInt8(ascii: "{") { (depth, hasOpened) = (depth + 1, true) }
                if byte == UInt8(ascii: "}") { depth -= 1 }
            }
            if depth < 0 { return nil }
            if hasOpened && depth == 0 { return index }
        }
        return nil
    }
}

extension StringProtocol {
    /// The identifiers and keywords of a line of code.
    var words: [SubSequence] {
        split { !($0.isLetter || $0.isNumber || $0 == "_") }
    }
}
