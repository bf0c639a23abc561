// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import ExtRefSync
import ExtRefTestKit
import Synchronization
import Testing

@testable import ExtRefTrackers

@Suite(.timeLimit(.minutes(3))) struct GovernedRunnerTests {
    private static let good = HTTPResponse(status: 200, body: GovernedWorld.goodBody)

    @Test(arguments: [2, 3, 10])
    func `a tracker that fails every second, third or tenth time gets a tenth more calls at most`(
        nth: UInt64
    ) throws {
        try Simulation.run(seed: 11) { simulation in
            let numbers = Mutex(simulation.numbers)
            let world = GovernedWorld(simulation) { _ in
                numbers.withLock { $0.next() } % nth == 0 ? HTTPResponse(status: 500) : Self.good
            }
            let calls = 2_000
            for call in 0..<calls {
                _ = await world.read("\(call)", from: GovernedWorld.source("plain", .background))
                try await world.clock.sleep(for: .seconds(1))
            }
            let reached = world.log.distinct
            #expect(Double(world.log.count) <= Double(reached) * 1.1 + 1, "\(world.log.count) of \(reached)")
            // Where much fails the breaker keeps most of them back; otherwise all arrive.
            #expect(nth == 10 ? reached == calls : reached > 200, "\(reached)")
        }
    }

    @Test func `ten minutes of a tracker that is down cost 25 calls at most, with 1,000 issues due`() throws {
        try Simulation.run(seed: 12) { simulation in
            let world = GovernedWorld(simulation) { _ throws(HTTPError) in
                throw HTTPError(.connect, at: .connect, "down")
            }
            await withTaskGroup(of: Void.self) { group in
                for worker in 0..<8 {
                    group.addTask {
                        for issue in 0..<125 {
                            let source = GovernedWorld.source(
                                "plain", issue % 5 == 0 ? .interactive : .background)
                            let failure = await world.read("\(worker)-\(issue)", from: source)
                            #expect(failure?.code == .connectFailed || failure?.isUnsent == true)
                            try? await world.clock.sleep(for: .milliseconds(4_800))
                        }
                    }
                }
            }
            #expect(world.clock.elapsed >= .seconds(600) && world.clock.elapsed < .seconds(620))
            #expect(world.log.count <= 25, "\(world.log.all.map(\.at))")
        }
    }

    @Test func `a tracker that hangs keeps its own places and no others`() throws {
        try Simulation.run(seed: 13) { simulation in
            let clock = simulation.clock
            let world = GovernedWorld(simulation) { request throws(HTTPError) in
                let isHanging = request.partition == "src_hangs"
                try await GovernedWorld.pause(clock, isHanging ? .seconds(600) : .milliseconds(40))
                return Self.good
            }
            let times = await withTaskGroup(of: Duration?.self) { group in
                for call in 0..<60 {
                    group.addTask {
                        _ = await world.read("\(call)", from: GovernedWorld.source("hangs", .background))
                        return nil
                    }
                    group.addTask {
                        try? await clock.sleep(for: .milliseconds(100 * call))
                        let start = clock.elapsed
                        let failure = await world.read("\(call)", from: GovernedWorld.source("well"))
                        #expect(failure?.code == nil)
                        return clock.elapsed - start
                    }
                }
                return await group.reduce(into: [Duration]()) { if let time = $1 { $0.append(time) } }
            }
            #expect(times.count == 60 && times.allSatisfy { $0 == .milliseconds(40) })
            // Six at once, then the breaker is open.
            #expect(world.log.all.count { $0.url.contains("plain.example") } - 60 <= 8)
            #expect(world.governor.state(of: SourceID(trusted: "src_hangs"))?.breaker == .open)
        }
    }

    @Test func `of fifty sources one hangs, one cannot be resolved, one fails: the others do not notice`()
        throws
    {
        let calm = try Self.waits(isDisturbed: false)
        let disturbed = try Self.waits(isDisturbed: true)
        #expect(calm.count > 3_000 && disturbed.count >= calm.count * 99 / 100)
        let means = [calm, disturbed].map { $0.reduce(.zero, +) / $0.count }
        #expect(means[1] <= means[0] * 11 / 10, "\(means)")
        let percentiles = [calm, disturbed].map { $0.sorted()[$0.count * 99 / 100] }
        #expect(percentiles[1] <= percentiles[0] * 11 / 10, "\(percentiles)")
    }

    /// How long readers of forty-seven sources wait, in twenty seconds, while three others are well or not.
    private static func waits(isDisturbed: Bool) throws -> [Duration] {
        try Simulation.run(seed: 17) { simulation in
            let clock = simulation.clock
            let numbers = Mutex(simulation.numbers)
            let world = GovernedWorld(simulation) { request throws(HTTPError) in
                let chance = numbers.withLock { $0.next() }
                switch isDisturbed ? request.partition : "" {
                case "src_0": try await GovernedWorld.pause(clock, .seconds(600))
                case "src_1":
                    try await GovernedWorld.pause(clock, .seconds(5))
                    throw HTTPError(.timedOut, at: .dns, "silent")
                default: try await GovernedWorld.pause(clock, .milliseconds(100 + Int64(chance % 100)))
                }
                let fails = isDisturbed && request.partition == "src_2" && chance.isMultiple(of: 2)
                return fails ? HTTPResponse(status: 500) : good
            }
            return await withTaskGroup(of: [Duration].self) { group in
                for reader in 0..<200 {
                    let source = GovernedWorld.source("\(reader % 50)", .background)
                    group.addTask {
                        var waits = [Duration]()
                        try? await clock.sleep(for: .milliseconds(reader * 5))
                        while clock.elapsed < .seconds(20) {
                            let start = clock.elapsed
                            let failure = await world.read("\(reader)", from: source)
                            if reader % 50 > 2 {
                                #expect(failure?.code == nil)
                                waits.append(clock.elapsed - start)
                            }
                            try? await clock.sleep(for: .milliseconds(800))
                        }
                        return waits
                    }
                }
                return await group.reduce(into: []) { $0 += $1 }
            }
        }
    }

    @Test func `an hour with a revoked token costs six calls, and a new one is tried at once`() throws {
        try Simulation.run(seed: 14) { simulation in
            let world = GovernedWorld(simulation) { _ in HTTPResponse(status: 401) }
            for _ in 0..<1_000 {
                let failure = await world.read(from: GovernedWorld.source("plain", .background))
                #expect(failure?.code == .credentialsRejected)
                try await world.clock.sleep(for: .milliseconds(3_600))
            }
            #expect(world.log.count == 6)
            // A person is let through, but not in a rush.
            let before = world.log.count
            for _ in 0..<10 { _ = await world.read(from: GovernedWorld.source()) }
            #expect(world.log.count == before + 1)
            _ = await world.read(from: GovernedWorld.source("plain", .background, revision: 2))
            #expect(world.log.count == before + 2)
        }
    }

    @Test func `an admin's test reaches a tracker that is left alone, and obeys one that throttles`() throws {
        try Simulation.run(seed: 15) { simulation in
            let isThrottling = Atomic(false)
            let world = GovernedWorld(simulation, registry: .standard) { _ throws(HTTPError) in
                guard isThrottling.load(ordering: .relaxed) else {
                    throw HTTPError(.connect, at: .connect, "down")
                }
                return HTTPResponse(status: 429, headers: [HTTPField("retry-after", "60")])
            }
            for _ in 0..<6 { _ = await world.read(from: Samples.recorded()) }
            #expect(world.governor.state(of: Samples.redmine().id)?.breaker == .open)
            let count = world.log.count
            let down = await world.runner.testConnection(Samples.recorded())
            #expect(down.failureClass == "tcp" && world.log.count == count + 1)
            isThrottling.store(true, ordering: .relaxed)
            let throttled = await world.runner.testConnection(Samples.recorded())
            #expect(throttled.failureClass == "rate" && world.log.count == count + 2)
            let again = await world.runner.testConnection(Samples.recorded())
            #expect(again.failureClass == "rate" && world.log.count == count + 2)
        }
    }

    @Test func `what only asks is repeated, what writes is sent once`() throws {
        try Simulation.run(seed: 16) { simulation in
            let world = GovernedWorld(simulation) { _ in HTTPResponse(status: 502) }
            #expect(await world.read(from: GovernedWorld.source())?.code == .unavailable)
            #expect(world.log.count == 3 && world.clock.elapsed <= .milliseconds(1_000))
            let call = TrackerCall<Int>.send(TrackerRequest(.post, path: ["x"])) { _ throws(TrackerError) in 1
            }
            do throws(TrackerError) {
                _ = try await world.runner.run(
                    call, with: GovernedWorld.source("other"), reading: PlainTracker())
            } catch {
                #expect(error.code == .unavailable && error.isUncertain)
            }
            #expect(world.log.count == 4)
        }
    }
}
