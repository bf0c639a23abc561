// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain
internal import SQLEngine

/// Work that a tenant has for later.
public struct JobRepository<Access: StoreAccess> {
    let sql: TenantSQL

    /// How many jobs of these kinds there are.
    public func count(_ kinds: Set<Job.Kind> = Set(Job.Kind.allCases)) throws(StoreError) -> Int {
        Int(try sql.first(JobStatements.count, [.words(kinds)]) { (row: inout SQLRow) in row.integer() } ?? 0)
    }

    /// When the job of a kind for a subject is due; nil when there is none.
    public func due(_ kind: Job.Kind, of subject: String) throws(StoreError) -> Timestamp? {
        try sql.first(JobStatements.due, [.word(kind), .text(subject)]) { (row: inout SQLRow) in row.time() }
    }

    func decode(_ row: inout SQLRow) throws(SQLError) -> Job {
        Job(
            id: row.id(), tenantID: sql.tenantID, kind: try row.word(), sourceID: row.optionalID(),
            subject: row.text(), dueAt: row.time(), attempts: row.integer(), fence: row.integer())
    }
}

extension JobRepository where Access == WriteAccess {
    /// Adds a job; the one that its subject has already becomes due no later than this one, its attempts
    /// forgotten and its lease broken: there is news.
    public func add(_ job: Job, at time: Timestamp) throws(StoreError) {
        try sql.run(
            JobStatements.add,
            [
                .id(job.id), .word(job.kind), .id(job.sourceID), .text(job.subject), .time(job.dueAt),
                .time(time),
            ])
        sql.notes.jobDueAt = min(job.dueAt, sql.notes.jobDueAt ?? job.dueAt)
    }

    /// Makes a job due no later than it wants to be, adding it when there is none. A worker that holds it
    /// goes on: the wish counts when it gives the job back.
    public func hasten(_ job: Job, at time: Timestamp) throws(StoreError) {
        let isNews = try sql.run(
            JobStatements.hasten,
            [
                .id(job.id), .word(job.kind), .id(job.sourceID), .text(job.subject), .time(job.dueAt),
                .time(time),
            ])
        // Nobody is woken for a job that is due earlier anyway: links are made by the thousand.
        guard isNews > 0 else { return }
        sql.notes.jobDueAt = min(job.dueAt, sql.notes.jobDueAt ?? job.dueAt)
    }

    /// Takes due jobs, oldest first, each for the time of a lease: then it is due again, unless it was
    /// finished.
    /// - Parameters:
    ///   - kinds: only these.
    ///   - owner: who takes them.
    ///   - limit: most jobs.
    public func take(
        _ kinds: Set<Job.Kind> = Set(Job.Kind.allCases), by owner: String, until end: Timestamp, limit: Int,
        at now: Timestamp
    ) throws(StoreError) -> [Job] {
        try sql.all(
            JobStatements.take,
            [.text(owner), .time(end), .time(now), .integer(Int64(limit)), .words(kinds)], decode)
    }

    /// Ends a job, unless an earlier turn was wished for while it was leased: then it has that turn.
    /// - Returns: false when the lease was lost: then nothing was done.
    public func finish(_ job: Job) throws(StoreError) -> Bool {
        let values: [SQLValue] = [.id(job.id), .integer(job.fence)]
        if try sql.run(JobStatements.release, values) > 0 { return true }
        return try sql.run(JobStatements.finish, values) > 0
    }

    /// Gives a job back for another try.
    /// - Parameter countsAsTry: whether it was tried; false = its turn had not come.
    /// - Returns: false when the lease was lost: then nothing was done.
    @discardableResult
    public func postpone(
        _ job: Job, until time: Timestamp, error: String, countsAsTry: Bool = true
    ) throws(StoreError) -> Bool {
        try sql.run(
            JobStatements.postpone,
            [
                .id(job.id), .integer(job.fence), .time(time), .text(error), .integer(countsAsTry ? 0 : 1),
            ]) > 0
    }
}

