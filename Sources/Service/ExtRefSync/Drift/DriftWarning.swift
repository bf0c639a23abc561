// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
public import ExtRefTrackers

/// A sign of a changing interface, with when and where it was seen.
public struct DriftWarning: Sendable, Hashable {
    public let sign: DriftSign
    /// The last call that gave it away, as in ``DriftReport/place``.
    public internal(set) var place: String
    public let firstSeenAt: Timestamp
    public internal(set) var lastSeenAt: Timestamp
    /// Answers that gave it away since ``firstSeenAt``.
    public internal(set) var count: Int
}

/// The warnings of one source. Pure: it is told the time.
struct SourceWarnings: Sendable {
    private var warnings: [DriftWarning] = []

    /// Takes note of a sign. Of too many of its kind the one seen longest ago goes: a tracker that makes up a
    /// value for each answer crowds out no kind but this one.
    /// - Returns: whether there was no such warning.
    mutating func note(_ sign: DriftSign, at place: String, seenAt now: Timestamp) -> Bool {
        expire(at: now)
        if let index = warnings.firstIndex(where: { $0.sign == sign }) {
            warnings[index].place = place
            warnings[index].lastSeenAt = max(now, warnings[index].lastSeenAt)
            warnings[index].count += 1
            return false
        }
        let same = warnings.indices.filter { warnings[$0].sign.kind == sign.kind }
        if same.count >= SyncLimits.driftWarningsPerKindMax,
            let oldest = same.min(by: { warnings[$0].lastSeenAt < warnings[$1].lastSeenAt })
        {
            warnings.remove(at: oldest)
        }
        warnings.append(
            DriftWarning(sign: sign, place: place, firstSeenAt: now, lastSeenAt: now, count: 1))
        return true
    }

    /// Those seen within ``SyncLimits/driftWarningLife``, the gravest first.
    func current(at now: Timestamp) -> [DriftWarning] {
        warnings.filter { !Self.isOver($0, at: now) }.sorted {
            ($0.sign.kind, $0.firstSeenAt) < ($1.sign.kind, $1.firstSeenAt)
        }
    }

    private mutating func expire(at now: Timestamp) {
        warnings.removeAll { Self.isOver($0, at: now) }
    }

    private static func isOver(_ warning: DriftWarning, at now: Timestamp) -> Bool {
        now - warning.lastSeenAt >= SyncLimits.driftWarningLife
    }
}
