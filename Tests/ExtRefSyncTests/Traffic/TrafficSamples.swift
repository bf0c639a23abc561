// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import ExtRefTrackers

@testable import ExtRefSync

/// Wishes and outcomes that many tests start from.
enum TrafficSamples {
    static func key(_ source: String = "a", revision: Int64 = 1, account: Int = 1) -> TrafficKey {
        TrafficKey(sourceID: SourceID(trusted: "src_" + source), revision: revision, account: account)
    }

    static func wish(
        _ source: String = "a", _ priority: TrafficPriority = .interactive, tenant: String = "t1",
        revision: Int64 = 1, account: Int = 1, isTest: Bool = false, timeLeft: Duration = .seconds(10)
    ) -> TrafficWish {
        TrafficWish(
            key: key(source, revision: revision, account: account), tenantID: TenantID(trusted: tenant),
            priority: priority, isConnectionTest: isTest, timeLeft: timeLeft)
    }

    static func visitor(
        _ source: String, _ tenant: String = "t1", _ priority: TrafficPriority = .interactive
    ) -> ConcurrencyLimits.Visitor {
        ConcurrencyLimits.Visitor(
            tenantID: TenantID(trusted: tenant), sourceID: SourceID(trusted: "src_" + source),
            priority: priority)
    }

    static func hints(_ headers: [String: String]) -> RateHints {
        RateHints(
            TrackerResponse(status: 200, headers: headers.map { .init($0.key, $0.value) }),
            at: Timestamp(seconds: 1_795_340_867))
    }

    static func good(_ headers: [String: String] = [:]) -> TrafficOutcome {
        TrafficOutcome(status: 200, hints: hints(headers))
    }

    static func failed(
        _ code: TrackerError.Code, retryAfter: Duration? = nil, latency: Duration = .zero
    ) -> TrafficOutcome {
        TrafficOutcome(
            failure: TrackerError(code, "as the test wants", retryAfter: retryAfter), latency: latency)
    }
}
