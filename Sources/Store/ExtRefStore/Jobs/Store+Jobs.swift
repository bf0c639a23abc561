// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
internal import SQLEngine

extension Store {
    /// When the earliest job of these kinds is due, whichever tenant's; nil when there is none.
    public func nextJobDue(_ kinds: Set<Job.Kind> = Set(Job.Kind.allCases)) async throws -> Timestamp? {
        try await acrossTenants { scope in
            try kinds.compactMap { kind in
                try scope.first(JobStatements.nextDue, [.word(kind)]) { (row: inout SQLRow) in
                    row.optionalTime()
                } ?? nil
            }.min()
        }
    }

    /// Tenants that have jobs of these kinds due, longest overdue first.
    public func tenantsWithJobs(
        _ kinds: Set<Job.Kind> = Set(Job.Kind.allCases), dueBy time: Timestamp, limit: Int
    ) async throws -> [TenantID] {
        let rows = try await acrossTenants { scope in
            try kinds.flatMap { kind in
                let values: [SQLValue] = [.word(kind), .time(time), .integer(Int64(limit))]
                return try scope.all(JobStatements.tenantsDue, values) { (row: inout SQLRow) in
                    (tenant: row.hostID() as TenantID, dueAt: row.time())
                }
            }
        }
        var seen = Set<TenantID>()
        let tenants = rows.sorted { $0.dueAt < $1.dueAt }.map(\.tenant).filter { seen.insert($0).inserted }
        return Array(tenants.prefix(limit))
    }

    /// Spreads overdue jobs of a kind evenly over a while, the longest overdue first, so that what waited for
    /// a start does not begin all at once.
    /// - Parameters:
    ///   - pace: the time one job may take for itself.
    ///   - longest: the longest while.
    public func spreadOverdueJobs(
        _ kind: Job.Kind, pace: Duration, longest: Duration, at now: Timestamp
    ) async throws {
        try await writeAcrossTenants { scope in
            let count = try scope.first(JobStatements.overdue, [.word(kind), .time(now)]) {
                (row: inout SQLRow) in row.integer()
            }
            let span = min(pace * Int(count ?? 0), longest)
            let milliseconds = (Timestamp(milliseconds: 0) + span).milliseconds
            guard milliseconds > 0 else { return }
            _ = try scope.run(JobStatements.spread, [.word(kind), .time(now), .integer(milliseconds)])
        }
    }
}
