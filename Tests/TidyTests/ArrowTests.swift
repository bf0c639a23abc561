// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite struct ArrowTests {
    @Test func everyTargetImportsOnlyWhatItMay() {
        expectNone(Repository.swiftFiles.flatMap(Arrows.findings))
    }

    @Test func theTableHasNoCircle() {
        var settled: Set<String> = []
        var waiting = Arrows.own
        while let next = waiting.first(where: { $0.value.intersection(waiting.keys).isEmpty }) {
            settled.insert(next.key)
            waiting[next.key] = nil
        }
        #expect(waiting.isEmpty, "these import each other: \(waiting.keys.sorted())")
    }

    @Test func noTargetTouchesTwoCTargets() {
        let cTargets: Set<String> = ["CProtobufC", "CMessages", "CCurl", "CPCRE2", "CSQLiteSettings"]
        for (target, modules) in Arrows.own {
            #expect(modules.intersection(cTargets).count <= 1, "\(target)")
        }
    }

    @Test(arguments: [
        ("Sources/Domain/ExtRefDomain/A.swift", "import Foundation"),
        ("Sources/Wire/RPC/A.swift", "internal import NIOCore"),
        ("Sources/Service/ExtRefServices/A.swift", "@preconcurrency public import CurlHTTP"),
        ("Sources/Trackers/ExtRefTrackers/A.swift", "import struct ExtRefStore.Page"),
        ("Sources/Wing/NewTarget/A.swift", "let a = 1"),
    ]) func aForbiddenImportIsFound(_ path: String, _ text: String) {
        #expect(Arrows.findings(in: SourceFile(path: path, text: text)).count == 1)
    }

    @Test func anAllowedImportPasses() {
        let text = "public import ExtRefDomain\nimport Synchronization"
        expectNone(Arrows.findings(in: SourceFile(path: "Sources/Store/ExtRefStore/A.swift", text: text)))
    }
}
