// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension AzureDevOpsTracker: WebhookReading {
    /// Service hooks sign nothing, but send the user name and password that they are given.
    public var webhookSchemes: [WebhookScheme] { [.basic] }

    private static let eventPrefix = "workitem."

    public func readWebhook(
        _ delivery: WebhookDelivery, from source: IntegrationSource
    ) throws(TrackerError) -> WebhookEvent {
        let body = TrackerResponse(status: 200, body: delivery.body)
        let event = try TrackerJSON.decode(AzureDevOpsWire.HookEvent.self, from: body)
        let deliveryID = TrackerText.short(event.id.value ?? "")
        guard event.eventType.hasPrefix(Self.eventPrefix) else {
            return WebhookEvent(.other, deliveryID: deliveryID)
        }
        let isUpdate = event.eventType == "workitem.updated"
        guard let resource = event.resource.value, let id = resource.itemID(isUpdate: isUpdate),
            let key = canonicalKey(String(id))
        else {
            throw TrackerError(
                .badResponse,
                "The notification names no work item. Let the service hook send the resource's details, at "
                    + "least the minimal ones.")
        }
        return WebhookEvent(
            event.eventType == "workitem.deleted" ? .issueDeleted : .issueChanged,
            issues: [IssueReference(key: key, nativeID: key)], deliveryID: deliveryID)
    }
}

extension AzureDevOpsWire {
    /// A notification of a service hook. What it says of the item is not read: it may be out of order.
    struct HookEvent: Decodable {
        /// What happened to.
        struct Resource: Decodable {
            /// Of an update its own number, otherwise the work item's.
            let id: Lenient<Int64>
            /// Of an update only.
            let workItemId: Lenient<Int64>

            /// The work item's number.
            func itemID(isUpdate: Bool) -> Int64? { isUpdate ? workItemId.value : id.value }
        }

        /// The same for every repeat of one notification.
        let id: Lenient<String>
        let eventType: String
        let resource: Lenient<Resource>
    }
}
