// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
internal import SQLEngine

extension Store {
    /// Makes sure that a tenant exists and has its system relations. Belongs in front of every other call for
    /// a tenant; it costs next to nothing once the tenant is known.
    public func ensureSeeded(_ tenantID: TenantID, at time: Timestamp) async throws {
        if isKnownAsSeeded(tenantID) { return }
        try await write(tenantID) { tx in try tx.seed(at: time) }
        rememberAsSeeded(tenantID)
    }
}

extension StoreContext where Access == WriteAccess {
    /// The principal that owns what the product made itself.
    private static var systemPrincipal: PrincipalID { PrincipalID(trusted: "system") }

    /// Creates the tenant unless it is there. Writes happen one after another, so it is created once.
    fileprivate func seed(at time: Timestamp) throws(StoreError) {
        let exists = try sql.first(TenantStatements.exists) { (_: inout SQLRow) in true } ?? false
        if exists { return }
        try sql.run(TenantStatements.insert, [.time(time)])
        var generator = SystemRandomNumberGenerator()
        for (position, seed) in SystemRelation.all.enumerated() {
            // A millisecond apart, so that the ids sort like the list.
            let id = RelationID(at: time + .milliseconds(position), using: &generator)
            try relations.insert(
                seed.relation(
                    id: id, tenantID: tenantID, sortOrder: Int32(position), createdAt: time,
                    createdBy: Self.systemPrincipal))
        }
    }
}
