// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import Synchronization
import Testing

@testable import ExtRefTrackers

/// A source may be switched off at any time: from then on nothing leaves for it.
@Suite struct SourceGateTests {
    /// Lets everything pass and repeats whatever failed, without a pause.
    private struct EagerTraffic: TrafficControl {
        func admit(_ wish: TrafficWish) async throws(TrackerError) -> TrafficPass {
            TrafficPass(number: 0, wish: wish, admittedAt: .zero)
        }

        func finish(_ pass: TrafficPass, _ outcome: TrafficOutcome) {}

        func pause(
            beforeAttempt attempt: Int, of wish: TrafficWish, after failure: TrackerError
        ) -> Duration? { attempt < 5 ? .zero : nil }
    }

    private static func runner(_ transport: FakeTransport, callsMax: Int) -> TrackerRunner {
        TrackerRunner(
            transport: transport, traffic: EagerTraffic(), gate: { _ in transport.sent.count < callsMax },
            clock: ManualClock())
    }

    @Test(arguments: 0...3)
    func `nothing leaves once the source is switched off, repeats neither`(_ callsMax: Int) async throws {
        let transport = FakeTransport(503)
        let error = await #expect(throws: TrackerError.self) {
            try await Self.runner(transport, callsMax: callsMax).fetchIssue(
                IssueReference(key: "1"), from: Samples.recorded(), budget: .seconds(9))
        }
        #expect(transport.sent.count == callsMax)
        // Why there was a repeat says more than why it did not leave.
        #expect(error?.isUnsent == (callsMax == 0))
        #expect(error?.code == (callsMax == 0 ? .cancelled : .unavailable))
    }

    @Test func `a source that is switched off can be tested`() async throws {
        let transport = FakeTransport(200)
        _ = await Self.runner(transport, callsMax: 0).testConnection(Samples.recorded())
        #expect(!transport.sent.isEmpty)
    }
}
