// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import RPC
private import Synchronization

/// Which connections there are, and how many each address may have.
final class ConnectionLedger: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var strangers: [String: Int] = [:]
        var isClosed = false
        var whenEmpty: EventLoopPromise<Void>?
    }

    private let connectionsMax: Int
    private let strangersPerAddressMax: Int?
    private let state = Mutex(State())

    init(connectionsMax: Int, strangersPerAddressMax: Int?) {
        self.connectionsMax = connectionsMax
        self.strangersPerAddressMax = strangersPerAddressMax
    }

    /// Connections now.
    var count: Int { state.withLock { $0.channels.count } }

    /// Enters a new connection.
    ///
    /// - Parameter address: the peer's address when strangers are counted by it, else nil.
    func admit(_ channel: any Channel, address: String?) -> Result<LedgerEntry, RefusalError> {
        state.withLock { state in
            guard !state.isClosed, state.channels.count < connectionsMax else {
                return .failure(RefusalError(reason: .serverFull))
            }
            if let address, let strangersPerAddressMax {
                guard state.strangers[address, default: 0] < strangersPerAddressMax else {
                    return .failure(RefusalError(reason: .addressFull))
                }
                state.strangers[address, default: 0] += 1
            }
            state.channels[ObjectIdentifier(channel)] = channel
            let counted = strangersPerAddressMax == nil ? nil : address
            return .success(LedgerEntry(self, ObjectIdentifier(channel), address: counted))
        }
    }

    /// Refuses all further connections.
    func close() {
        state.withLock { $0.isClosed = true }
    }

    /// All connections now.
    var channels: [any Channel] { state.withLock { Array($0.channels.values) } }

    /// Is kept when the last connection is gone. Call it once, after `close()`.
    func whenEmpty(on eventLoop: any EventLoop) -> EventLoopFuture<Void> {
        let promise = eventLoop.makePromise(of: Void.self)
        let isEmpty = state.withLock { state in
            if !state.channels.isEmpty { state.whenEmpty = promise }
            return state.channels.isEmpty
        }
        if isEmpty { promise.succeed() }
        return promise.futureResult
    }

    fileprivate func remove(_ id: ObjectIdentifier) {
        let promise = state.withLock { state in
            state.channels[id] = nil
            guard state.channels.isEmpty else { return nil as EventLoopPromise<Void>? }
            return state.whenEmpty.take()
        }
        promise?.succeed()
    }

    fileprivate func forgetStranger(_ address: String) {
        state.withLock { state in
            guard let count = state.strangers[address] else { return }
            state.strangers[address] = count > 1 ? count - 1 : nil
        }
    }
}

/// Why the ledger took no connection.
struct RefusalError: Error {
    let reason: ConnectionRefusal
}

/// One connection's place in the ledger.
final class LedgerEntry: PeerConnection {
    private let ledger: ConnectionLedger
    private let id: ObjectIdentifier
    /// The address under which the connection counts as a stranger's; nil when it does not.
    private let strangerAddress: Mutex<String?>

    fileprivate init(_ ledger: ConnectionLedger, _ id: ObjectIdentifier, address: String?) {
        self.ledger = ledger
        self.id = id
        strangerAddress = Mutex(address)
    }

    func authenticated() {
        guard let address = strangerAddress.withLock({ $0.take() }) else { return }
        ledger.forgetStranger(address)
    }

    /// The connection is gone.
    func leave() {
        authenticated()
        ledger.remove(id)
    }
}
