// SPDX-License-Identifier: Apache-2.0

import ExtRefTestKit
import ExtRefTrackers
import Testing

@testable import ExtRefSync

@Suite struct ConcurrencyLimitsTests {
    private typealias Samples = TrafficSamples
    private var places = ConcurrencyLimits()
    private var tickets: UInt64 = 0

    private mutating func enter(_ visitor: ConcurrencyLimits.Visitor) -> ConcurrencyLimits.Entry {
        tickets += 1
        return places.enter(tickets, visitor)
    }

    @Test mutating func `a source has eight places, six of them for work that can wait`() {
        for _ in 0..<6 { #expect(enter(Samples.visitor("a", "t1", .background)) == .granted) }
        #expect(enter(Samples.visitor("a", "t1", .background)) == .waiting)
        #expect(enter(Samples.visitor("a")) == .granted && enter(Samples.visitor("a")) == .granted)
        #expect(enter(Samples.visitor("a")) == .waiting)
        #expect(enter(Samples.visitor("b")) == .granted && places.underWay == 9)
    }

    @Test mutating func `all together have sixty-four, and background work leaves a quarter`() {
        for source in 0..<8 {
            for _ in 0..<6 { #expect(enter(Samples.visitor("\(source)", "t1", .background)) == .granted) }
        }
        #expect(enter(Samples.visitor("z", "t1", .background)) == .waiting)
        for source in 0..<16 { #expect(enter(Samples.visitor("p\(source)")) == .granted) }
        #expect(enter(Samples.visitor("z")) == .waiting && places.underWay == 64)
    }

    @Test mutating func `people are served first, then tenants and sources in turn, then who came first`() {
        for _ in 0..<8 { #expect(enter(Samples.visitor("a")) == .granted) }
        for source in 0..<56 { #expect(enter(Samples.visitor("x\(source)", "t9")) == .granted) }
        let waiting = [
            Samples.visitor("b", "t1", .background), Samples.visitor("b", "t1"), Samples.visitor("b", "t1"),
            Samples.visitor("c", "t1"), Samples.visitor("d", "t2"), Samples.visitor("d", "t2"),
            Samples.visitor("e", "t3"),
        ]
        let first = tickets
        for visitor in waiting { #expect(enter(visitor) == .waiting) }
        var order = [UInt64]()
        for source in 0..<7 { order += places.leave(Samples.visitor("x\(source)", "t9")) }
        // By position: t2 and t3 were never served, t1 was by source a.
        #expect(order.map { $0 - first } == [5, 7, 2, 6, 4, 3, 1])
    }

    @Test mutating func `the queue is bounded, of a source and in all, and forgets who gave up`() {
        for _ in 0..<8 + TrafficLimits.waitingPerSourceMax { _ = enter(Samples.visitor("a")) }
        #expect(enter(Samples.visitor("a")) == .refused)
        #expect(places.forget(9) && !places.forget(9) && !places.forget(1))
        #expect(enter(Samples.visitor("a")) == .waiting)
        for source in 0..<7 {
            for _ in 0..<8 + TrafficLimits.waitingPerSourceMax { _ = enter(Samples.visitor("s\(source)")) }
        }
        #expect(places.waiting == TrafficLimits.waitingMax)
        #expect(enter(Samples.visitor("new")) == .refused)
    }

    /// Random visitors come, give up and leave; a plain model keeps count.
    @Test(arguments: SimulationSeeds.chosen(count: 100))
    mutating func `no limit is passed and nobody waits for a place that is there`(seed: UInt64) {
        var numbers = SeededNumbers(seed: seed)
        var inside: [UInt64: ConcurrencyLimits.Visitor] = [:]
        var queued: [UInt64: ConcurrencyLimits.Visitor] = [:]
        for _ in 0..<600 {
            switch Int.random(in: 0...9, using: &numbers) {
            case 0...5:
                let visitor = Samples.visitor(
                    "\(Int.random(in: 0...11, using: &numbers))",
                    "t\(Int.random(in: 0...2, using: &numbers))",
                    Bool.random(using: &numbers) ? .interactive : .background)
                switch enter(visitor) {
                case .granted: inside[tickets] = visitor
                case .waiting: queued[tickets] = visitor
                case .refused: break
                }
            case 6:
                guard let ticket = queued.keys.sorted().randomElement(using: &numbers) else { continue }
                let hasWaited = places.forget(ticket)
                #expect(hasWaited, "seed \(seed)")
                queued[ticket] = nil
            default:
                guard let ticket = inside.keys.sorted().randomElement(using: &numbers),
                    let visitor = inside.removeValue(forKey: ticket)
                else { continue }
                for served in places.leave(visitor) { inside[served] = queued.removeValue(forKey: served) }
            }
            check(Array(inside.values), Array(queued.values), seed)
        }
        while let (ticket, visitor) = inside.first {
            inside[ticket] = nil
            for served in places.leave(visitor) { inside[served] = queued.removeValue(forKey: served) }
        }
        #expect(queued.isEmpty && places.underWay == 0 && places.waiting == 0, "seed \(seed)")
    }

    private func check(
        _ inside: [ConcurrencyLimits.Visitor], _ queued: [ConcurrencyLimits.Visitor], _ seed: UInt64
    ) {
        let background = inside.count { $0.priority == .background }
        #expect(inside.count <= 64 && background <= 48, "seed \(seed)")
        #expect(places.underWay == inside.count && places.waiting == queued.count, "seed \(seed)")
        let sources = Dictionary(grouping: inside, by: \.sourceID)
        for visitors in sources.values {
            let background = visitors.count { $0.priority == .background }
            #expect(visitors.count <= 8 && background <= 6, "seed \(seed)")
        }
        for visitor in queued {
            let here = sources[visitor.sourceID] ?? []
            let isFull = inside.count == 64 || here.count == 8
            let isFullForBackground =
                background >= 48 || here.count(where: { $0.priority == .background }) >= 6
            #expect(isFull || visitor.priority == .background && isFullForBackground, "seed \(seed)")
        }
    }
}
