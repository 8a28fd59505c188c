import Core
import Storage

/// Every statement about legal holds.
enum SubjectHoldStore {
    /// In the order in which a row is read.
    private static let columns: SQL = """
        id, subject, reason, legal_basis, placed_at, placed_by, released_at, released_by, release_reason
        """

    /// The oldest first; released ones, too.
    static func all(_ tx: any Transaction, of subject: SubjectID) throws -> [SubjectHold] {
        try tx.rows(
            """
            SELECT \(columns)
            FROM subject_hold
            WHERE subject = \(subject.text)
            ORDER BY id
            """
        ).map(hold)
    }

    static func find(_ tx: any Transaction, _ id: SubjectHoldID) throws -> SubjectHold? {
        try tx.first(
            """
            SELECT \(columns)
            FROM subject_hold
            WHERE id = \(id.text)
            """
        ).map(hold)
    }

    static func insert(_ tx: any Transaction, _ hold: SubjectHold) throws {
        try tx.execute(
            """
            INSERT INTO subject_hold (id, subject, reason, legal_basis, placed_at, placed_by)
            VALUES (
                \(hold.id.text),
                \(hold.subject.text),
                \(hold.reason),
                \(hold.legalBasis),
                \(hold.placedAt.microseconds),
                \(hold.placedBy)
            )
            """
        )
    }

    /// - Returns: `false` where it is released already.
    static func release(_ tx: any Transaction, _ hold: SubjectHold) throws -> Bool {
        try tx.execute(
            """
            UPDATE subject_hold
            SET
                released_at = \(hold.release?.at.microseconds),
                released_by = \(hold.release?.by),
                release_reason = \(hold.release?.reason)
            WHERE id = \(hold.id.text) AND released_at IS NULL
            """
        ) == 1
    }

    private static func hold(_ row: Row) throws -> SubjectHold {
        guard let id = SubjectHoldID(try row.text(0)), let subject = SubjectID(try row.text(1)) else {
            throw StoredDataError("a legal hold cannot be read")
        }
        let (by, reason) = (try row.optionalText(7), try row.optionalText(8))
        return SubjectHold(
            id: id,
            subject: subject,
            reason: try row.text(2),
            legalBasis: try row.text(3),
            placedAt: Instant(microseconds: try row.integer(4)),
            placedBy: try row.optionalText(5),
            release: try row.optionalInteger(6).map {
                SubjectHold.Release(at: Instant(microseconds: $0), by: by, reason: reason ?? "")
            }
        )
    }
}
