// SPDX-License-Identifier: Apache-2.0

internal import ExtRefDomain
internal import ExtRefStore
internal import Testing

extension ExamRoom {
    /// Stores issues that a link points to, each with the time it is due at.
    func linkedIssues(_ due: [(key: String, delay: Duration?)], on stage: Stage) async throws -> [IssueID] {
        var ids = [IssueID]()
        for (key, delay) in due {
            var issue = issue(key, native: "n" + key, source: stage.source.id)
            issue.nextFetchAt = delay.map { now + $0 }
            let link = link(
                TestObject(kind: .result, id: key), to: .issue(issue.id, source: stage.source.id),
                stage.general.id)
            try await store.write(tenant) { [issue] tx throws in
                _ = try tx.issues.upsert(issue)
                _ = try tx.links.insert(link)
            }
            ids.append(issue.id)
        }
        return ids
    }

    func syncJob(_ delay: Duration, of source: SourceID) -> Job {
        job(source.rawValue, dueIn: delay, kind: .syncSource, source: source)
    }

    func hasten(_ job: Job, at delay: Duration = .zero) async throws {
        let time = now + delay
        try await store.write(job.tenantID) { tx in try tx.jobs.hasten(job, at: time) }
    }
}

extension ExamCase {
    static let sync = [
        ExamCase("due issues come the longest overdue first, those without a link apart") { room in
            let stage = try await room.stage()
            let ids = try await room.linkedIssues(
                [("A", .seconds(-5)), ("B", .seconds(5)), ("C", .seconds(-9)), ("D", nil), ("E", .zero)],
                on: stage)
            let source = stage.source.id
            try await room.store.write(room.tenant) { tx throws in
                try tx.issues.plan([stage.issue.id], in: source, at: room.now - .seconds(1))
            }
            try await room.store.read(room.tenant) { tx throws in
                let due = try tx.issues.due(in: source, by: room.now, limit: 10)
                #expect(due.linked.map(\.id) == [ids[2], ids[0], ids[4]])
                #expect(due.unlinked.map(\.id) == [stage.issue.id])
                #expect(try tx.issues.due(in: source, by: room.now, limit: 1).linked.map(\.id) == [ids[2]])
                #expect(try tx.issues.nextDue(in: source) == room.now - .seconds(9))
                let count = try tx.issues.countDue(in: source, by: room.now)
                #expect(count.count == 4 && count.oldest == room.now - .seconds(9))
                #expect(try tx.issues.countDue(in: room.id(), by: room.now).oldest == nil)
            }
            try await room.store.write(room.tenant) { tx throws in
                try tx.issues.plan(ids + [stage.issue.id], in: source, at: nil)
                #expect(try tx.issues.nextDue(in: source) == nil)
                try tx.issues.plan([ids[0]], in: source, at: room.now + .seconds(900))
                try tx.issues.hastenOpen(in: source, to: room.now + .seconds(60))
                #expect(try tx.issues.get(ids[0])?.nextFetchAt == room.now + .seconds(60))
                try tx.issues.hastenOpen(in: source, to: room.now + .seconds(90))
                #expect(try tx.issues.get(ids[0])?.nextFetchAt == room.now + .seconds(60), "never later")
                #expect(try tx.issues.get(ids[1])?.nextFetchAt == nil)
                try tx.issues.hasten(ids.prefix(2), in: source, to: room.now + .seconds(30))
                #expect(try tx.issues.get(ids[0])?.nextFetchAt == room.now + .seconds(30))
                #expect(try tx.issues.get(ids[1])?.nextFetchAt == nil)
                try tx.issues.hastenAll(in: source, to: room.now + .seconds(20))
                #expect(try tx.issues.get(ids[0])?.nextFetchAt == room.now + .seconds(20))
                #expect(try tx.issues.get(ids[1])?.nextFetchAt == nil)
                for (index, age) in [(0, 6_000), (1, 9_000)] {
                    var issue = try #require(try tx.issues.get(ids[index]))
                    issue.fetchedAt = room.now - .seconds(age)
                    _ = try tx.issues.upsert(issue)
                }
                #expect(
                    try tx.issues.oldestRead(in: source, dueAfter: room.now) == room.now - .seconds(6_000),
                    "the other is not synced")
                #expect(try tx.issues.oldestRead(in: source, dueAfter: room.now + .seconds(30)) == nil)
                #expect(try tx.issues.oldestRead(in: room.id(), dueAfter: room.now) == nil)
            }
        },
        ExamCase("a hint makes an issue due at once and is kept until it is taken back") { room in
            let stage = try await room.stage()
            let ids = try await room.linkedIssues([("A", .seconds(500)), ("B", .seconds(-9))], on: stage)
            let source = stage.source.id
            try await room.store.write(room.tenant) { tx throws in
                try tx.issues.hint(ids, in: source, at: room.now)
                #expect(try tx.issues.get(ids[0])?.nextFetchAt == room.now)
                #expect(try tx.issues.get(ids[1])?.nextFetchAt == room.now - .seconds(9), "never later")
                #expect(try tx.issues.get(ids[0])?.hintedAt == room.now)
                let again = room.issue("A", native: "nA", source: source)
                let kept = try tx.issues.upsert(again).issue
                #expect(kept.hintedAt == room.now && kept.revision == 1)
                let settled = try tx.issues.upsert(again) { before, after in
                    #expect(before?.hintedAt == room.now)
                    after.hintedAt = nil
                    after.nextFetchAt = room.now + .seconds(7)
                }
                #expect(settled.issue.hintedAt == nil)
                #expect(try tx.issues.get(ids[0])?.nextFetchAt == room.now + .seconds(7))
            }
        },
        ExamCase("many issues are found by native ids and by keys of any time") { room in
            let stage = try await room.stage()
            let ids = try await room.linkedIssues([("A", nil), ("B", nil), ("C", nil)], on: stage)
            try await room.store.write(room.tenant) { tx throws in
                _ = try tx.issues.upsert(room.issue("Q", native: "nQ", source: stage.source.id))
                let moved = room.issue("Z", native: "nC", source: stage.source.id)
                _ = try tx.issues.upsert(moved)
                let found = try tx.issues.linked(
                    in: stage.source.id, nativeIDs: ["nA", "x", "nQ"], keys: ["a", "c", "q"])
                #expect(found.map(\.id).sorted() == [ids[0], ids[2]].sorted(), "each once")
                #expect(try tx.issues.linked(in: room.id(), nativeIDs: ["nA"], keys: ["A"]).isEmpty)
            }
        },
        ExamCase("the external projects of a source's planned issues are told, the fullest first") { room in
            let stage = try await room.stage()
            try await room.store.write(room.tenant) { tx throws in
                for (key, project) in [("A", "one"), ("B", "two"), ("C", "two"), ("D", ""), ("E", "three")] {
                    var issue = room.issue(key, native: "n" + key, source: stage.source.id)
                    issue.snapshot.projectKey = project
                    issue.nextFetchAt = key == "E" ? nil : room.now
                    _ = try tx.issues.upsert(issue)
                }
                #expect(try tx.issues.projects(in: stage.source.id, limit: 9) == ["two", "one"])
                #expect(try tx.issues.projects(in: stage.source.id, limit: 1) == ["two"])
            }
        },
        ExamCase("how far a source is comes back whole, and goes with its source") { room in
            let stage = try await room.stage()
            var sync = SourceSync(of: stage.source.id, revision: 3)
            try await room.store.write(room.tenant) { [sync] tx throws in
                #expect(try tx.syncs.get(stage.source.id) == nil)
                try tx.syncs.put(sync)
                #expect(try tx.syncs.get(stage.source.id) == sync)
            }
            sync.watermark = room.now
            sync.run = SourceSync.Run(startedAt: room.now, since: room.now, project: "p", page: "2")
            sync.lastAttemptAt = room.now + .seconds(1)
            sync.lastPassAt = room.now + .seconds(2)
            sync.lastErrorReason = "TRACKER_TIMED_OUT"
            sync.lastErrorMessage = "It took too long."
            sync.failures = 4
            sync.sourceRevision = 5
            try await room.store.write(room.tenant) { [sync] tx throws in
                try tx.syncs.put(sync)
                #expect(try tx.syncs.get(stage.source.id) == sync)
                #expect(try tx.sources.get(stage.source.id)?.health.lastSyncAt == sync.lastPassAt)
            }
        },
        ExamCase("a wish for an earlier turn does not take a job from who holds it, and is not forgotten") {
            room in
            let stage = try await room.stage()
            let source = stage.source.id
            try await room.hasten(room.syncJob(.seconds(50), of: source))
            #expect(try await room.store.nextJobDue() == room.now + .seconds(50), "added where there is none")
            try await room.hasten(room.syncJob(.seconds(90), of: source))
            #expect(try await room.store.nextJobDue() == room.now + .seconds(50), "never later")
            try await room.hasten(room.syncJob(.zero, of: source))
            let job = try #require(try await room.take().first)
            #expect(job.kind == .syncSource && job.attempts == 1)
            try await room.hasten(room.syncJob(.seconds(9), of: source), at: .seconds(3))
            try await room.hasten(room.syncJob(.seconds(20), of: source), at: .seconds(4))
            #expect(try await room.take("thief", at: .seconds(59)).isEmpty)
            let isOurs = try await room.store.write(room.tenant) { tx in
                try tx.jobs.postpone(job, until: room.now + .seconds(600), error: "", countsAsTry: false)
            }
            #expect(isOurs)
            #expect(try await room.store.nextJobDue() == room.now + .seconds(9))
            let next = try #require(try await room.take(at: .seconds(9)).first)
            _ = try await room.store.write(room.tenant) { tx in
                try tx.jobs.postpone(next, until: room.now + .seconds(600), error: "", countsAsTry: false)
            }
            #expect(try await room.store.nextJobDue() == room.now + .seconds(600), "a wish counts once")
            let last = try #require(try await room.take(at: .seconds(600)).first)
            try await room.hasten(room.syncJob(.seconds(610), of: source), at: .seconds(605))
            #expect(try await room.store.write(room.tenant) { try $0.jobs.finish(last) })
            #expect(try await room.store.nextJobDue() == room.now + .seconds(610), "it outlives the end")
            let ended = try #require(try await room.take(at: .seconds(610)).first)
            #expect(try await room.store.write(room.tenant) { try $0.jobs.finish(ended) })
            #expect(try await room.store.nextJobDue() == nil)
        },
        ExamCase("workers take the kinds of jobs they do, and leave the others") { room in
            let stage = try await room.stage()
            try await room.add(room.job("w"))
            try await room.hasten(room.syncJob(.seconds(-5), of: stage.source.id))
            let kinds: Set<Job.Kind> = [.backLink]
            #expect(try await room.store.nextJobDue(kinds) == room.now)
            #expect(
                try await room.store.tenantsWithJobs([.resolveCreation], dueBy: room.now, limit: 9).isEmpty)
            let taken = try await room.store.write(room.tenant) { tx in
                try tx.jobs.take(kinds, by: "a", until: room.now + .seconds(60), limit: 9, at: room.now)
            }
            #expect(taken.map(\.subject) == ["w"])
            try await room.store.read(room.tenant) { tx throws in
                #expect(try tx.jobs.count(kinds) == 1)
                #expect(try tx.jobs.count() == 2)
            }
        },
        ExamCase("overdue jobs are spread over a while, others stay as they are") { room in
            let stage = try await room.stage()
            for index in 0..<40 {
                try await room.add(room.job("s\(index)", dueIn: .seconds(-1), kind: .syncSource))
            }
            try await room.add(room.job("later", dueIn: .seconds(300), kind: .syncSource))
            try await room.add(room.job("w", dueIn: .seconds(-1)))
            _ = stage
            try await room.store.spreadOverdueJobs(
                .syncSource, pace: .milliseconds(250), longest: .seconds(60), at: room.now)
            #expect(try await room.take(limit: 99).filter { $0.kind == .syncSource }.count <= 2)
            let taken = try await room.take(at: .seconds(10), limit: 99)
            #expect(taken.count >= 38 && taken.allSatisfy { $0.subject.hasPrefix("s") })
            #expect(try await room.store.nextJobDue() != nil)
        },
        ExamCase("a notification is received once, and the log keeps the newest") { room in
            let stage = try await room.stage()
            let source = stage.source.id
            try await room.store.write(room.tenant) { tx throws in
                #expect(try tx.webhooks.receive("a", of: source, at: room.now))
                #expect(try tx.webhooks.receive("b", of: source, at: room.now + .seconds(1)))
                #expect(try !tx.webhooks.receive("a", of: source, at: room.now + .seconds(9)))
                #expect(try tx.webhooks.purgeReceipts(of: source, before: room.now + .seconds(1)) == 1)
                #expect(try tx.webhooks.receive("a", of: source, at: room.now + .seconds(9)))
                for index in 0..<(StoreLimits.webhookRecordsMax + 5) {
                    try tx.webhooks.log(
                        WebhookRecord(
                            id: room.id(), sourceID: source, vendorID: "v\(index)", receivedAt: room.now,
                            outcome: index.isMultiple(of: 2) ? .accepted : .ignored, reason: "r\(index)",
                            issues: index))
                }
                let all = try tx.webhooks.list(of: source, limit: 1_000)
                #expect(all.count == StoreLimits.webhookRecordsMax)
                #expect(all.first?.vendorID == "v204" && all.last?.vendorID == "v5")
                let newest = try #require(try tx.webhooks.list(of: source, limit: 1).first)
                #expect(newest.outcome == .accepted && newest.reason == "r204" && newest.issues == 204)
                #expect(try tx.webhooks.list(of: room.id(), limit: 9).isEmpty)
            }
        },
        ExamCase("a source's issues are named up to a bound, and sources found by what they keep") { room in
            let stage = try await room.stage()
            let source = stage.source.id
            try await room.store.read(room.tenant) { tx throws in
                let names = try #require(try tx.issues.references(in: source, atMost: 1))
                #expect(names.nativeIDs == ["1"] && names.foldedKeys == ["key-1"])
                #expect(try tx.issues.references(in: source, atMost: 0) == nil)
                let none = try #require(try tx.issues.references(in: room.id(), atMost: 0))
                #expect(none.nativeIDs.isEmpty && none.foldedKeys.isEmpty)
            }
            let credential = SealedCredential(
                name: "hook", sealed: [1], setAt: room.now, setBy: room.principal)
            try await room.store.write(room.tenant) { try $0.sources.setCredentials(source, [credential]) }
            #expect(try await room.store.sources(withCredential: "hook") == [source: room.tenant])
            #expect(try await room.store.sources(withCredential: "other").isEmpty)
            #expect(try await room.store.read(room.tenant) { try $0.configurationVersion() } > 0)
        },
    ]
}
