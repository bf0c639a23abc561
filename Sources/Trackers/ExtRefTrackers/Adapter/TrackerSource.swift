// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// A source with what it takes to call its tracker.
public struct TrackerSource: Sendable {
    public let source: IntegrationSource
    public internal(set) var credential: TrackerCredential
    /// A PEM file of certificate authorities to trust for it instead of the system's.
    public let caFile: String?
    /// Whether it is not saved: what a token endpoint gives out could not be kept.
    public let isDraft: Bool
    /// Who waits for what is asked of it.
    public let priority: TrafficPriority
    /// Whether it is being tested by an admin.
    var isTested = false
    /// Whether an admin is setting it up, for which it need not be switched on.
    var isBeingSetUp = false

    /// Joins a source, stored or drafted, and its opened credential.
    public init(
        _ source: IntegrationSource, credential: TrackerCredential = TrackerCredential(),
        caFile: String? = nil, isDraft: Bool = false, priority: TrafficPriority = .interactive
    ) {
        self.source = source
        self.credential = credential
        self.caFile = caFile
        self.isDraft = isDraft
        self.priority = priority
    }

    /// The value of an authentication field that is no secret; empty when it is not set.
    public func setting(_ name: String) -> String { source.authenticationSettings[name] ?? "" }

    /// The value of a secret field.
    /// - Throws: ``TrackerError/Code/credentialsRejected`` when there is none.
    public func secret(_ name: String) throws(TrackerError) -> String {
        guard let secret = credential[name], !secret.isEmpty else {
            throw TrackerError(.credentialsRejected, "The source has no \(name) yet.")
        }
        return secret
    }

    /// When its credential ends, by the first of the known dates; nil when none is known.
    public var credentialExpiresAt: Timestamp? {
        let typed = TrackerDate.parse(setting(AuthenticationField.expiryFieldName))
        // The access token ends every hour or so, and is renewed by itself.
        let lasting = source.credentials.filter { $0.name != TrackerCredential.accessTokenField }
        return (lasting.compactMap(\.expiresAt) + [typed].compactMap(\.self)).min()
    }
}

extension AuthenticationField {
    static let expiryFieldName = "expires_on"

    /// Lets an admin note when a token ends, for vendors that do not tell.
    static let expiry = AuthenticationField(
        name: expiryFieldName, label: "Expires on", isSecret: false, isRequired: false,
        help:
            "The day the token ends, as YYYY-MM-DD. The vendor does not tell; with it you are warned in time."
    )
}
