// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefTrackers

/// The lines of all keys; of too many the one used longest ago goes, unless calls of it are under way.
struct TrafficLines: Sendable {
    private struct Entry {
        var line: TrafficLine
        var lastUse: UInt64
    }

    private let linesMax: Int
    private var entries: [TrafficKey: Entry] = [:]
    private var uses: UInt64 = 0

    init(linesMax: Int = TrafficLimits.linesMax) {
        self.linesMax = linesMax
    }

    var count: Int { entries.count }

    func line(_ key: TrafficKey) -> TrafficLine? { entries[key]?.line }

    /// The line of a source as it was last used.
    func newest(of source: SourceID) -> TrafficLine? {
        entries.filter { $0.key.sourceID == source }.max { $0.value.lastUse < $1.value.lastUse }?.value.line
    }

    /// Finds or opens a line. A new one knows what the tracker told the same account before.
    mutating func use<Value>(_ key: TrafficKey, _ body: (inout TrafficLine) -> Value) -> Value {
        uses += 1
        var entry = entries[key] ?? open(key)
        entry.lastUse = uses
        defer { entries[key] = entry }
        return body(&entry.line)
    }

    /// Changes a line if it is still there.
    mutating func update(_ key: TrafficKey, _ body: (inout TrafficLine) -> Void) {
        guard var entry = entries[key] else { return }
        body(&entry.line)
        entries[key] = entry
    }

    private mutating func open(_ key: TrafficKey) -> Entry {
        if entries.count >= linesMax,
            let oldest = entries.filter({ $0.value.line.underWay == 0 }).min(by: {
                $0.value.lastUse < $1.value.lastUse
            })
        {
            entries[oldest.key] = nil
        }
        let known = entries.filter { $0.key.sourceID == key.sourceID && $0.key.account == key.account }
            .max { $0.value.lastUse < $1.value.lastUse }
        return Entry(line: TrafficLine(rate: known?.value.line.rate ?? RateGovernor()), lastUse: uses)
    }
}
