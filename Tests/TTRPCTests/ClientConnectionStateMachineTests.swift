// SPDX-License-Identifier: Apache-2.0

import ProtobufC
import RPC
import RPCMessages
import Testing

@testable import TTRPC

@Suite struct ClientConnectionStateMachineTests {
    private static let call = OutgoingCall(
        descriptor: MethodDescriptor(service: "t.T", method: "Echo", kind: .unary), payload: [8, 1],
        metadata: ["X-Actor": "Ann"], timeoutNanoseconds: 1_000_000_000)

    @Test func writesTheFrameThatServersExpect() throws {
        var machine = ClientConnectionStateMachine()
        let first = try machine.callRequested(Self.call)
        #expect(first == 1)
        let output = machine.output
        #expect(Array(output.prefix(10)) == [0, 0, 0, UInt8(output.count - 10), 0, 0, 0, 1, 1, 0])
        let request = try TTRPCRequest.decode(Array(output.dropFirst(10)))
        #expect(request.service == "t.T" && request.method == "Echo" && request.payload == [8, 1])
        #expect(request.timeoutNano == 1_000_000_000)
        #expect(request.metadata == [TTRPCKeyValue(key: "x-actor", value: "Ann")])
    }

    @Test func idsRiseByTwo() throws {
        var machine = ClientConnectionStateMachine()
        let ids = [
            try machine.callRequested(Self.call), try machine.callRequested(Self.call),
            try machine.callRequested(Self.call),
        ]
        #expect(ids == [1, 3, 5])
    }

    @Test func idsNeverWrapRoundAndTheConnectionEndsAfterTheLast() throws {
        var machine = ClientConnectionStateMachine(firstStreamID: UInt32.max - 2)
        let ids = [try machine.callRequested(Self.call), try machine.callRequested(Self.call)]
        #expect(ids == [UInt32.max - 2, UInt32.max])
        machine.expectRefusal(.retired, of: Self.call)
        machine.receive(Self.answer(ids[1]))
        machine.expectEnds(["\(ids[1]) ok"])
        machine.receive(Self.answer(ids[0]))
        machine.expectEnds(["\(ids[0]) ok", "close"])
    }

    @Test func answersMayOvertakeEachOtherAndComeInPieces() throws {
        let bytes = Self.answer(3) + Self.answer(1)
        for cut in 0...bytes.count {
            var machine = ClientConnectionStateMachine()
            _ = try machine.callRequested(Self.call)
            _ = try machine.callRequested(Self.call)
            machine.receive(Array(bytes[..<cut]))
            machine.receive(Array(bytes[cut...]))
            machine.expectEnds(["3 ok", "1 ok"])
        }
    }

    @Test func aStatusIsAnErrorWithItsDetails() throws {
        var machine = ClientConnectionStateMachine()
        _ = try machine.callRequested(Self.call)
        let status = RPCError(.notFound, "gone").withReason("LINK_NOT_FOUND").status
        machine.receive(Self.frame(1, TTRPCResponse(status: status).encode()))
        guard case .finish(1, .answered(.failure(let error))) = machine.takeCommands().first else {
            Issue.record("the call did not fail")
            return
        }
        #expect(error.code == .notFound && error.reason == "LINK_NOT_FOUND")
    }

    @Test(arguments: [
        frame(1, [0xff]), frame(1, [], kind: 3), [0x00, 0x40, 0x00, 0x01, 0, 0, 0, 1, 2, 0],
    ]) func anAnswerThatIsNoneFailsTheCallAlone(_ bytes: [UInt8]) throws {
        var machine = ClientConnectionStateMachine()
        _ = try machine.callRequested(Self.call)
        machine.receive(bytes)
        machine.expectEnds(["1 failed"])
        let isOpen = machine.isOpen
        #expect(isOpen)
    }

    @Test(arguments: [frame(9, []), frame(1, [1], kind: 9), frame(0, [1], kind: 3)])
    func whatNobodyWaitsForIsReadPast(_ bytes: [UInt8]) throws {
        var machine = ClientConnectionStateMachine()
        _ = try machine.callRequested(Self.call)
        machine.receive(bytes)
        machine.expectEnds([])
        machine.receive(Self.answer(1))
        machine.expectEnds(["1 ok"])
    }

    @Test func theAnswerOfAnAbandonedCallIsDropped() throws {
        var machine = ClientConnectionStateMachine()
        _ = try machine.callRequested(Self.call)
        machine.callAbandoned(1)
        machine.receive(Self.answer(1))
        machine.expectEnds([])
    }

    @Test func aLostConnectionEndsAllCalls() throws {
        var machine = ClientConnectionStateMachine()
        _ = try machine.callRequested(Self.call)
        _ = try machine.callRequested(Self.call)
        machine.connectionLost()
        machine.connectionLost()
        machine.expectEnds(["1 lost", "3 lost", "close"])
        machine.expectRefusal(.retired, of: Self.call)
    }

    @Test func bytesThatAreNoFramesLoseTheConnection() throws {
        var machine = ClientConnectionStateMachine()
        _ = try machine.callRequested(Self.call)
        machine.receive(Array("HTTP/1.1 400".utf8))
        machine.expectEnds(["1 lost", "close"])
    }

    @Test func retiringLetsCallsFinish() throws {
        var machine = ClientConnectionStateMachine()
        _ = try machine.callRequested(Self.call)
        machine.retireRequested()
        machine.expectEnds([])
        machine.receive(Self.answer(1))
        machine.expectEnds(["1 ok", "close"])
    }

    @Test func aRequestLargerThanAFrameIsNotSent() throws {
        var machine = ClientConnectionStateMachine()
        var call = Self.call
        call.payload = [UInt8](repeating: 0, count: TTRPCLimits.frameBytesMax)
        machine.expectRefusal(.requestTooLarge, of: call)
        let traces = (machine.output, machine.waitingCount)
        #expect(traces.0.isEmpty && traces.1 == 0)
        let next = try machine.callRequested(Self.call)
        #expect(next == 1)
    }

    static func frame(_ streamID: UInt32, _ body: [UInt8], kind: UInt8 = 2) -> [UInt8] {
        var bytes: [UInt8] = []
        FrameHeader(bodyBytes: body.count, streamID: streamID, kind: .init(rawValue: kind)).append(to: &bytes)
        return bytes + body
    }

    private static func answer(_ streamID: UInt32) -> [UInt8] {
        frame(streamID, TTRPCResponse(payload: [8, 1]).encode())
    }
}

extension ClientConnectionStateMachine {
    fileprivate mutating func receive(_ bytes: [UInt8]) {
        bytesReceived(bytes.span)
    }

    fileprivate mutating func expectRefusal(_ refusal: Refusal, of call: OutgoingCall) {
        do {
            let streamID = try callRequested(call)
            Issue.record("the call was taken on stream \(streamID)")
        } catch {
            #expect(error == refusal)
        }
    }

    /// What has ended, in words.
    fileprivate mutating func expectEnds(
        _ expected: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let ends = takeCommands().map { command in
            switch command {
            case .finish(let streamID, .answered(.success(let payload))):
                payload == [8, 1] ? "\(streamID) ok" : "\(streamID) \(payload)"
            case .finish(let streamID, .answered(.failure)): "\(streamID) failed"
            case .finish(let streamID, .lost): "\(streamID) lost"
            case .close: "close"
            }
        }
        #expect(ends == expected, sourceLocation: sourceLocation)
    }
}
