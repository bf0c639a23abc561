// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
public import ExtRefTrackers
internal import Synchronization

/// Lets calls out to trackers: not before their time, not too many at once, not into the wall.
///
/// It stands around every exchange of every operation, whoever asked for it. All rules are in values
/// (``RateGovernor``, ``CircuitBreaker``, ``FailureMemory``, ``RetryBudget``, ``ConcurrencyLimits``); this
/// type holds them under one lock, and the tasks that wait. A call that has a place asks the rules once more
/// before it leaves: they may have changed while it waited.
public final class TrafficGovernor: TrafficControl {
    private struct State {
        var lines: TrafficLines
        var places = ConcurrencyLimits()
        var queue = PlaceQueue()
        var numbers: UInt64 = 0
        var generator: any RandomNumberGenerator & Sendable
    }

    /// What comes next for a wish.
    private enum Turn {
        case leave(TrafficPass)
        case sleep(Duration)
        case queue(UInt64)
        case refused(TrackerError)
    }

    private let state: Mutex<State>
    private let clock: any Clock<Duration>
    private let elapsed: @Sendable () -> Duration
    private let wallClock: WallClock

    /// Makes a governor that knows nothing yet.
    /// - Parameters:
    ///   - clock: what it waits on, and measures waits by.
    ///   - wallClock: only for what people are shown.
    ///   - generator: for jitter.
    public init(
        clock: any Clock<Duration> = ContinuousClock(), wallClock: @escaping WallClock,
        generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        self.clock = clock
        elapsed = clock.elapsedTime()
        self.wallClock = wallClock
        state = Mutex(State(lines: TrafficLines(), generator: generator))
    }

    public func admit(_ wish: TrafficWish) async throws(TrackerError) -> TrafficPass {
        let end = elapsed() + wish.timeLeft
        while true {
            var turn = begin(wish, until: end)
            if case .queue(let ticket) = turn {
                guard await place(ticket, within: end - elapsed()) else { throw Self.noPlace }
                turn = proceed(wish, until: end)
            }
            switch turn {
            case .leave(let pass): return pass
            case .refused(let refusal): throw refusal
            case .queue: break
            case .sleep(let time):
                do { try await clock.sleep(for: time) } catch { throw Self.cancelled }
            }
        }
    }

    public func finish(_ pass: TrafficPass, _ outcome: TrafficOutcome) {
        let now = elapsed()
        let woken = state.withLock { state in
            state.lines.update(pass.wish.key) {
                $0.note(outcome, of: pass, at: now, using: &state.generator)
            }
            return leave(pass.wish, &state)
        }
        for continuation in woken { continuation.resume(returning: true) }
    }

    public func pause(
        beforeAttempt attempt: Int, of wish: TrafficWish, after failure: TrackerError
    ) -> Duration? {
        guard attempt <= TrafficLimits.attemptsMax, !wish.isConnectionTest, RetryBudget.mayPass(failure)
        else { return nil }
        let jitter = state.withLock { state in
            state.lines.line(wish.key)?.retries.allowsRetry == true
                ? RetryBudget.pause(beforeAttempt: attempt, using: &state.generator) : nil
        }
        guard let jitter else { return nil }
        let pause = max(jitter, failure.retryAfter ?? .zero)
        return pause <= Self.patience(wish.priority, wish.timeLeft) ? pause : nil
    }

    /// How the calls to a source are doing; nil when none was made since the start.
    public func state(of source: SourceID) -> TrafficState? {
        let now = elapsed()
        let moment = wallClock()
        return state.withLock { state in
            guard let line = state.lines.newest(of: source) else { return nil }
            let budget = line.rate.scarcestBudget(at: now)
            return TrafficState(
                callsLastHour: line.calls.total(at: now), underWay: state.places.underWay(source),
                waiting: state.places.waiting(source), budgetLimit: budget?.limit, budgetLeft: budget?.left,
                budgetEndsAt: budget?.endsAt.map { moment + ($0 - now) },
                callsPerSecond: line.rate.callsPerSecond, breaker: line.breaker.state,
                blockedUntil: line.blockedUntil(at: now).map { moment + ($0 - now) },
                lastFailure: line.lastFailure,
                failuresLastHour: line.failures.compactMapValues {
                    let count = $0.total(at: now)
                    return count > 0 ? count : nil
                })
        }
    }

    // MARK: Turns

    /// Asks the rules, then for a place.
    private func begin(_ wish: TrafficWish, until end: Duration) -> Turn {
        let now = elapsed()
        return state.withLock { state in
            let answer = state.lines.use(wish.key) { $0.answer(to: wish, at: now) }
            if let turn = Self.turn(answer, wish, at: now, until: end) { return turn }
            state.numbers += 1
            switch state.places.enter(state.numbers, wish.visitor) {
            case .granted: return depart(wish, &state, at: now)
            case .waiting:
                state.queue.open(state.numbers)
                return .queue(state.numbers)
            case .refused: return .refused(Self.tooManyWait)
            }
        }
    }

