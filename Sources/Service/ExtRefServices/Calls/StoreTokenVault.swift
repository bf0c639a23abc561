// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
public import ExtRefSecurity
public import ExtRefStore
public import ExtRefTrackers

/// Keeps what token endpoints give out next to the source's own secrets, sealed like them.
public struct StoreTokenVault: TokenVault {
    static let refreshField = "refresh_token"
    private static var keeper: PrincipalID { PrincipalID(trusted: "system") }

    private let store: Store
    private let sealer: SecretSealer
    private let clock: WallClock

    /// Makes a vault over a store.
    public init(store: Store, sealer: SecretSealer, clock: @escaping WallClock) {
        self.store = store
        self.sealer = sealer
        self.clock = clock
    }

    public func newest(for source: IntegrationSource) async throws(TrackerError) -> IssuedToken? {
        do {
            return try await store.read(source.tenantID) { context in
                let sealed = try context.sources.sealedCredentials(of: source.id)
                guard let access = sealed.first(where: { $0.name == TrackerCredential.accessTokenField }),
                    let end = access.expiresAt
                else { return nil }
                return IssuedToken(
                    accessToken: try open(access, of: source), expiresAt: end,
                    refreshToken: try sealed.first { $0.name == Self.refreshField }.map {
                        try open($0, of: source)
                    })
            }
        } catch {
            throw TrackerError(.unavailable, "The source's stored tokens cannot be read.")
        }
    }

    public func keep(_ token: IssuedToken, for source: IntegrationSource) async throws(TrackerError) {
        let now = clock()
        do {
            var sealed = [
                try seal(
                    token.accessToken, TrackerCredential.accessTokenField, of: source,
                    endingAt: token.expiresAt,
                    now)
            ]
            if let refresh = token.refreshToken {
                sealed.append(try seal(refresh, Self.refreshField, of: source, endingAt: nil, now))
            }
            let tokens = sealed
            try await store.write(source.tenantID) { context in
                // An admin who changed the source meanwhile has the last word: what was obtained with the old
                // settings must not replace what was just entered.
                guard let current = try context.sources.get(source.id), current.deletedAt == nil,
                    current.revision == source.revision
                else { return }
                try context.sources.keepTokens(source.id, tokens)
            }
        } catch {
            throw TrackerError(.unavailable, "The source's new tokens cannot be stored.")
        }
    }

    private func open(_ sealed: SealedCredential, of source: IntegrationSource) throws -> String {
        try sealer.open(sealed.sealed, binding: binding(sealed.name, source)).reveal { $0 }
    }

    private func seal(
        _ text: String, _ name: String, of source: IntegrationSource, endingAt end: Timestamp?,
        _ now: Timestamp
    ) throws -> SealedCredential {
        SealedCredential(
            name: name, sealed: try sealer.seal(Secret(text), binding: binding(name, source)), setAt: now,
            setBy: Self.keeper, expiresAt: end)
    }

    private func binding(_ name: String, _ source: IntegrationSource) -> SealBinding {
        SealBinding(tenantID: source.tenantID, source: source.id, field: name)
    }
}
