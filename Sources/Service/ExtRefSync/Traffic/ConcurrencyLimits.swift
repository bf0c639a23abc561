// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefTrackers

/// Places for calls under way: so many of one source, so many in all, some of each kept for people.
///
/// Whoever finds no place waits. Places go to people before background work, then to the tenant that was
/// served longest ago, then to its source that was, then to who came first: many calls of one never keep
/// another from its turn. A tracker that hangs holds the places of its own source and no more.
///
/// Invariant: nobody waits for whom there is a place.
struct ConcurrencyLimits: Sendable {
    typealias Ticket = UInt64

    struct Visitor: Sendable, Hashable {
        let tenantID: TenantID
        let sourceID: SourceID
        let priority: TrafficPriority
    }

    enum Entry: Sendable, Hashable {
        case granted, waiting
        /// Too many wait.
        case refused
    }

    private struct Count {
        var all = 0
        var background = 0

        mutating func add(_ difference: Int, _ priority: TrafficPriority) {
            all += difference
            if priority == .background { background += difference }
        }
    }

    private var total = Count()
    private var bySource: [SourceID: Count] = [:]
    private var waiters: [(ticket: Ticket, visitor: Visitor)] = []
    /// When tenants and sources were served last, by a count of all services; of those that are here.
    private var tenantTurns: [TenantID: (turn: UInt64, here: Int)] = [:]
    private var sourceTurns: [SourceID: UInt64] = [:]
    private var turns: UInt64 = 0

    var underWay: Int { total.all }
    var waiting: Int { waiters.count }

    func underWay(_ source: SourceID) -> Int { bySource[source]?.all ?? 0 }
    func waiting(_ source: SourceID) -> Int { waiters.count { $0.visitor.sourceID == source } }

    mutating func enter(_ ticket: Ticket, _ visitor: Visitor) -> Entry {
        if hasRoom(for: visitor) {
            arrive(visitor)
            take(visitor)
            return .granted
        }
        guard waiters.count < TrafficLimits.waitingMax,
            waiting(visitor.sourceID) < TrafficLimits.waitingPerSourceMax
        else { return .refused }
        arrive(visitor)
        waiters.append((ticket, visitor))
        return .waiting
    }

    /// Gives a place back.
    /// - Returns: who has a place now.
    mutating func leave(_ visitor: Visitor) -> [Ticket] {
        total.add(-1, visitor.priority)
        bySource[visitor.sourceID, default: Count()].add(-1, visitor.priority)
        depart(visitor)
        var served = [Ticket]()
        while let ticket = serveNext() { served.append(ticket) }
        return served
    }

    /// Stops waiting.
    /// - Returns: whether it waited; if not, it has a place to give back.
    mutating func forget(_ ticket: Ticket) -> Bool {
        guard let index = waiters.firstIndex(where: { $0.ticket == ticket }) else { return false }
        depart(waiters.remove(at: index).visitor)
        return true
    }

    private mutating func serveNext() -> Ticket? {
        let open = waiters.indices.filter { hasRoom(for: waiters[$0].visitor) }
        guard let next = open.min(by: { rank(waiters[$0].visitor) < rank(waiters[$1].visitor) }) else {
            return nil
        }
        let (ticket, visitor) = waiters.remove(at: next)
        take(visitor)
        return ticket
    }

    private func rank(_ visitor: Visitor) -> (Int, UInt64, UInt64) {
        (
            visitor.priority == .interactive ? 0 : 1, tenantTurns[visitor.tenantID]?.turn ?? 0,
            sourceTurns[visitor.sourceID] ?? 0
        )
    }

    private func hasRoom(for visitor: Visitor) -> Bool {
        let source = bySource[visitor.sourceID] ?? Count()
        guard total.all < TrafficLimits.underWayMax, source.all < TrafficLimits.underWayPerSourceMax else {
            return false
        }
        return visitor.priority == .interactive
            || total.background < TrafficLimits.backgroundUnderWayMax
                && source.background < TrafficLimits.backgroundUnderWayPerSourceMax
    }

    private mutating func take(_ visitor: Visitor) {
        total.add(1, visitor.priority)
        bySource[visitor.sourceID, default: Count()].add(1, visitor.priority)
        turns += 1
        tenantTurns[visitor.tenantID]?.turn = turns
        sourceTurns[visitor.sourceID] = turns
    }

    private mutating func arrive(_ visitor: Visitor) {
        tenantTurns[visitor.tenantID, default: (0, 0)].here += 1
    }

    /// Forgets whom nothing is known of any more.
    private mutating func depart(_ visitor: Visitor) {
        tenantTurns[visitor.tenantID]?.here -= 1
        if tenantTurns[visitor.tenantID]?.here == 0 { tenantTurns[visitor.tenantID] = nil }
        guard (bySource[visitor.sourceID]?.all ?? 0) == 0 else { return }
        bySource[visitor.sourceID] = nil
        if waiting(visitor.sourceID) == 0 { sourceTurns[visitor.sourceID] = nil }
    }
}
