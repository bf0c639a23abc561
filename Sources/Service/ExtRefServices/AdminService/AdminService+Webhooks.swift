// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
public import ExtRefMessages
import ExtRefSecurity
import ExtRefStore
import ExtRefTrackers
public import RPC
import RPCMessages

extension AdminService {
    public func rotateWebhookSecret(
        _ request: RotateWebhookSecretRequest, context: CallContext
    ) async throws -> RotateWebhookSecretResponse {
        let scope = try await begin(context)
        let overlap = try overlap(request.overlap)
        let answer = try await environment.store.write(scope.tenantID) { [environment] store in
            let source = try manageableSource(request.sourceID, field: "source_id", scope: scope, in: store)
            let schemes = try webhookSchemes(of: source)
            let secret = WebhookSecrets.make(for: schemes)
            let former = try WebhookSecrets(of: source, sealer: environment.sealer, in: store).newest
            func seal(_ secret: Secret, _ field: String, until end: Timestamp?) throws -> SealedCredential {
                let binding = SealBinding(tenantID: source.tenantID, source: source.id, field: field)
                return SealedCredential(
                    name: field, sealed: try environment.sealer.seal(secret, binding: binding),
                    setAt: scope.now, setBy: scope.caller.principalID, expiresAt: end)
            }
            let end = former != nil && overlap > .zero ? scope.now + overlap : nil
            var sealed = [try seal(secret, WebhookSecrets.field, until: nil)]
            if let former, let end { sealed.append(try seal(former, WebhookSecrets.fieldBefore, until: end)) }
            if end == nil {
                try store.sources.removeCredentials(source.id, names: [WebhookSecrets.fieldBefore])
            }
            try store.sources.setCredentials(source.id, sealed)
            let after = try store.sources.get(source.id)
            try Journal(scope, requestID: "", environment).source(source, after, in: store)
            var response = RotateWebhookSecretResponse()
            response.secret = secret.reveal { $0 }
            response.path = Self.path(of: source, secret, schemes)
            response.previousExpireTime = end.map { GoogleTimestamp($0) }
            return (response, source.id)
        }
        environment.webhookSources.add(answer.1, of: scope.tenantID)
        return answer.0
    }

    public func listWebhookDeliveries(
        _ request: ListWebhookDeliveriesRequest, context: CallContext
    ) async throws -> ListWebhookDeliveriesResponse {
        let scope = try await begin(context)
        guard request.pageSize >= 0 else {
            throw DomainError.invalid(
                "page_size", "must not be negative; 0 means \(DomainLimits.pageSizeDefault)")
        }
        let limit = request.pageSize == 0 ? DomainLimits.pageSizeDefault : Int(request.pageSize)
        return try await environment.store.read(scope.tenantID) { store in
            let source = try visibleSource(request.sourceID, field: "source_id", scope: scope, in: store)
            guard source.isManageable(by: scope.caller) else {
                throw DomainError.denied("Only an admin of its owner may read this source's notifications.")
            }
            var response = ListWebhookDeliveriesResponse()
            response.deliveries = try store.webhooks.list(of: source.id, limit: limit)
                .map(Wire.WebhookDelivery.init)
            return response
        }
    }

    public func testWebhook(
        _ request: TestWebhookRequest, context: CallContext
    ) async throws -> TestWebhookResponse {
        let scope = try await begin(context)
        let (source, schemes, secret) = try await environment.store.read(scope.tenantID) { store in
            let source = try visibleSource(request.sourceID, field: "source_id", scope: scope, in: store)
            guard source.isManageable(by: scope.caller) else {
                throw DomainError.denied("Only an admin of its owner may test this source's webhook.")
            }
            let schemes = try webhookSchemes(of: source)
            let secrets = try WebhookSecrets(of: source, sealer: environment.sealer, in: store)
            guard let secret = secrets.newest else {
                throw DomainError.precondition(
                    .credentialRequired, subject: source.id.rawValue,
                    "Source '\(source.displayName)' has no webhook secret: RotateWebhookSecret makes one.")
            }
            return (source, schemes, secret)
        }
        let record = try await WebhookIntake(environment).test(source, schemes, secret, at: scope.now)
        var response = TestWebhookResponse()
        response.delivery = Wire.WebhookDelivery(record)
        response.advice =
            record.outcome == .refused
            ? "Make a new secret with RotateWebhookSecret, and enter it at the tracker."
            : "This server takes what is signed with the secret. Now let the tracker send something: "
                + "ListWebhookDeliveries shows when it arrives, and why it is refused if it is."
        return response
    }

    private func overlap(_ message: GoogleDuration?) throws(DomainError) -> Duration {
        guard let message else { return ServiceLimits.webhookOverlapDefault }
        guard let overlap = message.duration, (.zero...ServiceLimits.webhookOverlapMax).contains(overlap)
        else { throw .invalid("overlap", "must be 0 to 7 days") }
        return overlap
    }

    private func webhookSchemes(of source: IntegrationSource) throws(DomainError) -> [WebhookScheme] {
        guard let tracker = environment.registry[source.providerID] as? any WebhookReading else {
            throw .precondition(
                .capabilityUnavailable, subject: source.id.rawValue,
                "Source '\(source.displayName)' is of a provider whose notifications this server cannot read. "
                    + "Its issues are kept in step by asking the tracker.")
        }
        return tracker.webhookSchemes
    }

    /// Secrets for providers that may need them in the path are of digits that a path takes as they are.
    private static func path(
        of source: IntegrationSource, _ secret: Secret, _ schemes: [WebhookScheme]
    ) -> String {
        let path = "/webhooks/" + source.id.rawValue
        return schemes.contains(.pathSecret) ? path + "/" + secret.reveal { $0 } : path
    }
}
