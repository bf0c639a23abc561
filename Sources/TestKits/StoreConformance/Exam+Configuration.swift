// SPDX-License-Identifier: Apache-2.0

internal import ExtRefDomain
internal import ExtRefStore
internal import Testing

extension ExamCase {
    static let tenants = [
        ExamCase("a tenant is seeded once, however many ask") { room in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask { try await room.store.ensureSeeded(room.tenant, at: room.now) }
                }
                try await group.waitForAll()
            }
            let relations = try await room.store.read(room.tenant) { try $0.relations.all() }
            #expect(relations.map(\.name) == SystemRelation.all.map(\.name))
            #expect(relations.allSatisfy { $0.isSystemDefined && $0.isEnabled && $0.owner == .tenant })
            #expect(relations.map(\.id) == relations.map(\.id).sorted())
        },
        ExamCase("a tenant that was never seeded has nothing and takes nothing") { room in
            let version = try await room.store.read(room.tenant) { try $0.configurationVersion() }
            #expect(version == 0)
            let source = room.source()
            #expect(
                await code { _ = try await room.store.write(room.tenant) { try $0.sources.insert(source) } }
                    == .foreignKey)
            let change = room.change()
            #expect(
                await code { _ = try await room.store.write(room.tenant) { try $0.changes.append(change) } }
                    == .notFound(.tenant, room.tenant.rawValue))
        },
        ExamCase("values of the store as a whole are kept and replaced") { room in
            #expect(try await room.store.metaValue("canary") == nil)
            try await room.store.setMetaValue("canary", [1, 2])
            try await room.store.setMetaValue("canary", [0, 255, 0])
            #expect(try await room.store.metaValue("canary") == [0, 255, 0])
        },
    ]

    static let overlays = [
        ExamCase("an overlay is kept, counted up and checked against what the caller read") { room in
            let stage = try await room.stage()
            var overlay = ProjectOverlay(
                tenantID: room.tenant, projectID: room.project, target: .source(stage.source.id),
                isHidden: true, defaultExternalProject: "own/repo", updatedAt: room.now)
            let first = try await room.store.write(room.tenant) { [overlay] tx throws in
                try tx.overlays.set(overlay, expectedRevision: 0)
            }
            #expect(first.revision == 1)
            overlay.isHidden = false
            let second = try await room.store.write(room.tenant) { [overlay] tx throws in
                try tx.overlays.set(overlay, expectedRevision: 1)
            }
            let stored = try await room.store.read(room.tenant) { tx throws in
                try tx.overlays.get(project: room.project, target: .source(stage.source.id))
            }
            #expect(stored == second)
            #expect(stored?.isHidden == false && stored?.revision == 2)
            let stale = await code {
                _ = try await room.store.write(room.tenant) { [overlay] tx throws in
                    try tx.overlays.set(overlay, expectedRevision: 1)
                }
            }
            #expect(stale == .staleRevision(.overlay, stage.source.id.rawValue, current: 2))
        },
        ExamCase("a project has one default source and one default relation") { room in
            let stage = try await room.stage()
            let second = room.source("Second")
            func overlay(_ target: ProjectOverlay.Target) -> ProjectOverlay {
                ProjectOverlay(
                    tenantID: room.tenant, projectID: room.project, target: target, isDefault: true,
                    updatedAt: room.now)
            }
            let overlays = [
                overlay(.source(stage.source.id)), overlay(.relation(stage.defect.id)),
                overlay(.source(second.id)),
            ]
            let stored = try await room.store.write(room.tenant) { tx throws in
                try tx.sources.insert(second)
                for overlay in overlays { try tx.overlays.set(overlay, expectedRevision: nil) }
                #expect(try tx.overlays.all().count == 3)
                return try tx.overlays.list(project: room.project)
            }
            #expect(stored.filter(\.isDefault).map(\.target).count == 2)
            #expect(stored.first { $0.target == .source(stage.source.id) }?.isDefault == false)
            #expect(stored.first { $0.target == .source(stage.source.id) }?.revision == 2)
            #expect(stored.first { $0.target == .source(second.id) }?.isDefault == true)
        },
        ExamCase("an overlay goes with what it lies on") { room in
            let stage = try await room.stage()
            let overlay = ProjectOverlay(
                tenantID: room.tenant, projectID: room.project, target: .relation(stage.defect.id),
                updatedAt: room.now)
            let left = try await room.store.write(room.tenant) { tx throws in
                try tx.overlays.set(overlay, expectedRevision: nil)
                _ = try tx.relations.delete(stage.defect.id, expectedRevision: nil, at: room.now)
                return try tx.overlays.list(project: room.project)
            }
            #expect(left.isEmpty)
        },
    ]
}
