// SPDX-License-Identifier: Apache-2.0

internal import ExtRefDomain
internal import ExtRefStore
internal import Testing

extension ExamRoom {
    func creation(
        _ requestID: String = "r1", principal: String = "anna", state: IssueCreation.State = .sending
    ) -> IssueCreation {
        IssueCreation(
            id: id(), tenantID: tenant, projectID: project, sourceID: id(),
            principalID: PrincipalID(trusted: principal), requestID: requestID, payloadHash: [1, 2, 255],
            request: [0, 9], state: state, startedAt: now, updatedAt: now)
    }

    func backLink(_ link: LinkID, source: SourceID) -> BackLinkRecord {
        BackLinkRecord(
            linkID: link, tenantID: tenant, sourceID: source, issueKey: "KEY-1", nativeID: "1",
            url: "https://tests.example/case/\"1\"", title: "Test case 1", relationship: "Tested by")
    }
}

extension ExamCase {
    static let backLinks = [
        ExamCase("what a link leaves in a tracker comes back as it was stored last") { room in
            let stage = try await room.stage()
            let link: LinkID = room.id()
            var record = room.backLink(link, source: stage.source.id)
            let absent = try await room.store.read(room.tenant) { try $0.backLinks.get(link) }
            #expect(absent == nil)
            try await room.store.write(room.tenant) { [record] tx in try tx.backLinks.put(record) }
            let first = try await room.store.read(room.tenant) { try $0.backLinks.get(link) }
            #expect(first == record)
            record.issueKey = "KEY-2"
            record.nativeID = ""
            record.url = "https://tests.example/2"
            record.title = "Test run 2"
            record.relationship = ""
            record.isWanted = false
            record.remoteID = "r\n1"
            record.putAt = room.now
            record.lastError = "The tracker is away."
            try await room.store.write(room.tenant) { [record] tx in try tx.backLinks.put(record) }
            let second = try await room.store.read(room.tenant) { try $0.backLinks.get(link) }
            #expect(second == record)
            try await room.store.write(room.tenant) { tx throws in
                try tx.backLinks.delete(link)
                try tx.backLinks.delete(link)
            }
            let gone = try await room.store.read(room.tenant) { try $0.backLinks.get(link) }
            #expect(gone == nil)
        },
        ExamCase("a back-link outlives its link and its source's retirement, but not its erasure") { room in
            let stage = try await room.stage()
            let spare = room.source("Spare")
            let link = room.link(.result("r1"), to: stage.target, stage.defect.id)
            let other: LinkID = room.id()
            let records = try await room.store.write(room.tenant) { tx throws in
                try tx.sources.insert(spare)
                _ = try tx.links.insert(link)
                try tx.backLinks.put(room.backLink(link.id, source: stage.source.id))
                try tx.backLinks.put(room.backLink(other, source: spare.id))
                _ = try tx.sources.delete(stage.source.id, expectedRevision: nil, at: room.now)
                _ = try tx.sources.delete(spare.id, expectedRevision: nil, at: room.now)
                _ = try tx.links.delete(link.id)
                return [try tx.backLinks.get(link.id), try tx.backLinks.get(other)]
            }
            #expect(records[0] != nil && records[1] == nil)
        },
        ExamCase("a back-link of an unknown source is refused") { room in
            try await room.seed()
            let record = room.backLink(room.id(), source: room.id())
            let code = await code {
                try await room.store.write(room.tenant) { tx in try tx.backLinks.put(record) }
            }
            #expect(code == .foreignKey)
        },
        ExamCase("another tenant sees and changes nothing of back-links and wishes") { room in
            let stage = try await room.stage()
            let link: LinkID = room.id()
            let wish = room.creation()
            try await room.store.write(room.tenant) { tx throws in
                try tx.backLinks.put(room.backLink(link, source: stage.source.id))
                try tx.issueCreations.insert(wish)
            }
            try await room.store.write(room.otherTenant) { tx throws in
                #expect(try tx.backLinks.get(link) == nil)
                #expect(try tx.issueCreations.get(wish.id) == nil)
                #expect(try tx.issueCreations.find(principal: wish.principalID, requestID: "r1") == nil)
                try tx.backLinks.delete(link)
                var next = wish
                next.state = .refused
                #expect(try tx.issueCreations.advance(wish, to: next) == false)
                try tx.issueCreations.conclude(wish.id, at: room.now)
                #expect(try tx.issueCreations.purge(before: room.now + .seconds(1)) == 0)
            }
            try await room.store.read(room.tenant) { tx throws in
                #expect(try tx.backLinks.get(link) != nil)
                #expect(try tx.issueCreations.get(wish.id) == wish)
            }
        },
    ]

