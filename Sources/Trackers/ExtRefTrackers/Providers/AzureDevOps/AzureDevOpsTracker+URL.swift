// SPDX-License-Identifier: Apache-2.0

extension AzureDevOpsTracker {
    /// Parts of a path ahead of the area: collection (on the former host), project, team.
    private static let segmentsAheadMax = 3
    /// Areas whose pages open a work item over themselves, by `?workitem=`.
    private static let boardAreas: Set<String> = [
        "_boards", "_backlogs", "_sprints", "_queries", "_workitems",
    ]
    /// What the interface serves of one work item.
    private static let itemParts: Set<String> = ["updates", "revisions", "comments", "history"]

    /// Knows `_workitems/edit/N`, `_workitems?id=N` and its old form behind `#`, `_queries/edit/N`, any page
    /// of boards, backlogs, sprints, queries and work items with `?workitem=N`, `web/wi.aspx?id=N` of mails,
    /// and the interface's own `_apis/wit/workItems/N`; each below a project, a team or neither.
    public func key(at location: IssueLocation) -> String? {
        let segments = location.segments.map { $0.lowercased() }
        if segments.suffix(2) == ["web", "wi.aspx"], segments.count - 2 <= Self.segmentsAheadMax {
            return number(location.queryValue("id"))
        }
        guard let start = segments.firstIndex(where: { $0.hasPrefix("_") }), start <= Self.segmentsAheadMax
        else {
            return nil
        }
        let rest = segments[(start + 1)...]
        if segments[start] == "_apis" { return keyOfInterface(rest) }
        guard Self.boardAreas.contains(segments[start]) else { return nil }
        if let item = location.queryValue("workitem") { return number(item) }
        switch segments[start] {
        case "_workitems" where rest.isEmpty || rest == ["index"]:
            return number(location.queryValue("id") ?? fragmentValue("id", of: location))
        case "_workitems", "_queries":
            return rest.count == 2 && rest.first == "edit" ? number(rest.last) : nil
        default: return nil
        }
    }

    private func keyOfInterface(_ rest: ArraySlice<String>) -> String? {
        guard rest.count >= 3, rest.starts(with: ["wit", "workitems"]) else { return nil }
        let behind = rest.dropFirst(3)
        guard behind.isEmpty || behind.count <= 2 && behind.first.map(Self.itemParts.contains) == true else {
            return nil
        }
        return number(rest[rest.startIndex + 2])
    }

    /// An address holds digits only.
    private func number(_ text: String?) -> String? {
        guard let text, let key = canonicalKey(text), key == text else { return nil }
        return key
    }

    private func fragmentValue(_ name: String, of location: IssueLocation) -> String? {
        location.fragment.split(separator: "&").lazy
            .filter { $0.prefix { $0 != "=" }.lowercased() == name }
            .map { String($0.drop { $0 != "=" }.dropFirst()) }.first
    }
}
