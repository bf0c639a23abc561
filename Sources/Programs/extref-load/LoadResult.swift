// SPDX-License-Identifier: Apache-2.0

import Histogram

/// What a run found.
struct LoadResult {
    let callsPerSecond: Double
    let p50Microseconds: Double
    let p99Microseconds: Double
    let failureCount: Int
    let firstFailure: String?
    let cpuMicrosecondsPerCall: Double?
    let residentMegabytes: Double?

    init(tally: LoadTally, elapsedNanoseconds: UInt64, before: ServerGauge?, after: ServerGauge?) {
        callsPerSecond = Double(tally.answerCount) / (Double(elapsedNanoseconds) / 1e9)
        p50Microseconds = Double(tally.latencies.valueAtPercentile(50)) / 1e3
        p99Microseconds = Double(tally.latencies.valueAtPercentile(99)) / 1e3
        failureCount = tally.failureCount
        firstFailure = tally.firstFailure
        residentMegabytes = after.map { Double($0.residentBytes) / 1e6 }
        if let before, let after, tally.answerCount > 0 {
            let used = after.cpuNanoseconds - before.cpuNanoseconds
            cpuMicrosecondsPerCall = Double(used) / 1e3 / Double(tally.answerCount)
        } else {
            cpuMicrosecondsPerCall = nil
        }
    }

    /// For people.
    var text: String {
        var parts = [
            "\(Int(callsPerSecond)) calls/s", "p50 \(p50Microseconds.short) us",
            "p99 \(p99Microseconds.short) us",
        ]
        if let cpuMicrosecondsPerCall { parts.append("cpu \(cpuMicrosecondsPerCall.short) us/call") }
        if let residentMegabytes { parts.append("rss \(residentMegabytes.short) MB") }
        if let firstFailure { parts.append("\(failureCount) failures, first: \(firstFailure)") }
        return parts.joined(separator: "  ")
    }

    /// For programs: one object, numbers only.
    var json: String {
        var parts = [
            "\"calls_per_second\":\(callsPerSecond.short)", "\"p50_us\":\(p50Microseconds.short)",
            "\"p99_us\":\(p99Microseconds.short)", "\"failures\":\(failureCount)",
        ]
        if let cpuMicrosecondsPerCall { parts.append("\"cpu_us_per_call\":\(cpuMicrosecondsPerCall.short)") }
        if let residentMegabytes { parts.append("\"rss_mb\":\(residentMegabytes.short)") }
        return "{\(parts.joined(separator: ","))}"
    }
}

extension Double {
    /// Two digits after the point.
    fileprivate var short: String {
        let hundredths = Int((self * 100).rounded())
        let fraction = hundredths % 100
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
    }
}
