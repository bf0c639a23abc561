// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
internal import SQLEngine

extension IssueRepository where Access == WriteAccess {
    /// Stores what a tracker answered about an issue.
    ///
    /// The row is found by the immutable id, else by a key of a row that has no such id yet. The issue's key
    /// finds this row from now on; a row that had the key before and is another issue keeps its others. Rows
    /// without an immutable id that hold one of its keys turn out to be the same issue and are merged into
    /// it, links and all.
    /// - Parameters:
    ///   - observed: its `id` and `revision` are used only when no row is found.
    ///   - planning: sets when the issue is read next, knowing what was stored before.
    public func upsert(
        _ observed: ExternalIssue,
        planning: (_ before: ExternalIssue?, _ after: inout ExternalIssue) -> Void = { _, _ in }
    ) throws(StoreError) -> IssueUpsert {
        var twins = try pendingTwins(of: observed)
        if let former = try former(observed) { twins.append(former) }
        let before = try known(observed) ?? twins.first
        twins.removeAll { $0.id == before?.id }
        var wanted = if let before { Self.merged(before, with: observed) } else { observed }
        planning(before, &wanted)
        let issue = if let before { try store(wanted, over: before) } else { try insert(wanted) }
        var relinked = Relinking()
        for twin in twins { relinked += try merge(twin, into: issue) }
        try claimKeys(of: issue, also: observed.snapshot.previousKeys)
        return IssueUpsert(
            issue: issue, before: before, merged: twins.map(\.id), repointed: relinked.repointed,
            removed: relinked.removed)
    }

    /// Stores an issue that is known by its key only, unless a row with that key is there already.
    /// - Returns: the row, and whether it is new.
    public func insertPending(
        _ pending: ExternalIssue
    ) throws(StoreError) -> (issue: ExternalIssue, isNew: Bool) {
        if let known = try find(source: pending.sourceID, key: pending.snapshot.key) { return (known, false) }
        let issue = try insert(pending)
        try claimKeys(of: issue, also: [])
        return (issue, true)
    }

    /// Stores that an issue could not be read. The last good state stays.
    /// - Throws: `notFound`.
    @discardableResult
    public func recordFailure(
        _ id: IssueID, reachability: Reachability, reason: String, message: String, nextFetchAt: Timestamp?
    ) throws(StoreError) -> ExternalIssue {
        guard let known = try get(id) else { throw .notFound(.issue, id) }
        var failed = known
        failed.reachability = reachability
        failed.lastErrorReason = reason
        failed.lastErrorMessage = message
        failed.nextFetchAt = nextFetchAt
        return try store(failed, over: known)
    }

    /// Judges the stored statuses of a source's issues anew; no tracker is asked.
    /// - Returns: the issues whose category changed, before and after.
    public func remapStatuses(
        of source: IntegrationSource
    ) throws(StoreError) -> [(before: ExternalIssue, after: ExternalIssue)] {
        var changed = [(before: ExternalIssue, after: ExternalIssue)]()
        let issues = try sql.all(IssueStatements.ofSource, [.id(source.id)], decode)
        for issue in issues where issue.reachability != .pending {
            var remapped = issue
            remapped.statusCategory = source.category(
                status: issue.snapshot.statusName, type: issue.snapshot.type ?? "",
                provider: issue.snapshot.providerCategory)
            guard remapped.statusCategory != issue.statusCategory else { continue }
            changed.append((issue, try store(remapped, over: issue)))
        }
        return changed
    }

    // MARK: Finding the row

    private func known(_ observed: ExternalIssue) throws(StoreError) -> ExternalIssue? {
        let snapshot = observed.snapshot
        // A tracker without immutable ids is known by its keys alone.
        if snapshot.nativeID.isEmpty { return try find(source: observed.sourceID, key: snapshot.key) }
        return try find(source: observed.sourceID, nativeID: snapshot.nativeID)
    }

    /// The row of the id that the issue had before it moved: the same issue, by the tracker's own word.
    private func former(_ observed: ExternalIssue) throws(StoreError) -> ExternalIssue? {
        guard let id = observed.snapshot.formerNativeID, id != observed.snapshot.nativeID else { return nil }
        return try find(source: observed.sourceID, nativeID: id)
    }

    /// Rows without an immutable id that hold a key of the observed issue, its current key first.
    private func pendingTwins(of observed: ExternalIssue) throws(StoreError) -> [ExternalIssue] {
        var twins: [ExternalIssue] = []
        for key in [observed.snapshot.key] + observed.snapshot.previousKeys {
            guard let holder = try find(source: observed.sourceID, key: key),
                holder.snapshot.nativeID.isEmpty,
                !twins.contains(where: { $0.id == holder.id })
            else { continue }
            twins.append(holder)
        }
        return twins
    }

    // MARK: Writing rows

    private func insert(_ issue: ExternalIssue) throws(StoreError) -> ExternalIssue {
        try sql.run(IssueStatements.insert, IssueRow.values(issue))
        return issue
    }

    /// What is stored after an observation of a known issue.
    private static func merged(_ known: ExternalIssue, with observed: ExternalIssue) -> ExternalIssue {
        var snapshot = observed.snapshot
        snapshot.previousKeys = previousKeys(known: known.snapshot, observed: observed.snapshot)
        snapshot.formerNativeID = nil
        return ExternalIssue(
            id: known.id, tenantID: known.tenantID, sourceID: known.sourceID, snapshot: snapshot,
            statusCategory: observed.statusCategory, reachability: observed.reachability,
            fetchedAt: observed.fetchedAt, nextFetchAt: observed.nextFetchAt, hintedAt: known.hintedAt,
            validator: observed.validator, lastErrorReason: observed.lastErrorReason,
            lastErrorMessage: observed.lastErrorMessage)
    }

    /// Writes a row; its revision grows when something a caller sees is different, not when it was merely
    /// read again.
    private func store(
        _ updated: ExternalIssue, over known: ExternalIssue
    ) throws(StoreError) -> ExternalIssue {
        var updated = updated
        updated.revision = known.revision
        var comparable = updated
        comparable.fetchedAt = known.fetchedAt
        comparable.nextFetchAt = known.nextFetchAt
        comparable.hintedAt = known.hintedAt
        comparable.validator = known.validator
        if comparable != known { updated.revision += 1 }
        try sql.run(IssueStatements.update, IssueRow.values(updated))
        return updated
    }

    private static func previousKeys(known: IssueSnapshot, observed: IssueSnapshot) -> [String] {
        var seen: Set = [NameFolding.fold(observed.key)]
        let keys = ([known.key] + known.previousKeys + observed.previousKeys).filter {
            seen.insert(NameFolding.fold($0)).inserted
        }
        return Array(keys.prefix(StoreLimits.previousKeysMax))
    }

    private func claimKeys(of issue: ExternalIssue, also previous: [String]) throws(StoreError) {
        func values(_ key: String) -> [SQLValue] {
            [.id(issue.sourceID), .text(NameFolding.fold(key)), .text(key), .id(issue.id)]
        }
        try sql.run(IssueStatements.claimKey, values(issue.snapshot.key))
        try sql.run(IssueStatements.rememberKey, rows: previous.map(values))
    }

    private func merge(_ twin: ExternalIssue, into issue: ExternalIssue) throws(StoreError) -> Relinking {
        let relinked = try LinkRepository<WriteAccess>(sql: sql).replace(issue: twin.id, with: issue)
        try sql.run(IssueStatements.moveAliases, [.id(twin.id), .id(issue.id)])
        try sql.run(IssueStatements.delete, [.id(twin.id)])
        return relinked
    }
}
