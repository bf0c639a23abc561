// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

@testable import ExtRefTrackers

/// What works where, read off the adapters themselves.
struct TrackerTable {
    struct Row {
        let id: ProviderID
        let name: String
        let cells: [String]
        let methods: String
    }

    static let columns = [
        "recognise", "probe", "fetch", "batch", "search", "changes", "form", "create", "back-link",
        "webhook", "follow move",
    ]

    /// What the vendor has not, and why.
    static let absences: [ProviderID: [String: String]] = [
        .custom: Dictionary(
            uniqueKeysWithValues: columns.dropFirst().map { ($0, "links only, nothing is ever called") }),
        .trac: [
            "form": "its export interface is read-only", "create": "its export interface is read-only",
            "back-link": "its export interface is read-only", "webhook": "it sends none",
        ],
        .redmine: ["webhook": "Redmine sends none; plug-ins differ"],
        .roundup: ["webhook": "it sends none"],
        .bugzilla: ["webhook": "only as an extension"],
        .youTrack: ["webhook": "only through apps of one's own", "batch": "no call takes several ids"],
        .forgejo: ["batch": "no call takes several ids"],
        .shortcut: ["batch": "no call takes several ids"],
    ]

    let rows: [Row]

    init(_ registry: TrackerRegistry) throws {
        rows = registry.descriptions.compactMap { description in
            registry[description.id].map { Self.row($0, description) }
        }
    }

    private static func row(_ tracker: any Tracker, _ description: ProviderDescription) -> Row {
        let abilities: [(String, Bool)] = [
            ("recognise", true), ("probe", tracker is any ConnectionProbing),
            ("fetch", tracker is any IssueFetching), ("batch", tracker is any BatchFetching),
            ("search", tracker is any IssueSearching), ("changes", tracker is any ChangesReading),
            ("form", tracker is any IssueCreating), ("create", tracker is any IssueCreating),
            ("back-link", tracker is any BackLinking), ("webhook", tracker is any WebhookReading),
            ("follow move", tracker is any IssueFetching),
        ]
        let cells = abilities.map { name, isThere in
            guard isThere else { return absences[description.id]?[name] == nil ? "not yet" : "no" }
            guard name == "back-link", let form = (tracker as? any BackLinking)?.backLinkForm else {
                return "yes"
            }
            return form == .comment ? "comment" : "yes"
        }
        return Row(
            id: description.id, name: description.displayName, cells: cells,
            methods: description.authenticationMethods.map(\.label).joined(separator: "; "))
    }

    var markdown: String {
        let head = ["Provider"] + Self.columns + ["Ways to authenticate"]
        var lines = [Self.line(head), Self.line(head.map { _ in "---" })]
        lines += rows.map { Self.line([$0.name] + $0.cells + [$0.methods]) }
        lines.append("")
        for row in rows {
            let absent = zip(Self.columns, row.cells).filter { $0.1 == "no" }.map(\.0)
            guard let reasons = Self.absences[row.id], !absent.isEmpty else { continue }
            let groups = Dictionary(grouping: absent) { reasons[$0] ?? "" }
            let texts = groups.sorted { $0.key < $1.key }.map {
                "\($0.value.joined(separator: ", ")): \($0.key)"
            }
            lines.append("- **\(row.name)**, not there: " + texts.joined(separator: "; ") + ".")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
}
