// SPDX-License-Identifier: Apache-2.0

public import CurlHTTP
public import ExtRefDomain
internal import FoundationEssentials

/// Does for every adapter what no adapter should do itself: sends, bounds, shares, and reads errors.
///
/// Adapters write requests and read answers; this type joins addresses, holds budgets, lets calls for the
/// same issue share one request, judges the status of every answer, and turns every failure into a
/// ``TrackerError``.
public final class TrackerRunner: Sendable {
    /// Issues that are the same to whoever asks: of one source in one revision, by one key, since one state.
    struct FlightKey: Hashable, Sendable {
        let sourceID: SourceID
        let revision: Int64
        let credential: TrackerCredential
        let reference: IssueReference
        let validator: String
    }

    let registry: TrackerRegistry
    let clock: any Clock<Duration>
    private let transport: any HTTPTransport
    private let wallClock: WallClock
    let flights = SingleFlight<FlightKey, FetchOutcome>()

    /// Makes a runner.
    /// - Parameters:
    ///   - registry: the providers.
    ///   - transport: sends requests; it holds the egress policy and the limits per source.
    ///   - clock: measures budgets.
    ///   - wallClock: tells how far a `Retry-After` date is away.
    public init(
        registry: TrackerRegistry = .standard, transport: any HTTPTransport,
        clock: any Clock<Duration> = ContinuousClock(),
        wallClock: @escaping WallClock = TrackerRunner.systemTime
    ) {
        self.registry = registry
        self.transport = transport
        self.clock = clock
        self.wallClock = wallClock
    }

    /// The machine's own time: what a program injects, here and elsewhere.
    public static let systemTime: WallClock = {
        Timestamp(milliseconds: Int64((Date.now.timeIntervalSince1970 * 1_000).rounded(.down)))
    }

    /// Tells whether issues of the source can be read at all; of a link-only provider they cannot.
    public func canFetch(_ source: IntegrationSource) -> Bool {
        registry[source.providerID] is any IssueFetching && !source.switchedOff.contains(.fetch)
    }

    /// Reads one issue.
    /// - Parameters:
    ///   - reference: the issue.
    ///   - validator: the tag of the state already known, to be told only what is new; empty = all.
    ///   - source: where it is.
    ///   - budget: how long the caller waits; cut to ``TrackerLimits/callTimeMax``.
    public func fetchIssue(
        _ reference: IssueReference, validator: String = "", from source: TrackerSource, budget: Duration
    ) async throws(TrackerError) -> FetchOutcome {
        let tracker = try fetching(source)
        let key = FlightKey(
            sourceID: source.source.id, revision: source.source.revision, credential: source.credential,
            reference: reference, validator: validator)
        return try await withBudget(budget) { () async throws(TrackerError) in
            try await self.flights.run(key) {
                await TrackerError.catching { () async throws(TrackerError) in
                    try await self.fetch(reference, validator, from: source, with: tracker)
                }
            }
        }
    }

    /// Reads many issues, in as few calls as the provider allows, one after the other.
    /// - Throws: when the first call fails; a later failure is part of the outcome.
    public func fetchIssues(
        _ references: [IssueReference], from source: TrackerSource, budget: Duration
    ) async throws(TrackerError) -> BatchOutcome {
        guard let tracker = registry[source.source.providerID] as? any BatchFetching else {
            throw Self.unsupported("read many issues at once")
        }
        return try await withBudget(budget) { () async throws(TrackerError) in
            try await self.fetchAll(references, from: source, with: tracker)
        }
    }

    /// Finds issues by words, latest change first.
    /// - Parameter limit: most results; cut to ``TrackerLimits/searchResultsMax``.
    public func searchIssues(
        _ words: String, limit: Int, in source: TrackerSource, budget: Duration
    ) async throws(TrackerError) -> [IssueSnapshot] {
        guard let tracker = registry[source.source.providerID] as? any IssueSearching else {
            throw Self.unsupported("search issues")
        }
        let words = TrackerText.clean(words, scalarsMax: TrackerLimits.searchScalarsMax)
        guard !words.isEmpty else { return [] }
        let limit = max(1, min(limit, TrackerLimits.searchResultsMax))
        let request = try tracker.searchRequest(words, limit: limit, in: source)
        return try await withBudget(budget) { () async throws(TrackerError) in
            let response = try await self.exchange(request, with: source, reading: tracker)
            return Array(try tracker.readSearch(response, from: source).prefix(limit))
        }
    }

    /// Sends a request and judges the answer's status.
    func exchange(
        _ request: TrackerRequest, with source: TrackerSource, reading tracker: any IssueFetching
    ) async throws(TrackerError) -> TrackerResponse {
        let response = TrackerResponse(try await send(request, to: source))
        if let failure = tracker.failure(response) ?? response.failure(at: wallClock()) { throw failure }
        return response
    }

    /// Sends a request to the source's API address.
    func send(
        _ request: TrackerRequest, to source: TrackerSource, timeout: Duration = TrackerLimits.callTimeMax,
        onFreshConnection isFresh: Bool = false
    ) async throws(TrackerError) -> HTTPResponse {
        var message = HTTPRequest(request.method, source.apiBaseURL + request.pathAndQuery)
        message.headers = request.headers
        message.body = request.body
        message.timeout = timeout
        message.bodyBytesMax = TrackerLimits.jsonBytesMax
        message.caFile = source.caFile
        message.partition = source.source.id.rawValue
        message.needsFreshConnection = isFresh
        do throws(HTTPError) {
            return try await transport.send(message)
        } catch {
            throw TrackerError(error)
        }
    }

    func judge(_ response: HTTPResponse, reading tracker: any IssueFetching) -> TrackerError? {
        let response = TrackerResponse(response)
        return tracker.failure(response) ?? response.failure(at: wallClock())
    }

    private func fetch(
        _ reference: IssueReference, _ validator: String, from source: TrackerSource,
        with tracker: any IssueFetching
    ) async throws(TrackerError) -> FetchOutcome {
        var request = try tracker.fetchRequest(reference, from: source)
        if !validator.isEmpty { request.headers.append(HTTPField("If-None-Match", validator)) }
        let response = try await exchange(request, with: source, reading: tracker)
        if response.status == 304 {
            guard !validator.isEmpty else {
                throw TrackerError(
                    .badResponse, "The tracker says that nothing changed, but was not asked that.")
            }
            return .notModified
        }
        let issue = try tracker.readIssue(response, from: source)
        guard Self.answers(issue, reference, tracker) else {
            throw TrackerError(.badResponse, "The tracker answers with another issue than the one asked for.")
        }
        return .fetched(issue, validator: response.validator)
    }

    /// A proxy's cache in front of a tracker may mix answers up; a moved issue keeps its native id only.
    private static func answers(
        _ issue: IssueSnapshot, _ reference: IssueReference, _ tracker: any IssueFetching
    ) -> Bool {
        if tracker.hasImmutableKeys { return issue.key == reference.key }
        return reference.nativeID.isEmpty || issue.nativeID == reference.nativeID
    }

    private func fetching(_ source: TrackerSource) throws(TrackerError) -> any IssueFetching {
        guard let tracker = registry[source.source.providerID] as? any IssueFetching else {
            throw Self.unsupported("read issues")
        }
        return tracker
    }

    private static func unsupported(_ ability: String) -> TrackerError {
        TrackerError(.unsupported, "This provider cannot \(ability).")
    }
}
