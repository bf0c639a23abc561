// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ExtRefMessages
import RPCMessages
import Testing

@testable import extref

@Suite struct ChangeTextTests {
    private static let pipe = Terminal(columns: nil, hasColors: false)

    @Test func `one change is one line, without what is not there`() {
        let change = Change(
            cursor: "12", kind: .linkUpdated, projectID: "P1", object: ObjectRef(kind: "case", id: "TC-1"),
            linkID: "lnk_1", issueID: "iss_1",
            fields: [
                FieldChange(field: "note", before: "a", after: "b\u{1B}[2J"),
                FieldChange(field: "relation_id", before: "", after: "rel_1"),
            ], origin: .user, occurTime: GoogleTimestamp(seconds: 1_795_046_400))
        let line = ChangeText.line(change, for: Self.pipe)
        #expect(line.hasPrefix("12  2026-11-19 00:00:00  link updated  P1  case:TC-1  lnk_1  note: a -> b"))
        #expect(line.hasSuffix("; relation_id: rel_1") && !line.contains("\u{1B}"))
        let bare = Change(cursor: "3", kind: .sourceChanged, sourceID: "src_1")
        #expect(ChangeText.line(bare, for: Self.pipe) == "3  source changed  src_1")
    }

    @Test func `a list shows a row a change`() {
        let changes = [
            Change(cursor: "1", kind: .issueUpdated, issueID: "iss_1"),
            Change(cursor: "2", kind: .relationChanged, relationID: "rel_1"),
        ]
        let lines = ChangeText.table(changes).lines(for: Self.pipe)
        #expect(lines.count == 3)
        #expect(lines[1].contains("issue updated") && lines[1].contains("iss_1"))
        #expect(lines[2].contains("relation changed") && lines[2].contains("rel_1"))
    }

    @Test(arguments: [
        ["--object", "case:TC-1"], ["--limit", "0"], ["--limit", "501"],
    ])
    func `what cannot be listed is refused before the call`(_ arguments: [String]) {
        #expect(throws: (any Error).self) { try ChangesList.parse(arguments) }
    }

    @Test func `a watch ends after at least one change`() {
        #expect(throws: (any Error).self) { try ChangesWatch.parse(["--count", "0"]) }
        #expect(throws: Never.self) { try ChangesWatch.parse(["--count", "1"]) }
    }
}
