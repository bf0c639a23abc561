// SPDX-License-Identifier: Apache-2.0

/// One operation of an adapter: a result, or a request to send and what to make of its answer.
///
/// A conversation of several requests is a chain of these. It stays pure: the adapter says what it wants to
/// know and ``TrackerRunner`` asks, so that a test can be the tracker, byte by byte.
public enum TrackerCall<Value: Sendable>: Sendable {
    /// How a conversation goes on after an answer.
    public typealias Step = @Sendable (TrackerResponse) throws(TrackerError) -> TrackerCall<Value>

    /// The operation is over.
    case done(Value)
    /// Send this. Only an answer whose status is good, or among the request's
    /// ``TrackerRequest/acceptedStatuses``, comes back.
    case send(TrackerRequest, then: Step)
}

extension TrackerCall {
    /// One request whose answer is the result.
    public static func send(
        _ request: TrackerRequest,
        reading read: @escaping @Sendable (TrackerResponse) throws(TrackerError) -> Value
    ) -> TrackerCall {
        .send(request) { (response) throws(TrackerError) in .done(try read(response)) }
    }

    /// Goes on with the result.
    public func then<Next: Sendable>(
        _ next: @escaping @Sendable (Value) throws(TrackerError) -> TrackerCall<Next>
    ) throws(TrackerError) -> TrackerCall<Next> {
        switch self {
        case .done(let value): try next(value)
        case .send(let request, let step):
            .send(request) { (response) throws(TrackerError) in try step(response).then(next) }
        }
    }

    /// Turns the result into another value.
    public func map<Next: Sendable>(
        _ transform: @escaping @Sendable (Value) throws(TrackerError) -> Next
    ) throws(TrackerError) -> TrackerCall<Next> {
        try then { (value) throws(TrackerError) in .done(try transform(value)) }
    }
}
