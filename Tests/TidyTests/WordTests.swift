// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite struct WordTests {
    @Test func namesSayWhatAThingDoes() {
        expectNone(Repository.swiftFiles.flatMap(Words.emptyNames))
    }

    @Test func looseEndsHaveAnIssue() {
        let outside = Repository.swiftFiles.filter { !$0.path.hasPrefix("Tests/TidyTests/") }
        expectNone(outside.flatMap(Words.looseEnds))
    }

    @Test func publicDeclarationsAreDocumented() {
        let sources = Repository.swiftFiles.filter { $0.path.hasPrefix("Sources/") }
        let handlers = Contract.methods.compactMap { $0.split(separator: "/").last }
            .map { $0.prefix(1).lowercased() + $0.dropFirst() }
        let inherited = Set(sources.flatMap(Words.requirements)).union(handlers.map { $0[...] })
        expectNone(sources.flatMap { Words.undocumented(in: $0, inherited: inherited) })
    }

    @Test(arguments: ["struct LinkManager {}", "final class StringUtils {}", "typealias StoreImpl = Int"])
    func anEmptyNameIsFound(_ text: String) {
        #expect(Words.emptyNames(in: SourceFile(path: "Sources/W/T/A.swift", text: text)).count == 1)
    }

    @Test(arguments: ["// TODO: later", "let a = 1 // FIXME", "// HACK(soon): x"])
    func aLooseEndIsFound(_ text: String) {
        #expect(Words.looseEnds(in: SourceFile(path: "Sources/W/T/A.swift", text: text)).count == 1)
    }

    @Test func aLooseEndWithAnIssuePasses() {
        expectNone(Words.looseEnds(in: SourceFile(path: "Sources/W/T/A.swift", text: "// TODO(#12): later")))
    }

    @Test(arguments: [
        "public struct A {}", "public static func make() -> A { A() }", "@inlinable\npublic func f() {}",
        "/// Belongs to the next.\nlet a = 1\npublic enum B {}",
    ]) func anUndocumentedDeclarationIsFound(_ text: String) {
        #expect(Words.undocumented(in: SourceFile(path: "Sources/W/T/A.swift", text: text)).count == 1)
    }

    @Test func whatAProtocolExplainsNeedsNoSecondExplanation() {
        let text = "protocol P {\n    func f(a: Int) -> Int\n}\npublic func f(a: Int) -> Int { a }"
        let file = SourceFile(path: "Sources/W/T/A.swift", text: text)
        #expect(Words.requirements(in: file) == ["f"])
        expectNone(Words.undocumented(in: file, inherited: ["f"]))
    }

    @Test(arguments: [
        "/// A.\npublic struct A {}", "/// F.\n@inlinable\npublic func f() {}", "public import NIOCore",
        "public let id: Int", "struct A {}",
    ]) func aDocumentedOrSmallDeclarationPasses(_ text: String) {
        expectNone(Words.undocumented(in: SourceFile(path: "Sources/W/T/A.swift", text: text)))
    }
}
