// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The loop: waits for answers, starts new calls, on one thread.
struct LoadRun {
    private let plan: LoadPlan
    private let connections: [LoadConnection]
    private var buffer = [UInt8](repeating: 0, count: LoadLimits.readBytes)

    init(_ plan: LoadPlan) throws {
        self.plan = plan
        // Runs against one database must not repeat each other's numbers either.
        let start = UInt64.random(in: 0..<1_000_000_000_000)
        connections = try (0..<plan.connections).map { index in
            try LoadConnection(plan, firstNumber: start + UInt64(index) * 1_000_000_000)
        }
    }

    /// Warms up, measures and reports.
    consuming func measure() throws -> LoadResult {
        for connection in connections {
            for _ in 0..<plan.outstanding { connection.call(now: monotonicNanoseconds()) }
            try connection.flush()
        }
        var warmup = LoadTally()
        _ = try drive(for: plan.warmupNanoseconds, &warmup)
        var tally = LoadTally()
        let before = plan.serverPID.flatMap(ServerGauge.init(pid:))
        let elapsed = try drive(for: plan.measureNanoseconds, &tally)
        let after = plan.serverPID.flatMap(ServerGauge.init(pid:))
        return LoadResult(tally: tally, elapsedNanoseconds: elapsed, before: before, after: after)
    }

    /// Keeps the calls going for a time.
    ///
    /// - Returns: the nanoseconds it took.
    private mutating func drive(for nanoseconds: UInt64, _ tally: inout LoadTally) throws -> UInt64 {
        let start = monotonicNanoseconds()
        var lastAnswer = start
        while true {
            let answersBefore = tally.answerCount
            try turn(&tally)
            let now = monotonicNanoseconds()
            if now - start >= nanoseconds { return now - start }
            if tally.answerCount > answersBefore { lastAnswer = now }
            guard now - lastAnswer < LoadLimits.silenceNanosecondsMax else {
                throw CleanExit.message("the server has fallen silent")
            }
        }
    }

    /// Waits once and serves all connections that are ready.
    private mutating func turn(_ tally: inout LoadTally) throws {
        var waits = connections.map { connection in
            let events = connection.wantsToWrite ? POLLIN | POLLOUT : POLLIN
            return pollfd(fd: connection.socket.descriptor, events: Int16(events), revents: 0)
        }
        let ready = unsafe poll(&waits, nfds_t(waits.count), LoadLimits.pollMilliseconds)
        guard ready > 0 else { return }
        for (wait, connection) in zip(waits, connections) where wait.revents != 0 {
            guard try connection.receive(into: &buffer, &tally) else {
                throw SocketError(call: "the server closed a connection", number: ECONNRESET)
            }
            try connection.flush()
        }
    }
}
