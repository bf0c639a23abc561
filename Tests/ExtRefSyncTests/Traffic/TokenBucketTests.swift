// SPDX-License-Identifier: Apache-2.0

import ExtRefTestKit
import Testing

@testable import ExtRefSync

@Suite struct TokenBucketTests {
    @Test(
        arguments: [
            // Tokens taken at once, the reserve, and the wait for one more, in milliseconds.
            (0, 0, 0), (9, 0, 0), (10, 0, 500), (4, 5, 0), (5, 5, 500), (7, 5, 1_500), (10, 9, 5_000),
        ] as [(Int, Double, Int64)])
    func `what is missing says how long to wait`(taken: Int, reserve: Double, wait: Int64) {
        var bucket = TokenBucket(rate: 2, burst: 10)
        for _ in 0..<taken { bucket.take(at: .seconds(5)) }
        #expect(bucket.ready(leaving: reserve, at: .seconds(5)) == .seconds(5) + .milliseconds(wait))
    }

    @Test func `a reserve as large as the burst asks for a full bucket and no more`() {
        var bucket = TokenBucket(rate: 1, burst: 4)
        #expect(bucket.ready(leaving: 4, at: .zero) == .zero)
        bucket.take(at: .zero)
        #expect(bucket.ready(leaving: 4, at: .zero) == .seconds(1))
    }

    @Test(arguments: SimulationSeeds.chosen(count: 50))
    func `never more leaves than rate and burst allow, whatever the times are`(seed: UInt64) {
        var numbers = SeededNumbers(seed: seed)
        let rate = Double.random(in: 0.1...50, using: &numbers)
        let burst = Double(Int.random(in: 1...20, using: &numbers))
        var bucket = TokenBucket(rate: rate, burst: burst)
        var now = Duration.zero
        var departures = [Duration]()
        for _ in 0..<300 {
            now += .milliseconds(Int64.random(in: -20...400, using: &numbers))
            now = max(now, .zero)
            guard bucket.ready(at: now) <= now else { continue }
            bucket.take(at: now)
            departures.append(now)
        }
        for (first, start) in departures.enumerated() {
            for (last, end) in departures.enumerated().dropFirst(first) where end >= start {
                // Times that run back by 20 ms give nothing, and take nothing away.
                let allowed = burst + rate * ((end - start).inSeconds + 0.02) + 1
                #expect(Double(last - first + 1) <= allowed, "seed \(seed)")
            }
        }
    }

    @Test(arguments: SimulationSeeds.chosen(count: 50))
    func `who comes at the time that was told gets a token`(seed: UInt64) {
        var numbers = SeededNumbers(seed: seed)
        var bucket = TokenBucket(rate: Double.random(in: 0.01...100, using: &numbers), burst: 4)
        var now = Duration.zero
        for _ in 0..<200 {
            let reserve = Double(Int.random(in: 0...3, using: &numbers))
            let ready = bucket.ready(leaving: reserve, at: now)
            #expect(ready >= now, "seed \(seed)")
            now = ready
            #expect(bucket.ready(leaving: reserve, at: now) == now, "seed \(seed)")
            bucket.take(at: now)
        }
    }

    @Test func `another rate keeps what there is, up to its burst`() {
        var bucket = TokenBucket(rate: 1, burst: 10)
        bucket.setRate(2, burst: 4, at: .seconds(1))
        #expect(bucket.tokens(at: .seconds(1)) == 4)
        for _ in 0..<4 { bucket.take(at: .seconds(1)) }
        #expect(bucket.ready(at: .seconds(1)) == .milliseconds(1_500))
    }
}
