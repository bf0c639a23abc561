// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
import ExtRefSecurity
import ExtRefStore
public import ExtRefTrackers

/// Takes notifications of trackers: judges them in memory, and stores what concerns a linked issue before it
/// is acknowledged. A notification is a hint only; the issues it names are read again.
public struct WebhookIntake: Sendable {
    /// What became of a notification, as far as its sender is told.
    public enum Verdict: Sendable, Hashable {
        /// It is stored, or of no interest.
        case taken
        /// The same had been taken before.
        case duplicate
        /// No such source, one that is switched off, or a notification that is not its tracker's: nobody is
        /// told which.
        case refused
        /// The tracker's secret is stored; the answer must send it back, under this field.
        case handshake(header: String, value: String)
    }

    let environment: ServiceEnvironment

    /// Makes the intake.
    public init(_ environment: ServiceEnvironment) {
        self.environment = environment
    }

    /// Takes a notification.
    /// - Parameters:
    ///   - sourceID: whom it was sent for, as its sender says.
    ///   - tenantID: whose source it must be; nil = anybody's.
    ///   - pathSecret: the last part of the path it was posted to; empty = none.
    ///   - headers: names in lower case.
    /// - Throws: when the store cannot be asked; a repeat may be taken.
    public func take(
        _ delivery: WebhookDelivery, for sourceID: String, of tenantID: TenantID? = nil,
        pathSecret: String = ""
    ) async throws -> Verdict {
        guard delivery.headers.count <= ServiceLimits.webhookHeadersMax,
            delivery.body.count <= ServiceLimits.webhookBodyBytesMax, let id = SourceID(sourceID),
            let known = try await environment.webhookSources.find(id, environment),
            tenantID == nil || known.source.tenantID == tenantID,
            let tracker = environment.registry[known.source.providerID] as? any WebhookReading
        else { return .refused }
        let now = environment.clock()
        if let header = tracker.webhookHandshakeHeader, delivery.header(header) != nil {
            return try await shakeHands(delivery, header, for: known, pathSecret: pathSecret, at: now)
        }
        do throws(WebhookVerifier.Refusal) {
            try WebhookVerifier(secrets: known.secrets.accepted(at: now), now: now)
                .verify(delivery, pathSecret: pathSecret, by: tracker.webhookSchemes)
        } catch {
            await note(.refused, error.rawValue, of: known.source, at: now)
            return .refused
        }
        return try await take(delivery, by: tracker, of: known.source, at: now)
    }

    /// Takes a notification whose proof is good. From here on its tracker gains nothing by a repeat.
    private func take(
        _ delivery: WebhookDelivery, by tracker: any WebhookReading, of source: IntegrationSource,
        at now: Timestamp
    ) async throws -> Verdict {
        let event: WebhookEvent
        do throws(TrackerError) {
            event = try tracker.readWebhook(delivery, from: source)
        } catch {
            await note(.refused, error.message, of: source, at: now)
            return .taken
        }
        if let limit = tracker.webhookAgeMax, let sentAt = event.sentAt,
            max(now - sentAt, sentAt - now) > limit
        {
            await note(.refused, WebhookVerifier.Refusal.stale.rawValue, of: source, at: now)
            return .refused
        }
        guard event.kind != .other, !event.issues.isEmpty else {
            await note(.ignored, "It is about no issue.", of: source, at: now)
            return .taken
        }
        let mayBeLinked = try await environment.linkedIssues.mayHold(
            event.issues, of: source, in: environment.store)
        guard mayBeLinked else {
            await note(.ignored, "Nobody linked the issues it is about.", of: source, at: now)
            return .taken
        }
        return try await store(event, body: delivery.body, of: source, at: now)
    }

    /// Stores that the issues are to be read, in one transaction with what tells a repeat.
    private func store(
        _ event: WebhookEvent, body: [UInt8], of source: IntegrationSource, at now: Timestamp
    ) async throws -> Verdict {
        // A vendor's id is seldom signed: who caught a notification could repeat it under another one.
        let bodyID = "body:" + WebhookKeyText.hexadecimal(ContentHash.sha256(body))
        let receipts = [bodyID] + (event.deliveryID.isEmpty ? [] : ["id:" + event.deliveryID])
        return try await environment.store.write(source.tenantID) { [environment] store in
            guard let current = try store.sources.get(source.id), current.isEnabled,
                current.deletedAt == nil
            else { return .refused }
            let areNew = try receipts.map { try store.webhooks.receive($0, of: source.id, at: now) }
            try store.webhooks.purgeReceipts(
                of: source.id, before: now - ServiceLimits.webhookReceiptRetention)
            func log(_ outcome: WebhookRecord.Outcome, _ reason: String = "", issues: Int = 0) throws {
                try store.webhooks.log(
                    WebhookRecord(
                        id: environment.makeID(), sourceID: source.id, vendorID: event.deliveryID,
                        receivedAt: now, outcome: outcome, reason: reason, issues: issues))
            }
            guard areNew.allSatisfy(\.self) else {
                try log(.duplicate, "It had arrived before.")
                return .duplicate
            }
            let linked = try store.issues.linked(
                in: source.id, nativeIDs: event.issues.map(\.nativeID).filter { !$0.isEmpty },
                keys: event.issues.map(\.key))
            guard !linked.isEmpty else {
                try log(.ignored, "Nobody linked the issues it is about.")
                return .taken
            }
            try store.issues.hint(linked.map(\.id), in: source.id, at: now)
            try SyncPlanning(environment: environment, now: now).hasten(source.id, to: now, in: store)
            try log(.accepted, issues: linked.count)
            return .taken
        }
    }

    /// Sends a notification about nothing through the judgement, signed as the source's tracker would.
    /// - Returns: what the source's log says of it now.
    func test(
        _ source: IntegrationSource, _ schemes: [WebhookScheme], _ secret: Secret, at now: Timestamp
    ) async throws -> WebhookRecord {
        let id: WebhookRecordID = environment.makeID()
        var refusal: WebhookVerifier.Refusal? = .noSecret
        let known = try await environment.webhookSources.find(source.id, environment)
        let signed = schemes.first.flatMap {
            WebhookSigner.sign(Array("{}".utf8), id: id.rawValue, by: $0, with: secret, at: now)
        }
        if let known, let signed {
            do throws(WebhookVerifier.Refusal) {
                try WebhookVerifier(secrets: known.secrets.accepted(at: now), now: now)
                    .verify(signed.delivery, pathSecret: signed.pathSecret, by: schemes)
                refusal = nil
            } catch {
                refusal = error
            }
        }
        let reason =
            known == nil
            ? "The source is switched off: its notifications are refused." : refusal?.rawValue
        let record = WebhookRecord(
            id: id, sourceID: source.id, vendorID: "", receivedAt: now,
            outcome: refusal == nil ? .ignored : .refused,
            reason: reason ?? "A test by an admin: it is about no issue.")
        try await environment.store.write(source.tenantID) { try $0.webhooks.log(record) }
        return record
    }

    /// Leaves a line in the source's log about a notification that is not stored; now and then only, so that
    /// nobody makes work by sending many.
    func note(
        _ outcome: WebhookRecord.Outcome, _ reason: String, of source: IntegrationSource, at now: Timestamp
    ) async {
        guard environment.webhookSources.mayNote(source.id, at: now) else { return }
        let record = WebhookRecord(
            id: environment.makeID(), sourceID: source.id, vendorID: "", receivedAt: now, outcome: outcome,
            reason: reason)
        // The notification is judged already; a log that cannot be written changes nothing about it.
        try? await environment.store.write(source.tenantID) { try $0.webhooks.log(record) }
    }
}
