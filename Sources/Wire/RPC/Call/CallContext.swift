// SPDX-License-Identifier: Apache-2.0

/// What a handler can know about its call besides the request.
///
/// Interceptors put what they find out under keys of their own:
/// ```swift
/// enum CallerKey: CallContextKey { typealias Value = Caller }
/// context[CallerKey.self] = caller
/// ```
public struct CallContext: Sendable {
    /// The method called.
    public let descriptor: MethodDescriptor
    /// What the caller sent beside the request.
    public let metadata: RPCMetadata
    /// When the caller gives up, already cut to the server's maximum. The handler's task is cancelled then.
    public let deadline: ContinuousClock.Instant?
    /// Who is at the other end of the connection.
    public let peer: PeerIdentity

    private var storage: [ObjectIdentifier: any Sendable] = [:]

    /// Creates a context. Transports do, and tests of handlers.
    public init(
        descriptor: MethodDescriptor, metadata: RPCMetadata = RPCMetadata(),
        deadline: ContinuousClock.Instant? = nil, peer: PeerIdentity = .inProcess
    ) {
        self.descriptor = descriptor
        self.metadata = metadata
        self.deadline = deadline
        self.peer = peer
    }

    /// What an interceptor left under a key, or nil.
    public subscript<Key: CallContextKey>(_ key: Key.Type) -> Key.Value? {
        get { storage.isEmpty ? nil : storage[ObjectIdentifier(key)] as? Key.Value }
        set { storage[ObjectIdentifier(key)] = newValue }
    }
}

/// Names a value in a `CallContext`; a type is its own name, so two modules never clash.
public protocol CallContextKey {
    /// The type of the value.
    associatedtype Value: Sendable
}
