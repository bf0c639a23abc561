// SPDX-License-Identifier: Apache-2.0

import CodecTestKit
import ExtRefMessages
import ProtobufC
import RPCMessages
import Testing

@Suite struct ContractCodecTests {
    static let messages = ExtRefMessageCatalog.all + RPCMessageCatalog.all
    static let roundsPerMessage = 30

    @Test func `random messages survive decoding and encoding`() {
        let seed = UInt64.random(in: .min ... .max)
        var random = RandomMessage(seed: seed)
        for type in ExtRefMessageCatalog.all {
            for _ in 0..<Self.roundsPerMessage {
                if let fault = CodecChecks.roundTrip(type, random.bytes(of: type.schema)) {
                    Issue.record("seed \(seed): \(fault)")
                }
            }
        }
    }

    @Test func `Google's library agrees on every random message`() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = RandomMessage(seed: seed)
        let python = PythonProtobuf(descriptorSet: DescriptorSet.bytes)
        let samples = Self.messages.flatMap { type in
            (0..<20).map { _ in
                PythonProtobuf.Sample(name: type.protoName, bytes: random.bytes(of: type.schema))
            }
        }
        let faults = try PythonComparison(python, Self.messages).faults(samples)
        #expect(faults.count == 0, "seed \(seed): \(faults.prefix(3))")
    }

    @Test func `every string field refuses NUL and bad UTF-8 by name`() {
        let faults = Self.messages.flatMap { CodecChecks.textFaults(of: $0) }
        #expect(faults.count == 0, "\(faults.prefix(3))")
        #expect(Self.messages.map { CodecChecks.textPathCount(of: $0.schema) }.reduce(0, +) > 300)
    }

    @Test func `no message contains itself, and none is deeper than the guard allows`() {
        for type in Self.messages {
            let depth = CodecChecks.depth(of: type.schema)
            #expect(depth != nil, "\(type.protoName) contains itself")
            #expect(depth ?? 0 <= DecodeLimits().depthMax, "\(type.protoName)")
        }
    }

    @Test func `a list of 1,000 nearly empty elements fits the memory budget`() {
        for type in ExtRefMessageCatalog.all {
            for field in type.schema.fields where field.isRepeated && field.kind == .message {
                let bytes = wire { for _ in 0..<1_000 { $0.field(field.number, "") } }
                #expect(throws: Never.self, "\(type.protoName).\(field.name)") {
                    try type.schema.validate(bytes.span)
                }
            }
        }
    }

    @Test func `the catalog has every message of the contract`() {
        let names = Set(Self.messages.map { $0.protoName })
        #expect(names.count == Self.messages.count)
        #expect(names.isSuperset(of: ["extref.v1.CreateLinkRequest", "extref.v1.Link", "ttrpc.Request"]))
    }
}