enum JobStatements {
    private static let columns = "job_id, kind, source_id, subject, due_at, attempts, fence"
    /// Of all tenants: workers look for work wherever it is, and do it tenant by tenant.
    static let nextDue = SQLStatement("SELECT min(j.due_at) FROM jobs j WHERE j.kind = $1")
    static let tenantsDue = SQLStatement(
        """
        SELECT j.tenant_id, min(j.due_at) FROM jobs j WHERE j.kind = $1 AND j.due_at <= $2
        GROUP BY j.tenant_id ORDER BY min(j.due_at) LIMIT $3
        """)
    static let spread = SQLStatement(
        """
        UPDATE jobs SET due_at = $2 + o.place * $3 / o.total
        FROM (
            SELECT j.tenant_id, j.job_id, count(*) OVER () AS total,
                row_number() OVER (ORDER BY j.due_at, j.tenant_id, j.job_id) - 1 AS place
            FROM jobs j
            WHERE j.kind = $1 AND j.due_at <= $2 AND (j.lease_until IS NULL OR j.lease_until <= $2)
        ) o
        WHERE jobs.tenant_id = o.tenant_id AND jobs.job_id = o.job_id
        """)
    static let overdue = SQLStatement(
        "SELECT count(*) FROM jobs j WHERE j.kind = $1 AND j.due_at <= $2")
    static let count = SQLStatement(
        "SELECT count(*) FROM jobs j WHERE j.tenant_id = $1 AND j.kind IN (SELECT x.value FROM {LIST $2} x)")
    static let due = SQLStatement(
        "SELECT j.due_at FROM jobs j WHERE j.tenant_id = $1 AND j.kind = $2 AND j.subject = $3")
    static let add = SQLStatement(
        """
        INSERT INTO jobs (tenant_id, job_id, kind, source_id, subject, payload, due_at, created_at)
        VALUES ($1, $2, $3, $4, $5, x'', $6, $7)
        ON CONFLICT (tenant_id, kind, subject) DO UPDATE SET due_at = min(due_at, excluded.due_at),
            attempts = 0, lease_owner = '', lease_until = NULL, wanted_at = NULL, fence = fence + 1
        """)
    static let hasten = SQLStatement(
        """
        INSERT INTO jobs (tenant_id, job_id, kind, source_id, subject, payload, due_at, created_at)
        VALUES ($1, $2, $3, $4, $5, x'', $6, $7)
        ON CONFLICT (tenant_id, kind, subject) DO UPDATE SET
            due_at = CASE WHEN lease_until > $7 THEN due_at ELSE min(due_at, excluded.due_at) END,
            wanted_at = CASE WHEN lease_until > $7
                THEN min(coalesce(wanted_at, excluded.due_at), excluded.due_at) END
        WHERE excluded.due_at < CASE WHEN lease_until > $7
            THEN coalesce(wanted_at, excluded.due_at + 1) ELSE due_at END
        """)
    static let take = SQLStatement(
        """
        UPDATE jobs SET lease_owner = $2, lease_until = $3, due_at = $3, wanted_at = NULL, fence = fence + 1,
            attempts = attempts + 1
        WHERE tenant_id = $1 AND job_id IN (
            SELECT j.job_id FROM jobs j
            WHERE j.tenant_id = $1 AND j.due_at <= $4 AND j.kind IN (SELECT x.value FROM {LIST $6} x)
            ORDER BY j.due_at LIMIT $5)
        RETURNING \(columns)
        """)
    static let release = SQLStatement(
        """
        UPDATE jobs SET due_at = wanted_at, attempts = 0, lease_owner = '', lease_until = NULL, wanted_at = NULL
        WHERE tenant_id = $1 AND job_id = $2 AND fence = $3 AND wanted_at IS NOT NULL
        """)
    static let finish = SQLStatement("DELETE FROM jobs WHERE tenant_id = $1 AND job_id = $2 AND fence = $3")
    static let postpone = SQLStatement(
        """
        UPDATE jobs SET due_at = min($4, coalesce(wanted_at, $4)), last_error = $5,
            attempts = attempts - $6, lease_owner = '', lease_until = NULL, wanted_at = NULL
        WHERE tenant_id = $1 AND job_id = $2 AND fence = $3
        """)
}
