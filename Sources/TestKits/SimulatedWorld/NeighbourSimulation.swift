// SPDX-License-Identifier: Apache-2.0

internal import ExtRefDomain
internal import ExtRefStore
internal import ExtRefSync
internal import ExtRefTestKit
internal import SQLiteEngine
internal import Synchronization

/// Fifty sources of one server, three of which may be in trouble: how long changes at the others take to
/// arrive.
public enum NeighbourSimulation {
    /// What became of the sources that are well.
    public struct Report: Sendable {
        /// From each change at a tracker to its entry in the feed; sources in order, changes in order.
        public let lags: [Duration]
        /// Calls that reached the three troubled trackers.
        public let callsInTrouble: Int
    }

    private static let sources = 50
    /// The trackers that may be in trouble: one answers nothing, one's name is never resolved, one fails half
    /// of the time.
    private static let troubles: [(mood: SimulatedSites.Mood, oneOf: Int)] = [
        (.hanging, 1), (.nameless, 1), (.failing, 2),
    ]
    /// An issue of each tracker changes in the first third of each of these, so that no two of its changes
    /// arrive as one.
    private static let changeInterval = SyncLimits.changesInterval * 3
    private static let changesPerSource = 20

    private static let setUp = Result {
        try WorldSetUp.make((1...sources).map { ("telling-\($0).example", TellingProvider.id) })
    }

    /// Runs the sources of a seed, three of them in trouble or all well.
    public static func run(seed: UInt64, inTrouble: Bool) throws -> Report {
        let setUp = try setUp.get()
        return try setUp.withDatabase { database in
            try Simulation.run(seed: seed) { simulation in
                let world = SimulatedWorld(simulation, setUp, database)
                if inTrouble { makeTrouble(world) }
                return try await run(world)
            }
        }
    }

    private static func makeTrouble(_ world: SimulatedWorld) {
        world.sites.state.withLock { state in
            for (host, trouble) in zip(world.setUp.hosts, troubles) {
                state.sites[host]?.mood = trouble.mood
                state.sites[host]?.moodOneOf = trouble.oneOf
            }
        }
    }

    private static func run(_ world: SimulatedWorld) async throws -> Report {
        let process = try SimulatedProcess(
            world, number: 1, places: SyncLimits.passesAtOnceMax, storageFails: false)
        let changed = await withTaskGroup(of: (String, [Timestamp])?.self) { group in
            group.addTask {
                await process.run(at: world.wallClock())
                return nil
            }
            for host in world.setUp.hosts {
                group.addTask { (host, await change(host, world)) }
            }
            var changed = [String: [Timestamp]]()
            while changed.count < sources, let next = await group.next() {
                if let (host, times) = next { changed[host] = times }
            }
            process.die()
            group.cancelAll()
            return changed
        }
        return try await report(world, changed)
    }

    /// Changes the first issue of a tracker again and again.
    /// - Returns: when.
    private static func change(_ host: String, _ world: SimulatedWorld) async -> [Timestamp] {
        var times = [Timestamp]()
        let third = Int(changeInterval / .milliseconds(3))
        for _ in 0..<changesPerSource {
            let delay = Duration.milliseconds(world.draw(0...third))
            try? await world.simulation.clock.sleep(for: delay)
            world.sites.change(1, at: host)
            times.append(world.wallClock())
            try? await world.simulation.clock.sleep(for: changeInterval - delay)
        }
        return times
    }

    private static func report(
        _ world: SimulatedWorld, _ changed: [String: [Timestamp]]
    ) async throws -> Report {
        let arrived = try await arrivals(world)
        let hosts = world.setUp.hosts
        let lags = try hosts.dropFirst(troubles.count).flatMap { host -> [Duration] in
            let (changes, arrivals) = (changed[host] ?? [], arrived[world.setUp.sources[host] ?? ""] ?? [])
            guard changes.count == arrivals.count else {
                throw Simulation.Failure(
                    description: "\(host): \(arrivals.count) of \(changes.count) changes arrived")
            }
            return zip(changes, arrivals).map { $1 - $0 }
        }
        let calls = world.sites.state.withLock { state in
            hosts.prefix(troubles.count).reduce(0) { $0 + (state.sites[$1]?.calls ?? 0) }
        }
        return Report(lags: lags, callsInTrouble: calls)
    }

    /// When changes of each source were put into the feed.
    private static func arrivals(_ world: SimulatedWorld) async throws -> [String: [Timestamp]] {
        let store = try Store(world.database)
        return try await store.read(SimulatedProcess.tenant) { store in
            var arrivals = [String: [Timestamp]]()
            var cursor: Int64 = 0
            while true {
                let page = try store.changes.list(after: cursor, limit: 500)
                for change in page.changes where change.kind == .issueUpdated && change.origin == .poll {
                    arrivals[change.sourceID?.rawValue ?? "", default: []].append(change.occurredAt)
                }
                guard page.hasMore else { return arrivals }
                cursor = page.cursor
            }
        }
    }
}
