// SPDX-License-Identifier: Apache-2.0

import RPC
import RPCMessages
import Testing

/// Runs a call that must fail, and answers how it failed.
func failure(
    sourceLocation: SourceLocation = #_sourceLocation, _ call: () async throws -> some Any
) async -> RPCError? {
    do {
        let answer = try await call()
        Issue.record("answered \(answer) instead of failing", sourceLocation: sourceLocation)
    } catch let error as RPCError {
        return error
    } catch {
        Issue.record("failed with \(error)", sourceLocation: sourceLocation)
    }
    return nil
}

extension RPCError {
    /// The fields that `google.rpc.BadRequest` names.
    var fields: [String] {
        detail(GoogleRPCBadRequest.self)?.fieldViolations.map(\.field) ?? []
    }

    /// The metadata of `google.rpc.ErrorInfo`.
    var metadata: [String: String] {
        detail(GoogleRPCErrorInfo.self)?.metadata ?? [:]
    }
}

extension RPCError {
    /// When to come back, by `google.rpc.RetryInfo`.
    var retryAfter: Duration? {
        detail(GoogleRPCRetryInfo.self)?.retryDelay?.duration
    }
}
