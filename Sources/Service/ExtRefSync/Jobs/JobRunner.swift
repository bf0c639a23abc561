// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
public import ExtRefStore
internal import Synchronization

/// Takes jobs that are due, tenant by tenant, and has them done, so many side by side.
///
/// Several runners may share a store: each job is leased, and a runner that lost a lease changes nothing. A
/// job whose runner died is due again when its lease ends. A job that hangs holds one place and delays no
/// other.
public final class JobRunner: Sendable {
    private let store: Store
    private let handler: any JobHandling
    private let kinds: Set<Job.Kind>
    private let name: String
    private let places: Int
    private let clock: any Clock<Duration>
    private let wallClock: WallClock
    private let randomness: Randomness
    private let report: @Sendable (JobEvent) -> Void
    private let bell = JobBell()
    private let running = Atomic(0)

    /// Makes a runner; jobs added to the store wake it.
    /// - Parameters:
    ///   - kinds: the jobs it does.
    ///   - name: tells runners apart, in the store and in logs.
    ///   - places: jobs done side by side.
    ///   - clock: what it waits on.
    ///   - wallClock: what due times are compared with.
    ///   - randomness: for the jitter of pauses.
    ///   - report: told of everything that happens; must return quickly.
    public init(
        store: Store, handler: any JobHandling, kinds: Set<Job.Kind> = Set(Job.Kind.allCases), name: String,
        places: Int = SyncLimits.jobsAtOnceMax, clock: any Clock<Duration> = ContinuousClock(),
        wallClock: @escaping WallClock, randomness: Randomness = .system,
        report: @escaping @Sendable (JobEvent) -> Void = { _ in }
    ) {
        self.store = store
        self.handler = handler
        self.kinds = kinds
        self.name = name
        self.places = places
        self.clock = clock
        self.wallClock = wallClock
        self.randomness = randomness
        self.report = report
        store.onJob { [bell] _ in bell.ring() }
    }

    /// Works until the task is cancelled; jobs under way end first.
    public func run() async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                let free = places - running.load(ordering: .acquiring)
                let jobs = free > 0 ? await takeDue(atMost: free) : []
                for job in jobs {
                    running.add(1, ordering: .acquiringAndReleasing)
                    group.addTask {
                        await self.perform(job)
                        self.running.subtract(1, ordering: .acquiringAndReleasing)
                        // A place is free, and the job may be due again.
                        self.bell.ring()
                    }
                }
                if jobs.isEmpty, !Task.isCancelled { await bell.wait(atMost: await pause(), on: clock) }
            }
        }
    }

    /// Does what is due now and waits for it to end.
    /// - Returns: how many jobs were begun.
    @discardableResult
    public func runOnce() async -> Int {
        let jobs = await takeDue(atMost: places)
        await withDiscardingTaskGroup { group in
            for job in jobs { group.addTask { await self.perform(job) } }
        }
        return jobs.count
    }

    private func takeDue(atMost limit: Int) async -> [Job] {
        do {
            let tenants = try await store.tenantsWithJobs(
                kinds, dueBy: wallClock(), limit: SyncLimits.tenantsPerRoundMax)
            var jobs = [Job]()
            for tenant in tenants where jobs.count < limit {
                jobs += try await take(tenant, atMost: limit - jobs.count)
            }
            return jobs
        } catch {
            report(.storeFailed("\(error)"))
            return []
        }
    }

    private func take(_ tenant: TenantID, atMost limit: Int) async throws -> [Job] {
        let now = wallClock()
        let count = min(limit, SyncLimits.jobsPerTenantMax)
        return try await store.write(tenant) { [name, kinds] context in
            try context.jobs.take(
                kinds, by: name, until: now + SyncLimits.leaseDuration, limit: count, at: now)
        }
    }

    private func perform(_ job: Job) async {
        let outcome = await handler.perform(job)
        do {
            switch outcome {
            case .done: try await finish(job, .finished(job))
            case .abandoned(let reason): try await finish(job, .abandoned(job, reason: reason))
            case .retry(_, let reason) where job.attempts >= SyncLimits.attemptsMax:
                try await finish(job, .abandoned(job, reason: reason))
            case .retry(let delay, let reason):
                var generator = randomness
                let wait = max(delay ?? .zero, RetryDelay.next(after: job.attempts, using: &generator))
                try await postpone(job, wait, reason, countsAsTry: true)
            case .again(let delay):
                try await postpone(job, max(delay, .zero), "", countsAsTry: false)
            case .waiting(let delay, let reason):
                try await postpone(
                    job, max(delay, SyncLimits.retryDelayMin), reason, countsAsTry: false)
            }
        } catch {
            report(.storeFailed("\(error)"))
        }
    }

    private func finish(_ job: Job, _ event: JobEvent) async throws {
        let isOurs = try await store.write(job.tenantID) { try $0.jobs.finish(job) }
        if isOurs { report(event) }
    }

    private func postpone(
        _ job: Job, _ wait: Duration, _ reason: String, countsAsTry: Bool
    ) async throws {
        let due = wallClock() + wait
        let isOurs = try await store.write(job.tenantID) {
            try $0.jobs.postpone(job, until: due, error: reason, countsAsTry: countsAsTry)
        }
        guard isOurs else { return }
        report(reason.isEmpty ? .rested(job) : .postponed(job, reason: reason))
    }

    /// How long to sleep: until the next job is due, but never longer than the idle interval. With every
    /// place taken, a job that ends wakes it.
    private func pause() async -> Duration {
        guard running.load(ordering: .acquiring) < places, let due = try? await store.nextJobDue(kinds)
        else { return SyncLimits.idleInterval }
        return max(.milliseconds(10), min(due - wallClock(), SyncLimits.idleInterval))
    }
}
