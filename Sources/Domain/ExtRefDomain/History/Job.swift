// SPDX-License-Identifier: Apache-2.0

/// Work for later, kept durably until it is done.
public struct Job: Sendable, Hashable {
    /// What is to be done.
    public enum Kind: String, Sendable, CaseIterable {
        /// Bring a link's back-link into the state its record asks for; the subject is the link's id.
        case backLink = "back_link"
        /// Find out what became of an issue whose creation was cut; the subject is the creation's id.
        case resolveCreation = "resolve_creation"
        /// Bring a source's issues in step with its tracker; the subject is the source's id. It never ends
        /// while the source is enabled.
        case syncSource = "sync_source"
    }

    public let id: JobID
    public let tenantID: TenantID
    public let kind: Kind
    public let sourceID: SourceID?
    /// What it is about; there is one job of a kind for a subject.
    public let subject: String
    public var dueAt: Timestamp
    /// How often it was begun.
    public var attempts: Int64
    /// Grows with every lease: what a worker writes names it, so that one that lost its lease changes
    /// nothing.
    public var fence: Int64

    public init(
        id: JobID, tenantID: TenantID, kind: Kind, sourceID: SourceID?, subject: String, dueAt: Timestamp,
        attempts: Int64 = 0, fence: Int64 = 0
    ) {
        self.id = id
        self.tenantID = tenantID
        self.kind = kind
        self.sourceID = sourceID
        self.subject = subject
        self.dueAt = dueAt
        self.attempts = attempts
        self.fence = fence
    }
}
