// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import RPC
import TTRPC

/// The frame of a call, built once; only the stream's id differs from call to call, and a number where the
/// payload asks for one.
struct FrameTemplate {
    /// Twelve of them in the payload are replaced by a number that no other call of the run has.
    static let numberMark = [UInt8](repeating: UInt8(ascii: "#"), count: 12)
    private static let streamIDOffset = 4
    private let bytes: [UInt8]
    private let numberOffset: Int?

    init(method: String, payload: [UInt8], metadata: RPCMetadata) throws {
        let names = method.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard names.count == 2 else { throw ValidationError("--method takes SERVICE/METHOD.") }
        let call = OutgoingCall(
            descriptor: MethodDescriptor(service: names[0], method: names[1], kind: .unary), payload: payload,
            metadata: metadata)
        var machine = ClientConnectionStateMachine()
        _ = try machine.callRequested(call)
        bytes = machine.output
        numberOffset = bytes.firstRange(of: Self.numberMark)?.lowerBound
    }

    /// Appends the frame of a call.
    /// - Parameter number: what tells this call from all others of the run; below 10^12.
    func append(streamID: UInt32, number: UInt64, to output: inout [UInt8]) {
        let start = output.count + Self.streamIDOffset
        output.append(contentsOf: bytes)
        output[start] = UInt8(truncatingIfNeeded: streamID >> 24)
        output[start + 1] = UInt8(truncatingIfNeeded: streamID >> 16)
        output[start + 2] = UInt8(truncatingIfNeeded: streamID >> 8)
        output[start + 3] = UInt8(truncatingIfNeeded: streamID)
        if let numberOffset { write(number, at: start - Self.streamIDOffset + numberOffset, in: &output) }
    }

    private func write(_ number: UInt64, at offset: Int, in output: inout [UInt8]) {
        var rest = number
        for place in stride(from: offset + Self.numberMark.count - 1, through: offset, by: -1) {
            output[place] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
    }
}
