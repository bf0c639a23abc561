// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import PatternMatching

extension TrackerRunner {
    /// Tests a source, stored or drafted, step by step, within ``TrackerLimits/probeTimeMax``.
    ///
    /// It reads little and changes nothing. What it says of a closed port or a forbidden address is a class
    /// and a sentence, never what was found there.
    public func testConnection(_ source: TrackerSource) async -> ProbeReport {
        let elapsed = clock.stopwatch()
        var report = ProbeReport()
        var source = source
        source.isTested = true
        if checkSettings(source, &report) { await probe(source, since: elapsed, &report) }
        report.elapsed = elapsed()
        return report
    }

    /// Judges the settings.
    /// - Returns: whether there is something to call.
    private func checkSettings(_ source: TrackerSource, _ report: inout ProbeReport) -> Bool {
        let violations = SourceValidator(registry: registry, patterns: PatternCache()).violations(
            of: source.source)
        if let violation = violations.first {
            report.fail(.url, as: "url", .fieldInvalid, "\(violation.field) \(violation.description).", nil)
            return false
        }
        report.note(.url, .passed, "The settings are sound.")
        if registry[source.source.providerID] is any ConnectionProbing { return true }
        report.note(.egress, .skipped, "This provider only makes links; nothing is ever called.")
        return false
    }

    private func probe(
        _ source: TrackerSource, since elapsed: Stopwatch, _ report: inout ProbeReport
    ) async {
        guard let tracker = registry[source.source.providerID] as? any ConnectionProbing else { return }
        report.noteExpiry(source.credentialExpiresAt, at: wallClock())
        if source.source.authenticationMethod == .none {
            report.note(.auth, .skipped, "No credentials are used.")
        }
        if let ready = await ready(source, tracker, since: elapsed, &report) {
            for probe in probes(of: ready, tracker, &report) where report.isOK {
                await run(probe, of: tracker, ready, since: elapsed, &report)
            }
        }
        report.noteExpiry(report.expiresAt, at: wallClock())
    }

    /// The source with an access token, where it needs one; nil when that ended the test.
    private func ready(
        _ source: TrackerSource, _ tracker: any ConnectionProbing, since elapsed: Stopwatch,
        _ report: inout ProbeReport
    ) async -> TrackerSource? {
        guard hasSecrets(source, tracker, &report) else { return nil }
        do throws(TrackerError) {
            return try await withBudget(left(elapsed)) { () async throws(TrackerError) in
                try await self.authorized(source, tracker)
            }
        } catch  where error.code == .unsupported {
            report.note(.auth, .warning, error.message)
        } catch {
            report.noteFailure(error, of: .identity)
        }
        return nil
    }

    /// Whether everything is there that a token is obtained with; nothing is sent to find that out.
    private func hasSecrets(
        _ source: TrackerSource, _ tracker: any ConnectionProbing, _ report: inout ProbeReport
    ) -> Bool {
        guard let tracker = tracker as? any TokenObtaining else { return true }
        do throws(TrackerError) {
            try tokens.requireSecrets(of: source, tracker)
            return true
        } catch {
            noteMissing(error, &report)
            return false
        }
    }

    private func probes(
        of source: TrackerSource, _ tracker: any ConnectionProbing, _ report: inout ProbeReport
    ) -> [TrackerProbe] {
        do throws(TrackerError) { return try tracker.probes(of: source) } catch {
            noteMissing(error, &report)
            return []
        }
    }

    private func noteMissing(_ error: TrackerError, _ report: inout ProbeReport) {
        switch error.code {
        case .credentialsRejected:
            report.fail(.auth, as: "auth", .credentialRequired, error.message, nil)
        case .unsupported: report.note(.auth, .warning, error.message)
        default: report.noteFailure(error, of: .identity)
        }
    }

    private func left(_ elapsed: Stopwatch) -> Duration { TrackerLimits.probeTimeMax - elapsed() }

    private func run(
        _ probe: TrackerProbe, of tracker: any ConnectionProbing, _ source: TrackerSource,
        since elapsed: Stopwatch, _ report: inout ProbeReport
    ) async {
        let left = left(elapsed)
        let drift = DriftNotes()
        do throws(TrackerError) {
            let (finding, response) = try await withBudget(left) {
                () async throws(TrackerError) -> (ProbeFinding, HTTPResponse?) in
                var conversation = Conversation()
                conversation.timeout = left
                conversation.needsFreshConnection = true
                conversation.drift = drift
                let finding = try await self.run(
                    probe.call, with: source, reading: tracker, &conversation)
                guard let finding else { throw Self.unaskedNotModified }
                return (finding, conversation.lastResponse)
            }
            report.noteDrift(drift.signs)
            if let response {
                report.noteConnection(
                    response.timings, isTLS: tracker.apiBase(of: source.source).hasPrefix("https"))
                report.noteHeaders(of: TrackerResponse(response), at: wallClock())
            }
            report.noteFinding(finding, of: probe.purpose, response?.timings.total)
        } catch {
            if error.hasResponse { report.note(.http, .passed, "The server answers.") }
            // What could not be read says nothing of what could.
            if !drift.signs.isEmpty { report.noteDrift(drift.signs) }
            report.noteFailure(error, of: probe.purpose)
        }
    }
}

extension TrackerError {
    /// Whether the failure is something that the tracker said.
    var hasResponse: Bool { stage == nil && code != .timedOut && code != .cancelled && code != .unsupported }
}

/// Tells how much time has passed since it was made.
typealias Stopwatch = @Sendable () -> Duration

extension Clock where Duration == Swift.Duration {
    /// Starts to measure.
    func stopwatch() -> Stopwatch {
        let start = now
        return { start.duration(to: self.now) }
    }
}
