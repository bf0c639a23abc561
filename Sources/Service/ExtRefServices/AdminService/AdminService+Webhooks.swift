// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
public import ExtRefMessages
public import RPC

// Methods of the contract that this version answers with UNIMPLEMENTED, so that a client can tell.

extension AdminService {
    public func rotateWebhookSecret(
        _ request: RotateWebhookSecretRequest, context: CallContext
    ) async throws -> RotateWebhookSecretResponse {
        throw Self.notYet
    }

    public func listWebhookDeliveries(
        _ request: ListWebhookDeliveriesRequest, context: CallContext
    ) async throws -> ListWebhookDeliveriesResponse {
        throw Self.notYet
    }

    public func testWebhook(
        _ request: TestWebhookRequest, context: CallContext
    ) async throws -> TestWebhookResponse {
        throw Self.notYet
    }

    private static var notYet: DomainError {
        DomainError(
            .unimplemented, .notImplemented, "Taking webhooks is not part of this version of the server.")
    }
}
