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
            let tracker = try webhookTracker(of: source)
            let rotation = WebhookRotation(
                environment: environment, scope: scope, source: source, store: store)
            var response = RotateWebhookSecretResponse()
            if tracker.webhookHandshakeHeader != nil {
                let handshake = WebhookHandshake(overlap: overlap)
                let end = scope.now + ServiceLimits.handshakeTime
                try rotation.open(handshake, until: end)
                response.path = WebhookPath.path(of: source, behind: handshake.token)
                response.handshakeExpireTime = GoogleTimestamp(end)
            } else {
                let secret = WebhookSecrets.make(for: tracker.webhookSchemes)
                let end = try rotation.replace(by: secret, overlap: overlap)
                response.secret = secret.reveal { $0 }
                response.path = WebhookPath.path(
                    of: source, behind: tracker.webhookSchemes.contains(.pathSecret) ? secret : nil)
                response.previousExpireTime = end.map { GoogleTimestamp($0) }
            }
            try rotation.note()
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
            let schemes = try webhookTracker(of: source).webhookSchemes
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

    private func webhookTracker(of source: IntegrationSource) throws(DomainError) -> any WebhookReading {
        guard let tracker = environment.registry[source.providerID] as? any WebhookReading else {
            throw .precondition(
                .capabilityUnavailable, subject: source.id.rawValue,
                "Source '\(source.displayName)' is of a provider whose notifications this server cannot read. "
                    + "Its issues are kept in step by asking the tracker.")
        }
        return tracker
    }
}

/// Where trackers post to.
private enum WebhookPath {
    /// - Parameter part: what to append, of characters that a path takes as they are; nil = nothing.
    static func path(of source: IntegrationSource, behind part: Secret?) -> String {
        let path = "/webhooks/" + source.id.rawValue
        return part.map { path + "/" + $0.reveal { $0 } } ?? path
    }
}
