// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefSecurity
import ExtRefStore
import ExtRefTrackers

/// The secrets by which a source's tracker signs: those of now and, for a while, those before. One of each,
/// but for a tracker that chooses one for each of its webhooks.
struct WebhookSecrets: Sendable {
    static let field = "webhook_secret"
    static let fieldBefore = "webhook_secret_before"
    static let fieldHandshake = "webhook_handshake"
    static let fields: Set<String> = [field, fieldBefore, fieldHandshake]
    /// Fields that make a source one which may be notified.
    static let openingFields = [field, fieldHandshake]

    private let current: [Secret]
    private let before: [Secret]
    private let beforeEndsAt: Timestamp?
    private let handshake: WebhookHandshake?
    private let handshakeEndsAt: Timestamp?
    /// Who opened the handshake.
    let handshakeBy: PrincipalID?

    /// Opens a source's secrets.
    init(of source: IntegrationSource, sealer: SecretSealer, in store: StoreContext<some StoreAccess>) throws
    {
        let sealed = try store.sources.sealedCredentials(of: source.id)
        func open(_ field: String) throws -> (secret: Secret, credential: SealedCredential)? {
            guard let credential = sealed.first(where: { $0.name == field }) else { return nil }
            let binding = SealBinding(tenantID: source.tenantID, source: source.id, field: field)
            return (try sealer.open(credential.sealed, binding: binding), credential)
        }
        current = try open(Self.field).map { Self.split($0.secret) } ?? []
        let former = try open(Self.fieldBefore)
        before = former.map { Self.split($0.secret) } ?? []
        beforeEndsAt = former?.credential.expiresAt
        let opened = try open(Self.fieldHandshake)
        handshake = opened.flatMap { WebhookHandshake($0.secret) }
        handshakeEndsAt = opened?.credential.expiresAt
        handshakeBy = opened?.credential.setBy
    }

    /// The newest secret.
    var newest: Secret? { current.last }

    /// All of now, as one text to seal; nil when there is none.
    var joined: Secret? { Self.join(current) }

    /// All of now and one more, as one text to seal; nil when there are too many.
    func joined(with secret: Secret) -> Secret? {
        if current.contains(secret) { return joined }
        return current.count < ServiceLimits.handshakeSecretsMax ? Self.join(current + [secret]) : nil
    }

    /// The secrets that are accepted at a time.
    func accepted(at now: Timestamp) -> [Secret] {
        current + (beforeEndsAt.map { now < $0 } == true ? before : [])
    }

    /// The handshake that is awaited at a time; nil when none is.
    func handshake(at now: Timestamp) -> WebhookHandshake? {
        handshakeEndsAt.map { now < $0 } == true ? handshake : nil
    }

    /// When the handshake is awaited no longer.
    var handshakeEnd: Timestamp? { handshakeEndsAt }

    /// Makes a secret that a tracker with these schemes takes.
    static func make(for schemes: [WebhookScheme]) -> Secret {
        schemes.contains(.standardWebhooks) ? WebhookKeyText.standard(randomBytes()) : makeHexadecimal()
    }

    /// Makes a secret that fits into any form, field and path.
    static func makeHexadecimal() -> Secret { Secret(WebhookKeyText.hexadecimal(randomBytes())) }

    private static func randomBytes() -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<ServiceLimits.webhookSecretBytes).map { _ in
            UInt8.random(in: .min ... .max, using: &generator)
        }
    }

    /// Secrets are of visible characters, so that a line end never is part of one.
    private static func split(_ text: Secret) -> [Secret] {
        text.reveal { $0.split(separator: "\n").map { Secret(String($0)) } }
    }

    private static func join(_ secrets: [Secret]) -> Secret? {
        secrets.isEmpty ? nil : Secret(secrets.map { $0.reveal { $0 } }.joined(separator: "\n"))
    }
}
