// SPDX-License-Identifier: Apache-2.0

import ExtRefGateway
import ExtRefServices
import ExtRefTrackers
import Logging

/// Hands what the HTTP listener got to the intake.
struct GatewayWebhooks: WebhookReceiving {
    let intake: WebhookIntake
    let logger: Logger

    func receive(_ notification: WebhookNotification) async -> WebhookAnswer {
        do {
            let verdict = try await intake.take(
                WebhookDelivery(fields: notification.headers, body: notification.body),
                for: notification.sourceID, pathSecret: notification.pathSecret)
            switch verdict {
            case .taken, .duplicate: return .taken
            case .refused: return .refused
            case .handshake(let header, let value): return .takenReturning(name: header, value: value)
            }
        } catch {
            logger.warning("notification not stored", metadata: ["cause": "\(error)"])
            return .busy
        }
    }
}
