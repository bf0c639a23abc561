// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// How a step of a connection test went.
public enum ProbeVerdict: String, Sendable, Hashable, CaseIterable {
    case passed, warning, failed, skipped
}

/// One step of a connection test.
public struct ProbeStep: Sendable, Hashable {
    /// The steps there are, in order.
    public enum Name: String, Sendable, Hashable, CaseIterable {
        case url, egress, dns, tcp, tls, http, auth, identity, read, search, create
        case backLink = "back_link"
        case comment, webhook, clock, rate
        /// What the answers give away of a changing interface.
        case api
    }

    public let name: Name
    public internal(set) var verdict: ProbeVerdict
    public internal(set) var elapsed: Duration
    /// What was seen, or what to do. Never a secret, never the tracker's raw text.
    public internal(set) var advice: String
}

/// What a connection test found.
public struct ProbeReport: Sendable {
    /// All steps, in order.
    public internal(set) var steps: [ProbeStep]
    /// The class of the first failure: `url`, `egress`, `dns`, `tcp`, `proxy`, `tls`, `auth`, `permission`,
    /// `http`, `rate` or `format`; empty when all is well.
    public internal(set) var failureClass = ""
    /// The same in the words of the service's errors.
    public internal(set) var reason: ErrorReason?
    /// Who the tracker takes us for; empty if it did not say.
    public internal(set) var identity = ""
    /// What the vendor says the credential may do; empty where it does not say.
    public internal(set) var scopes: [String] = []
    /// When the credential ends, if the vendor or an admin said so.
    public internal(set) var expiresAt: Timestamp?
    /// Abilities that the credential lacks, as far as the test could tell.
    public internal(set) var denied: Set<Capability> = []
    /// How long the test took; at most ``TrackerLimits/probeTimeMax`` and a moment.
    public internal(set) var elapsed = Duration.zero

    /// Whether no step failed.
    public var isOK: Bool { failureClass.isEmpty }

    init() {
        steps = ProbeStep.Name.allCases.map {
            ProbeStep(name: $0, verdict: .skipped, elapsed: .zero, advice: "Not tried.")
        }
    }

    mutating func note(
        _ name: ProbeStep.Name, _ verdict: ProbeVerdict, _ advice: String, _ elapsed: Duration? = nil
    ) {
        guard let index = steps.firstIndex(where: { $0.name == name }) else { return }
        steps[index].verdict = verdict
        steps[index].advice = advice
        steps[index].elapsed = elapsed ?? .zero
    }

    mutating func fail(
        _ name: ProbeStep.Name, as failureClass: String, _ reason: ErrorReason, _ advice: String,
        _ elapsed: Duration?
    ) {
        note(name, .failed, advice, elapsed)
        guard isOK else { return }
        self.failureClass = failureClass
        self.reason = reason
    }
}
