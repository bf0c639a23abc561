// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain

extension ProbeReport {
    /// Notes the steps below HTTP that were finished.
    mutating func noteConnection(_ timings: HTTPTimings, isTLS: Bool) {
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
        note(.http, .passed, "The server answers.", timings.firstByte)
    }

    /// Notes what every answer tells beside its body: the tracker's clock and the calls left.
    mutating func noteHeaders(of response: TrackerResponse, at now: Timestamp) {
        if let date = response.header("date").flatMap(RetryAfter.date) {
            let skew = date > now ? date - now : now - date
            let isFar = skew > TrackerLimits.clockSkewMax
            note(
                .clock, isFar ? .warning : .passed,
                isFar
                    ? "The tracker's clock and this server's are \(skew.components.seconds) s apart: signed "
                        + "requests and notifications may be refused. Check both."
                    : "The clocks agree.")
        }
        let hints = RateHints(response, at: now)
        guard let limit = hints.limit, let remaining = hints.remaining else { return }
        note(
            .rate, hints.isLow ? .warning : .passed,
            hints.isLow
                ? "Only \(remaining) of \(limit) calls are left. Others may use the same "
                    + "account; give this service one of its own."
                : "\(remaining) of \(limit) calls are left.")
    }

    /// Notes what the answers of one probe give away of a changing interface; a former probe's warning stays.
    mutating func noteDrift(_ signs: [DriftSign]) {
        guard steps.first(where: { $0.name == .api })?.verdict != .warning else { return }
        guard let gravest = signs.min(by: { $0.kind < $1.kind }) else {
            note(.api, .passed, "The tracker's answers are as published, and announce no change.")
            return
        }
        note(.api, .warning, gravest.advice)
    }

    /// Notes when the credential ends; warns ``TrackerLimits/expiryWarning`` ahead.
    mutating func noteExpiry(_ end: Timestamp?, at now: Timestamp) {
        guard let end else { return }
        expiresAt = end
        guard isOK, let identity = steps.first(where: { $0.name == .identity }), identity.verdict == .passed,
            end - now < TrackerLimits.expiryWarning
        else { return }
        let days = max(0, (end - now).components.seconds / 86_400)
        note(
            .identity, .warning, identity.advice + " The credential ends in \(days) days; renew it in time.",
            identity.elapsed)
    }

    mutating func noteFinding(_ finding: ProbeFinding, of purpose: TrackerProbe.Purpose, _ elapsed: Duration?)
    {
        let verdict: ProbeVerdict = finding.isWarning ? .warning : .passed
        if !finding.scopes.isEmpty {
            scopes = finding.scopes.prefix(ProbeReport.scopesMax).map(TrackerText.short)
        }
        if let end = finding.expiresAt { expiresAt = end }
        denied.formUnion(finding.denied)
        switch purpose {
        case .identity:
            identity = finding.identity
            note(.auth, .passed, "The credentials are accepted.")
            note(.identity, verdict, finding.advice, elapsed)
        case .read:
            note(.read, verdict, finding.advice, elapsed)
        case .permission(let capability):
            guard let step = Self.step(of: capability) else { return }
            let isDenied = finding.denied.contains(capability)
            note(step, isDenied ? .warning : verdict, finding.advice, elapsed)
        }
    }

    /// Puts a failure on the step it belongs to, and notes the steps before it. A right that is missing for
    /// more than reading is a warning.
    mutating func noteFailure(_ error: TrackerError, of purpose: TrackerProbe.Purpose) {
        if case .permission(let capability) = purpose, let step = Self.step(of: capability),
            [.permissionDenied, .scopeMissing, .notFound, .invalidRequest].contains(error.code)
        {
            if error.code == .permissionDenied || error.code == .scopeMissing { denied.insert(capability) }
            note(step, .warning, error.message)
            return
        }
        let verdict = ProbeFailure(error, purpose)
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

    static let scopesMax = 100

    static func step(of capability: Capability) -> ProbeStep.Name? {
        switch capability {
        case .search: .search
        case .create: .create
        case .backLink: .backLink
        case .comment: .comment
        case .webhook: .webhook
        case .fetch, .batchFetch, .changesSince: nil
        }
    }
}
