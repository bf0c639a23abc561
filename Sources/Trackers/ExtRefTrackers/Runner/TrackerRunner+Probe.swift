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
        let clock = ContinuousClock()
        let start = clock.now
        var report = ProbeReport()
        if checkSettings(source, &report) { await probe(source, from: start, &report) }
        report.elapsed = clock.now - start
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
        _ source: TrackerSource, from start: ContinuousClock.Instant, _ report: inout ProbeReport
    ) async {
        guard let tracker = registry[source.source.providerID] as? any ConnectionProbing else { return }
        let probes = tracker.probes(of: source)
        if probes.isEmpty {
            report.fail(
                .auth, as: "auth", .credentialRequired,
                "The credentials are incomplete. Enter all required fields.", nil)
        }
        if source.source.authenticationMethod == .none {
            report.note(.auth, .skipped, "No credentials are used.")
        }
        for probe in probes where report.isOK {
            await run(probe, of: tracker, source, from: start, &report)
        }
    }

    private func run(
        _ probe: TrackerProbe, of tracker: any ConnectionProbing, _ source: TrackerSource,
        from start: ContinuousClock.Instant, _ report: inout ProbeReport
    ) async {
        let left = TrackerLimits.probeTimeMax - (ContinuousClock.now - start)
        do throws(TrackerError) {
            let response = try await withBudget(left) { () async throws(TrackerError) in
                try await self.send(probe.request, to: source, timeout: left, onFreshConnection: true)
            }
            report.noteConnection(
                response.timings, isTLS: source.source.effectiveAPIBaseURL.hasPrefix("https"))
            report.note(.http, .passed, "The server answers.", response.timings.firstByte)
            if let failure = judge(response, reading: tracker) { throw failure }
            report.noteFinding(try probe.read(TrackerResponse(response)), of: probe, response.timings.total)
        } catch {
            report.noteFailure(error, of: probe)
        }
    }
}

extension ProbeReport {
    /// Notes the steps below HTTP that were finished.
    fileprivate mutating func noteConnection(_ timings: HTTPTimings, isTLS: Bool) {
        note(.egress, .passed, "The egress policy allows the address.")
        if let dns = timings.dns {
            note(.dns, .passed, "The host name is known.", dns)
        } else {
            note(.dns, .skipped, "The address needs no name service.")
        }
        note(.tcp, .passed, "The port accepts connections.", timings.connect)
        if isTLS {
            note(.tls, .passed, "The certificate is trusted.", timings.tls)
        } else {
            note(
                .tls, .warning,
                "The connection is not encrypted; anybody on the way can read the credentials.")
        }
    }

    fileprivate mutating func noteFinding(
        _ finding: ProbeFinding, of probe: TrackerProbe, _ elapsed: Duration?
    ) {
        let verdict: ProbeVerdict = finding.isWarning ? .warning : .passed
        switch probe.purpose {
        case .identity:
            identity = finding.identity
            note(.auth, .passed, "The credentials are accepted.")
            note(.identity, verdict, finding.advice, elapsed)
        case .read:
            note(.read, verdict, finding.advice, elapsed)
        }
    }

    /// Puts a failure on the step it belongs to, and notes the steps before it.
    fileprivate mutating func noteFailure(_ error: TrackerError, of probe: TrackerProbe) {
        let verdict = ProbeFailure(error, probe.purpose)
        for earlier in ProbeStep.Name.allCases.prefix(while: { $0 != verdict.step }) {
            guard let step = steps.first(where: { $0.name == earlier }), step.verdict == .skipped else {
                continue
            }
            noteEarlier(earlier, error.timings)
        }
        fail(verdict.step, as: verdict.failureClass, error.reason, verdict.advice, verdict.elapsed)
    }

    private mutating func noteEarlier(_ name: ProbeStep.Name, _ timings: HTTPTimings) {
        switch name {
        case .egress: note(name, .passed, "The egress policy allows the address.")
        case .dns where timings.dns != nil: note(name, .passed, "The host name is known.", timings.dns)
        case .tcp where timings.connect != nil:
            note(name, .passed, "The port accepts connections.", timings.connect)
        case .tls where timings.tls != nil: note(name, .passed, "The certificate is trusted.", timings.tls)
        default: break
        }
    }
}
