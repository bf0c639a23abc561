// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
public import ExtRefMessages
import ExtRefStore
import ExtRefSync
public import RPC

extension LinkService {
    public func listChanges(
        _ request: ListChangesRequest, context: CallContext
    ) async throws -> ListChangesResponse {
        let scope = try await begin(context)
        let query = try ChangeQuery(request, scope: scope)
        return try await ChangeReader(environment: environment, scope: scope, query: query).read()
    }
}

/// Reads on in the feed until there is something to tell, or the time is over.
struct ChangeReader {
    /// What one look into the feed found.
    private struct Look: Sendable {
        let changes: [Wire.Change]
        let cursor: Int64
        let hasMore: Bool
    }

    let environment: ServiceEnvironment
    let scope: CallScope
    let query: ChangeQuery

    /// Reads. The answer's cursor moves past everything that was looked at, also when nothing was for the
    /// caller.
    func read() async throws -> ListChangesResponse {
        let scanUntil = ContinuousClock.now + scope.budget(max(query.wait, ServiceLimits.feedScanBudget))
        // The watch is older than the first look, so that nothing slips in between.
        return try await environment.changes.watching(scope.tenantID, atMost: scope.budget(query.wait)) {
            watch in
            var cursor = try await start()
            while true {
                let look = try await look(after: cursor)
                cursor = look.cursor
                if try await !goesOn(after: look, watch, until: scanUntil) {
                    return ListChangesResponse(changes: look.changes, nextAfter: String(cursor))
                }
            }
        }
    }

    /// Whether to look again: there was nothing to tell, and there is more now.
    private func goesOn(
        after look: Look, _ watch: ChangeWatch, until scanEnd: ContinuousClock.Instant
    ) async throws -> Bool {
        guard look.changes.isEmpty else { return false }
        if look.hasMore {
            // A long look through the feed leaves room for other calls.
            await Task.yield()
            try Task.checkCancellation()
            return .now < scanEnd
        }
        let isAwake = await watch.wait(beyond: look.cursor)
        try Task.checkCancellation()
        return isAwake
    }

    /// Where the caller's cursor stands.
    private func start() async throws -> Int64 {
        let newest = try await environment.store.read(scope.tenantID) { try $0.changes.currentSequence() }
        guard let after = query.after else { return newest }
        guard after <= newest else {
            throw DomainError.invalid(
                "after",
                """
                lies beyond the newest change: it is of another server, or of a time before a backup was \
                restored; read what you hold anew and go on from an empty one
                """)
        }
        return after
    }

    private func look(after cursor: Int64) async throws -> Look {
        let store = environment.store
        let newest = try await store.read(scope.tenantID) { try $0.changes.currentSequence() }
        guard newest - cursor > ServiceLimits.feedInlineMax else {
            return try await store.read(scope.tenantID) { try look(after: cursor, in: $0) }
        }
        return try await store.scan(scope.tenantID) { try look(after: cursor, in: $0) }
    }

    private func look(after cursor: Int64, in store: ReadContext) throws -> Look {
        let found = try store.changes.list(after: cursor, filter: query.filter, limit: query.limit)
        let writer = ChangeWriter(
            configuration: try environment.configurations.snapshot(store), caller: scope.caller,
            projects: query.filter.projectIDs)
        return Look(
            changes: found.changes.compactMap(writer.message), cursor: found.cursor, hasMore: found.hasMore)
    }
}
