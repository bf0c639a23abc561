// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite struct SizeTests {
    @Test func linesFitOnTheScreen() {
        expectNone(Repository.swiftFiles.flatMap(Sizes.overlongLines))
    }

    @Test func filesAreReadInOneSitting() {
        expectNone(Repository.swiftFiles.flatMap(Sizes.overlongFile))
    }

    @Test func functionsKeepTheThread() {
        expectNone(Repository.swiftFiles.flatMap(Sizes.overlongFunctions))
    }

    @Test func theScannerMeasuresFunctions() {
        let body = Array(repeating: "        work()", count: 5).joined(separator: "\n")
        let file = SourceFile(
            path: "Sources/Wing/Target/A.swift",
            text: """
                protocol P {
                    func requirement() -> Int
                    init(_ text: String)
                }
                struct S {
                    func short() { work("}") }
                    init() {
                \(body)
                    }
                }
                """)
        #expect(Sizes.functions(in: file).map(\.length) == [1, 7])
    }

    @Test func textsMayBeLongerThanCode() {
        let text = String(repeating: "x", count: Sizes.lineColumnsMax - 8)
        let lines = ["let a = \"\(text)\"", "let a = f(\(text))", "// see \"\(text)\""]
        let file = SourceFile(path: "Sources/Wing/Target/A.swift", text: lines.joined(separator: "\n"))
        #expect(file.lines.map(\.count) == [112, 113, 111])
        #expect(Sizes.overlongLines(in: file).map(\.line) == [2, 3])
    }

    @Test func theRulesFindWhatIsTooLong() {
        let long = String(repeating: "x", count: Sizes.lineColumnsMax + 1)
        let lines = Array(repeating: "    x += 1", count: Sizes.functionLinesMax)
        let text = (["func big() {"] + lines + ["}", "// " + long]).joined(separator: "\n")
        let file = SourceFile(path: "Sources/Wing/Target/A.swift", text: text)
        #expect(Sizes.overlongLines(in: file).count == 1)
        #expect(Sizes.overlongFunctions(in: file).map(\.line) == [1])
        let many = String(repeating: "\n", count: Sizes.fileLinesMax + 1)
        #expect(Sizes.overlongFile(SourceFile(path: "Sources/Wing/Target/A.swift", text: many)).count == 1)
    }
}
