// SPDX-License-Identifier: Apache-2.0

internal import ExtRefDomain
internal import ExtRefStore
internal import SQLEngine
internal import Synchronization
internal import Testing

extension ExamCase {
    static let changes = [
        ExamCase("a change comes back with its number") { room in
            let stage = try await room.stage()
            let change = Change(
                tenantID: room.tenant, kind: .linkUpdated, projectID: room.project, object: .result("r1"),
                linkID: room.id(), issueID: stage.issue.id, sourceID: stage.source.id,
                relationID: stage.defect.id, fields: [FieldChange("note", before: "", after: "\"x\",\n")],
                origin: .webhook, occurredAt: room.now)
            let stored = try await room.store.write(room.tenant) { tx in try tx.changes.append(change) }
            #expect(stored.sequence == 1)
            let page = try await room.store.read(room.tenant) { try $0.changes.list(after: 0, limit: 10) }
            #expect(page.changes == [stored])
            #expect(page.cursor == 1 && !page.hasMore)
        },
        ExamCase("the feed has no gap and no double while many write and some fail") { room in
            try await room.seed()
            let newest = Mutex<Int64>(0)
            room.store.onChange { _, sequence in newest.withLock { $0 = max($0, sequence) } }
            let reader = Task {
                var seen: [Int64] = []
                while seen.count < 600 {
                    let page = try await room.store.read(room.tenant) { [cursor = seen.last ?? 0] tx throws in
                        try tx.changes.list(after: cursor, limit: 50)
                    }
                    seen += page.changes.map(\.sequence)
                    await Task.yield()
                }
                return seen
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<8 {
                    group.addTask {
                        for round in 0..<100 {
                            let change = room.change(project: room.project)
                            let fails = (writer + round).isMultiple(of: 4)
                            try? await room.store.write(room.tenant) { tx throws in
                                try tx.changes.append(change)
                                if fails { throw CancellationError() }
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await reader.value == Array(1...600))
            #expect(newest.withLock { $0 } == 600)
            #expect(try await room.store.read(room.tenant) { try $0.changes.currentSequence() } == 600)
        },
        ExamCase("the feed shows what is visible in the reader's projects") { room in
            let stage = try await room.stage()
            let link = room.link(.result("r1"), to: stage.target, stage.defect.id)
            func change(_ kind: Change.Kind, _ project: ProjectID?, _ issue: IssueID? = nil) -> Change {
                Change(
                    tenantID: room.tenant, kind: kind, projectID: project,
                    object: project == nil ? nil : .result("r1"), issueID: issue,
                    sourceID: kind == .linkCreated ? nil : stage.source.id, origin: .poll,
                    occurredAt: room.now)
            }
            let changes = [
                change(.linkCreated, room.project), change(.linkCreated, room.otherProject),
                change(.issueUpdated, nil, stage.issue.id), change(.sourceChanged, nil),
            ]
            try await room.store.write(room.tenant) { tx throws in
                _ = try tx.links.insert(link)
                for change in changes { try tx.changes.append(change) }
            }
            try await room.store.read(room.tenant) { tx throws in
                func seen(_ filter: ChangeFilter) throws -> [Int64] {
                    try tx.changes.list(after: 0, filter: filter, limit: 10).changes.map(\.sequence)
                }
                #expect(try seen(ChangeFilter()) == [1, 2, 3, 4])
                #expect(try seen(ChangeFilter(projectIDs: [room.project])) == [1, 3, 4])
                #expect(try seen(ChangeFilter(projectIDs: [room.otherProject])) == [2, 4])
                var filter = ChangeFilter()
                filter.kinds = [.linkCreated]
                filter.object = .result("r1")
                #expect(try seen(filter) == [1, 2])
                let first = try tx.changes.list(after: 0, filter: filter, limit: 1)
                #expect(first.cursor == 1 && first.hasMore)
                let rest = try tx.changes.list(after: 2, filter: filter, limit: 1)
                #expect(rest.changes.isEmpty && rest.cursor == 4 && !rest.hasMore)
                var ofSource = ChangeFilter()
                ofSource.sourceID = stage.source.id
                #expect(try seen(ofSource) == [3, 4])
                ofSource.projectIDs = [room.otherProject]
                #expect(try seen(ofSource) == [4])
                ofSource.sourceID = room.id()
                #expect(try seen(ofSource) == [])
            }
        },
    ]

    static let audit = [
        ExamCase("the audit trail is listed newest first and by project") { room in
            try await room.seed()
            let entries = (0..<5).map {
                room.auditEntry("action \($0)", project: $0.isMultiple(of: 2) ? room.project : nil)
            }
            try await room.store.write(room.tenant) { tx in
                for entry in entries { try tx.audit.append(entry) }
            }
            try await room.store.read(room.tenant) { tx throws in
                let first = try tx.audit.list(page: PageRequest(size: 3))
                #expect(first.items.map(\.action) == ["action 4", "action 3", "action 2"])
                let second = try tx.audit.list(page: PageRequest(size: 3, after: first.next))
                #expect(second.items.map(\.action) == ["action 1", "action 0"] && second.next == nil)
                let ofProject = try tx.audit.list(project: room.project).items
                #expect(ofProject.map(\.action) == ["action 4", "action 2", "action 0"])
                #expect(try tx.audit.list(resourceID: "src_1").items.count == 5)
                #expect(try tx.audit.list(resourceID: "src_2").items.isEmpty)
                let later = room.now + .seconds(1)
                #expect(try tx.audit.list(start: room.now, end: later).items.count == 5)
                #expect(try tx.audit.list(start: later).items.isEmpty)
                #expect(try tx.audit.list(end: room.now).items.isEmpty)
                #expect(ofProject.first?.fields == entries[4].fields)
                guard case .intact(let checkpoint) = try tx.audit.verifyChain() else {
                    Issue.record("the untouched trail is not intact")
                    return
                }
                #expect(checkpoint.sequence == 5 && checkpoint.hash == first.items.first?.hash)
                let foreign = AuditCheckpoint(sequence: 3, hash: first.items[1].hash)
                #expect(try tx.audit.verifyChain(from: foreign) == .broken(sequence: 4))
            }
        },
        ExamCase("the audit trail refuses updates and deletes") { room in
            try await room.seed()
            let entry = room.auditEntry("action")
            _ = try await room.store.write(room.tenant) { tx in try tx.audit.append(entry) }
            for text in [
                "UPDATE audit_entries SET action = 'x' WHERE tenant_id = $1",
                "DELETE FROM audit_entries WHERE tenant_id = $1",
            ] {
                let tenant = room.tenant.rawValue
                await #expect(throws: SQLError.self) {
                    _ = try await room.engine.write { scope in
                        try scope.run(SQLStatement(composed: ExamCase.behindTheStore + text), [.text(tenant)])
                    }
                }
            }
            let left = try await room.store.read(room.tenant) { try $0.audit.list().items }
            #expect(left.map(\.action) == ["action"])
        },
    ]

    static let requestIDs = [
        ExamCase("a request id answers again, refuses another payload and is forgotten after its time") {
            room in
            try await room.seed()
            let later = room.now + DomainLimits.requestIDRetention
            try await room.store.write(room.tenant) { tx throws in
                try tx.requestIDs.insert(
                    principal: room.principal, method: "m", requestID: "id", payloadHash: [1], response: [],
                    at: room.now)
                try tx.requestIDs.insert(
                    principal: room.principal, method: "m", requestID: "young", payloadHash: [1],
                    response: [7],
                    at: later)
            }
            func answer(_ principal: PrincipalID, _ method: String, _ hash: [UInt8]) async throws -> [UInt8]?
            {
                try await room.store.read(room.tenant) { tx throws in
                    try tx.requestIDs.lookup(
                        principal: principal, method: method, requestID: "id", payloadHash: hash)
                }
            }
            #expect(try await answer(room.principal, "m", [1]) == [])
            #expect(try await answer(room.principal, "other", [1]) == nil)
            #expect(try await answer(PrincipalID(trusted: "ben"), "m", [1]) == nil)
            #expect(await code { _ = try await answer(room.principal, "m", [2]) } == .requestIDReused)
            let doubled = await code {
                try await room.store.write(room.tenant) { tx throws in
                    try tx.requestIDs.insert(
                        principal: room.principal, method: "m", requestID: "id", payloadHash: [1],
                        response: [1], at: room.now)
                }
            }
            #expect(doubled == .conflict(.requestID, existingID: "id"))
            let purged = try await room.store.write(room.tenant) { try $0.requestIDs.purge(before: later) }
            #expect(purged == 1)
            #expect(try await answer(room.principal, "m", [1]) == nil)
        },
        ExamCase("64 parallel repeats of a request have one effect and one answer") { room in
            let stage = try await room.stage()
            let answers = try await withThrowingTaskGroup(of: [UInt8].self) { group in
                for _ in 0..<64 {
                    let link = room.link(
                        .result("r"), to: .url("https://example.org/\(room.id() as LinkID)"), stage.defect.id)
                    group.addTask {
                        try await room.store.write(room.tenant) { tx throws in
                            let known = try tx.requestIDs.lookup(
                                principal: room.principal, method: "m", requestID: "id", payloadHash: [1])
                            if let known { return known }
                            _ = try tx.links.insert(link)
                            try tx.changes.append(room.change(project: room.project))
                            let response = Array(link.id.rawValue.utf8)
                            try tx.requestIDs.insert(
                                principal: room.principal, method: "m", requestID: "id", payloadHash: [1],
                                response: response, at: room.now)
                            return response
                        }
                    }
                }
                return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
            }
            #expect(answers.count == 1)
            try await room.store.read(room.tenant) { tx throws in
                #expect(try tx.links.list().items.count == 1)
                #expect(try tx.changes.currentSequence() == 1)
            }
        },
    ]
}
