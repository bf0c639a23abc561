// SPDX-License-Identifier: Apache-2.0

public import CurlHTTP
public import ExtRefDomain
internal import FoundationEssentials

/// Does for every adapter what no adapter should do itself: sends, bounds, shares, and reads errors.
///
/// Adapters say what to send and read answers; this type joins addresses, obtains access tokens, holds
/// budgets, follows issues that moved, lets calls for the same issue share one request, judges the status of
/// every answer, and turns every failure into a ``TrackerError``.
public final class TrackerRunner: Sendable {
    /// Issues that are the same to whoever asks: of one source in one revision, by one key, since one state.
    struct FlightKey: Hashable, Sendable {
        let sourceID: SourceID
        let revision: Int64
        let credential: TrackerCredential
        /// Nobody who waits joins what may wait.
        let priority: TrafficPriority
        let reference: IssueReference
        let validator: String
    }

    let registry: TrackerRegistry
    let clock: any Clock<Duration>
    let transport: any HTTPTransport
    let traffic: any TrafficControl
    let gate: SourceGate
    let drift: any DriftWatch
    let wallClock: WallClock
    let flights: SingleFlight<FlightKey, FetchOutcome>
    let answers = AnswerCache()
    let tokens: TokenBroker

    /// Makes a runner.
    /// - Parameters:
    ///   - registry: the providers.
    ///   - transport: sends requests; it holds the egress policy.
    ///   - traffic: says when each request may leave, and which are repeated.
    ///   - gate: tells whether a source is still to be called.
    ///   - drift: hears what answers give away of a changing interface.
    ///   - vault: keeps access and refresh tokens; nil = only in memory.
    ///   - signer: signs assertions; nil = providers that need one cannot be used.
    ///   - clock: measures budgets.
    ///   - wallClock: tells how far a `Retry-After` date is away.
    ///   - executor: where work runs that several callers share; nil = where tasks run by themselves.
    public init(
        registry: TrackerRegistry = .standard, transport: any HTTPTransport,
        traffic: any TrafficControl = FreeTraffic(), gate: @escaping SourceGate = { _ in true },
        drift: any DriftWatch = NoDriftWatch(),
        vault: (any TokenVault)? = nil, signer: (any TokenSigning)? = nil,
        clock: any Clock<Duration> = ContinuousClock(),
        wallClock: @escaping WallClock = TrackerRunner.systemTime,
        executor: (any TaskExecutor)? = nil
    ) {
        self.registry = registry
        self.transport = transport
        self.traffic = traffic
        self.gate = gate
        self.drift = drift
        self.clock = clock
        self.wallClock = wallClock
        flights = SingleFlight(on: executor)
        tokens = TokenBroker(
            vault: vault, signer: signer ?? NoSigner(), wallClock: wallClock, executor: executor)
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
        let tracker = try ability((any IssueFetching).self, of: source, "read issues")
        let key = FlightKey(
            sourceID: source.source.id, revision: source.source.revision, credential: source.credential,
            priority: source.priority, reference: reference, validator: validator)
        return try await withBudget(budget) { () async throws(TrackerError) in
            try await self.flights.run(key) {
                await TrackerError.catching { () async throws(TrackerError) in
                    try await self.fetch(reference, validator, from: source, with: tracker)
                }
            }
        }
    }

    /// Reads many issues, in as few calls as the provider allows, one after the other; where there is no such
    /// call each by itself, a few side by side.
    /// - Throws: when the first call fails, or all of the first ones side by side; a later failure is part of
    ///   the outcome.
    public func fetchIssues(
        _ references: [IssueReference], from source: TrackerSource, budget: Duration
    ) async throws(TrackerError) -> BatchOutcome {
        if let tracker = registry[source.source.providerID] as? any BatchFetching,
            tracker.canFetchBatch(from: source.source)
        {
            return try await withBudget(budget) { () async throws(TrackerError) in
                try await self.fetchAll(references, from: source, with: tracker)
            }
        }
        let tracker = try ability((any IssueFetching).self, of: source, "read issues")
        return try await withBudget(budget) { () async throws(TrackerError) in
            try await self.fetchEach(references, from: source, with: tracker)
        }
    }

    /// Finds issues by words, latest change first.
    /// - Parameter limit: most results; cut to ``TrackerLimits/searchResultsMax``.
    public func searchIssues(
        _ words: String, limit: Int, in source: TrackerSource, budget: Duration
    ) async throws(TrackerError) -> [IssueSnapshot] {
        let tracker = try ability((any IssueSearching).self, of: source, "search issues")
        let words = TrackerText.clean(words, scalarsMax: TrackerLimits.searchScalarsMax)
        guard !words.isEmpty else { return [] }
        let limit = max(1, min(limit, TrackerLimits.searchResultsMax))
        return try await withBudget(budget) { () async throws(TrackerError) in
            let source = try await self.authorized(source, tracker)
            let call = try tracker.search(words, limit: limit, in: source)
            return Array(try await self.run(call, with: source, reading: tracker).prefix(limit))
        }
    }

    /// The adapter of a source, if it can do something.
    func ability<Ability>(
        _ type: Ability.Type, of source: TrackerSource, _ deed: String
    ) throws(TrackerError) -> Ability {
        guard let tracker = registry[source.source.providerID] as? Ability else {
            throw TrackerError(.unsupported, "This provider cannot \(deed).")
        }
        return tracker
    }

    /// The source with an access token, when its way to authenticate needs one.
    func authorized(
        _ source: TrackerSource, _ tracker: any Tracker
    ) async throws(TrackerError) -> TrackerSource {
        guard let tracker = tracker as? any TokenObtaining else { return source }
        return try await tokens.authorized(source, tracker) { (call) async throws(TrackerError) in
            try await self.run(call, with: source, reading: tracker)
        }
    }

    func fetch(
        _ reference: IssueReference, _ validator: String, from source: TrackerSource,
        with tracker: any IssueFetching
    ) async throws(TrackerError) -> FetchOutcome {
        let source = try await authorized(source, tracker)
        var conversation = Conversation()
        conversation.validator = validator
        let call = try tracker.fetch(reference, from: source)
        guard var issue = try await run(call, with: source, reading: tracker, &conversation) else {
            return .notModified
        }
        guard Self.answers(issue, reference, tracker) else {
            throw TrackerError(.badResponse, "The tracker answers with another issue than the one asked for.")
        }
        if reference.nativeID.isEmpty { issue.rememberKey(reference.key) }
        return .fetched(issue, validator: conversation.requests == 1 ? conversation.newValidator : "")
    }

    /// A proxy's cache in front of a tracker may mix answers up; a moved issue keeps its native id only, or
    /// says which one it had.
    private static func answers(
        _ issue: IssueSnapshot, _ reference: IssueReference, _ tracker: any IssueFetching
    ) -> Bool {
        if tracker.hasImmutableKeys { return issue.key == reference.key }
        return reference.nativeID.isEmpty || issue.nativeID == reference.nativeID
            || issue.formerNativeID == reference.nativeID
    }
}

extension IssueSnapshot {
    /// The tracker answered with this issue to a key: one that it has, or had before.
    fileprivate mutating func rememberKey(_ asked: String) {
        let known = ([key] + previousKeys).map { $0.lowercased() }
        if !known.contains(asked.lowercased()) { previousKeys.append(asked) }
    }
}

/// Stands for a signer where none was given.
private struct NoSigner: TokenSigning {
    func rs256(_ message: [UInt8], privateKeyPEM: String) throws(TrackerError) -> [UInt8] {
        throw TrackerError(.unsupported, "This server cannot sign with private keys.")
    }
}
