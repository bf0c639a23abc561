// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

/// One exchange on its way to a tracker and back; ends once.
struct Crossing: Sendable {
    let traffic: any TrafficControl
    let pass: TrafficPass
    let elapsed: Stopwatch

    /// Ends with an answer and what it means.
    func end(_ response: TrackerResponse, at now: Timestamp, failure: TrackerError? = nil) {
        traffic.finish(
            pass,
            TrafficOutcome(
                status: response.status, hints: RateHints(response, at: now), failure: failure,
                latency: elapsed()))
    }

    /// Ends without an answer.
    func end(_ failure: TrackerError) {
        traffic.finish(pass, TrafficOutcome(failure: failure, latency: elapsed()))
    }
}
