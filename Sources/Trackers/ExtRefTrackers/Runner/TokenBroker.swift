// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import Synchronization

/// Obtains access tokens: one exchange for all who need one at the same time, renewed before their end.
///
/// Four rules keep a grant from being lost. An exchange under way ends, even when nobody waits for it any
/// more: its answer may hold the only good refresh token. A new refresh token is durable before anything uses
/// it, and is remembered until it is. A refused refresh looks first whether another process was quicker, and
/// takes what that one kept. Nothing is ever erased here: a dead grant stays as it is until an admin replaces
/// it.
final class TokenBroker: Sendable {
    typealias Exchange =
        @Sendable (TrackerCall<IssuedToken>) async throws(TrackerError) -> IssuedToken

    private struct Key: Hashable, Sendable {
        let sourceID: SourceID
        let revision: Int64
        let method: AuthenticationMethodID
    }

    private struct Kept {
        let token: IssuedToken
        let renewAt: Timestamp
        var lastUse: UInt64
    }

    private struct State {
        var tokens: [Key: Kept] = [:]
        /// The access token of each source that its tracker refused last: not to be taken from the vault.
        var refused: [SourceID: String] = [:]
        /// Tokens that the vault could not take when they came.
        var unsaved: [Key: IssuedToken] = [:]
        var uses: UInt64 = 0
    }

    private let vault: (any TokenVault)?
    private let signer: any TokenSigning
    private let wallClock: WallClock
    private let flights: SingleFlight<Key, IssuedToken>
    private let state = Mutex(State())

    init(
        vault: (any TokenVault)?, signer: any TokenSigning, wallClock: @escaping WallClock,
        executor: (any TaskExecutor)? = nil
    ) {
        self.vault = vault
        self.signer = signer
        self.wallClock = wallClock
        flights = SingleFlight(outlivesCallers: true, on: executor)
    }

    /// Judges whether a token could be asked for; nothing is sent.
    /// - Throws: ``TrackerError/Code/credentialsRejected`` when a secret is missing or cannot be used.
    func requireSecrets(of source: TrackerSource, _ tracker: any TokenObtaining) throws(TrackerError) {
        _ = try tracker.tokenCall(for: source, at: wallClock(), signer: signer)
    }

    /// The source with a good access token in its credential; unchanged when its method needs none.
    func authorized(
        _ source: TrackerSource, _ tracker: any TokenObtaining, exchange: @escaping Exchange
    ) async throws(TrackerError) -> TrackerSource {
        guard try tracker.tokenCall(for: source, at: wallClock(), signer: signer) != nil else {
            return source
        }
        guard !(source.isDraft && tracker.rotatesRefreshToken(source.source)) else {
            throw TrackerError(
                .unsupported,
                "An OAuth grant can only be tested once the source is saved: the test uses the refresh token up."
            )
        }
        let key = Key(
            sourceID: source.source.id, revision: source.source.revision,
            method: source.source.authenticationMethod)
        let token: IssuedToken
        if !source.isDraft, let kept = kept(key) {
            token = kept
        } else {
            token = try await flights.run(key) { [self] in
                await TrackerError.catching { () async throws(TrackerError) in
                    try await self.obtain(key, source, tracker, exchange)
                }
            }
        }
        var authorized = source
        authorized.credential = source.credential.setting(
            TrackerCredential.accessTokenField, to: token.accessToken)
        return authorized
    }

    /// Notes that the tracker refused a token before its end, so that the next call obtains another. What
    /// came with it, such as a refresh token, stays good.
    func forget(_ source: TrackerSource) {
        guard let token = source.credential[TrackerCredential.accessTokenField] else { return }
        state.withLock { state in
            if state.refused.count >= TrackerLimits.accessTokensMax { state.refused = [:] }
            state.refused[source.source.id] = token
        }
    }

    /// Whether a token that was kept some time ago will outlast the call it is taken for, and is none that is
    /// due to be renewed.
    private func isUsable(_ token: IssuedToken, for key: Key) -> Bool {
        let now = wallClock()
        guard token.expiresAt - TrackerLimits.callTimeMax > now else { return false }
        return state.withLock { state in
            if state.refused[key.sourceID] == token.accessToken { return false }
            guard let kept = state.tokens[key], kept.token.accessToken == token.accessToken else {
                return true
            }
            return kept.renewAt > now
        }
    }

