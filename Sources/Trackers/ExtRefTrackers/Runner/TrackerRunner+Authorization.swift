// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension TrackerRunner {
    /// The page on which a person lets the source in.
    /// - Parameters:
    ///   - state: comes back with the person.
    ///   - challenge: PKCE's, by `S256`.
    /// - Throws: ``TrackerError/Code/unsupported`` when the source's method needs nobody's consent.
    public func authorizationURL(
        of source: IntegrationSource, redirectURI: String, state: String, challenge: String
    ) throws(TrackerError) -> String {
        let endpoints = try authorizing(source).oauth(of: source)
        var items = [
            QueryItem("response_type", "code"),
            QueryItem("client_id", source.authenticationSettings["client_id"] ?? ""),
            QueryItem("redirect_uri", redirectURI),
            QueryItem("scope", endpoints.scopes.joined(separator: endpoints.scopeSeparator)),
            QueryItem("state", state), QueryItem("code_challenge", challenge),
            QueryItem("code_challenge_method", "S256"),
        ]
        items += endpoints.extraItems
        let query = items.map { "\(PercentCoding.encode($0.name))=\(PercentCoding.encode($0.value))" }
        return endpoints.authorizeAddress + "?" + query.joined(separator: "&")
    }

    /// Exchanges the code that came back. The caller keeps the grant.
    public func exchangeCode(
        _ code: String, verifier: String, redirectURI: String, for source: TrackerSource, budget: Duration
    ) async throws(TrackerError) -> IssuedToken {
        let tracker = try authorizing(source.source)
        var source = source
        source.isBeingSetUp = true
        return try await withBudget(budget) { [source] () async throws(TrackerError) in
            try await self.run(
                tracker.codeCall(
                    code, verifier: verifier, redirectURI: redirectURI, for: source, at: self.wallClock()),
                with: source, reading: tracker)
        }
    }

    private func authorizing(_ source: IntegrationSource) throws(TrackerError) -> any OAuthAuthorizing {
        guard source.authenticationMethod == .oauthRefresh,
            let tracker = registry[source.providerID] as? any OAuthAuthorizing
        else {
            throw TrackerError(
                .unsupported, "This way to authenticate needs no authorisation. Enter its secrets instead.")
        }
        return tracker
    }
}
