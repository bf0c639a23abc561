// SPDX-License-Identifier: Apache-2.0

import ExtRefMessages
import RPCMessages

/// Relations for people.
enum RelationText {
    static func table(_ relations: [Relation]) -> Table {
        var table = Table([
            .yielding("ID"), .shrinkable("NAME"), .shrinkable("INVERSE"), .whole("TYPE"),
            .shrinkable("OWNER"),
            .whole("STATE"),
        ])
        for relation in relations {
            table.append([
                Table.Cell(relation.id, .faint), Table.Cell(relation.name, .strong),
                Table.Cell(relation.inverseName), Table.Cell(relation.semanticType.words),
                Table.Cell(relation.systemDefined ? "system" : relation.owner?.text ?? ""),
                Table.Cell(relation.state.words, relation.state.style),
            ])
        }
        return table
    }

    /// Whether text is a relation's id; anything else is a name.
    static func isID(_ text: String) -> Bool { text.hasPrefix("rel_") }

    static func sheet(_ relation: Relation) -> Sheet {
        var sheet = Sheet()
        sheet.add("id", relation.id)
        sheet.add("name", relation.name, .strong)
        sheet.add("inverse name", relation.inverseName)
        sheet.add("type", relation.semanticType.words)
        sheet.add("owner", relation.systemDefined ? "system" : relation.owner?.text ?? "")
        sheet.add("available to", relation.availability?.text ?? "")
        sheet.add("object kinds", relation.allowedObjectKinds.joined(separator: ", "))
        sheet.add("state", relation.state.words, relation.state.style)
        sheet.add("OSLC type", relation.oslcUri)
        sheet.add("color", relation.color)
        sheet.add("order", "\(relation.sortOrder)")
        sheet.add("created", RFC3339.short(relation.createTime))
        sheet.add("etag", relation.etag)
        return sheet
    }
}
