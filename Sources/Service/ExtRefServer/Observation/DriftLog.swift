// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefSync
import ExtRefTrackers
import Logging
import Metrics

/// Tells operators that trackers change their interfaces: a counter that rises with every answer that gives
/// it away, and one line in the log for each new warning of a source.
struct DriftLog: Sendable {
    /// `provider` is one of the registry's, `kind` one of ``DriftSign/Kind``: never more than some dozens of
    /// series, and nothing of tenants, sources or issues.
    static let counterName = "extref_tracker_drift_total"

    let logger: Logger
    /// Makes the counters. Without a backend for metrics, the one that counts nothing.
    let metrics: any MetricsFactory

    func note(_ event: DriftEvent) {
        let provider = event.providerID.rawValue
        let kind = event.sign.kind.rawValue
        Counter(
            label: Self.counterName, dimensions: [("provider", provider), ("kind", kind)], factory: metrics
        ).increment()
        guard event.isNew else { return }
        logger.warning(
            "tracker interface changes",
            metadata: [
                "provider": "\(provider)", "kind": "\(kind)", "source": "\(event.sourceID.rawValue)",
                "subject": "\(event.sign.subject)",
            ])
    }
}
