// SPDX-License-Identifier: Apache-2.0

internal import ExtRefDomain
internal import ExtRefStore
internal import Testing

extension ExamCase {
    static let links = [
        ExamCase("a link comes back as it was, with its issue") { room in
            let stage = try await room.stage()
            var link = room.link(
                .result("r \"1\""), to: stage.target, stage.defect.id,
                ancestors: [.run("run"), .run("räume")])
            link.note = "näte\n"
            let url = room.link(.result("r2"), to: .url("https://example.org/x?y=1#z"), stage.general.id)
            try await room.store.write(room.tenant) { [link] tx throws in
                #expect(try tx.links.insert(link).isNew)
                #expect(try tx.links.insert(url).isNew)
            }
            try await room.store.read(room.tenant) { [link] tx throws in
                #expect(try tx.links.get(link.id) == link)
                #expect(try tx.links.detail(link.id) == LinkDetail(link: link, issue: stage.issue))
                #expect(try tx.links.detail(url.id) == LinkDetail(link: url, issue: nil))
                let both = try tx.links.get([link.id, url.id])
                #expect(both == [link.id: link, url.id: url])
            }
        },
        ExamCase("the same object, target and relation is one link") { room in
            let stage = try await room.stage()
            let first = room.link(.result("r1"), to: stage.target, stage.defect.id)
            let same = room.link(.result("r1"), to: stage.target, stage.defect.id)
            let others = [
                room.link(.result("r1"), to: stage.target, stage.general.id),
                room.link(.run("r1"), to: stage.target, stage.defect.id),
                room.link(.result("R1"), to: stage.target, stage.defect.id),
                room.link(.result("r1"), to: stage.target, stage.defect.id, project: room.otherProject),
                room.link(.result("r1"), to: .url("https://example.org"), stage.defect.id),
            ]
            try await room.store.write(room.tenant) { tx throws in
                #expect(try tx.links.insert(first).isNew)
                let again = try tx.links.insert(same)
                #expect(!again.isNew && again.link == first)
                for other in others { #expect(try tx.links.insert(other).isNew) }
            }
        },
        ExamCase("an update wants the revision that was read and makes no twin") { room in
            let stage = try await room.stage()
            var link = room.link(.result("r1"), to: stage.target, stage.general.id)
            let other = room.link(.result("r1"), to: stage.target, stage.defect.id)
            try await room.store.write(room.tenant) { [link] tx throws in
                for link in [link, other] { _ = try tx.links.insert(link) }
            }
            link.note = "new"
            link.updatedAt = room.now + .seconds(1)
            let updated = try await room.store.write(room.tenant) { [link] tx throws in
                try tx.links.update(link, expectedRevision: 1)
            }
            #expect(updated.note == "new" && updated.revision == 2)
            let stale = await code {
                _ = try await room.store.write(room.tenant) { [link] tx throws in
                    try tx.links.update(link, expectedRevision: 1)
                }
            }
            #expect(stale == .staleRevision(.link, link.id.rawValue, current: 2))
            link.relationID = stage.defect.id
            let twin = await code {
                _ = try await room.store.write(room.tenant) { [link] tx throws in
                    try tx.links.update(link, expectedRevision: 2)
                }
            }
            #expect(twin == .conflict(.link, existingID: other.id.rawValue))
            #expect(try await room.store.read(room.tenant) { try $0.links.get(link.id) } == updated)
        },
        ExamCase("links are deleted one by one and many at once") { room in
            let stage = try await room.stage()
            let links = (0..<4).map { room.link(.result("r\($0)"), to: stage.target, stage.defect.id) }
            let deleted = try await room.store.write(room.tenant) { tx throws in
                for link in links { _ = try tx.links.insert(link) }
                try tx.links.delete(links[0].id, expectedRevision: 1)
                return try tx.links.delete([links[2].id, links[0].id, links[1].id, links[2].id])
            }
            #expect(deleted.map(\.id) == [links[2].id, links[1].id])
            let again = await code {
                _ = try await room.store.write(room.tenant) { tx in try tx.links.delete(links[0].id) }
            }
            #expect(again == .notFound(.link, links[0].id.rawValue))
            let left = try await room.store.read(room.tenant) { try $0.links.list().items.map(\.link) }
            #expect(left == [links[3]])
        },
        ExamCase("lists filter by everything a caller may ask for") { room in
            let stage = try await room.stage()
            let done = room.issue("KEY-2", native: "2", source: stage.source.id, category: .done)
            let links = [
                room.link(
                    .result("r1"), to: stage.target, stage.defect.id, ancestors: [.run("run"), .run("plan")]),
                room.link(
                    .result("r1"), to: .issue(done.id, source: stage.source.id), stage.general.id,
                    ancestors: [.run("run")]),
                room.link(.run("run"), to: .url("https://example.org"), stage.general.id),
                room.link(.run("run"), to: stage.target, stage.defect.id, project: room.otherProject),
            ]
            try await room.store.write(room.tenant) { tx throws in
                _ = try tx.issues.upsert(done)
                for link in links { _ = try tx.links.insert(link) }
            }
            try await room.store.read(room.tenant) { tx throws in
                func listed(_ change: (inout LinkFilter) -> Void) throws -> [Int] {
                    var filter = LinkFilter(projectID: room.project)
                    change(&filter)
                    return try tx.links.list(filter).items.compactMap { detail in
                        links.firstIndex { $0.id == detail.link.id }
                    }
                }
                #expect(try listed { _ in } == [0, 1, 2])
                #expect(try listed { $0.projectID = nil } == [0, 1, 2, 3])
                #expect(try listed { $0.object = .run("run") } == [2])
                #expect(
                    try listed { ($0.object, $0.includesDescendants) = (.run("run"), true) } == [0, 1, 2])
                #expect(try listed { ($0.object, $0.includesDescendants) = (.run("plan"), true) } == [0])
                #expect(try listed { $0.sourceID = stage.source.id } == [0, 1])
                #expect(try listed { $0.issueID = done.id } == [1])
                #expect(try listed { $0.relationID = stage.general.id } == [1, 2])
                #expect(try listed { $0.semanticType = .defect } == [0])
                #expect(try listed { $0.statusCategories = [.done] } == [1])
                #expect(try listed { $0.statusCategories = [.unknown, .todo] } == [0, 2])
                #expect(try listed { ($0.projectID, $0.issueID) = (nil, stage.issue.id) } == [0, 3])
            }
        },
        ExamCase("pages neither repeat nor lose a link while others come and go") { room in
            let stage = try await room.stage()
            let early: [LinkID] = (0..<5).map { _ in room.id() }
            let links = (0..<25).map { room.link(.result("r\($0)"), to: stage.target, stage.defect.id) }
            try await room.store.write(room.tenant) { tx in
                for link in links { _ = try tx.links.insert(link) }
            }
            var seen: [LinkID] = []
            var page = PageRequest(size: 4)
            var round = 0
            while true {
                let answer = try await room.store.read(room.tenant) { [page] tx throws in
                    try tx.links.list(LinkFilter(projectID: room.project), page: page)
                }
                seen += answer.items.map(\.link.id)
                guard let next = answer.next else { break }
                page = PageRequest(size: 4, after: next)
                // One that was seen goes, one comes in front of what was seen.
                let (gone, position) = (seen[round], round)
                try await room.store.write(room.tenant) { tx throws in
                    try tx.links.delete(gone)
                    guard position < early.count else { return }
                    let newcomer = Link(
                        id: early[position], tenantID: room.tenant, projectID: room.project,
                        object: .result("early\(position)"), ancestors: [], target: stage.target,
                        relationID: stage.defect.id, note: "", createdBy: room.principal, createdAt: room.now,
                        updatedAt: room.now)
                    _ = try tx.links.insert(newcomer)
                }
                round += 1
            }
            #expect(seen == links.map(\.id))
        },
    ]

