// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite struct BanTests {
    @Test(arguments: Ban.all) func nothingBannedIsWritten(_ ban: Ban) {
        let files = Repository.swiftFiles.filter { $0.target != "TidyTests" }
        expectNone(files.flatMap(ban.findings))
    }

    @Test(arguments: Ban.all) func eachBanFindsItsCode(_ ban: Ban) {
        let paths = ["Sources/Wing/Target/A.swift", "Sources/Wire/ProtobufC/A.swift"]
        let found = paths.map { SourceFile(path: $0, text: "let a = 1; \(ban.code) ") }.flatMap(ban.findings)
        #expect(!found.isEmpty)
    }

    @Test(arguments: Ban.all.filter { !$0.proofs.isEmpty }) func aProofLiftsTheBan(_ ban: Ban) {
        let path = "Sources/Wire/ProtobufC/A.swift"
        let proven = SourceFile(path: path, text: "/// Proof: because.\n@safe\nlet a = \(ban.code) x")
        #expect(ban.findings(in: proven).isEmpty)
        let unproven = SourceFile(path: path, text: "/// Proof: of this.\nlet b = 1\nlet a = \(ban.code) x")
        #expect(ban.findings(in: unproven).count == 1)
    }

    @Test(arguments: [
        "// Task.detached", "/* fatalError() */", "let a = \"print(1)\"", "let a = #\"try! x\"#",
        "let a = \"\"\"\n  fatalError()\n  \"\"\"", "object.print(1)", "fingerprint(x)", "describe(print: x)",
        "try await Task.sleep(for: pause, clock: clock)",
    ]) func wordsThatAreNotCodePass(_ text: String) {
        let file = SourceFile(path: "Sources/Wing/Target/A.swift", text: text)
        expectNone(Ban.all.flatMap { $0.findings(in: file) })
    }

    @Test func codeInsideAnInterpolationIsCode() {
        let file = SourceFile(
            path: "Sources/Wing/Target/A.swift", text: #"let a = "x \(f("y", try! g())) try! z""#)
        let code = file.code.joined()
        #expect(code.contains("try! g()") && !code.contains("try! z") && code.count == file.lines[0].count)
    }
}
