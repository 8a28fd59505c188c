import Core
import Cryptography
import Identity
import Storage

/// Every statement about sessions.
enum SessionStore {
    /// In the order in which a row is read.
    private static let columns: SQL = """
        id, person, created_at, last_used_at, token_issued_at, proved_at, device, ended_at, ended_because
        """

    static func insert(_ tx: any Transaction, _ session: Session, code: Digest) throws {
        try tx.execute(
            """
            INSERT INTO session (id, person, code, created_at, last_used_at, token_issued_at, proved_at, device)
            VALUES (
                \(session.id.text),
                \(session.person.text),
                \(code.bytes),
                \(session.times.createdAt.microseconds),
                \(session.times.lastUsedAt.microseconds),
                \(session.times.tokenIssuedAt.microseconds),
                \(session.times.provedAt?.microseconds),
                \(session.device)
            )
            """
        )
    }

    static func find(_ tx: any Transaction, _ id: SessionID) throws -> Session? {
        try tx.first(
            """
            SELECT \(columns)
            FROM session
            WHERE id = \(id.text)
            """
        ).map(session)
    }

    /// The session that has this token, or had it until it was replaced.
    static func find(_ tx: any Transaction, code: Digest) throws -> (session: Session, isReplaced: Bool)? {
        let current = try tx.first(
            """
            SELECT \(columns)
            FROM session
            WHERE code = \(code.bytes)
            """
        )
        if let current { return (try session(current), false) }
        return try tx.first(
            """
            SELECT \(columns)
            FROM session
            WHERE replaced_code = \(code.bytes)
            """
        ).map { (try session($0), true) }
    }

    /// Those that nobody has ended, the newest first.
    static func open(_ tx: any Transaction, of person: PersonID) throws -> [Session] {
        try tx.rows(
            """
            SELECT \(columns)
            FROM session
            WHERE person = \(person.text) AND ended_at IS NULL
            ORDER BY id DESC
            """
        ).map(session)
    }

    /// - Returns: `false` where the session has ended, or its token is another one already.
    static func rotate(
        _ tx: any Transaction,
        _ session: Session,
        code: Digest,
        replacing issuedAt: Instant
    ) throws -> Bool {
        try tx.execute(
            """
            UPDATE session
            SET
                replaced_code = code,
                code = \(code.bytes),
                last_used_at = \(session.times.lastUsedAt.microseconds),
                token_issued_at = \(session.times.tokenIssuedAt.microseconds),
                proved_at = \(session.times.provedAt?.microseconds)
            WHERE
                id = \(session.id.text)
                AND token_issued_at = \(issuedAt.microseconds)
                AND ended_at IS NULL
            """
        ) == 1
    }

    static func noteUse(_ tx: any Transaction, of id: String, at instant: Instant) throws {
        try tx.execute(
            """
            UPDATE session
            SET last_used_at = \(instant.microseconds)
            WHERE id = \(id) AND last_used_at < \(instant.microseconds) AND ended_at IS NULL
            """
        )
    }

    static func end(_ tx: any Transaction, _ id: SessionID, because reason: Session.EndReason) throws {
        try tx.execute(
            """
            UPDATE session
            SET ended_at = \(tx.now.microseconds), ended_because = \(reason.rawValue)
            WHERE id = \(id.text) AND ended_at IS NULL
            """
        )
    }

    static func endAll(
        _ tx: any Transaction,
        of person: PersonID,
        except kept: SessionID?,
        because reason: Session.EndReason
    ) throws -> Int {
        try tx.execute(
            """
            UPDATE session
            SET ended_at = \(tx.now.microseconds), ended_because = \(reason.rawValue)
            WHERE person = \(person.text) AND ended_at IS NULL AND id <> \(kept?.text ?? "")
            """
        )
    }

    /// Deletes sessions whose time has been over for long.
    /// - Parameter instant: those that nobody used since.
    static func purge(_ tx: any Transaction, unusedSince instant: Instant) throws {
        try tx.execute("DELETE FROM session WHERE last_used_at < \(instant.microseconds)")
    }

    private static func session(_ row: Row) throws -> Session {
        guard let id = SessionID(try row.text(0)), let person = PersonID(try row.text(1)) else {
            throw StoredDataError("a session cannot be read")
        }
        let end = try row.optionalInteger(7).map { ended in
            guard let reason = Session.EndReason(rawValue: try row.text(8)) else {
                throw StoredDataError("a session ended for a reason that does not exist")
            }
            return Session.End(at: Instant(microseconds: ended), reason: reason)
        }
        return Session(
            id: id,
            person: person,
            times: SessionTimes(
                createdAt: Instant(microseconds: try row.integer(2)),
                lastUsedAt: Instant(microseconds: try row.integer(3)),
                tokenIssuedAt: Instant(microseconds: try row.integer(4)),
                provedAt: try row.optionalInteger(5).map(Instant.init(microseconds:))
            ),
            device: try row.optionalText(6),
            end: end
        )
    }
}
