// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Synchronization

/// How many follow the feed at once, in all and of one identity.
final class StreamPlaces: Sendable {
    /// Whose places are counted together: one subject, whatever token it shows.
    private struct Owner: Hashable {
        let tenantID: TenantID
        let principalID: PrincipalID

        init(_ caller: Caller) {
            tenantID = caller.tenantID
            principalID = caller.principalID
        }
    }

    private struct State {
        var counts: [Owner: Int] = [:]
        var open: [UInt64: Interruption] = [:]
        var taken: UInt64 = 0
        var isClosed = false
    }

    private let inAllMax: Int
    private let perCallerMax: Int
    private let state = Mutex(State())

    init(inAllMax: Int, perCallerMax: Int) {
        self.inAllMax = inAllMax
        self.perCallerMax = perCallerMax
    }

    /// How many are taken.
    var count: Int { state.withLock { $0.open.count } }

    /// Takes a place.
    func take(for caller: Caller) throws(DomainError) -> Place {
        let owner = Owner(caller)
        let interruption = Interruption()
        let outcome = state.withLock { state -> Result<UInt64, DomainError> in
            guard !state.isClosed else { return .failure(Self.goingAway) }
            guard state.counts[owner, default: 0] < perCallerMax else {
                return .failure(full(.resourceExhausted, "You follow", perCallerMax))
            }
            guard state.open.count < inAllMax else {
                return .failure(full(.unavailable, "This server serves", inAllMax))
            }
            state.counts[owner, default: 0] += 1
            state.taken += 1
            state.open[state.taken] = interruption
            return .success(state.taken)
        }
        let number = try outcome.get()
        return Place(interruption: interruption) { [weak self] in self?.giveBack(number, owner) }
    }

    /// Ends all streams, now and from now on.
    func close() {
        let open = state.withLock { state in
            state.isClosed = true
            return Array(state.open.values)
        }
        for interruption in open { interruption.end() }
    }

    private func giveBack(_ number: UInt64, _ owner: Owner) {
        state.withLock { state in
            state.open[number] = nil
            let left = state.counts[owner, default: 1] - 1
            state.counts[owner] = left > 0 ? left : nil
        }
    }

    private static var goingAway: DomainError {
        var error = DomainError(.unavailable, .overloaded, "The server is shutting down; come again.")
        error.retryAfter = ServiceLimits.streamRetry
        return error
    }

    private func full(_ code: DomainError.Code, _ who: String, _ count: Int) -> DomainError {
        var error = DomainError(
            code, .overloaded, "\(who) the feed \(count) times at once already; one stream must end first.")
        error.retryAfter = ServiceLimits.streamRetry
        return error
    }

    /// A place that is given back when nobody holds it any more, however its holder ended.
    final class Place: Sendable {
        let interruption: Interruption
        private let giveBack: @Sendable () -> Void

        fileprivate init(interruption: Interruption, giveBack: @escaping @Sendable () -> Void) {
            self.interruption = interruption
            self.giveBack = giveBack
        }

        deinit { giveBack() }
    }
}
