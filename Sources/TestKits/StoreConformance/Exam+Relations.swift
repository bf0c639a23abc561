// SPDX-License-Identifier: Apache-2.0

internal import ExtRefDomain
internal import ExtRefStore
internal import Testing

extension ExamCase {
    static let relations = [
        ExamCase("a relation comes back with everything that hangs on it") { room in
            try await room.seed()
            var relation = room.relation("Verifies", .defect, owner: .project(room.project))
            relation.inverseName = "Verified by"
            relation.oslcURI = "http://open-services.net/ns/qm#testsChangeRequest"
            relation.color = "#abcdef"
            relation.sortOrder = -3
            relation.allowedObjectKinds = [.result, .testCase]
            relation.availability = .projects([room.project])
            let stored = try await room.store.write(room.tenant) { [relation] tx throws in
                try tx.relations.insert(relation)
                return try tx.relations.get(relation.id)
            }
            #expect(stored == relation)
            relation.name = "Checks"
            relation.allowedObjectKinds = []
            let updated = try await room.store.write(room.tenant) { [relation] tx throws in
                try tx.relations.update(relation, expectedRevision: 1)
            }
            relation.revision = 2
            #expect(updated == relation)
            let first = try await room.store.read(room.tenant) { try $0.relations.all().first }
            #expect(first?.id == relation.id)
        },
        ExamCase("relations filter by project, object kind and switch") { room in
            try await room.seed()
            var onlyRuns = room.relation("Runs")
            onlyRuns.allowedObjectKinds = [.run]
            var elsewhere = room.relation("Elsewhere")
            elsewhere.availability = .projects([room.otherProject])
            var off = room.relation("Off")
            off.isEnabled = false
            try await room.store.write(room.tenant) { [onlyRuns, elsewhere, off] tx throws in
                for relation in [onlyRuns, elsewhere, off] { try tx.relations.insert(relation) }
            }
            try await room.store.read(room.tenant) { [onlyRuns, elsewhere, off] tx throws in
                let own = [onlyRuns.id, elsewhere.id, off.id]
                func listed(_ filter: RelationFilter) throws -> [RelationID] {
                    try tx.relations.list(filter).items.map(\.id).filter(own.contains)
                }
                #expect(try listed(RelationFilter(usableIn: room.project)) == [onlyRuns.id, off.id])
                #expect(try listed(RelationFilter(objectKind: .result)) == [elsewhere.id, off.id])
                #expect(try listed(RelationFilter(includesDisabled: false)) == [onlyRuns.id, elsewhere.id])
                let many = try tx.relations.get(own)
                #expect(many.count == 3)
            }
        },
        ExamCase("deleting a relation with a replacement re-points its links and merges twins") { room in
            let stage = try await room.stage()
            let moving = room.link(.result("r1"), to: stage.target, stage.general.id)
            let twin = room.link(.result("r2"), to: stage.target, stage.general.id)
            let kept = room.link(.result("r2"), to: stage.target, stage.defect.id)
            let deletion = try await room.store.write(room.tenant) { tx throws in
                for link in [moving, twin, kept] { _ = try tx.links.insert(link) }
                return try tx.relations.delete(
                    stage.general.id, replacement: stage.defect.id, expectedRevision: 1, at: room.now)
            }
            #expect(deletion.deletion == .erased)
            #expect(deletion.removed == [twin])
            #expect(deletion.repointed.map(\.id) == [moving.id])
            try await room.store.read(room.tenant) { tx throws in
                #expect(try tx.relations.get(stage.general.id) == nil)
                #expect(try tx.links.get(moving.id) == deletion.repointed.first)
                #expect(try tx.links.get(moving.id)?.relationID == stage.defect.id)
                #expect(try tx.links.get(twin.id) == nil)
                #expect(try tx.relations.usage(of: stage.defect.id).map(\.links) == [2])
            }
        },
        ExamCase("a used relation leaves a tombstone and frees its name") { room in
            let stage = try await room.stage()
            let link = room.link(.result("r1"), to: .url("https://example.org"), stage.general.id)
            let successor = room.relation("MENTIONS")
            let deletion = try await room.store.write(room.tenant) { tx throws in
                _ = try tx.links.insert(link)
                let deletion = try tx.relations.delete(stage.general.id, expectedRevision: nil, at: room.now)
                try tx.relations.insert(successor)
                return deletion
            }
            #expect(deletion.deletion == .retired(links: 1))
            let taken = await code {
                try await room.store.write(room.tenant) { tx in
                    try tx.relations.insert(room.relation("mentions"))
                }
            }
            #expect(taken == .conflict(.relation, existingID: successor.id.rawValue))
        },
    ]
}
