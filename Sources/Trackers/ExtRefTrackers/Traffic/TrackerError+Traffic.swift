// SPDX-License-Identifier: Apache-2.0

internal import CurlHTTP

extension TrackerError {
    /// A refusal of a traffic control: nothing was sent.
    public static func unsent(
        _ code: Code, _ message: String, retryAfter: Duration? = nil
    ) -> TrackerError {
        var refusal = TrackerError(code, message, retryAfter: retryAfter)
        refusal.stage = .queue
        return refusal
    }

    /// The same failure, told again without asking the tracker.
    public func remembered(retryAfter: Duration?) -> TrackerError {
        var refusal = Self.unsent(code, message, retryAfter: retryAfter)
        refusal.egressRule = egressRule
        return refusal
    }

    /// Whether the request waited for its turn and never left: what failed was told by nobody.
    public var isUnsent: Bool { stage == .queue }

    /// Whether the request could not even be built.
    public var isUnbuilt: Bool { stage == .request }
}
