// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefSecurity
import ExtRefStore

/// Exchanges a source's webhook secrets, sealed, in the transaction of whoever asks for it; ``note()`` ends
/// it.
struct WebhookRotation {
    let environment: ServiceEnvironment
    let scope: CallScope
    let source: IntegrationSource
    let store: WriteContext

    /// Puts a secret in the place of the ones before, which are accepted for some time more.
    /// - Returns: until when; nil = there were none, or they count no more.
    @discardableResult
    func replace(by secret: Secret, overlap: Duration) throws -> Timestamp? {
        let former = try WebhookSecrets(of: source, sealer: environment.sealer, in: store).joined
        let end = former != nil && overlap > .zero ? scope.now + overlap : nil
        try seal(secret, WebhookSecrets.field)
        if let former, let end {
            try seal(former, WebhookSecrets.fieldBefore, until: end)
        } else {
            try store.sources.removeCredentials(source.id, names: [WebhookSecrets.fieldBefore])
        }
        return end
    }

    /// Adds secrets to those there are.
    /// - Parameter all: these and the new ones, as one text.
    func extend(to all: Secret) throws {
        try seal(all, WebhookSecrets.field)
    }

    /// Opens the time in which the tracker's own secret is awaited.
    func open(_ handshake: WebhookHandshake, until end: Timestamp) throws {
        try seal(handshake.text, WebhookSecrets.fieldHandshake, until: end)
    }

    private func seal(_ secret: Secret, _ field: String, until end: Timestamp? = nil) throws {
        let binding = SealBinding(tenantID: source.tenantID, source: source.id, field: field)
        let credential = SealedCredential(
            name: field, sealed: try environment.sealer.seal(secret, binding: binding), setAt: scope.now,
            setBy: scope.caller.principalID, expiresAt: end)
        try store.sources.setCredentials(source.id, [credential])
    }

    /// Tells feed and audit log, at the end.
    func note() throws {
        let after = try store.sources.get(source.id)
        try Journal(scope, requestID: "", environment).source(source, after, in: store)
    }
}
