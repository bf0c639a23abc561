// SPDX-License-Identifier: Apache-2.0

import SQLEngine
import SQLiteEngine
import Testing

@testable import ExtRefStore

@Suite struct SchemaTests {
    let engine: SQLiteEngine

    init() throws {
        engine = try .temporary()
        try engine.migrate(Schema.migrations)
    }

    private func texts(_ text: String) async throws -> [String] {
        try await engine.read { scope in
            try scope.all(SQLStatement(composed: text), []) { (row: inout SQLRow) in row.text() }
        }
    }

    @Test func theListOfTenantTablesIsComplete() async throws {
        let tables = try await texts(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        #expect(Set(tables) == Set(Schema.tenantTableNames + ["store_meta"]))
    }

    @Test(arguments: Schema.tenantTableNames)
    func thePrimaryKeyStartsWithTheTenant(_ table: String) async throws {
        let key = try await texts("SELECT name FROM pragma_table_info('\(table)') WHERE pk > 0 ORDER BY pk")
        #expect(key.first == "tenant_id")
        #expect(key.count >= 2 || table == "tenants")
    }

    @Test(arguments: Schema.tenantTableNames)
    func everyForeignKeyCarriesTheTenantAlong(_ table: String) async throws {
        let keys = try await texts("SELECT DISTINCT id FROM pragma_foreign_key_list('\(table)')")
        #expect(!keys.isEmpty || table == "tenants")
        let carrying = try await texts(
            """
            SELECT DISTINCT id FROM pragma_foreign_key_list('\(table)')
            WHERE "from" = 'tenant_id' AND "to" = 'tenant_id'
            """)
        #expect(carrying == keys)
    }

    @Test(arguments: Schema.tenantTableNames)
    func everyIndexStartsWithTheTenant(_ table: String) async throws {
        let firstColumns = try await texts(
            """
            SELECT l.name || '.' || i.name FROM pragma_index_list('\(table)') l, pragma_index_info(l.name) i
            WHERE i.seqno = 0 AND i.name <> 'tenant_id'
            """)
        // Workers look for due jobs of all tenants.
        #expect(firstColumns == (table == "jobs" ? ["jobs_by_kind.kind", "jobs_by_due_time.due_at"] : []))
    }

    @Test func everyIndexHasItsShapeAndEveryShapeItsIndex() async throws {
        let indexes = try await texts(
            "SELECT tbl_name || ' ' || name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL")
        let keys = Schema.tenantTableNames.map { "\($0) \($0)" }
        let shapes = Schema.migrations.flatMap(\.shapes)
        #expect(Set(shapes.map { "\($0.table) \($0.index)" }) == Set(indexes + keys))
        for shape in shapes {
            let source =
                shape.table == shape.index
                ? "pragma_table_info('\(shape.table)') WHERE pk > 0" : "pragma_index_info('\(shape.index)')"
            let columns = try await texts("SELECT name FROM \(source)")
            #expect(shape.rows.count == columns.count + 1, "\(shape.index)")
            #expect(shape.rows == shape.rows.sorted(by: >), "\(shape.index)")
        }
    }

    @Test func aStoreOfANewerProgramIsRefused() throws {
        let newer =
            Schema.migrations + [
                SQLMigration(version: Schema.migrations.count + 1, name: "later", script: "SELECT 1")
            ]
        try engine.migrate(newer)
        let failure = #expect(throws: StoreError.self) { try Store(engine) }
        #expect(failure?.code == .schemaTooNew(found: newer.count, known: Schema.migrations.count))
    }
}
