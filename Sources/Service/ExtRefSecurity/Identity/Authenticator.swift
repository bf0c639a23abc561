// SPDX-License-Identifier: Apache-2.0

import Crypto
public import ExtRefDomain
import Synchronization

/// Tells who calls, from the bearer token alone.
///
/// A token is believed when a key of a trusted issuer signed it with that key's one algorithm, and its claims
/// name us alone and the time is right. A verified token is remembered until it ends or any key set changes,
/// so that a withdrawn key ends its tokens at the next ``reloadKeys(at:)``. Asks no network and keeps no
/// thread.
public final class Authenticator: Sendable {
    private struct State {
        var keys: [String: VerificationKey]
        /// Per issuer: the key set's bytes as last read, and when they were last seen whole.
        var sources: [String: KeySource]
        /// Grows with every change of the keys: what was verified before it is not remembered after it.
        var generation = 0
        var cache: VerifiedTokenCache
    }

    private struct KeySource {
        let bytes: [UInt8]
        let keys: [String: VerificationKey]
        var confirmedAt: Timestamp
    }

    private let issuers: [TrustedIssuer]
    private let state: Mutex<State>

    /// Reads every issuer's keys.
    /// - Throws: ``SecurityError/Code/keySetInvalid`` when one cannot be read: the server must not start
    ///   then.
    public init(
        issuers: [TrustedIssuer], now: Timestamp, cachedTokensMax: Int = SecurityLimits.cachedTokensMax
    ) async throws(SecurityError) {
        self.issuers = issuers
        var sources = [String: KeySource]()
        for issuer in issuers {
            guard sources[issuer.name] == nil else {
                throw SecurityError(.keySetInvalid, "Issuer '\(issuer.name)' is configured twice.")
            }
            sources[issuer.name] = try await Self.source(of: issuer, at: now)
        }
        let keys = try Self.merged(sources)
        state = Mutex(
            State(keys: keys, sources: sources, cache: VerifiedTokenCache(entriesMax: cachedTokensMax)))
    }

    /// Tells who calls.
    /// - Parameters:
    ///   - authorization: the value of the `authorization` metadata, if there is one.
    ///   - now: the time to judge the token at.
    public func caller(authorization: String?, now: Timestamp) throws(AuthError) -> Caller {
        let token = try TokenText.token(in: authorization)
        let digest = SHA256.hash(data: token)
        let remembered = state.withLock { $0.cache.entry(for: digest) }
        if let remembered, now < remembered.reverifyAt {
            try remembered.validity.check(at: now)
            return remembered.caller
        }
        guard token.count <= SecurityLimits.tokenBytesMax else { throw AuthError(.tooLong) }
        return try verify(token, digest: digest, at: now)
    }

    private func verify(_ token: [UInt8], digest: SHA256Digest, at now: Timestamp) throws(AuthError) -> Caller
    {
        let text = try TokenText(token)
        let header = try TokenHeader.read(text.header())
        let (known, confirmedAt, generation) = state.withLock { state in
            let key = state.keys[header.keyID]
            return (key, key.flatMap { state.sources[$0.issuer.name]?.confirmedAt }, state.generation)
        }
        guard let key = known, let confirmedAt else { throw AuthError(.keyUnknown) }
        guard now <= confirmedAt + SecurityLimits.keysUnconfirmedMax else { throw AuthError(.keysStale) }
        guard header.algorithm == key.algorithmName else { throw AuthError(.algorithmRefused) }
        guard key.issuer.types.contains(header.type) else { throw AuthError(.typeRefused) }
        guard key.verifies(try text.signature(), of: text.signed) else { throw AuthError(.signatureInvalid) }

        let claims = try TokenClaims.read(text.payload())
        let validity = try claims.validity(from: key.issuer, at: now)
        let caller = try claims.caller()
        let entry = VerifiedTokenCache.Entry(
            caller: caller, validity: validity, reverifyAt: now + SecurityLimits.tokenReverifiedAfter,
            tokenBytes: token.count)
        state.withLock { state in
            // The key may have been withdrawn while its signature was checked.
            if state.generation == generation { state.cache.insert(entry, for: digest) }
        }
        return caller
    }

    /// How many verified tokens are remembered.
    public var cachedTokenCount: Int { state.withLock { $0.cache.count } }
}

// MARK: Keys

extension Authenticator {
    /// Reads the key sets that changed. To be called every few seconds from outside, and when an operator
    /// asks.
    ///
    /// A set that cannot be read leaves the issuer's keys as they were, for at most
    /// ``SecurityLimits/keysUnconfirmedMax``.
    /// - Throws: the first problem, after every other set was read.
    public func reloadKeys(now: Timestamp) async throws(SecurityError) {
        var problem: SecurityError?
        for issuer in issuers {
            do throws(SecurityError) {
                try await reload(issuer, now: now)
            } catch {
                problem = problem ?? error
            }
        }
        if let problem { throw problem }
    }

    private func reload(_ issuer: TrustedIssuer, now: Timestamp) async throws(SecurityError) {
        let bytes = try issuer.keySetBytes()
        let isUnchanged = state.withLock { state in
            guard state.sources[issuer.name]?.bytes == bytes else { return false }
            state.sources[issuer.name]?.confirmedAt = now
            return true
        }
        if isUnchanged { return }
        let source = try await Self.source(of: issuer, bytes: bytes, at: now)
        let merged = state.withLock { state in
            Result { () throws(SecurityError) in
                var sources = state.sources
                sources[issuer.name] = source
                state.keys = try Self.merged(sources)
                state.sources = sources
                state.generation += 1
                state.cache.removeAll()
            }
        }
        try merged.get()
    }

    private static func source(
        of issuer: TrustedIssuer, at now: Timestamp
    ) async throws(SecurityError) -> KeySource {
        try await source(of: issuer, bytes: issuer.keySetBytes(), at: now)
    }

    private static func source(
        of issuer: TrustedIssuer, bytes: [UInt8], at now: Timestamp
    ) async throws(SecurityError) -> KeySource {
        KeySource(bytes: bytes, keys: try await KeySet.read(bytes, issuer: issuer), confirmedAt: now)
    }

    /// All keys by id. A token names its key by id alone, so two issuers must not share one.
    private static func merged(
        _ sources: [String: KeySource]
    ) throws(SecurityError) -> [String: VerificationKey] {
        var keys = [String: VerificationKey]()
        for source in sources.values {
            for (keyID, key) in source.keys {
                guard keys.updateValue(key, forKey: keyID) == nil else {
                    throw SecurityError(.keySetInvalid, "Two issuers have a key with kid '\(keyID)'.")
                }
            }
        }
        return keys
    }
}
