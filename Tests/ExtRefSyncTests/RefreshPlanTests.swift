// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Testing

@testable import ExtRefSync

@Suite struct RefreshPlanTests {
    private static let now = Timestamp(seconds: 1_795_000_000)

    static func issue(
        _ category: StatusCategory = .todo, changed calm: Duration? = .seconds(7 * 24 * 3_600),
        reachability: Reachability = .ok, hinted: Duration? = nil, lastError: String = ""
    ) -> ExternalIssue {
        var snapshot = IssueSnapshot(
            nativeID: "1", key: "1", webURL: "", title: "", statusName: "", providerCategory: category)
        snapshot.updatedAt = calm.map { now - $0 }
        return ExternalIssue(
            id: IssueID(trusted: "iss_1"), tenantID: TenantID(trusted: "t"),
            sourceID: SourceID(trusted: "src_1"), snapshot: snapshot, statusCategory: category,
            reachability: reachability, fetchedAt: now, hintedAt: hinted.map { now - $0 },
            lastErrorReason: lastError)
    }

    @Test(arguments: [
        (StatusCategory.todo, Duration?.some(.seconds(5)), Duration.seconds(60)),
        (.inProgress, .seconds(6_000), .seconds(600)), (.todo, .seconds(9_000_000), .seconds(1_800)),
        (.unknown, nil, .seconds(1_800)), (.done, .seconds(60), .seconds(60)),
        (.done, .seconds(36_000), .seconds(3_600)), (.canceled, .seconds(90_000_000), .seconds(86_400)),
        // A tracker whose clock is ahead of ours.
        (.todo, .seconds(-3_600), .seconds(60)),
    ])
    func `without news from the tracker an issue is read the rarer the longer it has been calm`(
        category: StatusCategory, calm: Duration?, pause: Duration
    ) {
        #expect(
            RefreshPlan(tellsChanges: false).pause(for: Self.issue(category, changed: calm), at: Self.now)
                == pause)
    }

    @Test(arguments: [
        (StatusCategory.todo, Duration.seconds(6 * 3_600)), (.done, .seconds(24 * 3_600)),
    ])
    func `where the tracker tells what changed, reading each issue is a safety net`(
        category: StatusCategory, pause: Duration
    ) {
        let plan = RefreshPlan(tellsChanges: true)
        #expect(plan.pause(for: Self.issue(category, changed: .seconds(5)), at: Self.now) == pause)
    }

    @Test func `an issue that was never read is not left alone`() {
        for tells in [true, false] {
            let pending = Self.issue(.unknown, changed: nil, reachability: .pending)
            #expect(RefreshPlan(tellsChanges: tells).pause(for: pending, at: Self.now) == .seconds(60))
        }
    }

    @Test func `pauses are spread by up to a tenth and never shorter`() {
        var generator = SystemRandomNumberGenerator()
        let plan = RefreshPlan(tellsChanges: true)
        let next = (0..<200).map { _ in
            plan.next(for: Self.issue(), at: Self.now, using: &generator) - Self.now
        }
        #expect(next.allSatisfy { (.seconds(21_600)...(.seconds(23_760))).contains($0) })
        #expect(Set(next).count > 20)
    }

    @Test(arguments: [(0, 10), (3, 7), (9, 1)])
    func `soon after a hint an issue is read once more`(ago: Int, left: Int) {
        var generator = SystemRandomNumberGenerator()
        let hinted = Self.issue(hinted: .seconds(ago))
        let next = RefreshPlan(tellsChanges: true).next(for: hinted, at: Self.now, using: &generator)
        #expect(next - Self.now == .seconds(left))
        #expect(!RefreshPlan.settles(Self.now - .seconds(ago), by: Self.now))
    }

    @Test func `a hint that was read late enough is settled`() {
        var generator = SystemRandomNumberGenerator()
        let hinted = Self.issue(hinted: .seconds(10))
        let next = RefreshPlan(tellsChanges: true).next(for: hinted, at: Self.now, using: &generator)
        #expect(next - Self.now >= .seconds(21_600))
        #expect(RefreshPlan.settles(Self.now - .seconds(10), by: Self.now))
    }
}

@Suite struct FailedReadTests {
    private static let now = Timestamp(seconds: 1_795_000_000)

    @Test(arguments: [
        // Seemingly missing: doubted first, believed the second time.
        (Reachability.ok, "", Reachability?.some(.notFound), Reachability.ok, 600),
        (.ok, "", .notReturned, .ok, 600),
        (.ok, "TRACKER_ISSUE_NOT_FOUND", .notFound, .notFound, 21_600),
        (.ok, "TRACKER_ISSUE_NOT_FOUND", .notReturned, .notReturned, 21_600),
        (.notFound, "TRACKER_ISSUE_NOT_FOUND", .notFound, .notFound, 21_600),
        // Said plainly, or never seen: believed at once.
        (.ok, "", .gone, .gone, 21_600), (.ok, "", .forbidden, .forbidden, 21_600),
        (.pending, "", .notFound, .notFound, 21_600),
        // Nonsense says nothing about the issue but that it could not be read.
        (.ok, "", .unreachable, .unreachable, 300), (.ok, "", nil, .ok, 300),
        (.gone, "TRACKER_ISSUE_NOT_FOUND", nil, .gone, 21_600),
    ])
    func `what is made of an issue that cannot be read`(
        before: Reachability, error: String, found: Reachability?, after: Reachability, pause: Int
    ) {
        let issue = RefreshPlanTests.issue(reachability: before, lastError: error)
        let verdict = FailedRead(of: issue, as: found, at: Self.now)
        #expect(verdict.reachability == after && verdict.nextFetchAt - Self.now == .seconds(pause))
    }
}

@Suite struct SourcePauseTests {
    @Test(arguments: [
        (SourcePause.Trouble.passing, Int64(1), 30), (.passing, 2, 60), (.passing, 5, 480),
        (.passing, 6, 900),
        (.passing, .max, 900), (.lasting, 1, 60), (.lasting, 4, 480), (.lasting, 10, 21_600),
        (.lasting, 1_000, 21_600),
    ])
    func `pauses double up to their longest, and are spread`(
        trouble: SourcePause.Trouble, failures: Int64, seconds: Int
    ) {
        var generator = SystemRandomNumberGenerator()
        let pauses = (0..<200).map { _ in
            SourcePause.next(after: failures, trouble, asked: nil, using: &generator)
        }
        let range = Duration.milliseconds(seconds * 800)...Duration.milliseconds(seconds * 1_200)
        #expect(pauses.allSatisfy(range.contains) && Set(pauses).count > 10)
    }

    @Test(arguments: [0, 1, 45, 86_400])
    func `what the tracker asks for is obeyed to the second`(seconds: Int) {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let pause = SourcePause.next(after: 9, .passing, asked: .seconds(seconds), using: &generator)
            #expect((.seconds(seconds)...(.seconds(seconds + 1))).contains(pause))
        }
    }
}
