// SPDX-License-Identifier: Apache-2.0

import Foundation

/// One file as written, and its lines with comments and strings blanked out.
struct SourceFile: Sendable {
    /// Relative to the root, such as `Sources/Wire/RPC/Router.swift`.
    let path: String
    /// The lines as written.
    let lines: [String]
    /// The same lines without comments and the text of strings; same count, same columns.
    let code: [String]

    /// Reads a file; nil when it is not UTF-8.
    init?(path: String) {
        guard let text = try? String(contentsOf: Repository.root.appending(path: path), encoding: .utf8)
        else { return nil }
        self.init(path: path, text: text)
    }

    /// Makes a file out of a text, for the tests of the scanner itself.
    init(path: String, text: String) {
        self.path = path
        lines = Self.split(text)
        code = Self.split(CodeMask.apply(to: text))
    }

    private static func split(_ text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }

    /// The file's name without its folders.
    var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    /// The target it belongs to: the third part below `Sources` (wing, target), the second below `Tests`.
    var target: String? {
        let parts = path.split(separator: "/").map(String.init)
        return switch parts.first {
        case "Sources" where parts.count > 3: parts[2]
        case "Tests" where parts.count > 2: parts[1]
        default: nil
        }
    }

    var isTest: Bool { path.hasPrefix("Tests/") }
    var isProgram: Bool { path.hasPrefix("Sources/Programs/") }
    var isTestKit: Bool { path.hasPrefix("Sources/TestKits/") }
    /// Linked into other people's code or into our own programs: must not print, must not exit.
    var isLibrary: Bool { path.hasPrefix("Sources/") && !isProgram && !isTestKit }

    /// The comment directly above a line, attributes skipped, and the one behind it; in lower case.
    func commentAbove(_ index: Int) -> String {
        let above = lines[..<index].reversed().prefix { line in
            let text = line.drop { $0 == " " }
            return text.hasPrefix("//") || text.hasPrefix("@") || text.hasPrefix("#if")
        }
        let behind = lines[index].split(separator: "//", maxSplits: 1).dropFirst().joined()
        return (above.reversed() + [behind]).joined(separator: "\n").lowercased()
    }
}
