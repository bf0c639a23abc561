// SPDX-License-Identifier: Apache-2.0

internal import ExtRefDomain
internal import ExtRefStore
internal import Testing

extension ExamCase {
    static let sources = [
        ExamCase("a source comes back with everything that hangs on it") { room in
            try await room.seed()
            var source = room.source("Töräcker \"1\"")
            source.apiBaseURL = "https://api.example"
            source.authenticationMethod = .basic
            source.authenticationSettings = ["user": "bot\\n\u{1}", "realm": "näme"]
            source.switchedOff = [.create, .webhook]
            source.issueURLTemplate = "{baseUrl}/i/{key}"
            source.createURLTemplate = "{baseUrl}/new"
            source.keyPattern = "[A-Z]+-\\d+"
            source.defaultExternalProject = "owner/repo"
            source.allowedExternalProjects = ["z/last", "a/first"]
            source.statusMap = [
                StatusMapping(status: "Won't fix", category: .canceled),
                StatusMapping(status: "Done", type: "Bug", category: .inProgress),
            ]
            source.testObjectURLTemplate = "https://tests.example/{id}"
            source.allowsBackLinkComments = true
            source.issueTitleTemplate = "{title}"
            source.issueDescriptionTemplate = "{error}\n{url}"
            source.availability = .projects([room.project, room.otherProject])
            let credential = SealedCredential(
                name: "api_key", sealed: [0, 1, 255], setAt: room.now, setBy: room.principal,
                expiresAt: room.now + .seconds(60))
            let stored = try await room.store.write(room.tenant) { [source] tx throws in
                try tx.sources.insert(source)
                try tx.sources.setCredentials(source.id, [credential])
                return try tx.sources.get(source.id)
            }
            source.credentials = [
                CredentialState(
                    name: "api_key", setAt: room.now, setBy: room.principal,
                    expiresAt: room.now + .seconds(60))
            ]
            #expect(stored == source)
            let sealed = try await room.store.read(room.tenant) {
                try $0.sources.sealedCredentials(of: source.id)
            }
            #expect(sealed == [credential])
        },
        ExamCase("an update replaces everything and wants the revision that was read") { room in
            try await room.seed()
            var source = room.source()
            source.availability = .projects([room.project])
            source.allowedExternalProjects = ["a", "b"]
            try await room.store.write(room.tenant) { [source] tx in try tx.sources.insert(source) }
            source.displayName = "Renamed"
            source.availability = .allProjects
            source.allowedExternalProjects = ["c"]
            source.updatedAt = room.now + .seconds(1)
            let updated = try await room.store.write(room.tenant) { [source] tx throws in
                try tx.sources.update(source, expectedRevision: 1)
            }
            source.revision = 2
            #expect(updated == source)
            let stale = await code {
                _ = try await room.store.write(room.tenant) { [source] tx throws in
                    try tx.sources.update(source, expectedRevision: 1)
                }
            }
            #expect(stale == .staleRevision(.source, source.id.rawValue, current: 2))
            let disabled = try await room.store.write(room.tenant) { tx throws in
                try tx.sources.setEnabled(updated.id, false, expectedRevision: 2, at: room.now)
            }
            #expect(!disabled.isEnabled && disabled.revision == 3)
            try await room.store.read(room.tenant) { tx throws in
                #expect(try !tx.sources.isEnabled(updated.id))
                #expect(try !tx.sources.isEnabled(room.id()))
            }
            let enabled = try await room.store.write(room.tenant) { tx throws in
                try tx.sources.setEnabled(updated.id, true, expectedRevision: 3, at: room.now)
                return try tx.sources.isEnabled(updated.id)
            }
            #expect(enabled)
        },
        ExamCase("health is kept without touching the revision or the configuration version") { room in
            let stage = try await room.stage()
            var health = SourceHealth()
            health.lastProbeAt = room.now
            health.lastErrorReason = "TRACKER_UNAVAILABLE"
            let before = try await room.store.read(room.tenant) { try $0.configurationVersion() }
            let source = try await room.store.write(room.tenant) { [health] tx throws in
                try tx.sources.recordHealth(stage.source.id, health)
                return try tx.sources.get(stage.source.id)
            }
            #expect(source?.health == health)
            #expect(source?.revision == 1)
            #expect(try await room.store.read(room.tenant) { try $0.configurationVersion() } == before)
        },
        ExamCase("a name is taken by a living source of the same owner only, case ignored") { room in
            try await room.seed()
            let first = room.source("Tracker")
            let sameName = room.source("tRACKER")
            let ofProject = room.source("Tracker", owner: .project(room.project))
            try await room.store.write(room.tenant) { tx throws in
                try tx.sources.insert(first)
                try tx.sources.insert(ofProject)
            }
            let taken = await code {
                try await room.store.write(room.tenant) { try $0.sources.insert(sameName) }
            }
            #expect(taken == .conflict(.source, existingID: first.id.rawValue))
            let deletion = try await room.store.write(room.tenant) { tx throws in
                let deletion = try tx.sources.delete(first.id, expectedRevision: 1, at: room.now)
                try tx.sources.insert(sameName)
                return deletion
            }
            #expect(deletion == .erased)
            let names = try await room.store.read(room.tenant) { try $0.sources.list().items.map(\.id) }
            #expect(names == [sameName.id, ofProject.id].sorted())
        },
        ExamCase("a used source leaves a tombstone without credentials and frees its name") { room in
            let stage = try await room.stage()
            let successor = room.source(stage.source.displayName)
            let link = room.link(.result("r1"), to: stage.target, stage.defect.id)
            let (deletion, usage) = try await room.store.write(room.tenant) { tx throws in
                _ = try tx.links.insert(link)
                let credential = SealedCredential(
                    name: "api_key", sealed: [1], setAt: room.now, setBy: room.principal)
                try tx.sources.setCredentials(stage.source.id, [credential])
                let usage = try tx.sources.usage(of: stage.source.id)
                let deletion = try tx.sources.delete(stage.source.id, expectedRevision: nil, at: room.now)
                try tx.sources.insert(successor)
                return (deletion, usage)
            }
            #expect(usage == [ProjectUsage(projectID: room.project, links: 1)])
            #expect(deletion == .retired(links: 1))
            try await room.store.read(room.tenant) { tx throws in
                let tombstone = try tx.sources.get(stage.source.id)
                #expect(tombstone?.deletedAt == room.now)
                #expect(tombstone?.isEnabled == false)
                #expect(try tx.sources.sealedCredentials(of: stage.source.id).isEmpty)
                #expect(try tx.sources.allEnabled().map(\.id) == [successor.id])
                #expect(try tx.sources.list().items.map(\.id) == [successor.id])
                let all = try tx.sources.list(SourceFilter(includesDeleted: true)).items.map(\.id)
                #expect(all == [stage.source.id, successor.id])
                #expect(try tx.links.detail(link.id)?.issue?.id == stage.issue.id)
            }
            let gone = await code {
                _ = try await room.store.write(room.tenant) { tx throws in
                    try tx.sources.setEnabled(stage.source.id, true, expectedRevision: nil, at: room.now)
                }
            }
            #expect(gone == .notFound(.source, stage.source.id.rawValue))
        },
        ExamCase("lists filter by project, provider, switch and owner, and page by creation") { room in
            try await room.seed()
            var sources = (0..<7).map { room.source("Source \($0)") }
            sources[1].availability = .projects([room.project])
            sources[2].availability = .projects([room.otherProject])
            sources[3].owner = .project(room.project)
            sources[4].owner = .project(room.otherProject)
            sources[5].isEnabled = false
            sources.append(room.source("Custom", provider: .custom))
            try await room.store.write(room.tenant) { [sources] tx throws in
                for source in sources { try tx.sources.insert(source) }
            }
            try await room.store.read(room.tenant) { [sources] tx throws in
                func listed(_ filter: SourceFilter) throws -> [Int] {
                    let ids = try tx.sources.list(filter).items.map(\.id)
                    return ids.compactMap { id in sources.firstIndex { $0.id == id } }
                }
                #expect(try listed(SourceFilter(usableIn: room.project)) == [0, 1, 3, 5, 6, 7])
                #expect(
                    try listed(SourceFilter(usableIn: room.project, includesDisabled: false)) == [
                        0, 1, 3, 6, 7,
                    ])
                #expect(try listed(SourceFilter(owner: .project(room.otherProject))) == [4])
                #expect(try listed(SourceFilter(providerID: .custom)) == [7])
                #expect(try tx.sources.allEnabled().count == 7)
                #expect(Set(try tx.sources.get(sources.prefix(2).map(\.id)).values) == Set(sources.prefix(2)))
                var seen: [SourceID] = []
                var page = PageRequest(size: 3)
                while true {
                    let answer = try tx.sources.list(page: page)
                    #expect(answer.items.count <= 3)
                    seen += answer.items.map(\.id)
                    guard let next = answer.next else { break }
                    page = PageRequest(size: 3, after: next)
                }
                #expect(seen == sources.map(\.id))
            }
        },
        ExamCase("the configuration version moves with every change a snapshot must see") { room in
            let stage = try await room.stage()
            let steps: [@Sendable (WriteContext) throws -> Void] = [
                { _ = try $0.sources.update(stage.source, expectedRevision: nil) },
                {
                    _ = try $0.sources.setEnabled(stage.source.id, false, expectedRevision: nil, at: room.now)
                },
                { try $0.sources.setCredentials(stage.source.id, []) },
                { try $0.sources.removeCredentials(stage.source.id) },
                {
                    _ = try $0.relations.setEnabled(
                        stage.defect.id, false, expectedRevision: nil, at: room.now)
                },
                { _ = try $0.relations.update(stage.general, expectedRevision: nil) },
                { _ = try $0.relations.delete(stage.general.id, expectedRevision: nil, at: room.now) },
                { _ = try $0.sources.delete(stage.source.id, expectedRevision: nil, at: room.now) },
            ]
            for (position, step) in steps.enumerated() {
                let (before, after) = try await room.store.write(room.tenant) { tx throws in
                    let before = try tx.configurationVersion()
                    try step(tx)
                    return (before, try tx.configurationVersion())
                }
                #expect(after > before, "step \(position)")
            }
        },
    ]
}
