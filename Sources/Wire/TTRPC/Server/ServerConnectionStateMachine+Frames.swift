// SPDX-License-Identifier: Apache-2.0

private import ProtobufC
private import RPC

/// What each frame means.
extension ServerConnectionStateMachine {
    mutating func handle(_ step: FrameParser.Step, _ bytes: Span<UInt8>, now: ContinuousClock.Instant) {
        switch step {
        case .frame(let header, .input(let range)):
            requestReceived(header.streamID, bytes.extracting(range), now: now)
        case .frame(let header, .gathered):
            let body = parser.takeGathered()
            requestReceived(header.streamID, body.span, now: now)
            parser.reuse(body)
        case .oversized(let header):
            oversizedReceived(header, now: now)
        case .otherKind(let header) where header.kind == .data:
            dataReceived(header.streamID)
        case .otherKind:
            break
        case .lostSync:
            close(.lostSync)
        }
    }

    private mutating func requestReceived(
        _ streamID: UInt32, _ body: Span<UInt8>, now: ContinuousClock.Instant
    ) {
        guard mayOpen(streamID) else { return }
        guard phase == .open else { return refuse(.draining, on: streamID) }
        guard calls.runningCount < settings.inFlightMax else { return refuse(.overloaded, on: streamID) }
        switch Envelope.open(request: body, table: table) {
        case .call(let binding, let payload, let timeout, let metadata):
            guard let deadline = settings.deadlines.deadline(timeoutNanoseconds: timeout, now: now) else {
                return refuse(.deadlineExceeded, on: streamID)
            }
            timing.willNeed(deadline)
            let call = IncomingCall(
                binding: binding, payload: payload, metadata: metadata, deadline: deadline)
            command(.startCall(calls.start(streamID, deadline: deadline), call))
        case .refused(let error):
            refuse(error, on: streamID)
        case .malformed(let error):
            fault(error, on: streamID)
        }
    }

    /// Whether a call may begin on the stream. If not, the peer has been told or the connection is closed.
    private mutating func mayOpen(_ streamID: UInt32) -> Bool {
        guard streamID & 1 == 1 else {
            fault(.streamIDEven, on: streamID)
            return false
        }
        guard !calls.isWaiting(streamID) else {
            close(.streamReused)
            return false
        }
        return true
    }

    private mutating func dataReceived(_ streamID: UInt32) {
        guard streamID & 1 == 1 else { return fault(.streamIDEven, on: streamID) }
        if let token = calls.answer(streamID) {
            command(.cancelCall(token))
            return fault(.dataOnUnary, on: streamID)
        }
        guard !calls.hasEnded(streamID) else { return }
        calls.remember(ended: streamID)
        fault(.streamUnknown, on: streamID)
    }

    private mutating func oversizedReceived(_ header: FrameHeader, now: ContinuousClock.Instant) {
        switch header.kind {
        case .request:
            guard mayOpen(header.streamID) else { return }
            refuse(.requestTooLarge(bytesMax: settings.requestBytesMax), on: header.streamID)
        case .data:
            dataReceived(header.streamID)
        default:
            break
        }
        guard phase != .closed else { return }
        if timing.oversized(now: now) { close(.oversizedFrames) }
    }

    /// Answers a request that is not started and is not the peer's fault.
    private mutating func refuse(_ error: RPCError, on streamID: UInt32) {
        calls.remember(ended: streamID)
        send(.failure(error), on: streamID)
    }

    /// Answers a protocol fault. A peer with too many of them loses the connection.
    private mutating func fault(_ error: RPCError, on streamID: UInt32) {
        send(.failure(error), on: streamID)
        faults += 1
        if faults >= settings.faultsMax { close(.faults) }
    }
}

extension RPCError {
    fileprivate static let streamIDEven = RPCError(.invalidArgument, "a client's stream ids are odd")
        .withReason(RPCReason.fieldInvalid)

    fileprivate static let streamUnknown = RPCError(.invalidArgument, "no call is in flight on the stream")
        .withReason(RPCReason.fieldInvalid)

    fileprivate static let dataOnUnary = RPCError(.invalidArgument, "a unary call takes no data frames")
        .withReason(RPCReason.fieldInvalid)

    fileprivate static func requestTooLarge(bytesMax: Int) -> RPCError {
        RPCError(.resourceExhausted, "a request has at most \(bytesMax) bytes")
            .withReason(RPCReason.overloaded)
    }
}
