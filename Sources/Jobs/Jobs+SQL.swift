import Core
import Storage

/// Every statement about jobs, apart from those of whoever does them.
enum JobStore {
    /// In the order in which a row is read.
    static let columns: SQL = "id, kind, key, payload, state, due_at, at, fence, attempts, fault, created_at"

    /// - Returns: `false` where there is one of this kind and key.
    static func insert(
        _ tx: any Transaction,
        _ id: JobID,
        _ kind: String,
        key: String,
        dueAt: Instant,
        payload: String
    ) throws -> Bool {
        try tx.execute(
            """
            INSERT INTO job (id, kind, key, payload, state, due_at, at, fence, attempts, created_at)
            VALUES (
                \(id.text),
                \(kind),
                \(key),
                \(payload),
                'waiting',
                \(dueAt.microseconds),
                \(dueAt.microseconds),
                0,
                0,
                \(tx.now.microseconds)
            )
            ON CONFLICT (kind, key) DO NOTHING
            """
        ) == 1
    }

    static func find(_ tx: any Transaction, _ id: JobID) throws -> Job? {
        try tx.first("SELECT \(columns) FROM job WHERE id = \(id.text)").map(Job.init(row:))
    }

    static func find(_ tx: any Transaction, _ kind: String, key: String) throws -> Job? {
        try tx.first("SELECT \(columns) FROM job WHERE kind = \(kind) AND key = \(key)").map(Job.init(row:))
    }

    static func cancel(_ tx: any Transaction, _ kind: String, key: String) throws -> Bool {
        try tx.execute(
            """
            UPDATE job
            SET state = 'cancelled',
                at = \(tx.now.microseconds),
                fence = fence + 1
            WHERE kind = \(kind)
                AND key = \(key)
                AND state IN ('waiting', 'running', 'retrying')
            """
        ) == 1
    }

    static func reschedule(_ tx: any Transaction, _ kind: String, key: String, to dueAt: Instant) throws -> Bool {
        try tx.execute(
            """
            UPDATE job
            SET state = 'waiting',
                due_at = \(dueAt.microseconds),
                at = \(dueAt.microseconds),
                fence = fence + 1,
                attempts = 0,
                fault = NULL
            WHERE kind = \(kind)
                AND key = \(key)
                AND state IN ('waiting', 'running', 'retrying', 'cancelled')
            """
        ) == 1
    }

    /// Writes the row whatever its state is: that is what whoever ends the job waits for.
    static func awaken(_ tx: any Transaction, _ id: JobID, _ kind: String, key: String) throws {
        let isOver: SQL = "job.state IN ('done', 'dead', 'cancelled')"
        try tx.execute(
            """
            INSERT INTO job (id, kind, key, payload, state, due_at, at, fence, attempts, created_at)
            VALUES (
                \(id.text),
                \(kind),
                \(key),
                '{}',
                'waiting',
                \(tx.now.microseconds),
                \(tx.now.microseconds),
                0,
                0,
                \(tx.now.microseconds)
            )
            ON CONFLICT (kind, key) DO UPDATE
            SET state = CASE WHEN \(isOver) THEN 'waiting' ELSE job.state END,
                due_at = CASE WHEN \(isOver) THEN excluded.due_at ELSE job.due_at END,
                at = CASE WHEN \(isOver) THEN excluded.at ELSE job.at END,
                fence = CASE WHEN \(isOver) THEN job.fence + 1 ELSE job.fence END,
                attempts = CASE WHEN \(isOver) THEN 0 ELSE job.attempts END,
                fault = CASE WHEN \(isOver) THEN NULL ELSE job.fault END
            """
        )
    }

    static func retry(_ tx: any Transaction, _ id: JobID) throws -> Bool {
        try tx.execute(
            """
            UPDATE job
            SET state = 'waiting',
                at = \(tx.now.microseconds),
                fence = fence + 1,
                attempts = 0
            WHERE id = \(id.text) AND state = 'dead'
            """
        ) == 1
    }

    static func dead(_ tx: any Transaction, before last: (at: Int64, id: String), limit: Int) throws -> [Job] {
        try tx.rows(
            """
            SELECT \(columns)
            FROM job
            WHERE state = 'dead' AND (at, id) < (\(last.at), \(last.id))
            ORDER BY at DESC, id DESC
            LIMIT \(limit)
            """
        ).map(Job.init(row:))
    }

    static func purge(_ tx: any Transaction, _ state: JobState, before end: Instant, limit: Int) throws -> Int {
        let old = try tx.rows(
            """
            SELECT id
            FROM job
            WHERE state = \(state.rawValue) AND at <= \(end.microseconds)
            ORDER BY at
            LIMIT \(limit)
            """
        )
        for row in old {
            // Somebody may have brought it back meanwhile.
            try tx.execute("DELETE FROM job WHERE id = \(try row.text(0)) AND state = \(state.rawValue)")
        }
        return old.count
    }

    // MARK: How much there is

    /// How many nobody tries any more, up to a limit.
    static func deadCount(_ tx: any Transaction, limit: Int) throws -> Int {
        try tx.rows("SELECT id FROM job WHERE state = 'dead' ORDER BY at LIMIT \(limit)").count
    }

    /// Since when the oldest waits.
    static func oldest(_ tx: any Transaction, _ state: JobState) throws -> Instant? {
        try tx.first(
            """
            SELECT due_at
            FROM job
            WHERE state = \(state.rawValue)
            ORDER BY at
            LIMIT \(1)
            """
        ).map { Instant(microseconds: try $0.integer(0)) }
    }
}

extension Job {
    init(row: Row) throws {
        guard let id = JobID(try row.text(0)), let state = JobState(rawValue: try row.text(4)) else {
            throw StoredDataError("a job cannot be read")
        }
        self.init(
            id: id,
            kind: try row.text(1),
            key: try row.text(2),
            payload: try JSONParser.parse(Array(try row.text(3).utf8)),
            state: state,
            dueAt: Instant(microseconds: try row.integer(5)),
            at: Instant(microseconds: try row.integer(6)),
            fence: try row.integer(7),
            attempts: try row.integer(8),
            fault: try row.optionalText(9),
            createdAt: Instant(microseconds: try row.integer(10))
        )
    }
}
