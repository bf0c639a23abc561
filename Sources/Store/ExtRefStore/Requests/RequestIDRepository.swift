// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
internal import SQLEngine

/// The first answers to requests that carry a `request_id` (AIP-155).
///
/// A write looks its id up and stores its answer in the same transaction as its effect. Writes happen one
/// after another, so of many parallel repeats one has the effect and the others find its answer.
public struct RequestIDRepository<Access: StoreAccess> {
    let sql: TenantSQL

    /// Finds the answer that was given to this request before.
    /// - Parameter payloadHash: a digest of the request without its `request_id`.
    /// - Returns: the answer's bytes, or nil when it is new.
    /// - Throws: `requestIDReused` when the id came with another request.
    public func lookup(
        principal: PrincipalID, method: String, requestID: String, payloadHash: [UInt8]
    ) throws(StoreError) -> [UInt8]? {
        let values: [SQLValue] = [.host(principal), .text(method), .text(requestID)]
        let known = try sql.first(RequestIDStatements.get, values) { (row: inout SQLRow) in
            (payloadHash: row.blob(), response: row.blob())
        }
        guard let known else { return nil }
        guard known.payloadHash == payloadHash else {
            throw StoreError(.requestIDReused, "The request id was used for another request.")
        }
        return known.response
    }
}

extension RequestIDRepository where Access == WriteAccess {
    /// Stores the answer to a request.
    /// - Throws: `conflict` when there is one already: look it up first.
    public func insert(
        principal: PrincipalID, method: String, requestID: String, payloadHash: [UInt8], response: [UInt8],
        at time: Timestamp
    ) throws(StoreError) {
        do {
            try sql.run(
                RequestIDStatements.insert,
                [
                    .host(principal), .text(method), .text(requestID), .blob(payloadHash), .blob(response),
                    .time(time),
                ])
        } catch {
            guard error.cause?.code == .unique else { throw error }
            throw .conflict(.requestID, existingID: requestID)
        }
    }

    /// Forgets old answers, oldest first, up to ``StoreLimits/requestIDsPurgedMax`` at once.
    /// - Returns: how many it forgot.
    public func purge(before time: Timestamp) throws(StoreError) -> Int {
        try sql.run(
            RequestIDStatements.purge, [.time(time), .integer(Int64(StoreLimits.requestIDsPurgedMax))])
    }
}

enum RequestIDStatements {
    static let get = SQLStatement(
        """
        SELECT q.payload_hash, q.response FROM request_ids q
        WHERE q.tenant_id = $1 AND q.principal_id = $2 AND q.method = $3 AND q.request_id = $4
        """)
    static let insert = SQLStatement(
        """
        INSERT INTO request_ids (tenant_id, principal_id, method, request_id, payload_hash, response,
            created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """)
    static let purge = SQLStatement(
        """
        DELETE FROM request_ids WHERE tenant_id = $1 AND (principal_id, method, request_id) IN (
            SELECT q.principal_id, q.method, q.request_id FROM request_ids q
            WHERE q.tenant_id = $1 AND q.created_at < $2 ORDER BY q.created_at LIMIT $3)
        """)
}
