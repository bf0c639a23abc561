// SPDX-License-Identifier: Apache-2.0

internal import ExtRefDomain
internal import ExtRefStore
internal import SQLEngine
internal import Synchronization
internal import Testing

extension ExamCase {
    static let isolation = [
        ExamCase("a tenant sees nothing of another one's, by id or by list") { room in
            let stage = try await room.stage()
            let link = room.link(.result("r1"), to: stage.target, stage.defect.id)
            try await room.store.write(room.tenant) { tx throws in
                _ = try tx.links.insert(link)
                try tx.changes.append(room.change())
                try tx.audit.append(room.auditEntry("a"))
                let credential = SealedCredential(
                    name: "api_key", sealed: [1], setAt: room.now, setBy: room.principal)
                try tx.sources.setCredentials(stage.source.id, [credential])
            }
            try await room.store.read(room.otherTenant) { tx throws in
                #expect(try tx.sources.get(stage.source.id) == nil)
                let many = try tx.sources.get([stage.source.id])
                #expect(many.isEmpty)
                #expect(try tx.sources.list(SourceFilter(includesDeleted: true)).items.isEmpty)
                #expect(try tx.sources.allEnabled().isEmpty)
                #expect(try tx.sources.usage(of: stage.source.id).isEmpty)
                #expect(try tx.sources.sealedCredentials(of: stage.source.id).isEmpty)
                #expect(try tx.relations.get(stage.defect.id) == nil)
                #expect(try tx.relations.usage(of: stage.defect.id).isEmpty)
                #expect(try tx.issues.get(stage.issue.id) == nil)
                #expect(try tx.issues.find(source: stage.source.id, key: "KEY-1") == nil)
                #expect(try tx.issues.list().items.isEmpty)
                #expect(try tx.issues.list(IssueFilter(linkedIn: room.project)).items.isEmpty)
                #expect(try tx.links.get(link.id) == nil)
                #expect(try tx.links.detail(link.id) == nil)
                #expect(try tx.links.list().items.isEmpty)
                #expect(try tx.links.badges([link.object], project: room.project).isEmpty)
                #expect(try tx.links.summary(project: room.project).isEmpty)
                #expect(try tx.changes.currentSequence() == 0)
                #expect(try tx.changes.list(after: 0, limit: 10).changes.isEmpty)
                #expect(try tx.audit.list().items.isEmpty)
            }
        },
        ExamCase("a tenant changes nothing of another one's") { room in
            let stage = try await room.stage()
            let link = room.link(.result("r1"), to: stage.target, stage.defect.id)
            try await room.store.write(room.tenant) { tx in _ = try tx.links.insert(link) }
            let attempts: [@Sendable (WriteContext) throws -> Void] = [
                { _ = try $0.sources.update(stage.source, expectedRevision: nil) },
                {
                    _ = try $0.sources.setEnabled(stage.source.id, false, expectedRevision: nil, at: room.now)
                },
                { _ = try $0.sources.delete(stage.source.id, expectedRevision: nil, at: room.now) },
                { try $0.sources.recordHealth(stage.source.id, SourceHealth()) },
                { _ = try $0.relations.update(stage.defect, expectedRevision: nil) },
                { _ = try $0.relations.delete(stage.defect.id, expectedRevision: nil, at: room.now) },
                { _ = try $0.links.update(link, expectedRevision: nil) },
                { _ = try $0.links.delete(link.id) },
                {
                    _ = try $0.issues.recordFailure(
                        stage.issue.id, reachability: .gone, reason: "", message: "", nextFetchAt: nil)
                },
            ]
            for (position, attempt) in attempts.enumerated() {
                let code = await code { try await room.store.write(room.otherTenant) { try attempt($0) } }
                guard case .notFound = code else {
                    Issue.record("attempt \(position) answered \(String(describing: code))")
                    continue
                }
            }
            let deleted = try await room.store.write(room.otherTenant) { tx throws in
                try tx.links.delete([link.id])
                    + tx.links.deleteAll(of: ObjectAddress(projectID: room.project, object: link.object))
            }
            #expect(deleted.isEmpty)
            let left = try await room.store.read(room.tenant) { try $0.links.detail(link.id) }
            #expect(left == LinkDetail(link: link, issue: stage.issue))
        },
        ExamCase("the schema refuses every reference across tenants") { room in
            let stage = try await room.stage()
            let (other, foreign) = (room.otherTenant, stage)
            let own = try await room.store.write(other) { tx throws in
                let source = room.source("Own", tenant: other)
                try tx.sources.insert(source)
                let issue = room.issue("OWN-1", native: "1", source: source.id, tenant: other)
                return try tx.issues.upsert(issue).issue
            }
            let ownRelation = try await room.store.read(other) { try $0.relations.all()[0].id }
            let ownTarget = LinkTarget.issue(own.id, source: own.sourceID)
            let attempts: [@Sendable (WriteContext) throws -> Void] = [
                {
                    _ = try $0.links.insert(
                        room.link(.result("r"), to: foreign.target, ownRelation, tenant: other))
                },
                {
                    _ = try $0.links.insert(
                        room.link(.result("r"), to: ownTarget, foreign.defect.id, tenant: other))
                },
                {
                    // Their own issue, claimed for another source.
                    let mixed = LinkTarget.issue(own.id, source: foreign.source.id)
                    _ = try $0.links.insert(room.link(.result("r"), to: mixed, ownRelation, tenant: other))
                },
                {
                    _ = try $0.issues.upsert(
                        room.issue("X-1", native: "9", source: foreign.source.id, tenant: other))
                },
                {
                    let credential = SealedCredential(
                        name: "k", sealed: [], setAt: room.now, setBy: room.principal)
                    try $0.sources.setCredentials(foreign.source.id, [credential])
                },
                {
                    let overlay = ProjectOverlay(
                        tenantID: other, projectID: room.project, target: .source(foreign.source.id),
                        updatedAt: room.now)
                    try $0.overlays.set(overlay, expectedRevision: nil)
                },
                {
                    let overlay = ProjectOverlay(
                        tenantID: other, projectID: room.project, target: .relation(foreign.defect.id),
                        updatedAt: room.now)
                    try $0.overlays.set(overlay, expectedRevision: nil)
                },
            ]
            for (position, attempt) in attempts.enumerated() {
                let code = await code { try await room.store.write(other) { try attempt($0) } }
                #expect(code == .foreignKey, "attempt \(position)")
            }
        },
        ExamCase("no row can be carried over to another tenant") { room in
            let stage = try await room.stage()
            let link = room.link(.result("r"), to: stage.target, stage.defect.id, ancestors: [.run("run")])
            try await room.store.write(room.tenant) { tx in _ = try tx.links.insert(link) }
            for table in ["sources", "relations", "issues", "issue_aliases", "links", "link_ancestors"] {
                let text = behindTheStore + "UPDATE \(table) SET tenant_id = $2 WHERE tenant_id = $1"
                let values: [SQLValue] = [.text(room.tenant.rawValue), .text(room.otherTenant.rawValue)]
                let failure = await #expect(throws: SQLError.self, "\(table)") {
                    try await room.engine.write { try $0.run(SQLStatement(composed: text), values) }
                }
                #expect([.foreignKey, .unique].contains(failure?.code), "\(table)")
            }
        },
    ]

    static let transactions = [
        ExamCase("a write that throws leaves nothing, and its neighbours are kept") { room in
            let stage = try await room.stage()
            struct Refusal: Error {}
            let outcomes = await withTaskGroup(of: (Int, Bool).self) { group in
                for number in 0..<64 {
                    let link = room.link(.result("r\(number)"), to: stage.target, stage.defect.id)
                    group.addTask {
                        do {
                            try await room.store.write(room.tenant) { tx throws in
                                _ = try tx.links.insert(link)
                                try tx.changes.append(room.change())
                                if number.isMultiple(of: 3) { throw Refusal() }
                            }
                            return (number, true)
                        } catch {
                            #expect(error is Refusal)
                            return (number, false)
                        }
                    }
                }
                return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            for (number, isKept) in outcomes { #expect(isKept == !number.isMultiple(of: 3)) }
            try await room.store.read(room.tenant) { tx throws in
                let kept = try tx.links.list(page: PageRequest(size: 100)).items.map(\.link.object.id)
                #expect(Set(kept) == Set((0..<64).filter { !$0.isMultiple(of: 3) }.map { "r\($0)" }))
                #expect(try tx.changes.currentSequence() == Int64(kept.count))
            }
        },
        ExamCase("a statement that fails inside a write does not poison what the write does next") { room in
            let stage = try await room.stage()
            let missing: IssueID = room.id()
            let wrong = room.link(.result("r"), to: .issue(missing, source: stage.source.id), stage.defect.id)
            let right = room.link(.result("r"), to: stage.target, stage.defect.id)
            try await room.store.write(room.tenant) { tx throws in
                #expect(throws: StoreError.self) { try tx.links.insert(wrong) }
                _ = try tx.links.insert(right)
            }
            #expect(try await room.store.read(room.tenant) { try $0.links.get(right.id) } == right)
        },
        ExamCase("a read sees one state, whatever is written meanwhile") { room in
            let stage = try await room.stage()
            let link = room.link(.result("r"), to: stage.target, stage.defect.id)
            let before = try await room.store.scan(room.tenant) { tx in try tx.changes.currentSequence() }
            try await room.store.write(room.tenant) { tx throws in
                _ = try tx.links.insert(link)
                try tx.changes.append(room.change())
                // The writer sees its own work, a reader beside it does not.
                #expect(try tx.changes.currentSequence() == before + 1)
            }
            let after = try await room.store.read(room.tenant) { try $0.changes.currentSequence() }
            #expect(after == before + 1)
        },
        ExamCase("a context does not work after its closure returned") { room in
            let stage = try await room.stage()
            let escaped = try await room.store.read(room.tenant) { tx in tx }
            let failure = #expect(throws: StoreError.self) { try escaped.sources.get(stage.source.id) }
            #expect(failure?.cause?.code == .misuse)
        },
        ExamCase("64 writers share commits") { room in
            let stage = try await room.stage()
            let before = room.engine.statistics
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<64 {
                    group.addTask {
                        for round in 0..<20 {
                            let link = room.link(
                                .result("r\(writer)-\(round)"), to: stage.target, stage.defect.id)
                            try await room.store.write(room.tenant) { tx in _ = try tx.links.insert(link) }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let after = room.engine.statistics
            #expect(after.writes - before.writes == 64 * 20)
            #expect((after.commits - before.commits) * 4 <= after.writes - before.writes)
            #expect(after.writesWaiting == 0)
        },
        ExamCase("a closed store refuses work") { room in
            try await room.seed()
            try room.store.close()
            #expect(await code { _ = try await room.store.write(room.tenant) { _ in } } == .unavailable)
            #expect(
                await code { _ = try await room.store.read(room.tenant) { try $0.configurationVersion() } }
                    == .unavailable)
        },
    ]
}
