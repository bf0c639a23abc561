// SPDX-License-Identifier: Apache-2.0

internal import SQLEngine

enum TenantStatements {
    static let configurationVersion = SQLStatement(
        "SELECT configuration_version FROM tenants WHERE tenant_id = $1")
    static let exists = SQLStatement("SELECT 1 FROM tenants WHERE tenant_id = $1")
    static let insert = SQLStatement("INSERT INTO tenants (tenant_id, created_at) VALUES ($1, $2)")
    static let configurationChanged = SQLStatement(
        """
        UPDATE tenants SET configuration_version = configuration_version + 1 WHERE tenant_id = $1
        RETURNING configuration_version
        """)
}

extension TenantSQL {
    /// Tells every snapshot of the configuration that it is out of date.
    func configurationChanged() throws(StoreError) {
        notes.configurationVersion = try first(TenantStatements.configurationChanged) { (row: inout SQLRow) in
            row.integer()
        }
    }
}
