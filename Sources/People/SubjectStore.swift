import Core
import Cryptography
import Identity
import Storage
import Web

/// Every statement about persons and their values.
enum SubjectStore {
    static func insert(_ tx: any Transaction, _ id: SubjectID, _ key: WrappedKey) throws {
        try tx.execute(
            """
            INSERT INTO subject (id, wrapping_key_id, wrapped_key, read_count, created_at)
            VALUES (\(id.text), \(key.wrappingKeyID), \(key.bytes), 0, \(tx.now.microseconds))
            """
        )
    }

    /// - Throws: `notFound`.
    static func get(_ tx: any Transaction, _ id: SubjectID) throws -> Subject {
        try subject(try tx.first(facts(of: id)), id)
    }

    /// Keeps others from changing the person until the end of the transaction.
    ///
    /// - Throws: `notFound`.
    static func lock(_ tx: any Transaction, _ id: SubjectID) throws -> Subject {
        try subject(try tx.first(facts(of: id).lockingRows), id)
    }

    private static func facts(of id: SubjectID) -> SQL {
        "SELECT created_at, erased_at FROM subject WHERE id = \(id.text)"
    }

    private static func subject(_ row: Row?, _ id: SubjectID) throws -> Subject {
        guard let row else { throw Failure(.notFound) }
        return Subject(
            id: id,
            createdAt: Instant(microseconds: try row.integer(0)),
            erasedAt: try row.optionalInteger(1).map { Instant(microseconds: $0) }
        )
    }

    /// Destroys the key and everything that was sealed with it here.
    static func erase(_ tx: any Transaction, _ id: SubjectID) throws {
        try tx.execute(all: [
            "DELETE FROM subject_value WHERE subject = \(id.text)",
            """
            UPDATE subject
            SET
                wrapping_key_id = NULL,
                wrapped_key = NULL,
                erased_at = \(tx.now.microseconds)
            WHERE id = \(id.text)
            """,
        ])
    }

    // MARK: Keys

    static func key(of id: SubjectID) -> SQL {
        "SELECT wrapping_key_id, wrapped_key FROM subject WHERE id = \(id.text)"
    }

    /// - Returns: `nil` where the person has been erased.
    static func wrappedKey(_ row: Row, from column: Int = 0) throws -> WrappedKey? {
        guard let keyID = try row.optionalText(column), let bytes = try row.optionalBlob(column + 1) else { return nil }
        return WrappedKey(wrappingKeyID: keyID, bytes: bytes)
    }

    // MARK: Values

    static func values(of id: SubjectID) -> SQL {
        "SELECT field, sealed FROM subject_value WHERE subject = \(id.text) ORDER BY field"
    }

    static func upsert(
        _ subject: String,
        _ field: PersonalField,
        sealed: [UInt8],
        blind: Int64?,
        at instant: Instant
    ) -> SQL {
        """
        INSERT INTO subject_value (subject, field, sealed, blind, updated_at)
        VALUES (\(subject), \(field.rawValue), \(sealed), \(blind), \(instant.microseconds))
        ON CONFLICT (subject, field) DO UPDATE
        SET
            sealed = excluded.sealed,
            blind = excluded.blind,
            updated_at = excluded.updated_at
        """
    }

    static func delete(_ id: SubjectID, _ field: PersonalField) -> SQL {
        "DELETE FROM subject_value WHERE subject = \(id.text) AND field = \(field.rawValue)"
    }

    /// Somebody whose field may have the value that is searched for: it has its index.
    struct Candidate {
        let id: SubjectID
        let sealed: [UInt8]
        let key: WrappedKey
    }

    static func candidates(
        _ tx: any Transaction,
        _ field: PersonalField,
        _ blind: Int64,
        after subject: String,
        limit: Int
    ) throws -> [Candidate] {
        try tx.rows(
            """
            SELECT subject_value.subject, subject_value.sealed, subject.wrapping_key_id, subject.wrapped_key
            FROM subject_value
            JOIN subject ON subject.id = subject_value.subject
            WHERE subject_value.field = \(field.rawValue)
                AND subject_value.blind = \(blind)
                AND subject_value.subject > \(subject)
            ORDER BY subject_value.subject
            LIMIT \(limit)
            """
        ).map { row in
            guard let id = SubjectID(try row.text(0)), let key = try wrappedKey(row, from: 2) else {
                throw StoredDataError("a value belongs to nobody")
            }
            return Candidate(id: id, sealed: try row.blob(1), key: key)
        }
    }

    // MARK: The log of reads

    /// Locks the person, so that neither an erasure nor a rotation comes between the line and what is read.
    ///
    /// - Returns: the key; `nil` where the person has been erased.
    /// - Throws: `notFound`.
    static func noteRead(
        _ tx: any Transaction,
        _ id: SubjectID,
        _ fields: [String],
        _ purpose: ReadPurpose,
        _ reason: String?,
        _ origin: Origin
    ) throws -> WrappedKey? {
        let row = try tx.first(
            """
            UPDATE subject
            SET read_count = read_count + 1
            WHERE id = \(id.text)
            RETURNING read_count, wrapping_key_id, wrapped_key
            """
        )
        guard let row else { throw Failure(.notFound) }
        try tx.execute(
            """
            INSERT INTO subject_read (subject, seq, at, fields, purpose, reason, organization, credential, request_id)
            VALUES (
                \(id.text),
                \(try row.integer(0)),
                \(tx.now.microseconds),
                \(fields.joined(separator: " ")),
                \(purpose.rawValue),
                \(reason),
                \(origin.organization),
                \(origin.credential),
                \(origin.requestID)
            )
            """
        )
        return try wrappedKey(row, from: 1)
    }

    /// The newest first.
    static func reads(
        _ tx: any Transaction,
        of id: SubjectID,
        before seq: Int64,
        limit: Int
    ) throws -> [SubjectRead] {
        try tx.rows(
            """
            SELECT seq, at, fields, purpose, reason, organization, credential, request_id
            FROM subject_read
            WHERE subject = \(id.text) AND seq < \(seq)
            ORDER BY seq DESC
            LIMIT \(limit)
            """
        ).map { row in
            SubjectRead(
                seq: try row.integer(0),
                at: Instant(microseconds: try row.integer(1)),
                fields: try row.text(2).split(separator: " ").map(String.init),
                purpose: try row.text(3),
                reason: try row.optionalText(4),
                organization: try row.optionalText(5),
                credential: try row.optionalText(6),
                requestID: try row.optionalText(7)
            )
        }
    }
}
