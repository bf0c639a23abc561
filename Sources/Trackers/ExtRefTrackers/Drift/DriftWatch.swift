// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// Hears what answers give away of a changing interface. ``TrackerRunner`` tells after every exchange that
/// gave something away; an exchange is never held up or failed by it.
public protocol DriftWatch: Sendable {
    /// Takes note; must return quickly.
    func noticed(_ report: DriftReport)
}

/// What one answer gave away.
public struct DriftReport: Sendable {
    public let source: IntegrationSource
    /// Whether the source is not saved: nobody will ask what was seen of it.
    public let isDraft: Bool
    /// The call, such as `GET /issues/7.json`: without query, host and secrets. At most
    /// ``TrackerLimits/driftPlaceScalarsMax`` scalars.
    public let place: String
    /// Each once; at least one.
    public let signs: [DriftSign]
    public let seenAt: Timestamp

    /// Makes a report.
    public init(
        source: IntegrationSource, isDraft: Bool = false, place: String, signs: [DriftSign],
        seenAt: Timestamp
    ) {
        self.source = source
        self.isDraft = isDraft
        self.place = place
        self.signs = signs
        self.seenAt = seenAt
    }
}

/// Hears nothing: what a runner without a watch has.
public struct NoDriftWatch: DriftWatch {
    /// Makes one.
    public init() {}

    public func noticed(_ report: DriftReport) {}
}
