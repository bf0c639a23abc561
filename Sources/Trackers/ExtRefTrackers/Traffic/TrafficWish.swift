// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// Who waits for a call to a tracker.
public enum TrafficPriority: Sendable, Hashable, CaseIterable {
    /// A caller of the service.
    case interactive
    /// Nobody: the work comes back by itself.
    case background
}

/// A request that wants to leave.
public struct TrafficWish: Sendable {
    public let key: TrafficKey
    public let tenantID: TenantID
    public let priority: TrafficPriority
    /// Whether an admin is finding out what is wrong: only the tracker's own wish to be left alone stops it.
    public let isConnectionTest: Bool
    /// How much of the operation's time is left.
    public let timeLeft: Duration

    /// Makes a wish.
    public init(
        key: TrafficKey, tenantID: TenantID, priority: TrafficPriority = .interactive,
        isConnectionTest: Bool = false, timeLeft: Duration
    ) {
        self.key = key
        self.tenantID = tenantID
        self.priority = priority
        self.isConnectionTest = isConnectionTest
        self.timeLeft = timeLeft
    }

    init(_ source: TrackerSource, timeLeft: Duration) {
        self.init(
            key: TrafficKey(source), tenantID: source.source.tenantID, priority: source.priority,
            isConnectionTest: source.isTested, timeLeft: timeLeft)
    }
}

/// A request on its way, to be given back.
public struct TrafficPass: Sendable {
    /// Tells passes of one control apart.
    public let number: UInt64
    public let wish: TrafficWish
    /// When it was admitted, by the control's own clock.
    public let admittedAt: Duration

    /// Makes a pass; a control does.
    public init(number: UInt64, wish: TrafficWish, admittedAt: Duration) {
        self.number = number
        self.wish = wish
        self.admittedAt = admittedAt
    }
}

/// What became of a request.
public struct TrafficOutcome: Sendable {
    /// The answer's status; nil when there was none.
    public let status: Int?
    /// What the answer says about the calls left.
    public let hints: RateHints?
    /// What the answer, or its absence, means; nil when all is well.
    public let failure: TrackerError?
    /// From the admission to the answer.
    public let latency: Duration

    /// Makes an outcome.
    public init(
        status: Int? = nil, hints: RateHints? = nil, failure: TrackerError? = nil, latency: Duration = .zero
    ) {
        self.status = status
        self.hints = hints
        self.failure = failure
        self.latency = latency
    }
}
