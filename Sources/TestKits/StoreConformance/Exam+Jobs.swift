// SPDX-License-Identifier: Apache-2.0

internal import ExtRefDomain
internal import ExtRefStore
internal import Synchronization
internal import Testing

extension ExamRoom {
    func job(
        _ subject: String = "s", dueIn delay: Duration = .zero, kind: Job.Kind = .backLink,
        source: SourceID? = nil, tenant: TenantID? = nil
    ) -> Job {
        Job(
            id: id(), tenantID: tenant ?? self.tenant, kind: kind, sourceID: source, subject: subject,
            dueAt: now + delay)
    }

    func add(_ jobs: Job...) async throws {
        for job in jobs {
            try await store.write(job.tenantID) { [now] tx in try tx.jobs.add(job, at: now) }
        }
    }

    /// Takes jobs for a minute.
    func take(
        _ owner: String = "a", at delay: Duration = .zero, limit: Int = 10, tenant: TenantID? = nil
    ) async throws -> [Job] {
        let time = now + delay
        return try await store.write(tenant ?? self.tenant) { tx in
            try tx.jobs.take(by: owner, until: time + .seconds(60), limit: limit, at: time)
        }
    }
}

extension ExamCase {
    static let jobs = [
        ExamCase("due jobs are taken, the longest overdue first, and no more than wanted") { room in
            let stage = try await room.stage()
            let jobs = [
                room.job("late", dueIn: .seconds(-1)), room.job("later", dueIn: .seconds(1)),
                room.job("latest", dueIn: .seconds(-9), kind: .resolveCreation, source: stage.source.id),
                room.job("now"),
            ]
            for job in jobs { try await room.add(job) }
            let first = try await room.take(limit: 2)
            #expect(first.map(\.subject).sorted() == ["late", "latest"])
            let latest = try #require(first.first { $0.subject == "latest" })
            #expect(latest.id == jobs[2].id && latest.kind == .resolveCreation)
            #expect(latest.sourceID == stage.source.id && latest.tenantID == room.tenant)
            #expect(latest.attempts == 1 && latest.fence == 1 && latest.dueAt == room.now + .seconds(60))
            #expect(try await room.take().map(\.subject) == ["now"])
            #expect(try await room.take().isEmpty, "what is taken is nobody else's")
            #expect(try await room.take(at: .seconds(1)).map(\.subject) == ["later"])
            #expect(try await room.store.read(room.tenant) { try $0.jobs.count() } == 4)
        },
        ExamCase("a job that is not ended is due again when its lease is over, and its old fence is void") {
            room in
            try await room.seed()
            try await room.add(room.job())
            let first = try #require(try await room.take("dead").first)
            #expect(try await room.take(at: .milliseconds(59_999)).isEmpty)
            let second = try #require(try await room.take("alive", at: .seconds(60)).first)
            #expect(second.attempts == 2 && second.fence > first.fence)
            let done = try await room.store.write(room.tenant) { tx throws in
                [
                    try tx.jobs.finish(first),
                    try tx.jobs.postpone(first, until: room.now + .seconds(900), error: "late"),
                    try tx.jobs.finish(second), try tx.jobs.finish(second),
                ]
            }
            #expect(done == [false, false, true, false])
            #expect(try await room.store.nextJobDue() == nil)
        },
        ExamCase("a postponed job waits, and counts its try or not") { room in
            try await room.seed()
            try await room.add(room.job())
            for (round, countsAsTry) in [true, false, false, true].enumerated() {
                let delay = Duration.seconds(100 * round)
                let job = try #require(try await room.take(at: delay).first)
                #expect(job.attempts == (round == 0 ? 1 : 2), "round \(round)")
                let due = room.now + delay + .seconds(100)
                let isPostponed = try await room.store.write(room.tenant) { tx in
                    try tx.jobs.postpone(job, until: due, error: "why", countsAsTry: countsAsTry)
                }
                #expect(isPostponed)
                #expect(try await room.store.nextJobDue() == due)
                #expect(try await room.take(at: delay + .milliseconds(99_999)).isEmpty)
            }
        },
        ExamCase("news about a subject makes its job due, breaks its lease and forgets its tries") { room in
            try await room.seed()
            let first = room.job(dueIn: .seconds(-5))
            try await room.add(first)
            let taken = try #require(try await room.take().first)
            try await room.add(room.job(dueIn: .seconds(3)))
            #expect(try await room.take().isEmpty)
            let again = try #require(try await room.take(at: .seconds(3)).first)
            #expect(again.id == first.id && again.attempts == 1, "there is one job for a subject")
            #expect(try await room.store.write(room.tenant) { try $0.jobs.finish(taken) } == false)
            _ = try await room.store.write(room.tenant) { tx throws in
                try tx.jobs.postpone(again, until: room.now + .seconds(900), error: "")
            }
            try await room.add(room.job(dueIn: .seconds(950)))
            #expect(
                try await room.store.nextJobDue() == room.now + .seconds(900), "never due later than it was")
            try await room.add(room.job(kind: .resolveCreation))
            #expect(
                try await room.store.read(room.tenant) { try $0.jobs.count() } == 2, "kinds are told apart")
        },
        ExamCase("workers are led to the tenants that have work, the longest overdue first") { room in
            try await room.seed()
            #expect(try await room.store.nextJobDue() == nil)
            try await room.add(
                room.job("a", dueIn: .seconds(-1)), room.job("b", dueIn: .seconds(-2)),
                room.job("c", dueIn: .seconds(-9), tenant: room.otherTenant))
            #expect(try await room.store.nextJobDue() == room.now - .seconds(9))
            let tenants = try await room.store.tenantsWithJobs(dueBy: room.now, limit: 10)
            #expect(tenants == [room.otherTenant, room.tenant])
            #expect(try await room.store.tenantsWithJobs(dueBy: room.now, limit: 1) == [room.otherTenant])
            #expect(
                try await room.store.tenantsWithJobs(dueBy: room.now - .seconds(5), limit: 9)
                    == [room.otherTenant])
            let foreign = try #require(try await room.take(tenant: room.otherTenant).first)
            let stolen = Job(
                id: foreign.id, tenantID: room.tenant, kind: foreign.kind, sourceID: nil, subject: "c",
                dueAt: foreign.dueAt, fence: foreign.fence)
            #expect(try await room.store.write(room.tenant) { try $0.jobs.finish(stolen) } == false)
        },
        ExamCase("whoever waits for work is told when some was committed, and not before") { room in
            try await room.seed()
            let heard = Mutex<[Timestamp]>([])
            room.store.onJob { time in heard.withLock { $0.append(time) } }
            struct Refusal: Error {}
            try? await room.store.write(room.tenant) { tx throws in
                try tx.jobs.add(room.job("lost"), at: room.now)
                throw Refusal()
            }
            #expect(heard.withLock { $0 } == [])
            try await room.store.write(room.tenant) { tx throws in
                try tx.jobs.add(room.job("a", dueIn: .seconds(9)), at: room.now)
                try tx.jobs.add(room.job("b", dueIn: .seconds(5)), at: room.now)
            }
            #expect(heard.withLock { $0 } == [room.now + .seconds(5)])
        },
        ExamCase("a source that is erased takes its jobs along, and a job of an unknown one is refused") {
            room in
            let stage = try await room.stage()
            try await room.add(room.job(source: stage.source.id))
            try await room.store.write(room.tenant) { tx throws in
                _ = try tx.sources.delete(stage.source.id, expectedRevision: nil, at: room.now)
            }
            #expect(try await room.store.nextJobDue() == nil)
            let code = await code { try await room.add(room.job(source: stage.source.id)) }
            #expect(code == .foreignKey)
        },
        ExamCase("parallel workers share the work and never a job") { room in
            try await room.seed()
            for index in 0..<60 { try await room.add(room.job("s\(index)")) }
            let taken = try await withThrowingTaskGroup(of: [String].self) { group in
                for worker in 0..<12 {
                    group.addTask { try await room.take("w\(worker)", limit: 7).map(\.subject) }
                }
                return try await group.reduce(into: [String]()) { $0 += $1 }
            }
            #expect(taken.count == 60 && Set(taken).count == 60)
        },
    ]

    static let knowledge = [
        ExamCase("another status map judges what is stored anew, and tells what changed") { room in
            let stage = try await room.stage()
            var source = stage.source
            source.statusMap = [
                StatusMapping(status: "New", category: .done),
                StatusMapping(status: "New", type: "Bug", category: .inProgress),
            ]
            var bug = room.issue("KEY-2", native: "2", source: source.id)
            bug.snapshot.type = "Bug"
            var done = room.issue("KEY-3", native: "3", source: source.id, category: .done)
            done.snapshot.statusName = "New"
            var other = room.issue("KEY-4", native: "4", source: source.id)
            other.snapshot.statusName = "Odd"
            let pending = room.issue("KEY-5", source: source.id, category: .unknown)
            let spare = room.source("Spare")
            let foreign = room.issue("KEY-6", native: "6", source: spare.id)
            let changed = try await room.store.write(room.tenant) { [source, bug, done, other] tx throws in
                try tx.sources.insert(spare)
                for issue in [bug, done, other, foreign] { _ = try tx.issues.upsert(issue) }
                _ = try tx.issues.insertPending(pending)
                return try tx.issues.remapStatuses(of: source)
            }
            let verdicts = changed.map {
                "\($0.before.snapshot.key) \($0.before.statusCategory) \($0.after.statusCategory)"
            }
            #expect(verdicts == ["KEY-1 todo done", "KEY-2 todo inProgress"])
            #expect(changed.allSatisfy { $0.after.revision == $0.before.revision + 1 })
            try await room.store.read(room.tenant) { [source] tx throws in
                let key = try tx.issues.find(source: source.id, key: "KEY-1")
                #expect(key?.statusCategory == .done && key?.snapshot.providerCategory == .todo)
                #expect(try tx.issues.find(source: source.id, key: "KEY-5") == pending)
                #expect(try tx.issues.find(source: spare.id, key: "KEY-6") == foreign)
            }
            source.statusMap = []
            let back = try await room.store.write(room.tenant) { [source] tx in
                try tx.issues.remapStatuses(of: source).map(\.after.statusCategory)
            }
            #expect(back == [.todo, .todo])
        },
        ExamCase("an issue that moved under another id stays the row it was") { room in
            let stage = try await room.stage()
            let link = room.link(.result("r"), to: stage.target, stage.defect.id)
            var moved = room.issue("NEW-7", native: "77", source: stage.source.id)
            moved.snapshot.formerNativeID = "1"
            let upsert = try await room.store.write(room.tenant) { [moved] tx throws in
                _ = try tx.links.insert(link)
                return try tx.issues.upsert(moved)
            }
            #expect(upsert.issue.id == stage.issue.id && upsert.merged.isEmpty && !upsert.isNew)
            #expect(upsert.issue.snapshot.nativeID == "77" && upsert.issue.snapshot.formerNativeID == nil)
            #expect(upsert.issue.snapshot.previousKeys == ["KEY-1"])
            try await room.store.read(room.tenant) { tx throws in
                #expect(try tx.issues.find(source: stage.source.id, nativeID: "77")?.id == stage.issue.id)
                #expect(try tx.issues.find(source: stage.source.id, nativeID: "1") == nil)
                #expect(try tx.issues.find(source: stage.source.id, key: "KEY-1")?.id == stage.issue.id)
                #expect(try tx.issues.find(source: stage.source.id, key: "NEW-7")?.id == stage.issue.id)
                #expect(try tx.links.get(link.id)?.target == stage.target)
            }
        },
        ExamCase("two rows of an issue that moved under another id are merged, links and all") { room in
            let stage = try await room.stage()
            let known = room.issue("NEW-7", native: "77", source: stage.source.id)
            let newTarget = LinkTarget.issue(known.id, source: stage.source.id)
            let moving = room.link(.result("r1"), to: stage.target, stage.defect.id)
            let twin = room.link(.result("r2"), to: stage.target, stage.defect.id)
            let kept = room.link(.result("r2"), to: newTarget, stage.defect.id)
            var seen = room.issue("NEW-7", native: "77", source: stage.source.id)
            seen.snapshot.formerNativeID = "1"
            let upsert = try await room.store.write(room.tenant) { [seen] tx throws in
                _ = try tx.issues.upsert(known)
                for link in [moving, twin, kept] { _ = try tx.links.insert(link) }
                try tx.links.addFingerprint("f", to: moving)
                return try tx.issues.upsert(seen)
            }
            #expect(upsert.issue.id == known.id && upsert.merged == [stage.issue.id])
            #expect(upsert.repointed.map(\.id) == [moving.id] && upsert.removed.map(\.id) == [twin.id])
            try await room.store.read(room.tenant) { tx throws in
                #expect(try tx.issues.get(stage.issue.id) == nil)
                #expect(try tx.issues.find(source: stage.source.id, key: "KEY-1")?.id == known.id)
                #expect(try tx.links.get(moving.id)?.target == newTarget)
                #expect(try tx.links.get(twin.id) == nil && tx.links.get(kept.id) != nil)
                let found = try tx.links.reusableIssues(
                    in: room.project, object: nil, fingerprint: "f", limit: 9)
                #expect(found.map(\.id) == [known.id])
            }
        },
        ExamCase("an issue whose former id nobody knows is a new one") { room in
            let stage = try await room.stage()
            for former in ["404", "88"] {
                var issue = room.issue("X-\(former)", native: "88", source: stage.source.id)
                issue.snapshot.formerNativeID = former
                let upsert = try await room.store.write(room.tenant) { [issue] tx in
                    try tx.issues.upsert(issue)
                }
                #expect(upsert.merged.isEmpty && upsert.issue.id != stage.issue.id)
            }
        },
        ExamCase("tokens are kept without touching the revision or the configuration version") { room in
            let stage = try await room.stage()
            let token = SealedCredential(
                name: "access_token", sealed: [7], setAt: room.now, setBy: room.principal,
                expiresAt: room.now + .seconds(9))
            let before = try await room.store.read(room.tenant) { try $0.configurationVersion() }
            try await room.store.write(room.tenant) { tx in
                try tx.sources.keepTokens(stage.source.id, [token])
            }
            try await room.store.read(room.tenant) { tx throws in
                #expect(try tx.sources.sealedCredentials(of: stage.source.id) == [token])
                #expect(try tx.sources.get(stage.source.id)?.revision == 1)
                #expect(try tx.configurationVersion() == before)
            }
        },
        ExamCase("what a credential may not do is remembered, and snapshots learn of it") { room in
            let stage = try await room.stage()
            var health = SourceHealth()
            health.deniedCapabilities = [.create, .search]
            let versions = try await room.store.write(room.tenant) { [health] tx throws in
                let before = try tx.configurationVersion()
                try tx.sources.recordHealth(stage.source.id, health)
                let after = try tx.configurationVersion()
                try tx.sources.recordHealth(stage.source.id, health)
                return [before, after, try tx.configurationVersion()]
            }
            #expect(versions[1] > versions[0] && versions[2] == versions[1])
            let source = try await room.store.read(room.tenant) { try $0.sources.get(stage.source.id) }
            #expect(source?.health == health && source?.revision == 1)
        },
    ]
}
