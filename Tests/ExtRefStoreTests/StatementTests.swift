// SPDX-License-Identifier: Apache-2.0

import SQLEngine
import SQLiteEngine
import Testing

@testable import ExtRefStore

/// Judges every statement that the whole exam prepares, so that a new one cannot slip past.
@Suite struct StatementTests {
    /// Workers look for work wherever it is; they learn whose it is and when it is due, and no more.
    private static let acrossTenants: Set<String> = [
        JobStatements.nextDue.text, JobStatements.tenantsDue.text, JobStatements.overdue.text,
        JobStatements.spread.text, WebhookStatements.owners.text,
    ]
    /// Counts the work left, for operators and tests, and looks for sources that another process made; no
    /// call waits for either but the first after a start.
    private static let whole: Set<String> = [
        JobStatements.count.text.replacing("{LIST $2}", with: "json_each($2)"), WebhookStatements.owners.text,
    ]

    @Test func everyStatementBindsItsTenant() async throws {
        let statements = try await ExamRecord.statements()
        #expect(statements.count > 100)
        #expect(Self.acrossTenants.union(Self.whole).isSubset(of: statements))
        for text in statements where !Self.acrossTenants.contains(text) {
            for reference in TableReference.all(in: text)
            where Schema.tenantTableNames.contains(reference.table) {
                #expect(reference.isBoundToTenant(in: text), "\(reference.name) in: \(text)")
            }
        }
    }

    @Test(arguments: [
        "SELECT l.note FROM links l WHERE l.link_id = $2",
        "SELECT l.note FROM links l JOIN issues i ON i.issue_id = l.issue_id WHERE l.tenant_id = $1",
        "SELECT l.note FROM links l WHERE l.tenant_id = $2",
        "DELETE FROM links WHERE link_id = $1",
        "UPDATE links SET note = $1",
        "INSERT INTO links (link_id, tenant_id) VALUES ($1, $2)",
    ])
    func aStatementWithoutItsTenantIsNoticed(_ text: String) {
        let references = TableReference.all(in: text)
        #expect(references.contains { !$0.isBoundToTenant(in: text) })
    }

    @Test func noStatementReadsATableFromEndToEnd() async throws {
        let engine = try SQLiteEngine.temporary()
        let store = try Store(engine)
        var explained = 0
        for text in try await ExamRecord.statements() where Plan.hasOne(text) && !Self.whole.contains(text) {
            let plan = try await Plan.of(text, in: engine)
            explained += 1
            for step in plan {
                #expect(!Plan.readsWholeTable(step, text), "\(step) in: \(text)")
                #expect(!Plan.readsWholeTenant(step), "\(step) in: \(text)")
            }
        }
        #expect(explained > 100)
        try store.close()
    }

    @Test(arguments: [
        "SELECT note FROM links WHERE note = $1",
        "SELECT l.note FROM links l WHERE l.tenant_id = $1 AND l.note = $2",
        "SELECT w.note FROM (SELECT l.note FROM links l WHERE l.note = $1) w",
        "SELECT a.action FROM audit_entries a WHERE a.tenant_id = $1 AND a.action = $2",
    ])
    func aQueryWithoutAnIndexIsNoticed(_ text: String) async throws {
        let engine = try SQLiteEngine.temporary()
        let store = try Store(engine)
        let plan = try await Plan.of(text, in: engine)
        #expect(plan.contains { Plan.readsWholeTable($0, text) || Plan.readsWholeTenant($0) })
        try store.close()
    }
}

/// A place in a statement that names a table.
struct TableReference {
    let table: String
    /// The alias, or the table's own name.
    let name: String
    private let isInsert: Bool

    static func all(in text: String) -> [TableReference] {
        let pattern = #/\b(?<verb>FROM|JOIN|UPDATE|INTO)\s+(?<table>[a-z_]+)(?:\s+(?<alias>[a-z]+))?/#
        return text.matches(of: pattern).filter { !$0.output.table.hasPrefix("json_each") }.map { match in
            TableReference(
                table: String(match.output.table), name: String(match.output.alias ?? match.output.table),
                isInsert: match.output.verb == "INTO")
        }
    }

    func isBoundToTenant(in text: String) -> Bool {
        if isInsert {
            return text.contains(#/\(tenant_id,[^)]*\)\s*VALUES\s*\(\$1[,)]/#)
        }
        if name != table { return text.contains("\(name).tenant_id = $1") }
        return text.contains(#/(?:WHERE|AND)\s+tenant_id = \$1\b/#)
    }
}

/// SQLite's plan for a statement.
enum Plan {
    static func hasOne(_ text: String) -> Bool {
        ["SELECT", "INSERT", "UPDATE", "DELETE"].contains { text.hasPrefix($0) }
    }

    static func of(_ text: String, in engine: SQLiteEngine) async throws -> [String] {
        // No value is needed to plan a statement; null stands for each.
        let values = [SQLValue](repeating: .null, count: 40)
        return try await engine.write { scope in
            try scope.all(SQLStatement(composed: "EXPLAIN QUERY PLAN " + text), values) {
                (row: inout SQLRow) in
                row.skip(3)
                return row.text()
            }
        }
    }

    /// A scan of a table. One of the elements of a list is as long as the caller made it, and one of a query
    /// inside the statement as long as that query's own steps, which are judged too.
    static func readsWholeTable(_ step: String, _ text: String) -> Bool {
        guard step.hasPrefix("SCAN "), !step.contains("VIRTUAL TABLE") else { return false }
        let name = step.split(separator: " ")[1]
        guard !name.hasPrefix("(subquery-") else { return false }
        let tables = TableReference.all(in: text).flatMap { [$0.name, $0.table] }
        return tables.contains(String(name)) || !text.contains(") \(name)")
    }

    /// A search that knows the tenant only, in a table that grows with use.
    static func readsWholeTenant(_ step: String) -> Bool {
        guard step.hasPrefix("SEARCH "), step.contains("(tenant_id=?)") else { return false }
        let name = step.split(separator: " ")[1]
        let smallOnes = ["s", "r", "t", "v", "tenants"]
        return !smallOnes.contains(String(name))
    }
}
