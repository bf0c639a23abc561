// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

extension JiraTracker {
    public var batchIssuesMax: Int { JiraLimits.batchIssuesMax }

    public func fetchBatch(
        _ references: [IssueReference], from source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<BatchAnswer> {
        let call: TrackerCall<[IssueSnapshot]> =
            switch deployment {
            case .cloud: try bulkFetch(references.compactMap(Self.identifier), of: source)
            case .dataCenter: try searchEach(references, of: source)
            }
        return try call.map { BatchAnswer(found: Self.noting(references, in: $0)) }
    }

    /// Cloud's own call: neither a missing nor a forbidden issue fails it, and old keys lead to moved ones.
    private func bulkFetch(
        _ names: [String], of source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[IssueSnapshot]> {
        guard !names.isEmpty else { return .done([]) }
        return read(try bulkRequest(names, of: source), of: source) { (response) throws(TrackerError) in
            try TrackerJSON.decode(JiraWire.IssuesAnswer.self, from: response).issues
                .compactMap { $0.value.flatMap { snapshot($0, of: source) } }
        }
    }

    /// Writes the call for issues named by id or key, ``JiraLimits/batchIssuesMax`` at most.
    func bulkRequest(
        _ names: [String], fields: [String] = JiraWire.Fields.names, of source: TrackerSource
    ) throws(TrackerError) -> TrackerRequest {
        try post(
            ["issue", "bulkfetch"],
            [
                "issueIdsOrKeys": .list(names.map(JiraValue.text)),
                "fields": .list(fields.map(JiraValue.text)),
                "fieldsByKeys": false,
            ], of: source)
    }

    /// Data Center has no such call. Its search would fail as a whole for one unknown key if it were asked to
    /// check the query.
    private func searchEach(
        _ references: [IssueReference], of source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[IssueSnapshot]> {
        let ids = references.map(\.nativeID).filter { JiraKey.number($0) != nil }
        let keys = references.filter { JiraKey.number($0.nativeID) == nil }.compactMap {
            JiraKey($0.key)?.text
        }
        let clauses =
            (ids.isEmpty ? [] : ["id in (\(ids.joined(separator: ", ")))"])
            + (keys.isEmpty ? [] : ["key in (\(keys.map(JQL.quoted).joined(separator: ", ")))"])
        guard !clauses.isEmpty else { return .done([]) }
        let query = JiraQuery(clauses: [clauses.joined(separator: " OR ")], order: "key ASC")
        return try pages(of: query, upTo: JiraLimits.batchPagesMax, of: source)
    }

    private func pages(
        of query: JiraQuery, upTo pagesMax: Int, of source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[IssueSnapshot]> {
        try ask(query, of: source).then { (page) throws(TrackerError) in
            guard pagesMax > 1, !page.isLast else { return .done(page.snapshots) }
            var next = query
            next.offset += page.size
            return try pages(of: next, upTo: pagesMax - 1, of: source).map { page.snapshots + $0 }
        }
    }

    /// Notes which issues came under another key than they were asked for.
    ///
    /// An answer does not say which key led to which issue. The id tells; without it, one key left over and
    /// one issue left over belong together, because only issues that were asked for are answered.
    static func noting(_ references: [IssueReference], in found: [IssueSnapshot]) -> [IssueSnapshot] {
        let keys = Dictionary(references.map { ($0.nativeID, $0.key) }) { first, _ in first }
        let isKnown = { (issue: IssueSnapshot) in keys[issue.nativeID] != nil }
        let foundKeys = Set(found.map(\.key))
        let leftKeys = references.filter { $0.nativeID.isEmpty }.compactMap { JiraKey($0.key)?.text }
            .filter { !foundKeys.contains($0) }
        let askedKeys = Set(references.compactMap { JiraKey($0.key)?.text })
        let leftIssues = found.filter { !isKnown($0) && !askedKeys.contains($0.key) }
        return found.map { issue in
            var issue = issue
            if let asked = keys[issue.nativeID] {
                issue.notePreviousKey(asked)
            } else if leftKeys.count == 1, leftIssues.map(\.nativeID) == [issue.nativeID] {
                issue.notePreviousKey(leftKeys[0])
            }
            return issue
        }
    }
}
