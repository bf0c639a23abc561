// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
public import ExtRefSecurity
public import ExtRefStore
public import ExtRefSync
public import ExtRefTrackers
public import PatternMatching

/// What both services stand on. Built once by the program, shared by every call.
public struct ServiceEnvironment: Sendable {
    /// Refuses an address an admin may not configure; nil = allowed. The answer names the rule and the way
    /// out.
    public typealias AddressGate = @Sendable (_ url: String) -> DomainError?

    let store: Store
    let trackers: TrackerRunner
    let registry: TrackerRegistry
    let patterns: PatternCache
    let sealer: SecretSealer
    let pageTokens: PageTokenSealer
    let addressGate: AddressGate
    let changes: ChangeHub
    /// Tells how the calls to a source are doing.
    let traffic: @Sendable (SourceID) -> TrafficState?
    /// What trackers gave away of changes of their interfaces.
    let drift: DriftMemory
    let clock: WallClock
    let randomness: Randomness
    let configurations: ConfigurationCache
    let answerRetention = AnswerRetention()
    let webhookSources = WebhookSources()
    let linkedIssues = LinkedIssueIndex()
    let views = RecentViews()
    private let ids: IdentifierSource

    /// Assembles the environment.
    /// - Parameters:
    ///   - changes: hears of the store's changes.
    ///   - traffic: tells how the calls to a source are doing; nil where none was made.
    ///   - drift: what `trackers` tells.
    ///   - randomness: for ids and jitter.
    public init(
        store: Store, trackers: TrackerRunner, registry: TrackerRegistry, patterns: PatternCache,
        sealer: SecretSealer, pageTokens: PageTokenSealer, addressGate: @escaping AddressGate,
        changes: ChangeHub, traffic: @escaping @Sendable (SourceID) -> TrafficState? = { _ in nil },
        drift: DriftMemory = DriftMemory(), clock: @escaping WallClock, randomness: Randomness = .system
    ) {
        self.store = store
        self.trackers = trackers
        self.registry = registry
        self.patterns = patterns
        self.sealer = sealer
        self.pageTokens = pageTokens
        self.addressGate = addressGate
        self.changes = changes
        self.traffic = traffic
        self.drift = drift
        self.clock = clock
        self.randomness = randomness
        ids = IdentifierSource(randomness)
        configurations = ConfigurationCache(registry: registry, patterns: patterns)
    }

    /// Makes a new id, greater than all this process made before: what a batch creates keeps its order.
    func makeID<Kind: IdentifierKind>(
        _ kind: Identifier<Kind>.Type = Identifier<Kind>.self
    ) -> Identifier<Kind> {
        ids.next(at: clock())
    }
}
