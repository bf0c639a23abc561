// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import ExtRefStore
import ExtRefSync
import Foundation
import Testing

@testable import ExtRefServices

/// Many issues of several sources over simulated hours: what it costs each tracker, and that nothing is
/// missed. `TEST_SYNC_ISSUES` and `TEST_SYNC_HOURS` make it as large as a machine can bear; with hours given,
/// memory must stay flat too.
@Suite(.timeLimit(.minutes(10))) struct SyncScaleTests {
    private static let hosts = (1...5).map { "redmine-\($0).example" }
    /// Two of a hundred issues change in an hour.
    private static let changedPerHour = 0.02
    /// A twentieth of the least that a vendor grants: Linear's 1,500 requests an hour. Others grant 5,000 and
    /// more.
    private static let callsPerHourMax = 1_500 / 20 + 1

    private static let isMeasured = ProcessInfo.processInfo.environment["TEST_SYNC_HOURS"] != nil

    private static func number(_ name: String, or fallback: Int) -> Int {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? fallback
    }

    @Test func `hours of a busy store cost each tracker a twentieth of its quota and miss no change`()
        async throws
    {
        let perSource = Self.number("TEST_SYNC_ISSUES", or: 1_000) / Self.hosts.count
        let hours = Self.number("TEST_SYNC_HOURS", or: 2)
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(seed: seed)
        let time = TestClock()
        let sites = BusyRedmines(hosts: Self.hosts, issues: perSource, start: time.now() - .seconds(86_400))
        let harness = try ServiceHarness(network: sites, time: time)
        for host in Self.hosts { try await Self.link(perSource, at: host, harness) }
        await harness.syncs.runOnce()
        for host in Self.hosts { _ = sites.takeRequests(host) }

        let changesPerMinute = Double(perSource) * Self.changedPerHour / 60
        var residentAtFirst = 0
        for hour in 1...hours {
            var debt = 0.0
            for _ in 0..<60 {
                harness.advance(.seconds(60))
                debt += changesPerMinute
                while debt >= 1 {
                    debt -= 1
                    for host in Self.hosts {
                        sites.change(
                            Int.random(in: 1...perSource, using: &generator), at: host, time.now())
                    }
                }
                while await harness.syncs.runOnce() > 0 {}
            }
            let calls = Self.hosts.map(sites.takeRequests)
            let resident = try Self.residentMebibytes()
            if hour == 1 { residentAtFirst = resident }
            print(
                """
                sync: hour \(hour), \(perSource) issues a source: \(calls) calls, \(resident) MiB, \
                TEST_SEED=\(seed)
                """)
            // Beside other tests it says nothing of the service.
            if Self.isMeasured { #expect(resident <= residentAtFirst * 11 / 10, "the service grows") }
            #expect(calls.allSatisfy { $0 <= Self.callsPerHourMax }, "seed \(seed): \(calls)")
        }
        harness.advance(SyncLimits.changesInterval)
        await harness.syncs.runOnce()
        try await Self.expectInStep(harness, sites, perSource, seed: seed)
    }

    @Test func `a source that fails half a day costs the others nothing`() async throws {
        let time = TestClock()
        let sites = BusyRedmines(hosts: Self.hosts, issues: 20, start: time.now() - .seconds(86_400))
        let harness = try ServiceHarness(network: sites, time: time)
        for host in Self.hosts { try await Self.link(20, at: host, harness) }
        await harness.syncs.runOnce()
        sites.setDown(true, Self.hosts[0])
        for _ in 0..<60 {
            harness.advance(.seconds(60))
            for host in Self.hosts { sites.change(7, at: host, time.now()) }
            await harness.syncs.runOnce()
            for host in Self.hosts.dropFirst() {
                #expect(
                    try await Self.title(7, of: host, harness).hasSuffix(
                        "version \(sites.version(7, at: host))"))
            }
        }
        #expect(try await Self.title(7, of: Self.hosts[0], harness).hasSuffix("version 0"))
        sites.setDown(false, Self.hosts[0])
        harness.advance(SyncLimits.passingPauseMax * 12 / 10)
        await harness.syncs.runOnce()
        #expect(try await Self.title(7, of: Self.hosts[0], harness).hasSuffix("version 60"))
    }

    @Test func `disabling a source ends a pass in the middle, enabling goes on with the rest`() async throws {
        let time = TestClock()
        let sites = BusyRedmines(hosts: Self.hosts, issues: 1_000, start: time.now() - .seconds(86_400))
        let harness = try ServiceHarness(network: sites, time: time)
        let host = Self.hosts[0]
        try await Self.link(1_000, at: host, harness)
        await harness.syncs.runOnce()
        harness.advance(SyncLimits.sweepPauseOpen + SyncLimits.sweepSlot)
        let source = try #require(
            try await harness.admin().listSources(ListSourcesRequest()).sources.first)
        _ = sites.takeRequests(host)
        sites.onNextRequest {
            // While the question for changes is on its way; a thousand issues are due behind it.
            _ = try? await harness.admin().disableSource(DisableSourceRequest(id: source.id))
        }
        while await harness.syncs.runOnce() > 0 {}
        #expect(sites.takeRequests(host) == 1, "nothing leaves after the commit")
        harness.advance(.seconds(3_600))
        while await harness.syncs.runOnce() > 0 {}
        #expect(sites.takeRequests(host) == 0)
        _ = try await harness.admin().enableSource(EnableSourceRequest(id: source.id))
        while await harness.syncs.runOnce() > 0 {}
        #expect(sites.takeRequests(host) >= 10, "a thousand issues in batches of a hundred")
        let due = try await harness.store.read(ServiceHarness.tenant) { store in
            let id = try #require(try store.sources.list().items.first).id
            return try store.issues.countDue(in: id, by: time.now())
        }
        #expect(due.count == 0)
    }

    /// The memory of this process that is in use, by the second number of `/proc/self/statm`.
    private static func residentMebibytes() throws -> Int {
        let numbers = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        return try #require(Int(numbers[1])) * Int(sysconf(Int32(_SC_PAGESIZE))) / (1 << 20)
    }

    private static func link(_ count: Int, at host: String, _ harness: ServiceHarness) async throws {
        let source = try await harness.addRedmine(host, base: "https://\(host)")
        for start in stride(from: 1, through: count, by: 1_000) {
            let drafts = (start...min(start + 999, count)).map { number in
                LinkDraft(
                    object: ObjectRef(kind: "case", id: "\(host)-\(number)"),
                    target: ExtRefMessages.LinkTarget(
                        target: .key(SourceKey(sourceID: source.id, key: String(number)))),
                    relationName: "Defect")
            }
            let made = try await harness.links().batchCreateLinks(
                BatchCreateLinksRequest(projectID: ServiceHarness.project, links: drafts))
            #expect(made.createdCount == Int32(drafts.count))
        }
    }

    private static func title(
        _ number: Int, of host: String, _ harness: ServiceHarness
    ) async throws -> String {
        try await harness.store.read(ServiceHarness.tenant) { store in
            let source = try #require(try store.sources.list().items.first { $0.displayName == host })
            return try store.issues.find(source: source.id, key: String(number))?.snapshot.title ?? ""
        }
    }

    private static func expectInStep(
        _ harness: ServiceHarness, _ sites: BusyRedmines, _ count: Int, seed: UInt64
    ) async throws {
        for host in hosts {
            let late = try await harness.store.read(ServiceHarness.tenant) { store in
                let source = try #require(try store.sources.list().items.first { $0.displayName == host })
                return try (1...count).filter { number in
                    let issue = try store.issues.find(source: source.id, key: String(number))
                    return issue?.snapshot.title
                        != "Issue \(number), version \(sites.version(number, at: host))"
                }
            }
            #expect(late.isEmpty, "seed \(seed): \(host) missed \(late.prefix(5))")
        }
    }
}