    /// Goes on with a place in hand: the rules may have changed meanwhile.
    private func proceed(_ wish: TrafficWish, until end: Duration) -> Turn {
        let now = elapsed()
        let (turn, woken) = state.withLock { state -> (Turn, [CheckedContinuation<Bool, Never>]) in
            let answer = state.lines.use(wish.key) { $0.answer(to: wish, at: now) }
            if let turn = Self.turn(answer, wish, at: now, until: end) { return (turn, leave(wish, &state)) }
            state.numbers += 1
            return (depart(wish, &state, at: now), [])
        }
        for continuation in woken { continuation.resume(returning: true) }
        return turn
    }

    private func depart(_ wish: TrafficWish, _ state: inout State, at now: Duration) -> Turn {
        let number = state.numbers
        state.lines.use(wish.key) { $0.leave(number, wish, at: now) }
        return .leave(TrafficPass(number: number, wish: wish, admittedAt: now))
    }

    /// Gives a place back.
    /// - Returns: whom to wake.
    private func leave(_ wish: TrafficWish, _ state: inout State) -> [CheckedContinuation<Bool, Never>] {
        state.places.leave(wish.visitor).compactMap { state.queue.serve($0) }
    }

    /// - Returns: nil when nothing but a place is missing.
    private static func turn(
        _ answer: TrafficLine.Answer, _ wish: TrafficWish, at now: Duration, until end: Duration
    ) -> Turn? {
        switch answer {
        case .go: nil
        case .refused(let refusal): .refused(refusal)
        case .wait(let ready):
            ready - now <= patience(wish.priority, end - now)
                ? .sleep(ready - now) : .refused(rateRefusal(ready - now))
        }
    }

    /// How long it makes sense to wait for a call's turn: people want an answer, and the call itself takes
    /// time too.
    private static func patience(_ priority: TrafficPriority, _ timeLeft: Duration) -> Duration {
        let longest =
            switch priority {
            case .interactive: TrafficLimits.interactiveWaitMax
            case .background: TrafficLimits.backgroundWaitMax
            }
        return min(timeLeft / 2, longest)
    }

    // MARK: Places

    /// Waits for a place.
    /// - Returns: whether it came.
    private func place(_ ticket: UInt64, within time: Duration) async -> Bool {
        await withTaskGroup(of: Bool?.self) { group in
            group.addTask { await self.served(ticket) }
            group.addTask { [clock] in
                try? await clock.sleep(for: max(.zero, time))
                return nil
            }
            var isOurs = false
            while let outcome = await group.next() {
                // The place may come at the same moment as the end of the wait.
                if let outcome { isOurs = outcome }
                group.cancelAll()
            }
            return isOurs
        }
    }

    private func served(_ ticket: UInt64) async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if let outcome = state.withLock({ $0.queue.sleep(ticket, continuation) }) {
                    continuation.resume(returning: outcome)
                }
                // The cancellation may have come before there was anybody to wake.
                if Task.isCancelled { giveUp(ticket) }
            }
        } onCancel: {
            giveUp(ticket)
        }
    }

    private func giveUp(_ ticket: UInt64) {
        let continuation = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            guard state.places.forget(ticket) else { return nil }
            return state.queue.close(ticket)
        }
        continuation?.resume(returning: false)
    }
}

// MARK: Refusals

extension TrafficGovernor {
    private static func rateRefusal(_ wait: Duration) -> TrackerError {
        .unsent(
            .rateLimited, "The tracker allows no further call for now. The wait is told with this error.",
            retryAfter: wait)
    }

    private static var tooManyWait: TrackerError {
        .unsent(.overloaded, "Too many calls to this tracker are waiting already.")
    }

    private static var noPlace: TrackerError {
        Task.isCancelled
            ? cancelled : .unsent(.overloaded, "Earlier calls to this tracker took all the time allowed.")
    }

    private static var cancelled: TrackerError { .unsent(.cancelled, "The call was cancelled.") }
}

extension TrafficWish {
    fileprivate var visitor: ConcurrencyLimits.Visitor {
        ConcurrencyLimits.Visitor(tenantID: tenantID, sourceID: key.sourceID, priority: priority)
    }
}

extension Clock where Duration == Swift.Duration {
    /// Tells how much time has passed since now.
    fileprivate func elapsedTime() -> @Sendable () -> Duration {
        let start = now
        return { start.duration(to: self.now) }
    }
}
