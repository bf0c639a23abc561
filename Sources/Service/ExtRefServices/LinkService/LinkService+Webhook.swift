// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
public import ExtRefMessages
import ExtRefTrackers
public import RPC

extension LinkService {
    public func ingestWebhook(
        _ request: IngestWebhookRequest, context: CallContext
    ) async throws -> IngestWebhookResponse {
        let scope = try await begin(context)
        guard request.headers.count <= ServiceLimits.webhookHeadersMax else {
            throw DomainError.invalid(
                "headers", "must be at most \(ServiceLimits.webhookHeadersMax)", reason: .batchTooLarge)
        }
        let delivery = ExtRefTrackers.WebhookDelivery(
            fields: request.headers.map { ($0.name, $0.value) }, body: request.body)
        let verdict = try await WebhookIntake(environment)
            .take(
                delivery, for: request.sourceID, of: scope.tenantID, pathSecret: request.pathSecret)
        switch verdict {
        case .taken: return IngestWebhookResponse()
        case .duplicate: return IngestWebhookResponse(duplicate: true)
        case .handshake(let header, let value):
            return IngestWebhookResponse(headers: [HttpHeader(name: header, value: value)])
        case .refused: throw DomainError.notFound(.sourceNotFound, type: "Source", name: request.sourceID)
        }
    }
}
