// SPDX-License-Identifier: Apache-2.0

import ProtobufC
import RPC
import RPCMessages
import TTRPC

/// One connection of the load: its calls in flight and its bytes.
final class LoadConnection {
    /// The first byte of a `ttrpc.Response` that carries a status, and so an error.
    private static let statusTag: UInt8 = 0x0a
    /// A power of two above the most calls in flight, so that start times can be found by id.
    private static let ringSize = 4 * LoadLimits.outstandingMax

    let socket: LoadSocket
    private let template: FrameTemplate
    private let looksInside: Bool
    private var parser = FrameParser(wanting: .response, bodyBytesMax: TTRPCLimits.frameBytesMax)
    private var nextStreamID: UInt32 = 1
    private var nextNumber: UInt64
    private var startTimes = [UInt64](repeating: 0, count: LoadConnection.ringSize)
    private var output: [UInt8] = []
    private var outputSent = 0

    /// - Parameter firstNumber: the number of the first call; each further one is one higher.
    init(_ plan: LoadPlan, firstNumber: UInt64) throws {
        socket = try LoadSocket(connectingTo: plan.endpoint)
        template = plan.template
        looksInside = plan.looksInside
        nextNumber = firstNumber
    }

    /// Whether the kernel has not taken all output yet.
    var wantsToWrite: Bool { outputSent < output.count }

    /// Starts a call; `flush` sends it.
    func call(now: UInt64) {
        startTimes[ring(nextStreamID)] = now
        template.append(streamID: nextStreamID, number: nextNumber, to: &output)
        nextStreamID &+= 2
        nextNumber += 1
    }

    /// Reads answers and starts a new call for each.
    ///
    /// - Returns: false at the end of the stream.
    func receive(into buffer: inout [UInt8], _ tally: inout LoadTally) throws -> Bool {
        guard let count = try socket.read(into: &buffer) else { return true }
        guard count > 0 else { return false }
        let bytes = buffer.span.extracting(0..<count)
        let now = monotonicNanoseconds()
        var offset = 0
        while let step = parser.next(bytes, from: &offset) {
            switch step {
            case .frame(let header, .input(let range)):
                answered(header, bytes.extracting(range), now, &tally)
            case .frame(let header, .gathered):
                let body = parser.takeGathered()
                answered(header, body.span, now, &tally)
                parser.reuse(body)
            case .lostSync: return false
            case .otherKind, .oversized: break
            }
        }
        return true
    }

    /// Sends what the kernel takes.
    func flush() throws {
        guard wantsToWrite else { return }
        outputSent += try socket.write(output, from: outputSent)
        guard !wantsToWrite else { return }
        output.removeAll(keepingCapacity: true)
        outputSent = 0
    }

    private func answered(_ header: FrameHeader, _ body: Span<UInt8>, _ now: UInt64, _ tally: inout LoadTally)
    {
        tally.record(now - startTimes[ring(header.streamID)])
        if looksInside, !body.isEmpty, body[0] == Self.statusTag { tally.fail(Self.failure(body)) }
        call(now: now)
    }

    private func ring(_ streamID: UInt32) -> Int {
        Int(streamID >> 1) & (Self.ringSize - 1)
    }

    private static func failure(_ body: Span<UInt8>) -> String {
        let error = (try? TTRPCResponse.decode(body))?.status.flatMap(RPCError.init(_:))
        return error?.description ?? "an answer that does not decode"
    }
}
