// SPDX-License-Identifier: Apache-2.0

import CodecTestKit
import FixtureMessages
import ProtobufC
import RPCMessages
import Testing

@Suite struct MessageTests {
    @Test func `encodes to the bytes that the specification gives`() {
        var choice = Choice()
        choice.choice = .number(150)
        #expect(choice.encode() == [0x18, 0x96, 0x01])
        choice.choice = .text("testing")
        choice.label = "ä"
        #expect(choice.encode() == [0x0A, 7] + Array("testing".utf8) + [0x4A, 2, 0xC3, 0xA4])
        #expect(Lists(int32Values: [3, 270, 86942]).encode() == [0x0A, 6, 3, 0x8E, 2, 0x9E, 0xA7, 5])
        #expect(Scalars(sint32Value: -2, boolValue: true).encode() == [0x28, 3, 0x68, 1])
        #expect(Scalars(int32Value: -1).encode() == [0x08] + Array(repeating: 0xFF, count: 9) + [1])
        #expect(
            Scalars(fixed32Value: 1, doubleValue: 1).encode() == [
                0x3D, 1, 0, 0, 0, 0x61, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F,
            ])
        #expect(Shapes().encode() == [])
    }

    @Test func `keeps a member of a oneof that has its default value`() throws {
        for value in [
            .text(""), .blob([]), .number(0), .flag(false), .color(.unspecified), .eight(Eight()),
            .empty(Empty()),
        ]
            as [Choice.ChoiceChoice]
        {
            #expect(try Choice.decode(Choice(choice: value).encode()).choice == value)
        }
        #expect(try Choice.decode([]).choice == nil)
    }

    @Test func `the last member of a oneof wins`() throws {
        let bytes = wire {
            $0.field(6, wire { $0.field(1, "a") })
            $0.field(3, varint: 5)
            $0.field(1, "last")
        }
        #expect(try Choice.decode(bytes).choice == .text("last"))
    }

    @Test func `tells absent from default where the contract says optional`() throws {
        let zeros = Optionals(
            text: "", blob: [], number: 0, flag: false, color: .unspecified, empty: Empty(), ratio: 0)
        #expect(try Optionals.decode(zeros.encode()) == zeros)
        #expect(try Optionals.decode([]) == Optionals())
        #expect(zeros != Optionals())
    }

    @Test func `keeps numbers that an enumeration does not know`() throws {
        let color = Color(rawValue: 99)
        #expect(!color.isRecognized)
        #expect(color.description == "99")
        #expect(try Scalars.decode(Scalars(color: color).encode()).color == color)
        #expect(try Scalars.decode(Scalars(color: .negative).encode()).color == .negative)
        #expect(Color.crimson == .red)
        #expect(Color(protoName: "COLOR_DARK_BLUE") == .darkBlue)
        #expect(Color(protoName: "NO_SUCH") == nil)
        #expect(Color.allCases == [.negative, .unspecified, .red, .darkBlue])
    }

    @Test func `the last of equal map keys wins`() throws {
        let bytes = wire {
            $0.field(
                1,
                wire {
                    $0.field(1, "k")
                    $0.field(2, "first")
                })
            $0.field(
                1,
                wire {
                    $0.field(2, "last")
                    $0.field(1, "k")
                })
            $0.field(1, "")
        }
        #expect(try Maps.decode(bytes).strings == ["k": "last", "": ""])
    }

    @Test func `writes maps by rising key`() {
        let maps = Maps(numbers: [3: 1, 1: 1, 2: 1])
        let keys = [1, 2, 3].map { key in
            [0x2A, 11, 8, key, 0x11] + [0, 0, 0, 0, 0, 0, 0xF0, 0x3F] as [UInt8]
        }
        #expect(maps.encode() == Array(keys.joined()))
    }

    @Test func `keeps names that are words of C or Swift`() throws {
        let words = Words(
            default: "d", class: "c", in: 1, self_: true, camelCase: "x", baseURL: "u", switch: ["s"],
            import: "",
            type: Words.TypeValue(init_: "i"))
        #expect(try Words.decode(words.encode()) == words)
    }

    @Test func `packs into memory of the caller's`() {
        let message = TTRPCKeyValue(key: "k", value: "v")
        var memory = [UInt8](repeating: 0xEE, count: 16)
        let written = message.withEncoding { encoded in
            unsafe memory.withUnsafeMutableBytes { unsafe encoded.pack(into: $0) }
        }
        #expect(written == 6)
        #expect(memory == [0x0A, 1, 0x6B, 0x12, 1, 0x76] + Array(repeating: 0xEE, count: 10))
        message.withEncoding { $0.append(to: &memory) }
        #expect(memory.count == 22)
        #expect(memory.suffix(6) == memory.prefix(6))
    }

    @Test func `a view reads fields in place`() throws {
        let request = TTRPCRequest(
            service: "extref.v1.LinkService", method: "GetLink", payload: [1, 2, 3], timeoutNano: 5,
            metadata: [TTRPCKeyValue(key: "a", value: "b"), TTRPCKeyValue(key: "c", value: "")])
        let bytes = request.encode()
        let seen = try TTRPCRequest.withView(bytes.span) { view in
            var metadata: [TTRPCKeyValue] = []
            for index in 0..<view.metadataCount {
                let pair = view.metadata(at: index)
                metadata.append(
                    TTRPCKeyValue(key: String(copying: pair.key), value: String(copying: pair.value)))
            }
            return TTRPCRequest(
                service: String(copying: view.service), method: String(copying: view.method),
                payload: [UInt8](copying: view.payload), timeoutNano: view.timeoutNano, metadata: metadata)
        }
        #expect(seen == request)
        #expect(throws: DecodeError.self) { try TTRPCRequest.withView([0x0A, 1].span) { _ in } }
    }

    @Test func `a view tells absent members from present ones`() throws {
        let bytes = Choice(choice: .text("t")).encode()
        try Choice.withView(bytes.span) { view in
            if let text = view.text { #expect(String(copying: text) == "t") } else { Issue.record("no text") }
            #expect(view.number == nil)
            if view.eight != nil { Issue.record("an absent message is there") }
        }
        try Optionals.withView(Optionals(number: 0).encode().span) { view in
            #expect(view.number == 0)
            #expect(view.flag == nil)
        }
    }

    @Test func `packs messages with their type`() throws {
        let info = GoogleRPCErrorInfo(reason: "STALE", domain: "extref", metadata: ["etag": "1"])
        let any = GoogleAny(packing: info)
        #expect(any.typeURL == "type.googleapis.com/google.rpc.ErrorInfo")
        #expect(try any.unpack(as: GoogleRPCErrorInfo.self) == info)
        #expect(try any.unpack(as: GoogleRPCRetryInfo.self) == nil)
    }

    @Test func `converts durations both ways`() {
        for duration in [.zero, .milliseconds(1500), .nanoseconds(-1), .seconds(-3) - .milliseconds(250)]
            as [Duration]
        {
            #expect(GoogleDuration(duration).duration == duration)
        }
        #expect(GoogleDuration(seconds: 1, nanos: -1).duration == nil)
        #expect(GoogleDuration(seconds: 0, nanos: 1_000_000_000).duration == nil)
        #expect(GoogleDuration(seconds: .max).duration == nil)
        #expect(GoogleDuration(.seconds(Int64.max)).seconds == 315_576_000_000)
        #expect(GoogleTimestamp(seconds: 0, nanos: -1).isValid == false)
        #expect(GoogleTimestamp(seconds: 253_402_300_799, nanos: 999_999_999).isValid)
    }
}
