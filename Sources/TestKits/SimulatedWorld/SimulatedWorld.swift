// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import ExtRefSecurity
import ExtRefServices
import ExtRefStore
import ExtRefSync
import ExtRefTestKit
import ExtRefTrackers
import PatternMatching
import SQLiteEngine
import Synchronization

/// A database, one or two trackers, and a server that is killed and started again: everything about the sync,
/// on a clock of its own.
final class SimulatedWorld: Sendable {
    static let project = "P1"
    static let issuesPerSite = 2
    /// How long the bad times last.
    static let storm = Duration.seconds(45)
    private static let start = Timestamp(milliseconds: 1_795_000_000_000)

    let simulation: Simulation
    let database: SQLiteMemoryEngine
    let setUp: WorldSetUp
    let sites: SimulatedSites
    let leases: LeaseWatch
    let wallClock: WallClock
    let randomness: Randomness
    let witness = Mutex(Witness())
    /// The life of the server that takes calls now.
    let process = Mutex<SimulatedProcess?>(nil)
    private let numbers: Mutex<SeededNumbers>

    var keys: KeyRing { setUp.keys }
    var patterns: PatternCache { setUp.patterns }

    /// What callers of the server know for sure.
    struct Witness: Sendable {
        /// Links whose making was confirmed, and those whose deletion was at least asked for.
        var made: Set<String> = []
        var unmade: Set<String> = []
        /// When the last notification about an issue was confirmed, by host and number.
        var notified: [String: [Int: Timestamp]] = [:]
        /// What the reader of the feed saw, and where it stands.
        var seen: [ExtRefMessages.Change] = []
        var cursor = "0"
        /// How long it took until every link was true again after the bad times.
        var convergence = Duration.zero
    }

    /// - Parameter age: how long ago it was set up; a tracker is asked for changes a while after that.
    init(
        _ simulation: Simulation, _ setUp: WorldSetUp, _ database: SQLiteMemoryEngine,
        age: Duration = SyncLimits.changesInterval
    ) {
        self.simulation = simulation
        self.setUp = setUp
        self.database = database
        let clock = simulation.clock
        wallClock = { Self.start + age + clock.elapsed }
        let sites = SimulatedSites(simulation, wallClock: wallClock)
        self.sites = sites
        leases = LeaseWatch(clock: clock) { sites.complain($0) }
        let numbers = SharedNumbers(simulation.numbers)
        randomness = Randomness { numbers.next() }
        self.numbers = Mutex(simulation.numbers)
        sites.state.withLock { state in
            for host in setUp.hosts {
                state.sites[host] = SimulatedSites.Site(
                    mood: .well,
                    issues: Dictionary(
                        uniqueKeysWithValues: (1...Self.issuesPerSite).map {
                            ($0, SimulatedSites.Issue(updatedAt: Self.start - .seconds(3_600)))
                        }))
            }
        }
    }

    /// Draws a number for what happens in this world.
    func draw() -> UInt64 { numbers.withLock { $0.next() } }

    func draw(_ range: ClosedRange<Int>) -> Int {
        numbers.withLock { Int.random(in: range, using: &$0) }
    }

    func pause(_ range: ClosedRange<Int>) async {
        try? await simulation.clock.sleep(for: .milliseconds(draw(range)))
    }

    /// Runs the bad times, then good ones until everything is true again.
    /// - Returns: what was wrong.
    func run() async throws -> [String] {
        sites.state.withLock { state in
            for host in setUp.hosts {
                state.sites[host]?.mood =
                    SimulatedSites.Mood.allCases.randomElement(using: &state.numbers) ?? .well
                state.sites[host]?.skew = .seconds(Int.random(in: -90...90, using: &state.numbers))
            }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.liveLives() }
            group.addTask { await self.changeIssues() }
            try await group.waitForAll()
        }
        return sites.state.withLock(\.complaints)
    }

    /// Lives that end by being killed while times are bad, and a last one that sees everything come right.
    private func liveLives() async throws {
        var number = 0
        while simulation.clock.elapsed < Self.storm {
            number += 1
            let left = Self.storm - simulation.clock.elapsed
            let span = min(left, .milliseconds(draw(5_000...50_000)))
            try await live(number) { try? await self.simulation.clock.sleep(for: span) }
            await pause(100...20_000)
        }
        sites.calmDown()
        try await live(number + 1) { await self.waitForTruth() }
        try await checkAccounts()
    }

    /// One life: the server, and whoever calls it, until the end comes.
    private func live(_ number: Int, until end: @escaping @Sendable () async -> Void) async throws {
        let life = try SimulatedProcess(self, number: number)
        try await checkHints(life.store)
        try await learnSwitches(life.store)
        process.withLock { $0 = life }
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                await life.run(at: self.wallClock())
                return false
            }
            group.addTask {
                await self.readFeed(life)
                return false
            }
            group.addTask {
                await self.actAsMember(life)
                return false
            }
            group.addTask {
                await self.actAsAdmin(life)
                return false
            }
            group.addTask {
                await end()
                return true
            }
            while let isEnd = await group.next() {
                guard isEnd else { continue }
                process.withLock { $0 = nil }
                life.die()
                group.cancelAll()
            }
        }
        leases.forget(number)
        sites.forgetProcess()
    }
}

/// Numbers that several callers draw from.
private final class SharedNumbers: Sendable {
    private let numbers: Mutex<SeededNumbers>

    init(_ numbers: SeededNumbers) {
        var numbers = numbers
        self.numbers = Mutex(SeededNumbers(seed: numbers.next()))
    }

    func next() -> UInt64 { numbers.withLock { $0.next() } }
}
