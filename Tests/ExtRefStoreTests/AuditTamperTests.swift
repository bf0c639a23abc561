// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefStore
import SQLEngine
import SQLiteEngine
import Testing

/// Somebody with the file in hand gets past the triggers; the chain tells.
@Suite struct AuditTamperTests {
    private let tenant = TenantID(trusted: "t")
    private let now = Timestamp(seconds: 1_750_000_000)

    private func entry(_ number: Int) -> AuditEntry {
        var generator = SystemRandomNumberGenerator()
        return AuditEntry(
            id: AuditEntryID(at: now, using: &generator), tenantID: tenant,
            projectID: ProjectID(trusted: "p"), principalID: PrincipalID(trusted: "anna"), action: "action",
            resourceType: "link", resourceID: "lnk_\(number)",
            fields: [FieldChange("note", before: "a", after: "b")], origin: .user, requestID: "",
            occurredAt: now)
    }

    @Test(arguments: [
        ("UPDATE audit_entries SET action = 'other' WHERE sequence = 3", Int64(3)),
        ("UPDATE audit_entries SET principal_id = 'ben' WHERE sequence = 1", 1),
        ("UPDATE audit_entries SET project_id = NULL WHERE sequence = 2", 2),
        ("UPDATE audit_entries SET project_id = '' WHERE sequence = 2", 2),
        ("UPDATE audit_entries SET fields = '[\"note\",\"a\",\"c\"]' WHERE sequence = 4", 4),
        ("UPDATE audit_entries SET occurred_at = occurred_at + 1 WHERE sequence = 5", 5),
        ("UPDATE audit_entries SET resource_type = 'lin', resource_id = 'k' || resource_id", 1),
        ("UPDATE audit_entries SET hash = upper(hash) WHERE sequence = 2", 2),
        ("DELETE FROM audit_entries WHERE sequence = 1", 1),
        ("DELETE FROM audit_entries WHERE sequence = 3", 3),
        ("DELETE FROM audit_entries WHERE sequence = 5", 5),
        ("DELETE FROM audit_entries", 1),
        ("UPDATE tenants SET audit_sequence = 4", 6),
    ])
    func tamperingIsFoundWhereItHappened(_ tampering: String, _ sequence: Int64) async throws {
        let engine = try SQLiteEngine.temporary()
        let store = try Store(engine)
        try await store.ensureSeeded(tenant, at: now)
        try await store.write(tenant) { tx in for number in 1...5 { try tx.audit.append(entry(number)) } }
        let before = try await store.read(tenant) { try $0.audit.verifyChain() }
        guard case .intact = before else {
            Issue.record("the untouched trail is not intact")
            return
        }
        _ = try await engine.write { scope in
            for text in [
                "DROP TRIGGER audit_entries_no_update", "DROP TRIGGER audit_entries_no_delete", tampering,
            ] {
                try scope.run(SQLStatement(composed: text), [])
            }
        }
        #expect(try await store.read(tenant) { try $0.audit.verifyChain() } == .broken(sequence: sequence))
        try store.close()
    }

    @Test func theHashIsTheSameEverywhereAndForever() async throws {
        let store = try Store(SQLiteEngine.temporary())
        try await store.ensureSeeded(tenant, at: now)
        let entry = AuditEntry(
            id: AuditEntryID(trusted: "aud_1"), tenantID: tenant, projectID: nil,
            principalID: PrincipalID(trusted: "anna"), action: "a", resourceType: "link", resourceID: "lnk_1",
            fields: [FieldChange("note", before: "", after: "ü")], origin: .import, requestID: "r",
            occurredAt: Timestamp(milliseconds: 7))
        let sealed = try await store.write(tenant) { tx in try tx.audit.append(entry) }
        #expect(sealed.hash == "8c07108aa8949ec71b5b4404fd18d5af31f88a91d9e6b585f3b1f52938a9a9d6")
        try store.close()
    }
}
