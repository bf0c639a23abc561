// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Testing

@testable import ExtRefTrackers

/// A vendor's interface changes while we use it. Nothing that can still be read is lost by it, and no alarm
/// is raised before.
@Suite(.serialized, .enabled(if: Simulator.isExpected), .timeLimit(.minutes(3))) struct SimulatedDriftTests {
    private static let budget = Duration.seconds(10)

    private func read(
        _ key: String, from source: TrackerSource, with runner: TrackerRunner
    ) async throws -> IssueSnapshot {
        let outcome = try await runner.fetchIssue(
            IssueReference(key: key), from: source, budget: Self.budget)
        guard case .fetched(let issue, _) = outcome else {
            throw Simulator.Failure(description: "\(key) was not read")
        }
        return issue
    }

    /// Everything that the sync and people do, against a vendor that keeps to its contract.
    @Test(arguments: SimulatedTracker.all)
    func `a vendor that keeps to its contract raises no alarm`(tracker: SimulatedTracker) async throws {
        let simulator = try Simulator("calm")
        let source = tracker.source(in: simulator)
        let watch = DriftRecorder()
        let runner = simulator.runner(drift: watch)
        let made = try await tracker.makeIssues(in: simulator, count: 3)
        try await simulator.edit(tracker.name, made[0].key, ["status": tracker.doneStatus])
        try await simulator.delete(tracker.name, made[2].key)
        #expect(await runner.testConnection(source).isOK)
        _ = try await read(made[0].key, from: source, with: runner)
        _ = await failure { try await read(made[2].key, from: source, with: runner) }
        _ = try await runner.fetchIssues(
            made.map { IssueReference(key: $0.key) }, from: source, budget: Self.budget)
        if try tracker.tracker is any IssueSearching {
            _ = try await runner.searchIssues("checkout", limit: 5, in: source, budget: Self.budget)
        }
        if runner.canTellChanges(of: source.source) {
            let project = runner.tellsChangesByProject(of: source.source) ? tracker.project : ""
            _ = try await runner.fetchChanges(
                since: TrackerRunner.systemTime() - .seconds(3_600), project: project, page: "", in: source,
                budget: Self.budget)
        }
        #expect(watch.summary == [])
    }

    @Test(arguments: SimulatedTracker.all)
    func `nor does it when issues are created and linked back`(tracker: SimulatedTracker) async throws {
        guard try tracker.tracker is any IssueCreating else { return }
        let simulator = try Simulator("calm-writing")
        let source = tracker.source(in: simulator)
        let watch = DriftRecorder()
        let runner = simulator.runner(drift: watch)
        _ = try await runner.issueForm(
            project: tracker.project, type: tracker.type, in: source, budget: Self.budget)
        let title = ["title": "Checkout fails", "description": "Step 1"]
        let wish = NewIssue(
            project: tracker.project, type: tracker.type, fields: tracker.fields.merging(title) { $1 },
            marker: Samples.marker, startedAt: TrackerRunner.systemTime())
        let created = try await runner.createIssue(wish, in: source, budget: Self.budget)
        _ = try await runner.findCreated(wish, in: source, budget: Self.budget)
        if try tracker.tracker is any BackLinking {
            let issue = IssueReference(key: created.key, nativeID: created.nativeID)
            let id = try await runner.putBackLink(
                Samples.backLink, on: issue, in: source, budget: Self.budget)
            for remoteID in [id, ""] {
                try await runner.removeBackLink(
                    Samples.backLink, remoteID: remoteID, from: issue, in: source, budget: Self.budget)
            }
        }
        #expect(watch.summary == [])
    }

    @Test(arguments: SimulatedTracker.all)
    func `an announced end is noticed at every vendor, and reading goes on`(
        tracker: SimulatedTracker
    ) async throws {
        let simulator = try Simulator("sunset")
        let source = tracker.source(in: simulator)
        let watch = DriftRecorder()
        let runner = simulator.runner(drift: watch)
        let made = try await tracker.makeIssues(in: simulator)
        let headers = ["Sunset": "Fri, 31 Dec 2027 23:59:59 GMT", "Deprecation": "@1688169599"]
        try await simulator.fault(["kind": "headers", "headers": headers, "count": 1])
        let issue = try await read(made[0].key, from: source, with: runner)
        #expect(issue.key == made[0].key && watch.reports.count == 1)
        #expect(
            watch.signs == [
                DriftSign(.sunset, effectiveAt: Timestamp(seconds: 1_830_297_599)),
                DriftSign(.deprecated, effectiveAt: Timestamp(seconds: 1_688_169_599)),
            ])
    }

    @Test(arguments: SimulatedTracker.all)
    func `a call that is gone is no deleted issue, at any vendor`(tracker: SimulatedTracker) async throws {
        let simulator = try Simulator("removed")
        let source = tracker.source(in: simulator)
        let watch = DriftRecorder()
        let runner = simulator.runner(drift: watch)
        let made = try await tracker.makeIssues(in: simulator, count: 2)
        let body = ["message": "This endpoint was removed."]
        try await simulator.fault(["kind": "status", "code": 410, "count": 2, "body": body])
        let single = await failure { try await read(made[0].key, from: source, with: runner) }
        #expect(single?.code == .apiGone && single?.reachability == .unreachable)
        let references = made.map { IssueReference(key: $0.key, nativeID: $0.id) }
        try await simulator.clearFaults()
        try await simulator.fault(["kind": "status", "code": 410, "count": 99, "body": body])
        let many = await failure {
            try await runner.fetchIssues(references, from: source, budget: Self.budget)
        }
        #expect(many?.code == .apiGone && many?.concernsSource == true)
        #expect(Set(watch.signs) == [DriftSign(.apiGone)])
        try await simulator.clearFaults()
        #expect(try await read(made[0].key, from: source, with: runner).key == made[0].key)
    }

    /// What an interface that has changed looks like, by vendor.
    struct Change: Sendable, CustomTestStringConvertible {
        let tracker: SimulatedTracker
        var set: [String: any Sendable] = [:]
        var drop: [String] = []
        let sign: DriftSign

        var testDescription: String { "\(tracker.provider.rawValue) \(sign.subject)" }
    }

    private static let changes = [
        Change(
            tracker: .jiraCloud, set: ["statusCategory": ["key": "archived"]],
            sign: DriftSign(.unknownValue, "statusCategory.key: archived")),
        Change(tracker: .jiraDataCenter, drop: ["summary"], sign: DriftSign(.missingField, "fields.summary")),
        Change(
            tracker: .jiraCloud, drop: ["statusCategory"],
            sign: DriftSign(.missingField, "status.statusCategory")),
        Change(tracker: .gitHub, set: ["state": "locked"], sign: DriftSign(.unknownValue, "state: locked")),
        Change(
            tracker: .gitHub, set: ["state_reason": "abandoned"],
            sign: DriftSign(.unknownValue, "state_reason: abandoned")),
        Change(tracker: .gitLab, set: ["state": "frozen"], sign: DriftSign(.unknownValue, "state: frozen")),
        Change(tracker: .gitLab, drop: ["updated_at"], sign: DriftSign(.missingField, "updated_at")),
        Change(
            tracker: .azureDevOps, set: ["category": "Paused"],
            sign: DriftSign(.unknownValue, "category: Paused")),
        Change(
            tracker: .azureDevOps, drop: ["System.ChangedDate"],
            sign: DriftSign(.missingField, "fields.System.ChangedDate")),
        Change(
            tracker: .linear, set: ["type": "paused"], sign: DriftSign(.unknownValue, "state.type: paused")),
        Change(tracker: .shortcut, set: ["type": "paused"], sign: DriftSign(.unknownValue, "type: paused")),
        Change(tracker: .forgejo, set: ["state": "stale"], sign: DriftSign(.unknownValue, "state: stale")),
        Change(tracker: .asana, drop: ["modified_at"], sign: DriftSign(.missingField, "data.modified_at")),
        Change(tracker: .youTrack, drop: ["updated"], sign: DriftSign(.missingField, "updated")),
        Change(
            tracker: .bugzilla, drop: ["last_change_time"],
            sign: DriftSign(.missingField, "last_change_time")),
    ]

    @Test(arguments: changes)
    func `an unknown value or a missing field is noticed, and the issue is read`(
        change: Change
    ) async throws {
        let simulator = try Simulator("fields")
        let source = change.tracker.source(in: simulator)
        let watch = DriftRecorder()
        let runner = simulator.runner(drift: watch)
        let made = try await change.tracker.makeIssues(in: simulator)
        try await simulator.fault(["kind": "fields", "set": change.set, "drop": change.drop, "count": 9])
        let issue = try await read(made[0].key, from: source, with: runner)
        #expect(issue.key == made[0].key && !issue.providerCategory.isClosed)
        #expect(watch.signs.contains(change.sign), "\(watch.summary)")
        try await simulator.clearFaults()
        let calm = DriftRecorder()
        let again = try await read(made[0].key, from: source, with: simulator.runner(drift: calm))
        #expect(again.key == issue.key && calm.summary == [])
    }
}
