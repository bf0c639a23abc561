// SPDX-License-Identifier: Apache-2.0

import ExtRefTrackers
import Synchronization

/// Keeps what a runner tells of changing interfaces.
final class DriftRecorder: DriftWatch {
    private let kept = Mutex<[DriftReport]>([])

    var reports: [DriftReport] { kept.withLock { $0 } }
    var signs: [DriftSign] { reports.flatMap(\.signs) }

    /// What there is to see, each once and in some order, as a line for a test's output.
    var summary: [String] {
        Set(reports.flatMap { report in report.signs.map { "\($0.kind.rawValue) \($0.subject)" } }).sorted()
    }

    func noticed(_ report: DriftReport) { kept.withLock { $0.append(report) } }
}
