// SPDX-License-Identifier: Apache-2.0

internal import ExtRefDomain
internal import ExtRefStore
internal import SQLEngine
internal import Synchronization

/// What a question works with: a fresh store, two tenants with two projects each, and ids in the order they
/// are made.
final class ExamRoom: Sendable {
    let engine: any StorageEngine
    let store: Store
    let tenant = TenantID(trusted: "tenant-1")
    let otherTenant = TenantID(trusted: "tenant-2")
    let project = ProjectID(trusted: "project-1")
    let otherProject = ProjectID(trusted: "project-2")
    let principal = PrincipalID(trusted: "anna")
    let now = Timestamp(seconds: 1_750_000_000)
    private let idsMade = Mutex<Int64>(0)

    init(engine: any StorageEngine) throws {
        self.engine = engine
        store = try Store(engine)
    }

    /// Makes an id that sorts after all made before.
    func id<Kind>() -> Identifier<Kind> {
        let position = idsMade.withLock { made in
            made += 1
            return made
        }
        var generator = SplitMix64(seed: UInt64(position))
        return Identifier(at: now + .milliseconds(position), using: &generator)
    }

    /// Both tenants, seeded.
    func seed() async throws {
        try await store.ensureSeeded(tenant, at: now)
        try await store.ensureSeeded(otherTenant, at: now)
    }

    // MARK: Values

    func source(
        _ name: String = "Tracker", owner: Owner = .tenant, provider: ProviderID = .redmine,
        tenant: TenantID? = nil
    ) -> IntegrationSource {
        IntegrationSource(
            id: id(), tenantID: tenant ?? self.tenant, owner: owner, providerID: provider, displayName: name,
            baseURL: "https://tracker.example", createdAt: now, createdBy: principal)
    }

    func relation(_ name: String, _ type: SemanticType = .general, owner: Owner = .tenant) -> Relation {
        Relation(
            id: id(), tenantID: tenant, owner: owner, name: name, semanticType: type, createdAt: now,
            createdBy: principal)
    }

    func issue(
        _ key: String, native: String = "", source: SourceID, category: StatusCategory = .todo,
        tenant: TenantID? = nil
    ) -> ExternalIssue {
        let snapshot = IssueSnapshot(
            nativeID: native, key: key, webURL: "https://tracker.example/issues/\(key)",
            title: "Issue \(key)",
            statusName: "New", providerCategory: category)
        return ExternalIssue(
            id: id(), tenantID: tenant ?? self.tenant, sourceID: source, snapshot: snapshot,
            statusCategory: category, reachability: native.isEmpty ? .pending : .ok,
            fetchedAt: native.isEmpty ? nil : now)
    }

    func link(
        _ object: TestObject, to target: LinkTarget, _ relation: RelationID, project: ProjectID? = nil,
        ancestors: [TestObject] = [], tenant: TenantID? = nil
    ) -> Link {
        Link(
            id: id(), tenantID: tenant ?? self.tenant, projectID: project ?? self.project, object: object,
            ancestors: ancestors, target: target, relationID: relation, note: "", createdBy: principal,
            createdAt: now, updatedAt: now)
    }

    func change(_ kind: Change.Kind = .linkCreated, project: ProjectID? = nil) -> Change {
        Change(tenantID: tenant, kind: kind, projectID: project, origin: .user, occurredAt: now)
    }

    func auditEntry(_ action: String, project: ProjectID? = nil) -> AuditEntry {
        AuditEntry(
            id: id(), tenantID: tenant, projectID: project, principalID: principal, action: action,
            resourceType: "source", resourceID: "src_1",
            fields: [FieldChange("name", before: "a", after: "b\n\"c")],
            origin: .user, requestID: "", occurredAt: now)
    }

    // MARK: A stage with a source, two relations and an issue

    /// What most questions about links start from.
    struct Stage: Sendable {
        let source: IntegrationSource
        let general: Relation
        let defect: Relation
        let issue: ExternalIssue
        /// Points to ``issue``.
        var target: LinkTarget { .issue(issue.id, source: source.id) }
    }

    func stage() async throws -> Stage {
        try await seed()
        let source = source()
        let issue = issue("KEY-1", native: "1", source: source.id)
        let general = relation("Mentions")
        let defect = relation("Bug", .defect)
        return try await store.write(tenant) { tx throws in
            try tx.sources.insert(source)
            try tx.relations.insert(general)
            try tx.relations.insert(defect)
            return Stage(
                source: source, general: general, defect: defect, issue: try tx.issues.upsert(issue).issue)
        }
    }
}

extension TestObject {
    static func result(_ id: String) -> TestObject { TestObject(kind: .result, id: id) }
    static func run(_ id: String) -> TestObject { TestObject(kind: .run, id: id) }
}

/// A small repeatable random source. Source: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number
/// Generators".
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Waits for the failure of an operation and answers its code.
func code(of operation: () async throws -> Void) async -> StoreError.Code? {
    do {
        try await operation()
        return nil
    } catch let error as StoreError {
        return error.code
    } catch {
        return nil
    }
}
