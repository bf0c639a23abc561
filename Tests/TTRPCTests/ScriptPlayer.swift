// SPDX-License-Identifier: Apache-2.0

import ProtobufC
import RPC
import RPCMessages
import TTRPC
import Testing

/// Plays a script against a connection machine.
struct ScriptPlayer: ~Copyable {
    private var machine: ServerConnectionStateMachine
    private var now = ContinuousClock.now
    /// What the machine did and no line has expected yet. Commands and frames are ordered among themselves
    /// only: how they interleave depends on how the bytes were cut, and does not matter.
    private var commands: [Script.Event] = []
    private var frames: [Script.Event] = []
    /// Running handlers, oldest first.
    private var running: [CallToken] = []

    init(_ settings: ServerConnectionSettings) throws {
        machine = ServerConnectionStateMachine(table: try Self.table(), settings: settings, now: now)
    }

    /// Plays all lines.
    ///
    /// - Parameter cut: cuts an input into pieces; the number tells which input of the script it is.
    /// - Returns: what was not as expected, or nil.
    mutating func play(_ script: Script, cut: (Int, [UInt8]) -> [ArraySlice<UInt8>]) throws -> String? {
        var inputs = 0
        for line in script.lines {
            switch line {
            case .receive(let bytes):
                if let surplus { return surplus }
                for piece in cut(inputs, bytes) { receive(Array(piece)) }
                inputs += 1
            case .act(let action):
                if let surplus { return surplus }
                try act(action)
            case .expect(let event):
                if let fault = expect(event) { return fault }
            }
        }
        return surplus
    }

    private var surplus: String? {
        (commands + frames).first.map { "did not expect \($0)" }
    }

    private mutating func expect(_ event: Script.Event) -> String? {
        let first = event.isFrame ? frames.first : commands.first
        guard first == event else { return "expected \(event), got \(first.map { "\($0)" } ?? "nothing")" }
        if event.isFrame { frames.removeFirst() } else { commands.removeFirst() }
        return nil
    }

    private mutating func receive(_ bytes: [UInt8]) {
        machine.bytesReceived(bytes.span, now: now)
        collect()
    }

    private mutating func act(_ action: Script.Action) throws {
        switch action {
        case .eof: machine.inputClosed()
        case .lost: machine.connectionLost()
        case .drain: machine.drainStarted()
        case .notice: machine.drainNoticePassed()
        case .wait(let duration): wait(duration)
        case .answer(let streamID, let textBytes, let first):
            try finish(streamID, first, .success(Self.message(textBytes: textBytes)))
        case .fail(let streamID, let code):
            try finish(streamID, false, .failure(RPCError(code, "as the script says")))
        }
        collect()
    }

    /// Lets time pass as a shell does: it wakes the machine only when the machine wants that.
    private mutating func wait(_ duration: Duration) {
        let end = now + duration
        while let wake = machine.wakeTime, wake <= end, !machine.isClosed {
            now = max(now, wake)
            machine.timePassed(now: now)
            collect()
            guard machine.isClosed || machine.wakeTime.map({ $0 > now }) ?? true else {
                Issue.record("the machine wants to be woken at a time that has passed")
                break
            }
        }
        now = end
    }

    private mutating func finish(
        _ streamID: UInt32, _ first: Bool, _ outcome: Result<any ProtobufMessage, RPCError>
    ) throws {
        let candidates = running.filter { $0.streamID == streamID }
        let token = try #require(first ? candidates.first : candidates.last, "no handler runs on \(streamID)")
        running.removeAll { $0 == token }
        machine.callFinished(token, outcome)
    }

    private mutating func collect() {
        while let command = machine.nextCommand() {
            switch command {
            case .startCall(let token, let call):
                running.append(token)
                let metadata = call.metadata.entries.map { "\($0.key)=\($0.value)" }
                commands.append(.start(token.streamID, call.binding.descriptor.method, metadata))
            case .cancelCall(let token): commands.append(.cancel(token.streamID))
            case .close(let reason): commands.append(.close(reason.rawValue))
            }
        }
        frames += Self.events(machine.output)
        machine.outputTaken()
    }

    /// Frames as events: an error by its code, everything else by its bytes.
    private static func events(_ output: [UInt8]) -> [Script.Event] {
        var parser = FrameParser(wanting: .response, bodyBytesMax: TTRPCLimits.frameBytesMax)
        var events: [Script.Event] = []
        var offset = 0
        while let step = parser.next(output.span, from: &offset) {
            guard case .frame(let header, .input(let range)) = step,
                let response = try? TTRPCResponse.decode(Array(output[range]))
            else {
                Issue.record("the machine sent something that is no answer: \(step)")
                return events
            }
            if let status = response.status {
                events.append(.error(header.streamID, RPCCode(rawValue: status.code).description))
            } else {
                let start = range.lowerBound - TTRPCLimits.headerBytes
                events.append(.frame(Array(output[start..<range.upperBound])))
            }
        }
        #expect(offset == output.count && !parser.isInsideFrame, "the machine sent a part of a frame")
        return events
    }

    private static func message(textBytes: Int?) -> any ProtobufMessage {
        guard let textBytes else { return HealthCheckResponse(status: .serving) }
        return HealthCheckRequest(service: String(repeating: "a", count: textBytes))
    }

    private static func table() throws -> MethodTable {
        let echo = MethodDescriptor(service: "t.T", method: "Echo", kind: .unary)
        let feed = MethodDescriptor(service: "t.T", method: "Feed", kind: .serverStreaming)
        let binding = MethodBinding(echo) { (request: HealthCheckRequest, _) in request }
        return try MethodTable([binding], describing: [echo, feed])
    }
}

extension Script.Event {
    fileprivate var isFrame: Bool {
        switch self {
        case .frame, .error: true
        case .start, .cancel, .close: false
        }
    }
}
