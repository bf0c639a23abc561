// SPDX-License-Identifier: Apache-2.0

/// Rules about names and comments.
enum Words {
    /// Endings that say nothing, and what says more.
    static let emptyEndings = ["Manager", "Helper", "Helpers", "Util", "Utils", "Impl"]

    static func emptyNames(in file: SourceFile) -> [Finding] {
        let inName = ([file.name.split(separator: ".").first].compactMap { $0 }).filter(isEmpty)
            .map { Finding(path: file.path, line: 0, advice: advice(on: $0)) }
        let inCode = file.code.enumerated().flatMap { index, line in
            declaredTypes(in: line).filter(isEmpty).map {
                Finding(path: file.path, line: index + 1, advice: advice(on: $0))
            }
        }
        return inName + inCode
    }

    /// `TODO` and its kind must lead somewhere.
    static func looseEnds(in file: SourceFile) -> [Finding] {
        file.lines.enumerated().compactMap { index, line in
            guard let comment = line.firstRange(of: "//"),
                let mark = ["TODO", "FIXME", "XXX", "HACK"].first(
                    where: line[comment.upperBound...].words.contains),
                !line.contains(mark + "(#")
            else { return nil }
            return Finding(
                path: file.path, line: index + 1, advice: "write \(mark)(#123): with the issue's number")
        }
    }

    /// Public declarations without a `///` above. Stored members, cases and initialisers may stand on their
    /// names; what fulfils a protocol of ours (`inherited`) is explained there.
    static func undocumented(in file: SourceFile, inherited: Set<Substring> = []) -> [Finding] {
        file.code.enumerated().compactMap { index, line in
            guard declaresPublicly(line), !isDocumented(file, at: index) else { return nil }
            if let name = functionName(in: line), inherited.contains(name) { return nil }
            return Finding(path: file.path, line: index + 1, advice: "say in a /// comment what it means")
        }
    }

    /// Names of the functions that protocols demand: those without a body.
    static func requirements(in file: SourceFile) -> [Substring] {
        let withBody = Set(Sizes.functions(in: file).map(\.start))
        return file.code.enumerated().filter { !withBody.contains($0.offset) }
            .compactMap { functionName(in: $0.element) }
    }

    private static func functionName(in line: String) -> Substring? {
        let words = line.words
        return words.firstIndex(of: "func").flatMap { words.dropFirst($0 + 1).first }
    }

    private static let typeKeywords: Set<Substring> = [
        "struct", "class", "enum", "actor", "protocol", "typealias",
    ]

    private static func isEmpty(_ name: Substring) -> Bool { emptyEndings.contains { name.hasSuffix($0) } }

    private static func advice(on name: Substring) -> String {
        "'\(name)' says nothing; end in a role: Planner, Worker, Repository, Tracker, StateMachine, Handler …"
    }

    private static func declaredTypes(in line: String) -> [Substring] {
        let words = line.words
        return zip(words, words.dropFirst()).filter { typeKeywords.contains($0.0) }.map(\.1)
    }

    private static func declaresPublicly(_ line: String) -> Bool {
        let words = line.words
        guard let access = words.firstIndex(where: { $0 == "public" || $0 == "open" }) else { return false }
        let rest = words[access...].prefix(6)
        if rest.contains("override") || rest.contains("import") || isOperatorOrCodable(line) { return false }
        return rest.contains { typeKeywords.contains($0) || $0 == "func" || $0 == "subscript" }
    }

    /// What every Swift reader knows from the standard library.
    private static func isOperatorOrCodable(_ line: String) -> Bool {
        ["func ==", "func <", "func hash(into", "func encode(to "].contains { line.contains($0) }
    }

    private static func isDocumented(_ file: SourceFile, at index: Int) -> Bool {
        // Attributes and compile conditions may stand between the comment and the declaration.
        for above in file.lines[..<index].reversed() {
            let text = above.drop { $0 == " " }
            if text.hasPrefix("///") { return true }
            if !text.hasPrefix("@") && !text.hasPrefix("#if") { return false }
        }
        return false
    }
}
