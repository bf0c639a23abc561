// SPDX-License-Identifier: Apache-2.0

/// The tasks behind the tickets that wait for a place. Each is woken once: with a place, or because it gave
/// up.
struct PlaceQueue: Sendable {
    private enum Seat {
        /// The ticket waits; its task is not asleep yet.
        case early
        case asleep(CheckedContinuation<Bool, Never>)
        /// The place came before the task fell asleep.
        case served
    }

    private var seats: [UInt64: Seat] = [:]

    mutating func open(_ ticket: UInt64) { seats[ticket] = .early }

    /// A task wants to sleep until its ticket is served.
    /// - Returns: how its wait ended already; nil when it sleeps.
    mutating func sleep(_ ticket: UInt64, _ continuation: CheckedContinuation<Bool, Never>) -> Bool? {
        switch seats[ticket] {
        case .early:
            seats[ticket] = .asleep(continuation)
            return nil
        case .served:
            seats[ticket] = nil
            return true
        case .asleep, nil: return false
        }
    }

    /// - Returns: whom to wake.
    mutating func serve(_ ticket: UInt64) -> CheckedContinuation<Bool, Never>? {
        switch seats[ticket] {
        case .asleep(let continuation):
            seats[ticket] = nil
            return continuation
        case .early:
            seats[ticket] = .served
            return nil
        case .served, nil: return nil
        }
    }

    /// A ticket stops waiting.
    /// - Returns: whom to wake.
    mutating func close(_ ticket: UInt64) -> CheckedContinuation<Bool, Never>? {
        guard case .asleep(let continuation) = seats.removeValue(forKey: ticket) else { return nil }
        return continuation
    }
}
