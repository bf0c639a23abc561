// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// What the headers of an answer say about the calls left, in any of the vendors' dialects.
public struct RateHints: Sendable, Hashable {
    /// Calls allowed in a period.
    public let limit: Int?
    /// Calls left in it.
    public let remaining: Int?
    /// When it ends, as a wait from now; at most ``TrackerLimits/retryAfterMax``.
    public let reset: Duration?
    /// Which of the vendor's budgets the numbers are of; empty when there is only one.
    public let resource: String
    /// How long the tracker wants to be left alone, whatever the answer was; nil when it does not say.
    public let retryAfter: Duration?
    /// How long the tracker held the answer back to slow us down (Azure DevOps); nil when it did not.
    public let delay: Duration?
    /// The longest wait of those budgets that are used up; nil when none is, or none says so.
    private let exhaustedReset: Duration?

    private static let limitNames = ["x-ratelimit-limit", "ratelimit-limit", "x-ratelimit-requests-limit"]
    private static let remainingNames = [
        "x-ratelimit-remaining", "ratelimit-remaining", "x-ratelimit-requests-remaining",
    ]
    private static let resetNames = ["x-ratelimit-reset", "ratelimit-reset", "x-ratelimit-requests-reset"]

    /// What the headers of every budget start with: a vendor may count calls, the work they cause, and calls
    /// of one kind, and refuse for any of them.
    private static let budgets = [
        "x-ratelimit-", "ratelimit-", "x-ratelimit-requests-", "x-ratelimit-complexity-",
        "x-ratelimit-endpoint-requests-", "x-ratelimit-endpoint-complexity-",
    ]

    /// Reads the headers.
    public init(_ response: TrackerResponse, at now: Timestamp) {
        limit = Self.number(Self.limitNames, response)
        remaining = Self.number(Self.remainingNames, response)
        reset = Self.resetNames.lazy.compactMap(response.header).first.flatMap { Self.wait($0, from: now) }
        exhaustedReset = Self.budgets.compactMap { budget in
            guard Self.number([budget + "remaining"], response) == 0 else { return nil }
            return response.header(budget + "reset").flatMap { Self.wait($0, from: now) }
        }.max()
        resource = TrackerText.short(
            response.header("x-ratelimit-resource") ?? response.header("ratelimit-name") ?? "")
        retryAfter = response.header("retry-after").flatMap { RetryAfter.duration($0, now: now) }
        delay = response.header("x-ratelimit-delay").flatMap(Double.init).flatMap {
            $0 > 0 && $0.isFinite ? Self.bounded(.seconds(min($0, 1e6))) : nil
        }
    }

    /// How long to wait before the next call when none is left.
    public var waitingTime: Duration? { exhaustedReset ?? (remaining == 0 || remaining == nil ? reset : nil) }

    /// Whether less than a tenth is left.
    public var isLow: Bool {
        guard let limit, let remaining, limit > 0 else { return false }
        return remaining * 10 < limit
    }

    private static func number(_ names: [String], _ response: TrackerResponse) -> Int? {
        names.lazy.compactMap(response.header).first.flatMap { Int($0.trimmingBlanks()) }
    }

    /// Reads seconds from now, seconds or milliseconds since 1970, an ISO 8601 time or an HTTP date.
    static func wait(_ text: String, from now: Timestamp) -> Duration? {
        let text = text.trimmingBlanks()
        if let number = Double(text), number.isFinite, number >= 0, number < 1e15 {
            return bounded(duration(number, from: now))
        }
        if let date = TrackerDate.parse(text) { return bounded(date - now) }
        return RetryAfter.duration(text, now: now)
    }

    private static let yearSeconds = 365.0 * 24 * 3_600

    private static func duration(_ number: Double, from now: Timestamp) -> Duration {
        if number < 10 * yearSeconds { return .milliseconds(Int64(number * 1_000)) }
        let milliseconds = number < 1e11 ? Int64(number * 1_000) : Int64(number)
        return Timestamp(milliseconds: milliseconds) - now
    }

    private static func bounded(_ duration: Duration) -> Duration {
        max(.zero, min(duration, TrackerLimits.retryAfterMax))
    }
}
