// SPDX-License-Identifier: Apache-2.0

/// Who did what, when, to what: append-only, each entry sealed to the one before it by a hash.
public struct AuditEntry: Sendable, Hashable {
    public let id: AuditEntryID
    public let tenantID: TenantID
    /// The project it happened in; nil for the tenant as a whole.
    public let projectID: ProjectID?
    public let principalID: PrincipalID
    /// The method's full name, such as `extref.v1.AdminService/CreateSource`.
    public let action: String
    /// `source`, `relation`, `link` or `overlay`.
    public let resourceType: String
    public let resourceID: String
    /// Visible fields before and after; a secret shows as `set` or `cleared`.
    public let fields: [FieldChange]
    public let origin: ChangeOrigin
    /// The caller's `request_id`, or empty.
    public let requestID: String
    public let occurredAt: Timestamp
    /// Hex SHA-256 over the previous entry's hash and this entry's fields; the store computes it.
    public var hash: String

    public init(
        id: AuditEntryID, tenantID: TenantID, projectID: ProjectID?, principalID: PrincipalID, action: String,
        resourceType: String, resourceID: String, fields: [FieldChange], origin: ChangeOrigin,
        requestID: String,
        occurredAt: Timestamp, hash: String = ""
    ) {
        self.id = id
        self.tenantID = tenantID
        self.projectID = projectID
        self.principalID = principalID
        self.action = action
        self.resourceType = resourceType
        self.resourceID = resourceID
        self.fields = fields
        self.origin = origin
        self.requestID = requestID
        self.occurredAt = occurredAt
        self.hash = hash
    }
}
