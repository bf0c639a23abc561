// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefSync
import ExtRefTrackers
import Synchronization
import Testing

/// What is remembered of a changing interface, for how long, and what is never let in.
@Suite struct DriftMemoryTests {
    private static let start = Timestamp(seconds: 1_795_340_867)
    private static let sunset = DriftSign(.sunset, effectiveAt: start + .seconds(86_400))
    private static let gone = DriftSign(.apiGone)

    private static func source(_ name: String = "s", base: String = "https://t.example") -> IntegrationSource
    {
        IntegrationSource(
            id: SourceID(trusted: "src_" + name), tenantID: TenantID(trusted: "t1"), owner: .tenant,
            providerID: .redmine, displayName: name, baseURL: base, createdAt: start,
            createdBy: PrincipalID(trusted: "admin"))
    }

    private static func report(
        _ signs: [DriftSign], of source: IntegrationSource = source(), isDraft: Bool = false,
        place: String = "GET /issues/1.json", after time: Duration = .zero
    ) -> DriftReport {
        DriftReport(source: source, isDraft: isDraft, place: place, signs: signs, seenAt: start + time)
    }

    @Test func `the same sign is one warning, with its first and last time and how often`() throws {
        let memory = DriftMemory()
        for minute in 0..<3 {
            memory.noticed(
                Self.report([Self.sunset], place: "GET /\(minute)", after: .seconds(minute * 60)))
        }
        let warnings = memory.warnings(of: Self.source(), at: Self.start + .seconds(200))
        let warning = try #require(warnings.first)
        #expect(warnings.count == 1 && warning.sign == Self.sunset && warning.count == 3)
        #expect(warning.firstSeenAt == Self.start && warning.lastSeenAt == Self.start + .seconds(120))
        #expect(warning.place == "GET /2")
    }

    @Test func `the gravest come first`() {
        let memory = DriftMemory()
        memory.noticed(Self.report([DriftSign(.missingField, "a"), DriftSign(.unknownValue, "b: c")]))
        memory.noticed(Self.report([Self.sunset, Self.gone, DriftSign(.deprecated)]))
        #expect(
            memory.warnings(of: Self.source(), at: Self.start).map(\.sign.kind) == DriftSign.Kind.allCases)
    }

    @Test(arguments: [(Duration.zero, true), (.seconds(-1), true), (.seconds(1), false)])
    func `a warning ends some days after it was last seen`(beyond: Duration, isShown: Bool) {
        let memory = DriftMemory()
        memory.noticed(Self.report([Self.gone]))
        memory.noticed(Self.report([Self.gone], after: .seconds(3_600)))
        let now = Self.start + .seconds(3_600) + SyncLimits.driftWarningLife - .seconds(1) + beyond
        #expect(!memory.warnings(of: Self.source(), at: now).isEmpty == isShown)
    }

    @Test func `what comes back after its end is new`() {
        let heard = Mutex<[Bool]>([])
        let memory = DriftMemory { event in heard.withLock { $0.append(event.isNew) } }
        memory.noticed(Self.report([Self.gone]))
        memory.noticed(Self.report([Self.gone], after: .seconds(1)))
        memory.noticed(Self.report([Self.gone], after: SyncLimits.driftWarningLife + .seconds(1)))
        #expect(heard.withLock { $0 } == [true, false, true])
        let now = Self.start + SyncLimits.driftWarningLife + .seconds(1)
        #expect(memory.warnings(of: Self.source(), at: now).map(\.count) == [1])
    }

    @Test func `a tracker that makes up values crowds out no other kind`() {
        let memory = DriftMemory()
        memory.noticed(Self.report([Self.sunset]))
        for number in 0..<1_000 {
            memory.noticed(
                Self.report([DriftSign(.unknownValue, "state: \(number)")], after: .seconds(number)))
        }
        let warnings = memory.warnings(of: Self.source(), at: Self.start + .seconds(1_000))
        #expect(warnings.first?.sign == Self.sunset)
        #expect(warnings.count == 1 + SyncLimits.driftWarningsPerKindMax)
        #expect(warnings.contains { $0.sign.subject == "state: 999" }, "the latest is shown")
    }

    @Test func `each source has its own, and another address begins anew`() {
        let memory = DriftMemory()
        memory.noticed(Self.report([Self.gone]))
        #expect(memory.warnings(of: Self.source("other"), at: Self.start).isEmpty)
        #expect(memory.warnings(of: Self.source(base: "https://u.example"), at: Self.start).isEmpty)
        var moved = Self.source()
        moved.apiBaseURL = "https://t.example/v2"
        #expect(memory.warnings(of: moved, at: Self.start).isEmpty)
        var renamed = Self.source()
        renamed.displayName = "Another name"
        renamed.revision = 7
        #expect(memory.warnings(of: renamed, at: Self.start).count == 1)
    }

    @Test func `a draft is counted and not remembered`() {
        let heard = Mutex<[Bool]>([])
        let memory = DriftMemory { event in heard.withLock { $0.append(event.isNew) } }
        memory.noticed(Self.report([Self.gone], isDraft: true))
        #expect(heard.withLock { $0 } == [false])
        #expect(memory.warnings(of: Self.source(), at: Self.start).isEmpty)
    }

    @Test func `of too many sources the one told of longest ago goes`() {
        let memory = DriftMemory(sourcesMax: 2)
        for name in ["a", "b", "a", "c"] { memory.noticed(Self.report([Self.gone], of: Self.source(name))) }
        let known = ["a", "b", "c"].filter {
            !memory.warnings(of: Self.source($0), at: Self.start).isEmpty
        }
        #expect(known == ["a", "c"])
    }
}
