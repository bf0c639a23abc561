// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefSecurity
import ExtRefStore
import ExtRefTrackers

/// The secrets by which a source's tracker signs: the one of now and, for a while, the one before.
struct WebhookSecrets: Sendable {
    static let field = "webhook_secret"
    static let fieldBefore = "webhook_secret_before"
    static let fields: Set<String> = [field, fieldBefore]

    private let current: Secret?
    private let before: Secret?
    private let beforeEndsAt: Timestamp?

    /// Opens a source's secrets.
    init(of source: IntegrationSource, sealer: SecretSealer, in store: StoreContext<some StoreAccess>) throws
    {
        let sealed = try store.sources.sealedCredentials(of: source.id)
        func open(_ field: String) throws -> (secret: Secret, endsAt: Timestamp?)? {
            guard let credential = sealed.first(where: { $0.name == field }) else { return nil }
            let binding = SealBinding(tenantID: source.tenantID, source: source.id, field: field)
            return (try sealer.open(credential.sealed, binding: binding), credential.expiresAt)
        }
        current = try open(Self.field)?.secret
        let former = try open(Self.fieldBefore)
        before = former?.secret
        beforeEndsAt = former?.endsAt
    }

    /// The secret of now.
    var newest: Secret? { current }

    /// The secrets that are accepted at a time.
    func accepted(at now: Timestamp) -> [Secret] {
        let former = beforeEndsAt.map { now < $0 } == true ? before : nil
        return [current, former].compactMap(\.self)
    }

    /// Makes a secret that a tracker with these schemes takes.
    static func make(for schemes: [WebhookScheme]) -> Secret {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<ServiceLimits.webhookSecretBytes).map { _ in
            UInt8.random(in: .min ... .max, using: &generator)
        }
        return schemes.contains(.standardWebhooks)
            ? WebhookKeyText.standard(bytes) : Secret(WebhookKeyText.hexadecimal(bytes))
    }
}
