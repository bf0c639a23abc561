// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
public import ExtRefMessages
public import RPC

// Methods of the contract that this version answers with UNIMPLEMENTED, so that a client can tell.

extension LinkService {
    public func ingestWebhook(
        _ request: IngestWebhookRequest, context: CallContext
    ) async throws -> IngestWebhookResponse {
        throw Self.notYet("Taking webhooks")
    }

    private static func notYet(_ what: String) -> DomainError {
        DomainError(.unimplemented, .notImplemented, "\(what) is not part of this version of the server.")
    }
}
