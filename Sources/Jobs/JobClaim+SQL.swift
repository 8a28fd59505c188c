import Core
import Storage

/// Every statement of whoever does jobs.
///
/// A job is taken by compare-and-swap, under a number that only grows. Times are those of the holders' own clocks,
/// which may be wrong: a job may be taken from somebody too soon. What is written is right all the same, because every
/// write of a holder looks at the number in its own transaction.
enum JobClaim {
    /// How long a holder that died keeps others waiting.
    static let seconds: Int64 = 60
    /// So far apart may the clocks of two instances be, neither of which is wrong.
    static let skewSeconds: Int64 = 60

    /// A job as it was seen, which may be taken if it still is so.
    struct Candidate: Sendable, Hashable {
        let id: String
        let kind: String
        let at: Int64
        let fence: Int64
        let dueAt: Int64
    }

    /// In the order in which a row is read.
    private static let seen: SQL = "id, kind, at, fence, due_at"

    /// What may be taken, up to `limit` of each sort, what has been due for longest first.
    ///
    /// A pause or a hold that ends further away than any lasts was written by a clock that is wrong, or is read by one:
    /// nobody waits for it.
    static func due(_ tx: any Transaction, _ kinds: [String], limit: Int) throws -> [Candidate] {
        guard !kinds.isEmpty else { return [] }
        let names = SQL.list(kinds.map { "\($0)" })
        let longestPause = tx.now.adding(seconds: Backoff.longestSeconds + skewSeconds)
        let longestHold = tx.now.adding(seconds: seconds + skewSeconds)
        let found = try tx.rows(all: [
            upTo(tx.now, .waiting, names, limit),
            upTo(tx.now, .retrying, names, limit),
            beyond(longestPause, .retrying, names, limit),
            upTo(tx.now, .running, names, limit),
            beyond(longestHold, .running, names, limit),
        ])
        return try found.joined().map(candidate).sorted { ($0.dueAt, $0.id) < ($1.dueAt, $1.id) }
    }

    private static func upTo(_ end: Instant, _ state: JobState, _ kinds: SQL, _ limit: Int) -> SQL {
        """
        SELECT \(seen)
        FROM job
        WHERE state = \(state.rawValue) AND at <= \(end.microseconds) AND kind IN (\(kinds))
        ORDER BY at
        LIMIT \(limit)
        """
    }

    private static func beyond(_ end: Instant, _ state: JobState, _ kinds: SQL, _ limit: Int) -> SQL {
        """
        SELECT \(seen)
        FROM job
        WHERE state = \(state.rawValue) AND at > \(end.microseconds) AND kind IN (\(kinds))
        ORDER BY at
        LIMIT \(limit)
        """
    }

    private static func candidate(_ row: Row) throws -> Candidate {
        Candidate(
            id: try row.text(0),
            kind: try row.text(1),
            at: try row.integer(2),
            fence: try row.integer(3),
            dueAt: try row.integer(4)
        )
    }

    /// - Returns: `nil` where somebody was faster.
    static func take(_ tx: any Transaction, _ candidate: Candidate) throws -> Job? {
        try tx.first(
            """
            UPDATE job
            SET state = 'running',
                at = \(tx.now.adding(seconds: seconds).microseconds),
                fence = fence + 1,
                attempts = attempts + 1
            WHERE id = \(candidate.id)
                AND fence = \(candidate.fence)
                AND at = \(candidate.at)
                AND state IN ('waiting', 'running', 'retrying')
            RETURNING \(JobStore.columns)
            """
        ).map(Job.init(row:))
    }

    // MARK: While it is held

    /// Belongs before everything that a holder writes: keeps the row locked until the commit, so that nobody takes,
    /// cancels or puts off the job in between.
    ///
    /// - Throws: `JobFenced`; nothing of the transaction may stay then.
    static func guardWrite(_ tx: any Transaction, _ job: Job) throws {
        let held = try tx.execute(
            """
            UPDATE job
            SET fence = fence
            WHERE id = \(job.id.text) AND fence = \(job.fence) AND state = 'running'
            """
        )
        guard held == 1 else { throw JobFenced(id: job.id) }
    }

    /// Holds it for the full time again.
    /// - Returns: `false` where it was lost.
    static func renew(_ tx: any Transaction, _ job: Job) throws -> Bool {
        try tx.execute(
            """
            UPDATE job
            SET at = \(tx.now.adding(seconds: seconds).microseconds)
            WHERE id = \(job.id.text) AND fence = \(job.fence) AND state = 'running'
            """
        ) == 1
    }

    // MARK: How it ends

    static func finish(_ tx: any Transaction, _ job: Job, _ outcome: JobOutcome) throws {
        switch outcome {
        case .done:
            try end(tx, job, .done, at: tx.now, attempts: job.attempts, fault: nil)
        case .again(let dueAt, let payload):
            try again(tx, job, dueAt, payload ?? job.payload)
        }
    }

    /// It is tried again after a pause.
    static func putOff(_ tx: any Transaction, _ job: Job, milliseconds: Int64, fault: String) throws {
        let next = tx.now.adding(milliseconds: milliseconds)
        try end(tx, job, .retrying, at: next, attempts: job.attempts, fault: fault)
    }

    /// The attempt does not count: it is not the job's fault that it ended.
    static func giveBack(_ tx: any Transaction, _ job: Job, milliseconds: Int64) throws {
        let attempts = job.attempts - 1
        // Nothing is left of the first attempt, not even when it was.
        guard attempts > 0 || milliseconds > 0 else {
            return try end(tx, job, .waiting, at: job.dueAt, attempts: 0, fault: job.fault)
        }
        let next = tx.now.adding(milliseconds: milliseconds)
        try end(tx, job, .retrying, at: next, attempts: attempts, fault: job.fault)
    }

    static func bury(_ tx: any Transaction, _ job: Job, fault: String) throws {
        try end(tx, job, .dead, at: tx.now, attempts: job.attempts, fault: fault)
    }

    private static func end(
        _ tx: any Transaction,
        _ job: Job,
        _ state: JobState,
        at: Instant,
        attempts: Int64,
        fault: String?
    ) throws {
        let ended = try tx.execute(
            """
            UPDATE job
            SET state = \(state.rawValue),
                at = \(at.microseconds),
                fence = fence + 1,
                attempts = \(attempts),
                fault = \(fault)
            WHERE id = \(job.id.text) AND fence = \(job.fence) AND state = 'running'
            """
        )
        guard ended == 1 else { throw JobFenced(id: job.id) }
    }

    private static func again(_ tx: any Transaction, _ job: Job, _ dueAt: Instant, _ payload: JSON) throws {
        let text = String(decoding: payload.canonicalBytes, as: UTF8.self)
        let ended = try tx.execute(
            """
            UPDATE job
            SET state = 'waiting',
                payload = \(text),
                due_at = \(dueAt.microseconds),
                at = \(dueAt.microseconds),
                fence = fence + 1,
                attempts = 0,
                fault = NULL
            WHERE id = \(job.id.text) AND fence = \(job.fence) AND state = 'running'
            """
        )
        guard ended == 1 else { throw JobFenced(id: job.id) }
    }
}
