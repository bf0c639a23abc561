// SPDX-License-Identifier: Apache-2.0

import ExtRefMessages
import Logging
import ProtobufC
import RPC

/// Logs each failed call once, with what an operator needs to find it again: method, code, reason, how long.
///
/// What a caller did wrong is `debug`: a busy host produces many. What the server owes is louder. Neither
/// requests nor tokens are ever logged.
struct CallLog: ServerInterceptor {
    let logger: Logger

    func intercept(
        _ call: ServerCall, next: (ServerCall) async throws -> any ProtobufMessage
    ) async throws -> any ProtobufMessage {
        let start = ContinuousClock.now
        do {
            return try await next(call)
        } catch {
            // What is no RPCError becomes an incident, which the router reports with an id of its own.
            if let failure = error as? RPCError { log(failure, of: call, after: .now - start) }
            throw error
        }
    }

    private func log(_ failure: RPCError, of call: ServerCall, after elapsed: Duration) {
        logger.log(
            level: level(of: failure.code), "call failed",
            metadata: [
                "method": "\(call.context.descriptor)", "code": "\(failure.code)",
                "reason": "\(failure.reason ?? "")", "elapsed_ms": "\(elapsed / .milliseconds(1))",
                "request_id": "\(call.context.metadata["x-request-id"] ?? "")",
            ])
    }

    private func level(of code: RPCCode) -> Logger.Level {
        switch code {
        case .internalError, .dataLoss, .unknown: .error
        case .unavailable, .resourceExhausted, .deadlineExceeded: .info
        default: .debug
        }
    }
}

extension Logger {
    /// Logs an error that nobody expected, under the id its caller was told.
    func log(_ incident: Incident) {
        error(
            "incident",
            metadata: [
                "incident": "\(incident.id)", "method": "\(incident.descriptor)",
                "cause": "\(incident.error)",
            ])
    }
}
