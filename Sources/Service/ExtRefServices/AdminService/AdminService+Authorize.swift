// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
public import ExtRefMessages
import ExtRefSecurity
import ExtRefStore
import ExtRefTrackers
public import RPC
import RPCMessages

extension AdminService {
    public func beginSourceAuthorization(
        _ request: BeginSourceAuthorizationRequest, context: CallContext
    ) async throws -> BeginSourceAuthorizationResponse {
        let scope = try await begin(context)
        let redirectURI = try Self.redirectURI(request.redirectUri)
        let source = try await environment.store.read(scope.tenantID) { store in
            try manageableSource(request.id, field: "id", scope: scope, in: store)
        }
        let state = AuthorizationState(
            principalID: scope.caller.principalID, redirectURI: redirectURI,
            expiresAt: scope.now + ServiceLimits.authorizationTimeMax)
        let url = try environment.trackers.authorizationURL(
            of: source, redirectURI: redirectURI, state: state.sealed(for: source, with: environment.sealer),
            challenge: state.challenge)
        return BeginSourceAuthorizationResponse(
            authorizationURL: url, expireTime: GoogleTimestamp(state.expiresAt))
    }

    public func completeSourceAuthorization(
        _ request: CompleteSourceAuthorizationRequest, context: CallContext
    ) async throws -> CompleteSourceAuthorizationResponse {
        let scope = try await begin(context)
        let tracked = try await environment.store.read(scope.tenantID) { store in
            try environment.trackerSource(
                manageableSource(request.id, field: "id", scope: scope, in: store), in: store)
        }
        let state = try openState(request.state, of: tracked.source, scope: scope)
        guard (1...ServiceLimits.settingBytesMax).contains(request.code.utf8.count) else {
            throw DomainError.invalid("code", "must be the redirect's code, as it came")
        }
        let token = try await environment.trackers.exchangeCode(
            request.code, verifier: state.verifier, redirectURI: state.redirectURI, for: tracked,
            budget: scope.budget(ServiceLimits.refreshBudget))
        guard token.refreshToken != nil else {
            throw DomainError.precondition(
                .trackerScopeMissing, subject: request.id,
                "The tracker gave no refresh token. Register the client for offline access, and begin again.")
        }
        return try await keepGrant(token, of: tracked.source, scope: scope)
    }

    private func openState(
        _ text: String, of source: IntegrationSource, scope: CallScope
    ) throws(DomainError) -> AuthorizationState {
        guard let state = AuthorizationState(sealed: text, for: source, with: environment.sealer),
            state.principalID == scope.caller.principalID
        else {
            throw .invalid("state", "was not made for this source and caller; begin the authorisation again")
        }
        guard state.expiresAt > scope.now else {
            throw .invalid("state", "has expired; begin the authorisation again")
        }
        return state
    }

    /// Keeps the grant like a credential that an admin entered: the source's revision grows, so that nothing
    /// obtained with an older grant is used any more.
    private func keepGrant(
        _ token: IssuedToken, of source: IntegrationSource, scope: CallScope
    ) async throws -> CompleteSourceAuthorizationResponse {
        let stored = try await environment.store.write(scope.tenantID) { [environment] store in
            let before = try manageableSource(source.id.rawValue, field: "id", scope: scope, in: store)
            var authorised = before
            authorised.updatedAt = scope.now
            let updated = try store.sources.update(authorised, expectedRevision: source.revision)
            let name = StoreTokenVault.refreshField
            let grant = SealedCredential(
                name: name,
                sealed: try environment.sealer.seal(
                    Secret(token.refreshToken ?? ""),
                    binding: SealBinding(tenantID: source.tenantID, source: source.id, field: name)),
                setAt: scope.now, setBy: scope.caller.principalID, expiresAt: nil)
            try store.sources.setCredentials(source.id, [grant])
            try store.sources.removeCredentials(source.id, names: [TrackerCredential.accessTokenField])
            let after = try store.sources.get(source.id) ?? updated
            try Journal(scope, requestID: "", environment).source(before, after, in: store)
            return after
        }
        // The grant is kept; it is the admin's, so what comes with it is all that the vault adds.
        try await StoreTokenVault(
            store: environment.store, sealer: environment.sealer, clock: environment.clock
        ).keep(IssuedToken(accessToken: token.accessToken, expiresAt: token.expiresAt), for: stored)
        var response = CompleteSourceAuthorizationResponse()
        response.source = Wire.Source(
            stored, for: scope.caller, overlay: nil, registry: environment.registry)
        return response
    }

    /// The vendor sends a person there with a code in the address: only over TLS, or to the same machine.
    private static func redirectURI(_ text: String) throws(DomainError) -> String {
        let url: WebURL
        do throws(TemplateFault) { url = try WebURL(text) } catch {
            throw .invalid("redirect_uri", error.description, reason: .urlInvalid)
        }
        let lower = url.text.lowercased()
        let isLocal = ["http://127.0.0.1", "http://localhost", "http://[::1]"].contains { prefix in
            lower.hasPrefix(prefix) && [nil, ":", "/"].contains(lower.dropFirst(prefix.count).first)
        }
        guard lower.hasPrefix("https://") || isLocal, !url.text.contains("#") else {
            throw .invalid(
                "redirect_uri",
                "must start with https://, or http:// on a loopback host, and have no fragment",
                reason: .urlInvalid)
        }
        return url.text
    }
}
