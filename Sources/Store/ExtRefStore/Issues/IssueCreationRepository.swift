// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
internal import SQLEngine

/// Wishes to create issues, written down before they are sent.
public struct IssueCreationRepository<Access: StoreAccess> {
    let sql: TenantSQL

    /// Reads one wish.
    public func get(_ id: CreationID) throws(StoreError) -> IssueCreation? {
        try sql.first(IssueCreationStatements.get, [.id(id)], decode)
    }

    /// Finds the wish of a request.
    public func find(principal: PrincipalID, requestID: String) throws(StoreError) -> IssueCreation? {
        try sql.first(IssueCreationStatements.find, [.host(principal), .text(requestID)], decode)
    }

    func decode(_ row: inout SQLRow) throws(SQLError) -> IssueCreation {
        IssueCreation(
            id: row.id(), tenantID: sql.tenantID, projectID: row.hostID(), sourceID: row.id(),
            principalID: row.hostID(), requestID: row.text(), payloadHash: row.blob(), request: row.blob(),
            state: try row.word(),
            attempts: row.integer(), startedAt: row.time(), updatedAt: row.time())
    }
}

extension IssueCreationRepository where Access == WriteAccess {
    /// Writes a wish down.
    /// - Throws: `conflict` when the request has one already.
    public func insert(_ creation: IssueCreation) throws(StoreError) {
        do {
            try sql.run(
                IssueCreationStatements.insert,
                [
                    .id(creation.id), .host(creation.projectID), .id(creation.sourceID),
                    .host(creation.principalID),
                    creation.requestID.isEmpty ? .null : .text(creation.requestID),
                    .blob(creation.payloadHash), .blob(creation.request), .word(creation.state),
                    .integer(creation.attempts),
                    .time(creation.startedAt), .time(creation.updatedAt),
                ])
        } catch {
            guard error.cause?.code == .unique else { throw error }
            throw .conflict(.requestID, existingID: creation.requestID)
        }
    }

    /// Notes how far a wish came, unless somebody else did since it was read: state and attempts tell.
    /// - Parameter next: the wish as it is to be; its request, state, attempts and time of change count.
    /// - Returns: false when it is no longer what `known` says; then nothing was written.
    public func advance(_ known: IssueCreation, to next: IssueCreation) throws(StoreError) -> Bool {
        try sql.run(
            IssueCreationStatements.advance,
            [
                .id(known.id), .word(known.state), .integer(known.attempts), .word(next.state),
                .integer(next.attempts), .blob(next.request), .time(next.updatedAt),
            ]) > 0
    }

    /// Notes that the issue exists and is linked, whoever found out.
    public func conclude(_ id: CreationID, at time: Timestamp) throws(StoreError) {
        try sql.run(
            IssueCreationStatements.conclude, [.id(id), .word(IssueCreation.State.created), .time(time)])
    }

    /// Forgets wishes that ended before a time, oldest first, up to ``StoreLimits/creationsPurgedMax``.
    /// - Returns: how many it forgot.
    @discardableResult
    public func purge(before time: Timestamp) throws(StoreError) -> Int {
        try sql.run(
            IssueCreationStatements.purge, [.time(time), .integer(Int64(StoreLimits.creationsPurgedMax))])
    }
}

enum IssueCreationStatements {
    private static let columns = """
        c.creation_id, c.project_id, c.source_id, c.principal_id, c.request_id, c.payload_hash, c.request, c.state,
        c.attempts, c.started_at, c.updated_at
        """
    static let get = SQLStatement(
        "SELECT \(columns) FROM issue_creations c WHERE c.tenant_id = $1 AND c.creation_id = $2")
    static let find = SQLStatement(
        """
        SELECT \(columns) FROM issue_creations c
        WHERE c.tenant_id = $1 AND c.principal_id = $2 AND c.request_id = $3
        """)
    static let insert = SQLStatement(
        """
        INSERT INTO issue_creations (tenant_id, creation_id, project_id, source_id, principal_id, request_id,
            payload_hash, request, state, attempts, started_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        """)
    static let advance = SQLStatement(
        """
        UPDATE issue_creations SET state = $5, attempts = $6, request = $7, updated_at = $8
        WHERE tenant_id = $1 AND creation_id = $2 AND state = $3 AND attempts = $4
        """)
    static let conclude = SQLStatement(
        """
        UPDATE issue_creations SET state = $3, updated_at = $4 WHERE tenant_id = $1 AND creation_id = $2
        """)
    static let purge = SQLStatement(
        """
        DELETE FROM issue_creations WHERE tenant_id = $1 AND creation_id IN (
            SELECT c.creation_id FROM issue_creations c
            WHERE c.tenant_id = $1 AND c.updated_at < $2 AND c.state IN ('created', 'refused')
            ORDER BY c.updated_at LIMIT $3)
        """)
}
