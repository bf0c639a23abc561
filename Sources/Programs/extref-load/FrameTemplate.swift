// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import RPC
import TTRPC

/// The frame of a call, built once; only the stream's id differs from call to call.
struct FrameTemplate {
    private static let streamIDOffset = 4
    private let bytes: [UInt8]

    init(method: String, payload: [UInt8], metadata: RPCMetadata) throws {
        let names = method.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard names.count == 2 else { throw ValidationError("--method takes SERVICE/METHOD.") }
        let call = OutgoingCall(
            descriptor: MethodDescriptor(service: names[0], method: names[1], kind: .unary), payload: payload,
            metadata: metadata)
        var machine = ClientConnectionStateMachine()
        _ = try machine.callRequested(call)
        bytes = machine.output
    }

    /// Appends the frame of a call.
    func append(streamID: UInt32, to output: inout [UInt8]) {
        let start = output.count + Self.streamIDOffset
        output.append(contentsOf: bytes)
        output[start] = UInt8(truncatingIfNeeded: streamID >> 24)
        output[start + 1] = UInt8(truncatingIfNeeded: streamID >> 16)
        output[start + 2] = UInt8(truncatingIfNeeded: streamID >> 8)
        output[start + 3] = UInt8(truncatingIfNeeded: streamID)
    }
}
