// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import RPCMessages

extension Wire.AuditEntry {
    init(_ entry: AuditEntry) {
        self.init()
        id = entry.id.rawValue
        projectID = entry.projectID?.rawValue ?? ""
        principal = entry.principalID.rawValue
        action = entry.action
        resourceType = entry.resourceType
        resourceID = entry.resourceID
        fields = entry.fields.map(Wire.FieldChange.init)
        origin = entry.origin.message
        requestID = entry.requestID
        occurTime = GoogleTimestamp(entry.occurredAt)
        hash = entry.hash
    }
}

extension Wire.FieldChange {
    init(_ change: FieldChange) {
        self.init()
        field = change.field
        before = change.before
        after = change.after
    }
}