    /// The newest token there is, durable.
    private func newest(_ key: Key, _ source: TrackerSource) async throws(TrackerError) -> IssuedToken? {
        guard !source.isDraft else { return nil }
        guard let vault else { return state.withLock { $0.tokens[key]?.token } }
        guard let unsaved = state.withLock({ $0.unsaved[key] }) else {
            return try await vault.newest(for: source.source)
        }
        try await vault.keep(unsaved, for: source.source)
        state.withLock { $0.unsaved[key] = nil }
        return unsaved
    }

    private func obtain(
        _ key: Key, _ source: TrackerSource, _ tracker: any TokenObtaining, _ exchange: Exchange
    ) async throws(TrackerError) -> IssuedToken {
        // Somebody may have landed between the look at the shelf and the flight.
        if !source.isDraft, let kept = kept(key) { return kept }
        let newest = try await newest(key, source)
        if let newest, isUsable(newest, for: key) {
            keep(newest, for: key)
            return newest
        }
        do throws(TrackerError) {
            return try await renew(key, source, refreshToken: newest?.refreshToken, tracker, exchange)
        } catch {
            guard error.code == .credentialsRejected || error.code == .credentialsExpired,
                let winner = try await vault?.newest(for: source.source), winner != newest,
                isUsable(winner, for: key)
            else { throw error }
            keep(winner, for: key)
            return winner
        }
    }

    private func renew(
        _ key: Key, _ source: TrackerSource, refreshToken: String?, _ tracker: any TokenObtaining,
        _ exchange: Exchange
    ) async throws(TrackerError) -> IssuedToken {
        var source = source
        if let refreshToken {
            source.credential = source.credential.setting("refresh_token", to: refreshToken)
        }
        guard let call = try tracker.tokenCall(for: source, at: wallClock(), signer: signer) else {
            throw TrackerError(.badResponse, "The way to authenticate changed during the call.")
        }
        var token = try await exchange(call)
        if token.refreshToken == nil {
            token = IssuedToken(
                accessToken: token.accessToken, expiresAt: token.expiresAt,
                refreshToken: source.credential["refresh_token"])
        }
        if !source.isDraft {
            try await makeDurable(token, key, source)
            keep(token, for: key)
        }
        return token
    }

    private func makeDurable(
        _ token: IssuedToken, _ key: Key, _ source: TrackerSource
    ) async throws(TrackerError) {
        do throws(TrackerError) {
            try await vault?.keep(token, for: source.source)
        } catch {
            state.withLock { state in
                if state.unsaved.count >= TrackerLimits.accessTokensMax { state.unsaved = [:] }
                state.unsaved[key] = token
            }
            throw error
        }
    }

    /// When a token is renewed: five minutes before its end, or a fifth of its life when that is shorter.
    private func renewalTime(of token: IssuedToken) -> Timestamp {
        let life = max(.zero, min(token.expiresAt - wallClock(), TrackerLimits.tokenLifeMax))
        return token.expiresAt - min(TrackerLimits.tokenRenewalMargin, life / TrackerLimits.tokenRenewalShare)
    }

    private func kept(_ key: Key) -> IssuedToken? {
        let now = wallClock()
        return state.withLock { state in
            guard let kept = state.tokens[key], kept.renewAt > now,
                state.refused[key.sourceID] != kept.token.accessToken
            else { return nil }
            state.uses += 1
            state.tokens[key]?.lastUse = state.uses
            return kept.token
        }
    }

    private func keep(_ token: IssuedToken, for key: Key) {
        let renewAt = renewalTime(of: token)
        state.withLock { state in
            state.uses += 1
            if state.tokens.count >= TrackerLimits.accessTokensMax, state.tokens[key] == nil,
                let oldest = state.tokens.min(by: { $0.value.lastUse < $1.value.lastUse })
            {
                state.tokens[oldest.key] = nil
            }
            state.tokens[key] = Kept(token: token, renewAt: renewAt, lastUse: state.uses)
        }
    }
}
