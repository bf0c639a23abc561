// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefSecurity
import ExtRefStore
import ExtRefTrackers

extension WebhookIntake {
    /// Why a handshake is refused, for the source's own log.
    enum HandshakeRefusal: String {
        case unawaited = "A handshake that nobody waits for: RotateWebhookSecret waits for one."
        case wrongPath = "A handshake at another path than RotateWebhookSecret told."
        case malformed = "A handshake whose secret is too short, too long or of strange characters."
        case tooMany = "A handshake too many: this source has as many webhooks as it can."
    }

    /// Takes the secret that a tracker chose, if an admin waits for it; it is stored before it is answered.
    /// - Parameter header: where the secret is, and goes back.
    func shakeHands(
        _ delivery: WebhookDelivery, _ header: String, for known: WebhookSources.Known, pathSecret: String,
        at now: Timestamp
    ) async throws -> Verdict {
        let source = known.source
        var problem = refusal(of: delivery, header, for: known.secrets, pathSecret, at: now)
        if problem == nil {
            problem = try await environment.store.write(source.tenantID) { [environment] store in
                // What was awaited a moment ago may be awaited no longer, or elsewhere.
                let secrets = try WebhookSecrets(of: source, sealer: environment.sealer, in: store)
                if let late = refusal(of: delivery, header, for: secrets, pathSecret, at: now) {
                    return late
                }
                return try self.store(
                    Secret(delivery.header(header) ?? ""), besides: secrets, of: source, at: now, in: store)
            }
        }
        guard let problem else { return .handshake(header: header, value: delivery.header(header) ?? "") }
        await note(.refused, problem.rawValue, of: source, at: now)
        return .refused
    }

    private func refusal(
        of delivery: WebhookDelivery, _ header: String, for secrets: WebhookSecrets, _ pathSecret: String,
        at now: Timestamp
    ) -> HandshakeRefusal? {
        guard let awaited = secrets.handshake(at: now) else { return .unawaited }
        // Compared in constant time.
        guard awaited.token == Secret(pathSecret) else { return .wrongPath }
        let values = delivery.values(header)
        return values.count == 1 && WebhookHandshake.isSecret(values[0]) ? nil : .malformed
    }

    /// Stores a secret; nil when it is.
    private func store(
        _ secret: Secret, besides secrets: WebhookSecrets, of source: IntegrationSource, at now: Timestamp,
        in store: WriteContext
    ) throws -> HandshakeRefusal? {
        guard let current = try store.sources.get(source.id), current.isEnabled, current.deletedAt == nil,
            let awaited = secrets.handshake(at: now), let end = secrets.handshakeEnd,
            let admin = secrets.handshakeBy
        else { return .unawaited }
        let rotation = WebhookRotation(
            environment: environment,
            scope: CallScope(resuming: admin, of: source.tenantID, method: Self.rotation, now: now),
            source: current, store: store)
        if awaited.isBegun {
            guard let all = secrets.joined(with: secret) else { return .tooMany }
            try rotation.extend(to: all)
        } else {
            try rotation.replace(by: secret, overlap: awaited.overlap)
            try rotation.open(awaited.begun, until: end)
        }
        try rotation.note()
        try store.webhooks.log(
            WebhookRecord(
                id: environment.makeID(), sourceID: source.id, vendorID: "", receivedAt: now,
                outcome: .ignored, reason: "The tracker's handshake: its secret is stored."))
        return nil
    }

    /// What the audit log shows: the handshake ends what this call began.
    private static let rotation = "extref.v1.AdminService/RotateWebhookSecret"
}
