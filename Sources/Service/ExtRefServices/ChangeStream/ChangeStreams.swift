// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
import ExtRefMessages
public import ExtRefSecurity
public import RPC

/// Opens streams of the change feed to those who come over HTTP, which knows neither frames nor messages.
public final class ChangeStreams: Sendable {
    /// What of a request's fields travels with its calls.
    private static let passedFields = ["authorization", "x-request-id", "traceparent"]

    private let links: LinkServiceClient<InProcessChannel>
    private let authenticator: Authenticator
    private let clock: WallClock
    private let pauses: any Clock<Duration>
    private let places: StreamPlaces

    /// Makes the opener.
    /// - Parameters:
    ///   - router: where the streams' calls go, with the interceptors that all calls pass.
    ///   - clock: the time that tokens are judged at.
    ///   - pauses: what a stream waits on that has no place to wait at the feed itself.
    ///   - inAllMax: most streams at once.
    ///   - perCallerMax: most of them of one subject of one tenant.
    public init(
        router: Router, authenticator: Authenticator, clock: @escaping WallClock,
        pauses: any Clock<Duration> = ContinuousClock(), inAllMax: Int = ServiceLimits.streamsMax,
        perCallerMax: Int = ServiceLimits.streamsPerCallerMax
    ) {
        links = LinkServiceClient(channel: InProcessChannel(router: router))
        self.authenticator = authenticator
        self.clock = clock
        self.pauses = pauses
        places = StreamPlaces(inAllMax: inAllMax, perCallerMax: perCallerMax)
    }

    /// How many streams there are.
    public var count: Int { places.count }

    /// Opens a stream.
    /// - Parameters:
    ///   - parameters: which changes, as the address says it, decoded; nil = cannot be decoded.
    ///   - headers: the request's fields, names in lower case: `authorization`, and `last-event-id` to go on.
    /// - Throws: why not, as a call would be answered.
    public func open(
        parameters: [(name: String, value: String?)], headers: [(name: String, value: String)]
    ) async throws(RPCError) -> ChangeStream {
        var metadata = RPCMetadata()
        for (name, value) in headers where Self.passedFields.contains(name) { metadata.append(name, value) }
        let place: StreamPlaces.Place
        let request: ListChangesRequest
        do {
            // As with calls: nothing is read for somebody who is nobody.
            let caller = try authenticator.caller(authorization: metadata["authorization"], now: clock())
            place = try places.take(for: caller)
            request = try ChangeStreamQuery.read(
                parameters, lastEventID: headers.last { $0.name == "last-event-id" }?.value)
        } catch {
            throw DomainError(causedBy: error).map { RPCError($0) } ?? .cancelled
        }
        return try await ChangeStream(
            request, by: links, metadata: metadata, pauses: pauses, in: place)
    }

    /// Ends all streams, now and from now on: the server is going away, and its readers go on elsewhere.
    public func close() { places.close() }
}
