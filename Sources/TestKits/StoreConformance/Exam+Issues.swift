// SPDX-License-Identifier: Apache-2.0

internal import ExtRefDomain
internal import ExtRefStore
internal import Testing

extension ExamCase {
    static let issues = [
        ExamCase("an issue comes back with its whole snapshot") { room in
            let stage = try await room.stage()
            var issue = room.issue("KEY-2", native: "2", source: stage.source.id, category: .done)
            issue.snapshot.projectKey = "KEY"
            issue.snapshot.resolution = "Fixed"
            issue.snapshot.assignees = [
                ExternalPerson(id: "1", displayName: "Ann \"A\" \\"),
                ExternalPerson(id: "", displayName: "李\u{7}"),
            ]
            issue.snapshot.priority = "High"
            issue.snapshot.type = "Bug"
            issue.snapshot.labels = ["", "a,b", "]"]
            issue.snapshot.createdAt = Timestamp(milliseconds: -5)
            issue.snapshot.updatedAt = room.now
            issue.snapshot.closedAt = room.now
            issue.nextFetchAt = room.now + .seconds(60)
            issue.validator = "\"etag\""
            let upsert = try await room.store.write(room.tenant) { [issue] tx in try tx.issues.upsert(issue) }
            #expect(upsert.isNew && upsert.issue == issue)
            try await room.store.read(room.tenant) { [issue] tx throws in
                #expect(try tx.issues.get(issue.id) == issue)
                let both = try tx.issues.get([issue.id, stage.issue.id])
                #expect(both == [issue.id: issue, stage.issue.id: stage.issue])
                #expect(try tx.issues.find(source: stage.source.id, key: "key-2") == issue)
                #expect(try tx.issues.find(source: stage.source.id, nativeID: "2") == issue)
            }
        },
        ExamCase("reading an issue again changes its revision only when something visible did") { room in
            let stage = try await room.stage()
            var seen = room.issue("KEY-1", native: "1", source: stage.source.id)
            seen.fetchedAt = room.now + .seconds(5)
            let same = try await room.store.write(room.tenant) { [seen] tx in try tx.issues.upsert(seen) }
            #expect(same.issue.id == stage.issue.id && same.issue.revision == 1)
            #expect(same.issue.fetchedAt == room.now + .seconds(5))
            seen.snapshot.title = "Other"
            let changed = try await room.store.write(room.tenant) { [seen] tx in try tx.issues.upsert(seen) }
            #expect(changed.issue.revision == 2)
            #expect(changed.before?.snapshot.title == "Issue KEY-1")
        },
        ExamCase("an issue keeps being found by every key it had") { room in
            let stage = try await room.stage()
            var moved = room.issue("OTHER-9", native: "1", source: stage.source.id)
            moved.snapshot.previousKeys = ["ANCIENT-3"]
            let upsert = try await room.store.write(room.tenant) { [moved] tx in try tx.issues.upsert(moved) }
            #expect(upsert.issue.id == stage.issue.id)
            #expect(upsert.issue.snapshot.previousKeys == ["KEY-1", "ANCIENT-3"])
            try await room.store.read(room.tenant) { tx throws in
                for key in ["KEY-1", "other-9", "ancient-3"] {
                    #expect(try tx.issues.find(source: stage.source.id, key: key)?.id == stage.issue.id)
                }
                #expect(try tx.issues.aliases(of: stage.issue.id) == ["ANCIENT-3", "KEY-1", "OTHER-9"])
            }
        },
        ExamCase("a key that now belongs to another issue finds that one") { room in
            let stage = try await room.stage()
            let newcomer = room.issue("KEY-1", native: "77", source: stage.source.id)
            let upsert = try await room.store.write(room.tenant) { tx in try tx.issues.upsert(newcomer) }
            #expect(upsert.isNew)
            try await room.store.read(room.tenant) { tx throws in
                #expect(try tx.issues.find(source: stage.source.id, key: "KEY-1")?.id == newcomer.id)
                #expect(try tx.issues.get(stage.issue.id) == stage.issue)
            }
        },
        ExamCase("a pending issue is filled in by the first answer") { room in
            let stage = try await room.stage()
            let pending = room.issue("KEY-5", source: stage.source.id, category: .unknown)
            let again = room.issue("key-5", source: stage.source.id, category: .unknown)
            let (first, second) = try await room.store.write(room.tenant) { tx throws in
                (try tx.issues.insertPending(pending), try tx.issues.insertPending(again))
            }
            #expect(first.isNew && !second.isNew && second.issue.id == pending.id)
            let answer = room.issue("KEY-5", native: "5", source: stage.source.id, category: .done)
            let upsert = try await room.store.write(room.tenant) { tx in try tx.issues.upsert(answer) }
            #expect(upsert.issue.id == pending.id && upsert.before == pending)
            #expect(upsert.issue.reachability == .ok && upsert.issue.statusCategory == .done)
        },
        ExamCase("two rows that turn out to be one issue are merged with their links") { room in
            let stage = try await room.stage()
            let pending = room.issue("NEW-1", source: stage.source.id)
            let target = LinkTarget.issue(pending.id, source: stage.source.id)
            let moving = room.link(.result("r1"), to: target, stage.defect.id)
            let twin = room.link(.result("r2"), to: target, stage.defect.id)
            let kept = room.link(.result("r2"), to: stage.target, stage.defect.id)
            let answer = room.issue("NEW-1", native: "1", source: stage.source.id)
            let upsert = try await room.store.write(room.tenant) { tx throws in
                _ = try tx.issues.insertPending(pending)
                for link in [moving, twin, kept] { _ = try tx.links.insert(link) }
                return try tx.issues.upsert(answer)
            }
            #expect(upsert.issue.id == stage.issue.id)
            #expect(upsert.merged == [pending.id])
            #expect(upsert.repointed.map(\.id) == [moving.id])
            #expect(upsert.removed == [twin])
            try await room.store.read(room.tenant) { tx throws in
                #expect(try tx.issues.get(pending.id) == nil)
                #expect(try tx.links.get(moving.id)?.target == stage.target)
                #expect(try tx.links.get(moving.id) == upsert.repointed.first)
                #expect(try tx.links.get(twin.id) == nil)
                #expect(try tx.issues.find(source: stage.source.id, key: "NEW-1")?.id == stage.issue.id)
            }
        },
        ExamCase("a failure keeps the last good state") { room in
            let stage = try await room.stage()
            let failed = try await room.store.write(room.tenant) { tx throws in
                try tx.issues.recordFailure(
                    stage.issue.id, reachability: .forbidden, reason: "TRACKER_PERMISSION_DENIED",
                    message: "Ask for access.", nextFetchAt: room.now + .seconds(60))
            }
            #expect(failed.snapshot == stage.issue.snapshot && failed.fetchedAt == stage.issue.fetchedAt)
            #expect(failed.reachability == .forbidden && failed.revision == 2)
            let missing: IssueID = room.id()
            let unknown = await code {
                _ = try await room.store.write(room.tenant) { tx throws in
                    try tx.issues.recordFailure(
                        missing, reachability: .gone, reason: "", message: "", nextFetchAt: nil)
                }
            }
            #expect(unknown == .notFound(.issue, missing.rawValue))
        },
        ExamCase("issues are listed by project, object, source and state with their use") { room in
            let stage = try await room.stage()
            let done = room.issue("KEY-2", native: "2", source: stage.source.id, category: .done)
            let unused = room.issue("KEY-3", native: "3", source: stage.source.id)
            let doneTarget = LinkTarget.issue(done.id, source: stage.source.id)
            let links = [
                room.link(.result("r1"), to: stage.target, stage.defect.id, ancestors: [.run("run1")]),
                room.link(.run("run1"), to: stage.target, stage.defect.id),
                room.link(.result("r2"), to: doneTarget, stage.defect.id, ancestors: [.run("run2")]),
                room.link(.result("r1"), to: doneTarget, stage.defect.id, project: room.otherProject),
                room.link(.result("r9"), to: .url("https://example.org"), stage.defect.id),
            ]
            try await room.store.write(room.tenant) { tx throws in
                for issue in [done, unused] { _ = try tx.issues.upsert(issue) }
                for link in links { _ = try tx.links.insert(link) }
            }
            try await room.store.read(room.tenant) { tx throws in
                func listed(_ filter: IssueFilter) throws -> [String] {
                    try tx.issues.list(filter).items.map { "\($0.issue.snapshot.key)x\($0.links)" }
                }
                #expect(try listed(IssueFilter()) == ["KEY-1x2", "KEY-2x2", "KEY-3x0"])
                #expect(try listed(IssueFilter(linkedIn: room.project)) == ["KEY-1x2", "KEY-2x1"])
                #expect(try listed(IssueFilter(linkedIn: room.otherProject)) == ["KEY-2x1"])
                #expect(try listed(IssueFilter(linkedIn: room.project, under: .run("run1"))) == ["KEY-1x2"])
                #expect(try listed(IssueFilter(linkedIn: room.project, under: .run("run2"))) == ["KEY-2x1"])
                var filter = IssueFilter(sourceID: stage.source.id)
                filter.statusCategories = [.done, .canceled]
                #expect(try listed(filter) == ["KEY-2x2"])
                filter.reachabilities = [.gone]
                #expect(try listed(filter) == [])
                let first = try tx.issues.list(
                    IssueFilter(linkedIn: room.project), page: PageRequest(size: 1))
                let next = PageRequest(size: 1, after: first.next)
                let second = try tx.issues.list(IssueFilter(linkedIn: room.project), page: next)
                #expect(first.items.map(\.issue.id) == [stage.issue.id])
                #expect(second.items.map(\.issue.id) == [done.id] && second.next == nil)
            }
        },
    ]
}