    static let issueCreations = [
        ExamCase("a wish comes back whole, by its id and by its request") { room in
            try await room.seed()
            let wish = room.creation()
            let silent = room.creation("")
            let alsoSilent = room.creation("")
            let others = room.creation(principal: "bert")
            try await room.store.write(room.tenant) { tx throws in
                for wish in [wish, silent, alsoSilent, others] { try tx.issueCreations.insert(wish) }
            }
            try await room.store.read(room.tenant) { tx throws in
                #expect(try tx.issueCreations.get(wish.id) == wish)
                #expect(try tx.issueCreations.get(silent.id) == silent)
                #expect(try tx.issueCreations.find(principal: wish.principalID, requestID: "r1") == wish)
                #expect(try tx.issueCreations.find(principal: others.principalID, requestID: "r1") == others)
                #expect(try tx.issueCreations.find(principal: wish.principalID, requestID: "r2") == nil)
                #expect(try tx.issueCreations.find(principal: wish.principalID, requestID: "") == nil)
            }
        },
        ExamCase("a request has one wish") { room in
            try await room.seed()
            let twin = room.creation()
            try await room.store.write(room.tenant) { tx in try tx.issueCreations.insert(room.creation()) }
            let code = await code {
                try await room.store.write(room.tenant) { tx in try tx.issueCreations.insert(twin) }
            }
            #expect(code == .conflict(.requestID, existingID: "r1"))
        },
        ExamCase("a step is taken once, from the state it started from") { room in
            try await room.seed()
            let wish = room.creation()
            var sent = wish
            sent.state = .uncertain
            sent.updatedAt = room.now + .seconds(7)
            var again = sent
            again.state = .sending
            again.attempts = 2
            again.request = [7]
            try await room.store.write(room.tenant) { [sent, again] tx throws in
                try tx.issueCreations.insert(wish)
                #expect(try tx.issueCreations.advance(wish, to: sent))
                #expect(try !tx.issueCreations.advance(wish, to: sent), "its state is another one")
                #expect(try tx.issueCreations.advance(sent, to: again))
                #expect(try !tx.issueCreations.advance(wish, to: sent), "its attempt is another one")
                #expect(try tx.issueCreations.get(wish.id) == again)
                try tx.issueCreations.conclude(wish.id, at: room.now + .seconds(9))
                let ended = try tx.issueCreations.get(wish.id)
                #expect(ended?.state == .created && ended?.updatedAt == room.now + .seconds(9))
            }
        },
        ExamCase("of parallel steps from one state one is taken") { room in
            try await room.seed()
            let wish = room.creation()
            try await room.store.write(room.tenant) { tx in try tx.issueCreations.insert(wish) }
            var next = wish
            next.attempts = 2
            let taken = try await withThrowingTaskGroup(of: Bool.self) { [next] group in
                for _ in 0..<20 {
                    group.addTask {
                        try await room.store.write(room.tenant) { tx in
                            try tx.issueCreations.advance(wish, to: next)
                        }
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(taken == 1)
        },
        ExamCase("ended wishes are forgotten in time, open ones never, and a bounded number at once") {
            room in
            try await room.seed()
            let states: [IssueCreation.State] = [.sending, .uncertain, .created, .refused]
            let old = states.map { room.creation("old-\($0)", state: $0) }
            var fresh = room.creation("fresh", state: .created)
            fresh.updatedAt = room.now + .seconds(1)
            let many = (0..<StoreLimits.creationsPurgedMax + 3).map {
                room.creation("m\($0)", state: .refused)
            }
            try await room.store.write(room.tenant) { [fresh] tx throws in
                for wish in old + [fresh] { try tx.issueCreations.insert(wish) }
                #expect(try tx.issueCreations.purge(before: room.now + .milliseconds(1)) == 2)
                let left = try (old + [fresh]).map { try tx.issueCreations.get($0.id) != nil }
                #expect(left == [true, true, false, false, true])
                for wish in many { try tx.issueCreations.insert(wish) }
                #expect(
                    try tx.issueCreations.purge(before: room.now + .milliseconds(1))
                        == StoreLimits.creationsPurgedMax)
                #expect(try tx.issueCreations.purge(before: room.now + .milliseconds(1)) == 3)
            }
        },
    ]

    static let fingerprints = [
        ExamCase("open defects of an object or a failure are found, the object's own and the newest first") {
            room in
            let stage = try await room.stage()
            let issues = (2...9).map { room.issue("KEY-\($0)", native: "\($0)", source: stage.source.id) }
            let rows: [(object: String, issue: Int, print: String, isDefect: Bool)] = [
                ("own", 2, "", true), ("other", 3, "f", true), ("own", 4, "f", true),
                ("third", 5, "f", false),
                ("third", 6, "g", true), ("fourth", 3, "f", true), ("fourth", 7, "f", true),
            ]
            try await room.store.write(room.tenant) { tx throws in
                for row in rows {
                    let stored = try tx.issues.upsert(issues[row.issue - 2]).issue
                    let link = room.link(
                        .result(row.object), to: .issue(stored.id, source: stage.source.id),
                        (row.isDefect ? stage.defect : stage.general).id)
                    _ = try tx.links.insert(link)
                    if !row.print.isEmpty { try tx.links.addFingerprint(row.print, to: link) }
                }
            }
            try await room.store.read(room.tenant) { tx throws in
                func found(
                    _ object: String?, _ print: String, limit: Int = 10, project: ProjectID? = nil
                ) throws -> [String] {
                    try tx.links.reusableIssues(
                        in: project ?? room.project, object: object.map(TestObject.result),
                        fingerprint: print,
                        limit: limit
                    ).map(\.snapshot.key)
                }
                #expect(try found("own", "f") == ["KEY-4", "KEY-2", "KEY-7", "KEY-3"])
                #expect(try found("own", "") == ["KEY-4", "KEY-2"])
                #expect(try found(nil, "f") == ["KEY-7", "KEY-3", "KEY-4"])
                #expect(try found(nil, "g") == ["KEY-6"])
                #expect(try found(nil, "F").isEmpty && found("nobody", "").isEmpty)
                #expect(try found("own", "f", limit: 2) == ["KEY-4", "KEY-2"])
                #expect(try found("own", "f", project: room.otherProject).isEmpty)
            }
            let elsewhere = try await room.store.read(room.otherTenant) { tx throws in
                try tx.links.reusableIssues(
                    in: room.project, object: .result("own"), fingerprint: "f", limit: 10)
            }
            #expect(elsewhere.isEmpty)
        },
        ExamCase("what is closed, or not in the tracker any more, is not offered again") { room in
            let stage = try await room.stage()
            let states: [(StatusCategory, Reachability, Bool)] = [
                (.todo, .ok, true), (.inProgress, .ok, true), (.unknown, .pending, true),
                (.unknown, .ok, true), (.todo, .unreachable, true), (.todo, .forbidden, true),
                (.todo, .notReturned, true), (.done, .ok, false), (.canceled, .ok, false),
                (.todo, .gone, false), (.todo, .notFound, false), (.todo, .outOfScope, false),
            ]
            for (index, (category, reachability, isOffered)) in states.enumerated() {
                var issue = room.issue("S-\(index)", native: "s\(index)", source: stage.source.id)
                issue.statusCategory = category
                issue.reachability = reachability
                let found = try await room.store.write(room.tenant) { [issue] tx throws in
                    let stored = try tx.issues.upsert(issue).issue
                    let object = TestObject.result("o\(index)")
                    _ = try tx.links.insert(
                        room.link(object, to: .issue(stored.id, source: stage.source.id), stage.defect.id))
                    return try tx.links.reusableIssues(
                        in: room.project, object: object, fingerprint: "", limit: 9)
                }
                #expect(found.isEmpty != isOffered, "\(category) \(reachability)")
            }
        },
        ExamCase("a fingerprint goes with its link and is noted once") { room in
            let stage = try await room.stage()
            let link = room.link(.result("r"), to: stage.target, stage.defect.id)
            let found = try await room.store.write(room.tenant) { tx throws in
                _ = try tx.links.insert(link)
                for _ in 0..<2 { try tx.links.addFingerprint("f", to: link) }
                let before = try tx.links.reusableIssues(
                    in: room.project, object: nil, fingerprint: "f", limit: 9)
                _ = try tx.links.delete(link.id)
                _ = try tx.links.insert(link)
                let after = try tx.links.reusableIssues(
                    in: room.project, object: nil, fingerprint: "f", limit: 9)
                return [before.count, after.count]
            }
            #expect(found == [1, 0])
        },
    ]
}
