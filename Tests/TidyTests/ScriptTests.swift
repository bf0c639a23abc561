// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite struct ScriptTests {
    static let scripts = (Repository.files(under: "scripts") + [".ci/run"]).compactMap(SourceFile.init(path:))
        .filter { $0.lines.first?.hasSuffix("bash") ?? false }

    @Test func thereAreScripts() {
        #expect(Self.scripts.count >= 5)
    }

    @Test(arguments: scripts.map(\.path)) func scriptsStopAtTheFirstFault(_ path: String) throws {
        let script = try #require(SourceFile(path: path))
        #expect(script.lines.contains("set -euo pipefail"), "\(path) needs: set -euo pipefail")
    }

    @Test(arguments: scripts.map(\.path)) func scriptsEndOnlyWhatTheyStarted(_ path: String) throws {
        let script = try #require(SourceFile(path: path))
        for word in ["pkill", "killall", "kill -9 -1"] {
            let found = script.lines.contains {
                !$0.drop { $0 == " " }.hasPrefix("#") && $0.containsWhole(word)
            }
            #expect(!found, "\(path): '\(word)' by name; keep the pid and kill that")
        }
    }
}
