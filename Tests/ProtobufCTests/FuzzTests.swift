// SPDX-License-Identifier: Apache-2.0

import CodecTestKit
import FixtureMessages
import Foundation
import ProtobufC
import Testing

/// `TEST_FUZZ_ITERATIONS` sets how long; run it under a sanitizer for more than the normal 100,000.
@Suite struct FuzzTests {
    static let iterations =
        ProcessInfo.processInfo.environment["TEST_FUZZ_ITERATIONS"].flatMap { Int($0) } ?? 100_000

    /// What the guard lets through must unpack within the memory it foretold, and survive a round trip.
    private func check(_ bytes: [UInt8]) -> String? {
        do throws(DecodeError) {
            let value = try Shapes.decode(bytes)
            let again = try Shapes.decode(value.encode())
            return again.encode() == value.encode() ? nil : "changes when encoded"
        } catch {
            return error.code == .outOfMemory ? "needs more memory than foretold" : nil
        }
    }

    @Test func `random bytes are refused or decoded`() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SplitMix64(seed: seed)
        for _ in 0..<Self.iterations / 2 {
            // Small tags and lengths, or nearly everything would end at the first byte.
            let bytes = (0..<Int.random(in: 0...64, using: &random)).map { _ in
                random.oneIn(2)
                    ? UInt8.random(in: 0...32, using: &random)
                    : UInt8.random(in: .min ... .max, using: &random)
            }
            if let fault = check(bytes) { Issue.record("seed \(seed): \(fault): \(bytes)") }
        }
    }

    @Test func `damaged messages are refused or decoded`() {
        let seed = UInt64.random(in: .min ... .max)
        var source = RandomMessage(seed: seed)
        var random = SplitMix64(seed: seed ^ 1)
        let originals = (0..<64).map { _ in source.bytes(of: Shapes.schema) }.filter { !$0.isEmpty }
        for _ in 0..<Self.iterations / 2 {
            var bytes = originals[Int.random(in: 0..<originals.count, using: &random)]
            for _ in 0...Int.random(in: 0...3, using: &random) {
                Self.damage(&bytes, &random)
            }
            if let fault = check(bytes) { Issue.record("seed \(seed): \(fault): \(bytes)") }
        }
    }

    private static func damage(_ bytes: inout [UInt8], _ random: inout SplitMix64) {
        guard !bytes.isEmpty else { return }
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &random)
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(UInt8.random(in: .min ... .max, using: &random), at: place)
        default: bytes.removeSubrange(place...)
        }
    }
}
