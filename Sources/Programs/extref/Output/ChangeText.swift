// SPDX-License-Identifier: Apache-2.0

import ExtRefMessages
import RPCMessages

/// Entries of the change feed for people.
enum ChangeText {
    static func table(_ changes: [Change]) -> Table {
        var table = Table([
            .number("CURSOR"), .whole("TIME"), .whole("CHANGE"), .shrinkable("PROJECT"),
            .shrinkable("OBJECT"),
            .yielding("ID"), .shrinkable("CHANGES"),
        ])
        for change in changes {
            table.append([
                Table.Cell(change.cursor), Table.Cell(RFC3339.short(change.occurTime)),
                Table.Cell(change.kind.words), Table.Cell(change.projectID),
                Table.Cell(change.object?.text ?? ""), Table.Cell(change.subject, .faint),
                Table.Cell(change.fields.map(\.text).joined(separator: "; ")),
            ])
        }
        return table
    }

    /// One change as one line, parts that are not there left out.
    static func line(_ change: Change, for terminal: Terminal) -> String {
        let cells = [
            Table.Cell(change.cursor), Table.Cell(RFC3339.short(change.occurTime)),
            Table.Cell(change.kind.words, .strong), Table.Cell(change.projectID),
            Table.Cell(change.object?.text ?? ""), Table.Cell(change.subject, .faint),
            Table.Cell(change.fields.map(\.text).joined(separator: "; ")),
        ]
        return cells.filter { !$0.text.isEmpty }.map { $0.style.paint($0.text, on: terminal) }
            .joined(separator: "  ")
    }
}

extension Change {
    /// The id of what changed.
    fileprivate var subject: String {
        [linkID, issueID, relationID, sourceID].first { !$0.isEmpty } ?? ""
    }
}

extension FieldChange {
    /// `state: enabled -> disabled`.
    var text: String {
        if before.isEmpty { return "\(field): \(after)" }
        return after.isEmpty ? "\(field): \(before) removed" : "\(field): \(before) -> \(after)"
    }
}
