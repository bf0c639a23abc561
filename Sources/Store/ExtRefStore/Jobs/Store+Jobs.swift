// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
internal import SQLEngine

extension Store {
    /// When the earliest job of any tenant is due; nil when there is none.
    public func nextJobDue() async throws -> Timestamp? {
        try await acrossTenants { scope in
            try scope.first(JobStatements.nextDue, []) { (row: inout SQLRow) in row.optionalTime() } ?? nil
        }
    }

    /// Tenants that have jobs due, longest overdue first.
    public func tenantsWithJobs(dueBy time: Timestamp, limit: Int) async throws -> [TenantID] {
        try await acrossTenants { scope in
            try scope.all(JobStatements.tenantsDue, [.time(time), .integer(Int64(limit))]) {
                (row: inout SQLRow) in row.hostID()
            }
        }
    }
}
