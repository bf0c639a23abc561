// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// Something in a tracker's answer that gives away that its interface has changed, or is about to.
public struct DriftSign: Sendable, Hashable {
    /// What kinds there are, the gravest first. The raw values are stable: metrics and logs use them.
    public enum Kind: String, Sendable, Hashable, CaseIterable, Comparable {
        /// A call is gone: HTTP 410 where it does not mean an issue.
        case apiGone = "api_gone"
        /// A call will be gone: the header `Sunset` (RFC 8594).
        case sunset
        /// A call should no longer be used: the header `Deprecation` (RFC 9745).
        case deprecated
        /// A word outside of a vocabulary that the vendor publishes as closed.
        case unknownValue = "unknown_value"
        /// A field that the vendor promises is absent, or of another type.
        case missingField = "missing_field"

        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

        public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
    }

    public let kind: Kind
    /// The field, and of an unknown value `field: value`; empty for what concerns a whole call. Cleaned, at
    /// most ``TrackerLimits/driftSubjectScalarsMax`` scalars.
    public let subject: String
    /// From when on, if the tracker said so; it may be past.
    public let effectiveAt: Timestamp?

    /// Makes a sign; the subject may be anything and is cleaned here.
    public init(_ kind: Kind, _ subject: String = "", effectiveAt: Timestamp? = nil) {
        self.kind = kind
        self.subject = TrackerText.clean(subject, scalarsMax: TrackerLimits.driftSubjectScalarsMax)
        self.effectiveAt = effectiveAt
    }
}

extension DriftSign {
    /// What was seen and what to do about it, for an admin.
    public var advice: String {
        let day = effectiveAt.map { String(TrackerDate.wholeSeconds($0).prefix(10)) }
        return switch kind {
        case .apiGone:
            "The tracker has removed a call that this server makes (HTTP 410). Update this server, and check "
                + "the source's addresses."
        case .sunset:
            "The tracker announces the end of a call that this server makes"
                + (day.map { ", on \($0)" } ?? "") + " (Sunset). Update this server before that."
        case .deprecated:
            "The tracker advises against a call that this server makes"
                + (day.map { ", from \($0) on" } ?? "") + " (Deprecation). It works for now; plan an update."
        case .unknownValue:
            "The tracker uses a value that this server does not know: \(subject). What depends on it is shown "
                + "as unknown. Use the source's status map until an update of this server knows it."
        case .missingField:
            "The tracker's answers lack a field, or have it in another form than published: \(subject). Issues "
                + "may be shown without it, or not be read. Update this server."
        }
    }
}
