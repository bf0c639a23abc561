// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite struct PageTests {
    @Test func linksLeadSomewhere() {
        #expect(Repository.pages.count > 5, "the scanner lost the pages")
        expectNone(Repository.pages.flatMap(Links.broken))
    }

    @Test(arguments: [
        ("README.md", Sizes.readmeLinesMax), ("docs/ARCHITECTURE.md", Sizes.architectureLinesMax),
    ]) func pagesStayShort(_ path: String, _ limit: Int) throws {
        let page = try #require(SourceFile(path: path))
        #expect(page.lines.count < limit, "move detail to docs/")
    }

    @Test func decisionsAreNumberedDatedAndShort() {
        let decisions = Repository.pages.filter { $0.path.hasPrefix("docs/decisions/") }
        #expect(!decisions.isEmpty)
        for decision in decisions {
            let isNumbered = decision.name.prefix(4).allSatisfy(\.isNumber)
            #expect(isNumbered, "\(decision.path): begin with a number")
            for mark in ["Date: 20", "Status: "] {
                let isThere = decision.lines.contains { $0.hasPrefix(mark) }
                #expect(isThere, "\(decision.path): needs a line '\(mark)…'")
            }
            #expect(decision.lines.count <= Sizes.decisionLinesMax, "\(decision.path): shorten it")
        }
    }

    @Test func everyMakeTargetIsExplained() throws {
        let lines = try #require(SourceFile(path: "Makefile")).lines
        let targets = lines.filter { line in
            (line.first?.isLetter ?? false) && line.contains(":") && !line.contains("=")
        }
        #expect(targets.count > 10)
        for target in targets {
            #expect(target.contains("## "), "\(target) needs a ## comment for make help")
        }
    }

    @Test(arguments: [
        "[a](no-such-page.md)", "[a](#no-such-heading)",
        "see [a](docs/none.md#x) and [b](https://example.com)",
    ])
    func aBrokenLinkIsFound(_ text: String) {
        #expect(Links.broken(in: SourceFile(path: "README.md", text: text)).count == 1)
    }
}
