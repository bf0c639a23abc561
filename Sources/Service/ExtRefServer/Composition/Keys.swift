// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefSecurity
import ExtRefStore

/// The keys of a server: those that seal secrets, and those that prove callers.
struct Keys {
    private static let canaryName = "canary"

    let sealer: SecretSealer
    let pageTokens: PageTokenSealer
    let authenticator: Authenticator

    /// Opens the keys of a data directory, and makes them on the first start.
    ///
    /// The store holds a canary that only the right key ring opens: a server never starts with a key ring
    /// that is not its database's.
    static func open(
        _ directory: DataDirectory, store: Store, identity: IdentitySettings, now: Timestamp
    ) async throws(StartError) -> (keys: Keys, isNewAdminToken: Bool) {
        do {
            let canary = try await store.metaValue(canaryName)
            let ring = try KeyRing.open(directory: directory.path, canary: canary)
            let sealer = SecretSealer(keyRing: ring)
            if canary == nil { try await store.setMetaValue(canaryName, try sealer.makeCanary()) }
            let local = try LocalIssuer.open(directory: directory.path)
            let issuers =
                (identity.acceptsLocalTokens ? [local.trusted] : []) + [identity.issuer].compactMap { $0 }
            let authenticator = try await Authenticator(issuers: issuers, now: now)
            let keys = Keys(
                sealer: sealer, pageTokens: PageTokenSealer(keyRing: ring), authenticator: authenticator)
            guard identity.acceptsLocalTokens else { return (keys, false) }
            let token = AdminToken(directory: directory, issuer: local, authenticator: authenticator)
            return (keys, try token.keep(isFirstStart: canary == nil, now: now))
        } catch let error as StartError {
            throw error
        } catch let error as SecurityError {
            throw StartError(.keys, error.message, cause: error)
        } catch {
            throw StartError(.store, "The database cannot be read.", cause: error)
        }
    }
}
