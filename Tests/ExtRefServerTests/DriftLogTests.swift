// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefSync
import ExtRefTrackers
import FoundationEssentials
import Logging
import Metrics
import MetricsTestKit
import Synchronization
import Testing

@testable import ExtRefServer

/// What an operator's tools see of a tracker that changes its interface.
@Suite struct DriftLogTests {
    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func append(_ line: String) { lines.withLock { $0.append(line) } }
    }

    private let metrics = TestMetrics()
    private let lines = Lines()

    private func memory() -> DriftMemory {
        let logger = Logger(label: "test") { [lines] label in
            JSONLogHandler(
                label: label, level: .info, clock: { Timestamp(milliseconds: 0) },
                write: { lines.append($0) })
        }
        let log = DriftLog(logger: logger, metrics: metrics)
        return DriftMemory(report: { log.note($0) })
    }

    private func report(_ signs: [DriftSign], source: String = "src_1") -> DriftReport {
        let source = IntegrationSource(
            id: SourceID(trusted: source), tenantID: TenantID(trusted: "acme-secret-tenant"), owner: .tenant,
            providerID: .gitLab, displayName: "Our tracker", baseURL: "https://gitlab.corp.example",
            createdAt: Timestamp(milliseconds: 0), createdBy: PrincipalID(trusted: "admin"))
        return DriftReport(
            source: source, place: "GET /projects/7", signs: signs, seenAt: Timestamp(seconds: 1))
    }

    private func total(_ kind: DriftSign.Kind) -> Int64 {
        metrics.counterTotal(
            label: "extref_tracker_drift_total",
            dimensions: [("provider", "gitlab"), ("kind", kind.rawValue)])
    }

    @Test func `the counter rises with every answer that gives a change away`() {
        let memory = memory()
        memory.noticed(report([DriftSign(.sunset)]))
        #expect(total(.sunset) == 1)
        memory.noticed(report([DriftSign(.sunset), DriftSign(.missingField, "state")]))
        memory.noticed(report([DriftSign(.sunset)], source: "src_2"))
        #expect(total(.sunset) == 3 && total(.missingField) == 1 && total(.apiGone) == 0)
    }

    @Test func `its labels come from closed sets`() {
        let memory = memory()
        for number in 0..<100 {
            memory.noticed(report([DriftSign(.unknownValue, "state: \(number)")], source: "src_\(number)"))
        }
        #expect(metrics.counters.count == 1 && total(.unknownValue) == 100)
        #expect(metrics.counters.first?.dimensions.map(\.0).sorted() == ["kind", "provider"])
    }

    @Test func `each new warning is one line, without tenant, call and address`() throws {
        let memory = memory()
        for _ in 0..<5 { memory.noticed(report([DriftSign(.unknownValue, "state: frozen\u{1B}[2J")])) }
        let line = try #require(lines.all.first)
        #expect(lines.all.count == 1 && line.contains("\"level\":\"warning\""))
        for part in ["gitlab", "unknown_value", "src_1", "state: frozen\""] {
            #expect(line.contains(part), "\(part)")
        }
        for secret in ["acme-secret-tenant", "corp.example", "/projects/7", "\u{1B}"] {
            #expect(!line.contains(secret), "\(secret)")
        }
    }
}
