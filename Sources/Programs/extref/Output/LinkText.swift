// SPDX-License-Identifier: Apache-2.0

import ExtRefMessages
import RPCMessages

/// Links for people.
enum LinkText {
    static func table(_ links: [Link]) -> Table {
        var table = Table([
            .yielding("ID"), .shrinkable("OBJECT"), .shrinkable("RELATION"), .shrinkable("KEY"),
            .shrinkable("TITLE"),
            .shrinkable("STATUS"), .shrinkable("CATEGORY"), .shrinkable("ASSIGNEE"),
        ])
        for link in links {
            let issue = link.issue
            table.append([
                Table.Cell(link.id, .faint), Table.Cell(link.object?.text ?? ""),
                Table.Cell(link.relation?.name ?? ""), Table.Cell(issue?.key ?? link.bareURL, .strong),
                Table.Cell(issue?.title ?? ""), IssueText.status(issue), IssueText.category(issue),
                Table.Cell(issue.map(IssueText.assignees) ?? ""),
            ])
        }
        return table
    }

    static func sheet(_ link: Link) -> Sheet {
        var sheet = Sheet()
        sheet.add("link", link.id)
        sheet.add("project", link.projectID)
        sheet.add("object", link.object?.text ?? "")
        sheet.add("in", link.ancestors.map(\.text).joined(separator: ", "))
        sheet.add("relation", named(link.relation?.name, link.relation?.state))
        sheet.add("source", named(link.source?.displayName, link.source?.state))
        if let issue = link.issue { IssueText.addState(of: issue, to: &sheet) }
        sheet.add("URL", link.bareURL)
        sheet.add("note", link.note)
        sheet.add("created", SourceText.byline(RFC3339.short(link.createTime), link.createdBy))
        sheet.add("etag", link.etag)
        return sheet
    }

    /// A name, and its state when that is not the usual one.
    private static func named(_ name: String?, _ state: LifecycleState?) -> String {
        guard let name else { return "" }
        guard let state, state != .enabled, state != .unspecified else { return name }
        return "\(name) (\(state.words))"
    }
}

extension Link {
    /// The issue it points to, if it points to one.
    var issue: Issue? {
        if case .issue(let issue) = target { return issue }
        return nil
    }

    /// The URL it keeps, if it belongs to no source.
    var bareURL: String {
        if case .url(let url) = target { return url }
        return ""
    }
}
