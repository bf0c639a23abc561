// SPDX-License-Identifier: Apache-2.0

import ExtRefMessages
import RPCMessages

/// Issues for people.
enum IssueText {
    static func table(_ issues: [LinkedIssue]) -> Table {
        var table = Table([
            .yielding("ID"), .shrinkable("KEY"), .shrinkable("TITLE"), .shrinkable("STATUS"),
            .shrinkable("CATEGORY"),
            .shrinkable("ASSIGNEE"), .number("LINKS"),
        ])
        for entry in issues {
            let issue = entry.issue ?? Issue()
            table.append([
                Table.Cell(issue.id, .faint), Table.Cell(issue.key, .strong), Table.Cell(issue.title),
                status(issue), category(issue), Table.Cell(assignees(issue)),
                Table.Cell("\(entry.linkCount)"),
            ])
        }
        return table
    }

    static func sheet(_ issue: Issue) -> Sheet {
        var sheet = Sheet()
        addState(of: issue, to: &sheet)
        return sheet
    }

    /// Adds all that is known of an issue.
    static func addState(of issue: Issue, to sheet: inout Sheet) {
        sheet.add("issue", issue.id)
        sheet.add("key", issue.key, .strong)
        sheet.add("title", issue.title, .strong)
        sheet.add("status", issue.status)
        sheet.add("category", category(issue).text, category(issue).style)
        sheet.add("resolution", issue.resolution ?? "")
        sheet.add("assignee", assignees(issue).isEmpty && issue.isRead ? "nobody" : assignees(issue))
        sheet.add("priority", issue.priority ?? "")
        sheet.add("type", issue.type ?? "")
        sheet.add("labels", issue.labels.joined(separator: ", "))
        sheet.add("in project", issue.externalProject)
        sheet.add("URL", issue.url)
        sheet.add("changed there", RFC3339.short(issue.updateTime))
        sheet.add("read", RFC3339.short(issue.fetchTime))
        sheet.add("next read", RFC3339.short(issue.nextFetchTime))
        sheet.add("reachability", issue.reachability.words, issue.reachability == .ok ? .plain : .bad)
        sheet.add(
            "last failure",
            [issue.errorReason, issue.errorMessage].filter { !$0.isEmpty }.joined(separator: ": "))
        sheet.add("former keys", issue.previousKeys.joined(separator: ", "))
    }

    /// The tracker's word for the status; while there is none, why.
    static func status(_ issue: Issue?) -> Table.Cell {
        guard let issue else { return "" }
        guard issue.reachability == .ok || issue.reachability == .unspecified else {
            let known = issue.status.isEmpty ? "" : issue.status + ", "
            return Table.Cell(known + issue.reachability.words, .bad)
        }
        return Table.Cell(issue.status)
    }

    /// What the status means. Unknown is never shown as done.
    static func category(_ issue: Issue?) -> Table.Cell {
        guard let issue else { return "" }
        switch issue.statusCategory {
        case .todo: return Table.Cell("todo")
        case .inProgress: return Table.Cell("in progress", .busy)
        case .done: return Table.Cell("done", .good)
        case .canceled: return Table.Cell("canceled", .faint)
        default: return Table.Cell("unknown", .faint)
        }
    }

    static func assignees(_ issue: Issue) -> String {
        issue.assignees.map { $0.displayName.isEmpty ? $0.id : $0.displayName }.joined(separator: ", ")
    }
}

extension Issue {
    /// Whether the tracker has ever told its state.
    fileprivate var isRead: Bool { fetchTime != nil }
}