    static let linkQuestions = [
        ExamCase("badges count links of many objects at once") { room in
            let stage = try await room.stage()
            let done = room.issue("KEY-2", native: "2", source: stage.source.id, category: .done)
            var gone = room.issue("KEY-3", native: "3", source: stage.source.id, category: .todo)
            gone.reachability = .gone
            let targets = [done, gone].map { LinkTarget.issue($0.id, source: stage.source.id) }
            let links = [
                room.link(.result("r1"), to: stage.target, stage.defect.id),
                room.link(.result("r1"), to: targets[0], stage.defect.id),
                room.link(.result("r1"), to: targets[1], stage.general.id),
                room.link(.result("r2"), to: .url("https://example.org"), stage.general.id),
                room.link(.run("r1"), to: stage.target, stage.general.id),
                room.link(.result("r3"), to: stage.target, stage.defect.id, project: room.otherProject),
            ]
            try await room.store.write(room.tenant) { [gone] tx throws in
                for issue in [done, gone] { _ = try tx.issues.upsert(issue) }
                for link in links { _ = try tx.links.insert(link) }
            }
            try await room.store.read(room.tenant) { tx throws in
                let objects: [TestObject] = [.result("r1"), .result("r2"), .result("r3"), .run("r1")]
                let badges = try tx.links.badges(objects, project: room.project)
                #expect(badges.count == 3)
                #expect(
                    badges[.result("r1")]
                        == LinkBadge(links: 3, open: 2, defects: 2, openDefects: 1, unreachable: 1))
                #expect(
                    badges[.result("r2")]
                        == LinkBadge(links: 1, open: 1, defects: 0, openDefects: 0, unreachable: 0))
                #expect(badges[.run("r1")]?.links == 1)
                let details = try tx.links.forObjects(objects, project: room.project)
                #expect(Set(details.map(\.link.id)) == Set(links.prefix(5).map(\.id)))
                #expect(details.first { $0.link.id == links[0].id }?.issue == stage.issue)
                #expect(try tx.links.forObjects(objects, project: room.project, limit: 1).count == 2)
                let address = ObjectAddress(projectID: room.project, object: .result("r1"))
                #expect(try tx.links.all(of: address) == Array(links.prefix(3)))
            }
        },
        ExamCase("links are found from each object that holds theirs") { room in
            let stage = try await room.stage()
            let links = [
                room.link(
                    .result("r1"), to: stage.target, stage.defect.id, ancestors: [.run("run"), .run("plan")]),
                room.link(.run("run"), to: stage.target, stage.general.id, ancestors: [.run("plan")]),
                room.link(.result("r2"), to: stage.target, stage.defect.id, ancestors: [.run("other")]),
            ]
            try await room.store.write(room.tenant) { tx throws in
                for link in links { _ = try tx.links.insert(link) }
            }
            try await room.store.read(room.tenant) { tx throws in
                let objects: [TestObject] = [.run("run"), .run("plan"), .result("r1")]
                let found = try tx.links.byObject(objects, project: room.project, includesDescendants: true)
                    .mapValues { Set($0.map(\.link.id)) }
                #expect(found[.run("run")] == [links[0].id, links[1].id])
                #expect(found[.run("plan")] == [links[0].id, links[1].id])
                #expect(found[.result("r1")] == [links[0].id])
                let own = try tx.links.byObject(objects, project: room.project, includesDescendants: false)
                #expect(own.mapValues(\.count) == [.run("run"): 1, .result("r1"): 1])
                let plan = ObjectAddress(projectID: room.project, object: .run("plan"))
                #expect(try tx.links.all(of: plan, includesDescendants: true) == Array(links.prefix(2)))
            }
        },
        ExamCase("the close guard names the objects without a defect, in order, thousands at once") { room in
            let stage = try await room.stage()
            let done = room.issue("KEY-2", native: "2", source: stage.source.id, category: .done)
            let links = [
                room.link(.result("5"), to: stage.target, stage.defect.id),
                room.link(.result("7"), to: .issue(done.id, source: stage.source.id), stage.defect.id),
                room.link(.result("8"), to: .url("https://example.org"), stage.defect.id),
                room.link(.result("9"), to: stage.target, stage.general.id),
            ]
            let ids = (0..<DomainLimits.guardObjectsMax).reversed().map(String.init)
            let (bare, bareOrClosed) = try await {
                try await room.store.write(room.tenant) { tx throws in
                    _ = try tx.issues.upsert(done)
                    for link in links { _ = try tx.links.insert(link) }
                }
                return try await room.store.scan(room.tenant) { tx throws in
                    (
                        try tx.links.withoutDefect(
                            kind: .result, ids: ids, project: room.project, openOnly: false),
                        try tx.links.withoutDefect(
                            kind: .result, ids: ids, project: room.project, openOnly: true)
                    )
                }
            }()
            #expect(bare == ids.filter { !["5", "7", "8"].contains($0) })
            #expect(bareOrClosed == ids.filter { !["5", "8"].contains($0) })
        },
        ExamCase("a summary counts by relation, source and category") { room in
            let stage = try await room.stage()
            let done = room.issue("KEY-2", native: "2", source: stage.source.id, category: .done)
            let links = [
                room.link(.result("r1"), to: stage.target, stage.defect.id, ancestors: [.run("run")]),
                room.link(.result("r2"), to: stage.target, stage.defect.id),
                room.link(.run("run"), to: .issue(done.id, source: stage.source.id), stage.defect.id),
                room.link(.result("r1"), to: .url("https://example.org"), stage.general.id),
            ]
            try await room.store.write(room.tenant) { tx throws in
                _ = try tx.issues.upsert(done)
                for link in links { _ = try tx.links.insert(link) }
            }
            try await room.store.read(room.tenant) { tx throws in
                func counted(_ counts: [LinkCount]) -> Set<String> {
                    Set(counts.map { "\($0.relationID == stage.defect.id) \($0.category) \($0.links)" })
                }
                let all = try tx.links.summary(project: room.project)
                #expect(counted(all) == ["true todo 2", "true done 1", "false unknown 1"])
                #expect(all.filter { $0.sourceID == nil }.map(\.links) == [1])
                let under = try tx.links.summary(project: room.project, under: .run("run"))
                #expect(counted(under) == ["true todo 1", "true done 1"])
                #expect(try tx.links.summary(project: room.otherProject).isEmpty)
                let issues = try tx.links.issueCounts(project: room.project)
                #expect((issues.issues, issues.defects, issues.openDefects) == (2, 2, 1))
                let issuesUnder = try tx.links.issueCounts(project: room.project, under: .result("r2"))
                #expect((issuesUnder.issues, issuesUnder.defects, issuesUnder.openDefects) == (1, 1, 1))
            }
        },
    ]

    static let transfers = [
        ExamCase("copying makes the union without duplicates") { room in
            let stage = try await room.stage()
            let links = [
                room.link(.result("a"), to: stage.target, stage.defect.id),
                room.link(.result("a"), to: .url("https://example.org"), stage.general.id),
                room.link(.result("b"), to: stage.target, stage.defect.id),
            ]
            let origin = ObjectAddress(projectID: room.project, object: .result("a"))
            let destination = ObjectAddress(projectID: room.project, object: .result("b"))
            let transfer = try await room.store.write(room.tenant) { tx throws in
                for link in links { _ = try tx.links.insert(link) }
                return try tx.links.copyAll(
                    from: origin, to: destination, ancestors: [.run("run")], by: room.principal, at: room.now
                ) { room.id() }
            }
            #expect(transfer.arrived.count == 1 && transfer.alreadyThere == 1 && transfer.removed.isEmpty)
            try await room.store.read(room.tenant) { tx throws in
                #expect(try tx.links.list().items.count == 4)
                var filter = LinkFilter(
                    projectID: room.project, object: .run("run"), includesDescendants: true)
                #expect(try tx.links.list(filter).items.map(\.link) == transfer.arrived)
                filter = LinkFilter(projectID: room.project, object: .result("a"))
                #expect(try tx.links.list(filter).items.map(\.link) == Array(links.prefix(2)))
            }
        },
        ExamCase("moving makes the union without duplicates and follows the object") { room in
            let stage = try await room.stage()
            let links = [
                room.link(.result("a"), to: stage.target, stage.defect.id, ancestors: [.run("old")]),
                room.link(.result("a"), to: .url("https://example.org"), stage.general.id),
                room.link(.result("b"), to: stage.target, stage.defect.id, project: room.otherProject),
            ]
            let origin = ObjectAddress(projectID: room.project, object: .result("a"))
            let destination = ObjectAddress(projectID: room.otherProject, object: .result("b"))
            let transfer = try await room.store.write(room.tenant) { tx throws in
                for link in links { _ = try tx.links.insert(link) }
                return try tx.links.moveAll(
                    from: origin, to: destination, ancestors: [.run("new")], at: room.now + .seconds(1))
            }
            #expect(transfer.arrived.map(\.id) == [links[1].id] && transfer.removed == [links[0]])
            try await room.store.read(room.tenant) { tx throws in
                #expect(try tx.links.get(links[1].id) == transfer.arrived.first)
                #expect(try tx.links.list(LinkFilter(projectID: room.project)).items.isEmpty)
                let under = LinkFilter(
                    projectID: room.otherProject, object: .run("new"), includesDescendants: true)
                #expect(try tx.links.list(under).items.map(\.link.id) == [links[1].id])
                let before = LinkFilter(
                    projectID: room.project, object: .run("old"), includesDescendants: true)
                #expect(try tx.links.list(before).items.isEmpty)
            }
        },
        ExamCase("an object that moves within its project keeps its links under the new ancestors") { room in
            let stage = try await room.stage()
            let link = room.link(.result("a"), to: stage.target, stage.defect.id, ancestors: [.run("old")])
            let place = ObjectAddress(projectID: room.project, object: .result("a"))
            let transfer = try await room.store.write(room.tenant) { tx throws in
                _ = try tx.links.insert(link)
                return try tx.links.moveAll(from: place, to: place, ancestors: [.run("new")], at: room.now)
            }
            #expect(transfer.arrived.map(\.ancestors) == [[.run("new")]] && transfer.removed.isEmpty)
        },
        ExamCase("deleting an object's links leaves everyone else's") { room in
            let stage = try await room.stage()
            let links = [
                room.link(.result("a"), to: stage.target, stage.defect.id, ancestors: [.run("run")]),
                room.link(.result("a"), to: stage.target, stage.general.id),
                room.link(.run("run"), to: stage.target, stage.general.id),
            ]
            let deleted = try await room.store.write(room.tenant) { tx throws in
                for link in links { _ = try tx.links.insert(link) }
                return try tx.links.deleteAll(
                    of: ObjectAddress(projectID: room.project, object: .result("a")))
            }
            #expect(deleted == Array(links.prefix(2)))
            let left = try await room.store.read(room.tenant) { try $0.links.list().items.map(\.link) }
            #expect(left == [links[2]])
        },
    ]
}
