// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// Lets a connection be tested.
public protocol ConnectionProbing: IssueFetching {
    /// The steps of a test, in order. Each is harmless and reads little.
    /// - Throws: when the credential is incomplete.
    func probes(of source: TrackerSource) throws(TrackerError) -> [TrackerProbe]
}

/// One step of a connection test.
public struct TrackerProbe: Sendable {
    /// What it proves.
    public enum Purpose: Sendable, Hashable {
        /// Who the tracker takes us for. Its refusal means that the credentials are bad.
        case identity
        /// That issues can be read.
        case read
        /// That something more may be done. Its refusal is a warning: the rest works without.
        case permission(Capability)
    }

    public let purpose: Purpose
    public let call: TrackerCall<ProbeFinding>

    /// Makes a probe.
    public init(_ purpose: Purpose, _ call: TrackerCall<ProbeFinding>) {
        self.purpose = purpose
        self.call = call
    }

    /// Makes a probe of one request.
    public init(
        _ purpose: Purpose, _ request: TrackerRequest,
        read: @escaping @Sendable (TrackerResponse) throws(TrackerError) -> ProbeFinding
    ) {
        self.init(purpose, .send(request, reading: read))
    }
}

/// What a probe found out.
public struct ProbeFinding: Sendable, Hashable {
    /// Who the tracker says we are; empty when the probe does not ask.
    public var identity: String
    /// A sentence for the admin.
    public var advice: String
    /// Whether something works less well than it should.
    public var isWarning: Bool
    /// What the vendor says the credential may do, in its own words; empty where it does not say.
    public var scopes: [String] = []
    /// When the vendor will stop accepting the credential, if it says so.
    public var expiresAt: Timestamp?
    /// Abilities that the credential lacks.
    public var denied: Set<Capability> = []

    /// Makes a finding.
    public init(identity: String = "", advice: String, isWarning: Bool = false) {
        self.identity = identity
        self.advice = advice
        self.isWarning = isWarning
    }
}
