// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Testing

@testable import ExtRefTrackers

/// Creating issues and linking back, as every provider that can has to do it.
@Suite(.serialized, .enabled(if: Simulator.isExpected), .timeLimit(.minutes(3))) struct SimulatedWritingTests
{
    private static let budget = Duration.seconds(10)
    private static let marker = CreationMarker(
        text: "extref-01jd3v5w000000000000000000", uuid: "0193d1c5-7c00-4abc-8def-000000000001")

    private func newIssue(_ tracker: SimulatedTracker, marker: CreationMarker = marker) -> NewIssue {
        var fields = tracker.fields
        fields["title"] = "Checkout \"fails\" & <more>"
        fields["description"] = "Step 1: pay\nStep 2: \u{1F680}"
        return NewIssue(
            project: tracker.project, type: tracker.type, fields: fields, marker: marker,
            startedAt: TrackerRunner.systemTime())
    }

    @Test(arguments: SimulatedTracker.all)
    func `a form names what a new issue takes`(tracker: SimulatedTracker) async throws {
        guard try tracker.tracker is any IssueCreating else { return }
        let simulator = try Simulator("form")
        let source = tracker.source(in: simulator)
        let form = try await simulator.runner().issueForm(
            project: tracker.project, type: tracker.type, in: source, budget: Self.budget)
        let title = try #require(form.fields.first { $0.name == "title" })
        #expect(title.isRequired && title.kind == .text)
        #expect(form.violations(of: newIssue(tracker).fields) == [])
        #expect(form.createURL.isEmpty || form.createURL.hasPrefix("http"))
        #expect(try await simulator.violations() == [])
    }

    @Test(arguments: SimulatedTracker.all)
    func `an issue is created as it was meant and can be read`(tracker: SimulatedTracker) async throws {
        guard try tracker.tracker is any IssueCreating else { return }
        let simulator = try Simulator("create")
        let source = tracker.source(in: simulator)
        let runner = simulator.runner()
        let wish = newIssue(tracker)
        let created = try await runner.createIssue(wish, in: source, budget: Self.budget)
        #expect(created.title == wish.title && !created.nativeID.isEmpty)
        #expect(created.providerCategory == .todo || created.providerCategory == .inProgress)
        let outcome = try await runner.fetchIssue(
            IssueReference(key: created.key, nativeID: created.nativeID), from: source, budget: Self.budget)
        guard case .fetched(let read, _) = outcome else {
            Issue.record("\(created.key) cannot be read")
            return
        }
        #expect(read.key == created.key && read.title == created.title)
        let found = try await runner.findCreated(wish, in: source, budget: Self.budget)
        #expect(found?.nativeID == created.nativeID)
        #expect(try await simulator.violations() == [])
    }

    @Test(arguments: SimulatedTracker.all)
    func `what was created before its answer got lost is found, and nothing else is`(
        tracker: SimulatedTracker
    ) async throws {
        guard try tracker.tracker is any IssueCreating else { return }
        let simulator = try Simulator("lost")
        let source = tracker.source(in: simulator)
        let runner = simulator.runner()
        let wish = newIssue(tracker)
        #expect(try await runner.findCreated(wish, in: source, budget: Self.budget) == nil)
        // Forms are asked by GET; the first write that is no query is the creation.
        _ = try await runner.issueForm(
            project: wish.project, type: wish.type, in: source, budget: Self.budget)
        try await simulator.fault(tracker.creationFault("drop_after"))
        let cut = await failure {
            try await runner.createIssue(wish, in: source, budget: Self.budget)
        }
        #expect(cut?.isUncertain == true, "\(String(describing: cut))")
        let found = try #require(try await runner.findCreated(wish, in: source, budget: Self.budget))
        #expect(found.title == wish.title)
        let other = newIssue(
            tracker,
            marker: CreationMarker(
                text: "extref-01jd3v5w000000000000000001", uuid: "0193d1c5-7c00-4abc-8def-000000000002"))
        #expect(try await runner.findCreated(other, in: source, budget: Self.budget) == nil)
        #expect(try await simulator.violations() == [])
    }

    @Test(arguments: SimulatedTracker.all)
    func `a back-link put twice is there once, and taken off it is gone`(
        tracker: SimulatedTracker
    ) async throws {
        guard try tracker.tracker is any BackLinking else { return }
        let simulator = try Simulator("backlink")
        let source = tracker.source(in: simulator)
        let runner = simulator.runner()
        let made = try await tracker.makeIssues(in: simulator)
        let issue = IssueReference(key: made[0].key, nativeID: made[0].id)
        let link = BackLink(
            linkID: "lnk_01JD3V5W000000000000000000", url: "https://tests.example.com/case/TC-1?a=b&c=d",
            title: "Test case TC-1 <\"x\">", relationship: "Tested by")
        let first = try await runner.putBackLink(link, on: issue, in: source, budget: Self.budget)
        let second = try await runner.putBackLink(link, on: issue, in: source, budget: Self.budget)
        #expect(first == second)
        #expect(try await tracker.backLinkCount(of: made[0].key, in: simulator) == 1)
        for _ in 0..<2 {
            try await runner.removeBackLink(
                link, remoteID: second, from: issue, in: source, budget: Self.budget)
        }
        #expect(try await tracker.backLinkCount(of: made[0].key, in: simulator) == 0)
        #expect(try await simulator.violations() == [])
    }
}

extension SimulatedTracker {
    /// A fault that hits the creation and nothing else.
    func creationFault(_ kind: String) -> [String: Any] {
        [
            "kind": kind, "provider": name, "method": "POST", "path": creationPath, "skip": creationSkip,
            "count": 1,
        ]
    }

    /// How many back-links the simulator holds on an issue, as objects or as comments.
    func backLinkCount(of key: String, in simulator: Simulator) async throws -> Int {
        let issue = try await simulator.issue(name, key)
        if (try tracker as? any BackLinking)?.backLinkForm == .linkObject {
            return (issue["links"] as? [Any])?.count ?? -1
        }
        let comments = issue["comments"] as? [Any] ?? []
        return comments.count { "\($0)".contains("lnk_01JD3V5W000000000000000000") }
    }
}
