// SPDX-License-Identifier: Apache-2.0

/// Which calls of a connection are running, which of them still wait for an answer, and on which streams.
struct CallBook {
    private struct Slot {
        var serial: UInt64 = 0
        var deadline: ContinuousClock.Instant?
        var streamID: UInt32?
    }

    /// A slot is taken from start to end of a handler. `streamID` is nil from the moment the call is
    /// answered.
    private var slots: [Slot] = []
    private var freeSlots: [Int] = []
    private var slotOfStream: [UInt32: Int] = [:]
    private var serial: UInt64 = 0

    /// Ids of streams that ended lately.
    private var ended: [UInt32] = []
    private var endedNext = 0

    /// Handlers that run, those included whose call has been answered.
    var runningCount: Int { slots.count - freeSlots.count }

    /// Calls that wait for an answer.
    var waitingCount: Int { slotOfStream.count }

    func isWaiting(_ streamID: UInt32) -> Bool { slotOfStream[streamID] != nil }

    func hasEnded(_ streamID: UInt32) -> Bool { ended.contains(streamID) }

    /// The earliest deadline of a waiting call.
    var earliestDeadline: ContinuousClock.Instant? {
        slots.reduce(nil) { earliest, slot in
            guard slot.streamID != nil, let deadline = slot.deadline else { return earliest }
            return min(earliest ?? deadline, deadline)
        }
    }

    mutating func start(_ streamID: UInt32, deadline: ContinuousClock.Instant) -> CallToken {
        serial += 1
        let place = freeSlots.popLast() ?? slots.count
        if place == slots.count { slots.append(Slot()) }
        slots[place] = Slot(serial: serial, deadline: deadline, streamID: streamID)
        slotOfStream[streamID] = place
        return CallToken(slot: place, streamID: streamID, serial: serial)
    }

    /// The handler of a call has ended.
    ///
    /// - Returns: the stream to answer, or nil when the call was answered before.
    mutating func finish(_ token: CallToken) -> UInt32? {
        guard token.slot < slots.count, slots[token.slot].serial == token.serial else { return nil }
        let streamID = slots[token.slot].streamID
        slots[token.slot] = Slot()
        freeSlots.append(token.slot)
        if let streamID { forget(streamID) }
        return streamID
    }

    /// A call is answered before its handler has ended.
    mutating func answer(_ streamID: UInt32) -> CallToken? {
        guard let place = slotOfStream[streamID] else { return nil }
        slots[place].streamID = nil
        forget(streamID)
        return CallToken(slot: place, streamID: streamID, serial: slots[place].serial)
    }

    /// The streams whose deadline has come.
    func overdue(at now: ContinuousClock.Instant) -> [UInt32] {
        slots.compactMap { slot in
            slot.deadline.map { $0 <= now } == true ? slot.streamID : nil
        }
    }

    /// All calls that wait for an answer; from now on none does.
    mutating func answerAll() -> [CallToken] {
        slotOfStream.keys.sorted().compactMap { answer($0) }
    }

    mutating func remember(ended streamID: UInt32) {
        if ended.count < TTRPCLimits.endedStreamsKept {
            ended.append(streamID)
        } else {
            ended[endedNext] = streamID
            endedNext = (endedNext + 1) % TTRPCLimits.endedStreamsKept
        }
    }

    private mutating func forget(_ streamID: UInt32) {
        slotOfStream[streamID] = nil
        remember(ended: streamID)
    }
}
