// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import ExtRefMessages
import ExtRefSecurity
import ExtRefServices
import ExtRefStore
import ExtRefSync
import ExtRefTestKit
import ExtRefTrackers
import PatternMatching
import RPC
import SQLiteEngine
import Synchronization

/// One life of the server: everything between the database and the trackers, as a program puts it together.
final class SimulatedProcess: Sendable {
    static let tenant = TenantID(trusted: "acme")
    static let registry = TrackerRegistry([TellingProvider(), SilentProvider()])

    let store: Store
    let environment: ServiceEnvironment
    let intake: WebhookIntake
    private let storage: SimulatedStorage
    private let runners: [JobRunner]
    private let changes: ChangeHub
    private let isAlive = Atomic(true)

    /// - Parameters:
    ///   - number: which life it is.
    ///   - places: passes over sources side by side.
    ///   - storageFails: whether writes fail now and then until the trackers are calm.
    init(_ world: SimulatedWorld, number: Int, places: Int = 4, storageFails: Bool = true) throws {
        let clock = world.simulation.clock
        storage = SimulatedStorage(
            world.database, seed: world.draw(),
            fails: { [sites = world.sites] in
                storageFails && !sites.state.withLock(\.isCalm)
            })
        store = try Store(storage)
        changes = ChangeHub(observing: store, clock: clock)
        let governor = TrafficGovernor(
            clock: clock, wallClock: world.wallClock, generator: world.randomness)
        environment = ServiceEnvironment(
            store: store,
            trackers: TrackerRunner(
                registry: Self.registry, transport: MortalTransport(sites: world.sites), traffic: governor,
                gate: store.sourceGate,
                clock: clock, wallClock: world.wallClock, executor: world.simulation.executor),
            registry: Self.registry, patterns: world.patterns, sealer: SecretSealer(keyRing: world.keys),
            pageTokens: PageTokenSealer(keyRing: world.keys), addressGate: { _ in nil }, changes: changes,
            traffic: { governor.state(of: $0) }, clock: world.wallClock, randomness: world.randomness)
        intake = WebhookIntake(environment)
        let handler = WatchedJobs(base: ServiceJobs(environment), leases: world.leases, process: number)
        // Often two of them, as two processes on one store would be: leases have to keep them apart.
        runners = (0..<world.draw(1...2)).map { [store] runner in
            JobRunner(
                store: store, handler: handler, kinds: [.syncSource], name: "\(number).\(runner)",
                places: places,
                clock: clock, wallClock: world.wallClock, randomness: world.randomness)
        }
    }

    /// Lives until the task is cancelled.
    func run(at now: Timestamp) async {
        try? await store.spreadOverdueJobs(
            .syncSource, pace: SyncLimits.startPace, longest: SyncLimits.startSpreadMax, at: now)
        await withDiscardingTaskGroup { group in
            for runner in runners { group.addTask { await runner.run() } }
            group.addTask { await self.changes.run() }
        }
    }

    /// Kills it. Whoever still waits for it gets an error.
    func die() {
        storage.die()
        changes.close()
    }

    /// What a call of a tenant's admin comes with.
    func context(_ method: MethodDescriptor) -> CallContext {
        var context = CallContext(descriptor: method)
        context[CallerKey.self] = Caller(
            tenantID: Self.tenant, principalID: PrincipalID(trusted: "alice"), isTenantAdmin: true)
        return context
    }
}

/// Leads to the trackers as long as its process lives.
private struct MortalTransport: HTTPTransport {
    let sites: SimulatedSites

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        guard !Task.isCancelled else { throw HTTPError(.cancelled, at: .request, "the process was killed") }
        return try await sites.send(request)
    }
}

/// Who holds which job.
final class LeaseWatch: Sendable {
    private struct Holder {
        let process: Int
        let until: Duration
    }

    private let clock: VirtualClock
    private let holders = Mutex<[JobID: Holder]>([:])
    private let complain: @Sendable (String) -> Void

    init(clock: VirtualClock, complain: @escaping @Sendable (String) -> Void) {
        self.clock = clock
        self.complain = complain
    }

    func take(_ job: Job, by process: Int) {
        holders.withLock { holders in
            if let other = holders[job.id], other.until > clock.elapsed {
                complain("two hold the job of \(job.subject)")
            }
            holders[job.id] = Holder(process: process, until: clock.elapsed + SyncLimits.leaseDuration)
        }
    }

    func give(_ job: Job) {
        holders.withLock { holders in
            if let holder = holders[job.id], holder.until < clock.elapsed {
                complain("the job of \(job.subject) took longer than its lease")
            }
            holders[job.id] = nil
        }
    }

    /// A killed process holds nothing.
    func forget(_ process: Int) {
        holders.withLock { holders in holders = holders.filter { $0.value.process != process } }
    }
}

private struct WatchedJobs: JobHandling {
    let base: ServiceJobs
    let leases: LeaseWatch
    let process: Int

    func perform(_ job: Job) async -> JobOutcome {
        leases.take(job, by: process)
        let outcome = await base.perform(job)
        leases.give(job)
        return outcome
    }
}
