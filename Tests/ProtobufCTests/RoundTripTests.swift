// SPDX-License-Identifier: Apache-2.0

import CodecTestKit
import FixtureMessages
import ProtobufC
import RPCMessages
import Testing

@Suite struct RoundTripTests {
    static let messages = FixtureMessageCatalog.all + RPCMessageCatalog.all
    static let roundsPerMessage = 100

    @Test func `random messages survive decoding and encoding`() {
        let seed = UInt64.random(in: .min ... .max)
        var random = RandomMessage(seed: seed)
        for type in Self.messages {
            for _ in 0..<Self.roundsPerMessage {
                if let fault = CodecChecks.roundTrip(type, random.bytes(of: type.schema)) {
                    Issue.record("seed \(seed): \(fault)")
                }
            }
        }
    }

    @Test func `every string field refuses NUL and bad UTF-8 by name`() {
        let faults = Self.messages.flatMap { CodecChecks.textFaults(of: $0) }
        #expect(faults.count == 0, "\(faults.prefix(3))")
        #expect(Self.messages.map { CodecChecks.textPathCount(of: $0.schema) }.reduce(0, +) > 100)
    }

    @Test func `Google's library agrees on every random message`() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = RandomMessage(seed: seed)
        let python = PythonProtobuf(descriptorSet: FixtureDescriptorSet.bytes)
        let samples = FixtureMessageCatalog.all.flatMap { type in
            (0..<50).map { _ in
                PythonProtobuf.Sample(name: type.protoName, bytes: random.bytes(of: type.schema))
            }
        }
        let faults = try PythonComparison(python, FixtureMessageCatalog.all).faults(samples)
        #expect(faults.count == 0, "seed \(seed): \(faults.prefix(3))")
    }
}
