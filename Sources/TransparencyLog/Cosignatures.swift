import Core
import Ledger
import Storage

/// What witnesses have signed, as it is stored: the last line of each, beside the note that it belongs to.
enum Cosignatures {
    /// So old a quorum may be before the vehicle index goes on without: a witness that is away must not hide entries.
    static let patienceSeconds: Int64 = 10

    private struct Line {
        let size: Int64
        let note: String
        let line: String
        let signedAt: Instant
    }

    /// What one witness signed last; 0 where it never did.
    static func lastSize(_ tx: any Transaction, by witness: String) throws -> Int64 {
        try tx.first("SELECT size FROM log_cosignature WHERE witness = \(witness)")?.integer(0) ?? 0
    }

    static func keep(
        _ tx: any Transaction,
        _ line: NoteSignature,
        on checkpoint: SignedNote,
        size: Int64,
        by witness: String
    )
        throws
    {
        try tx.execute(
            """
            INSERT INTO log_cosignature (witness, size, note, line, signed_at)
            VALUES (
                \(witness), \(size), \(String(decoding: checkpoint.bytes, as: UTF8.self)), \(line.line),
                \(tx.now.microseconds)
            )
            ON CONFLICT (witness) DO UPDATE
            SET size = excluded.size,
                note = excluded.note,
                line = excluded.line,
                signed_at = excluded.signed_at
            WHERE log_cosignature.size <= excluded.size
            """
        )
    }

    /// The newest checkpoint that so many have signed as the policy wants.
    static func newest(
        _ tx: any Transaction,
        _ policy: LogPolicy
    ) throws -> (note: SignedNote, size: Int64, signedAt: Instant)? {
        let found = try tx.rows(
            all: policy.witnesses.map { witness in
                "SELECT size, note, line, signed_at FROM log_cosignature WHERE witness = \(witness.name)"
            }
        )
        let lines = try found.compactMap(\.first).map { row in
            Line(
                size: try row.integer(0),
                note: try row.text(1),
                line: try row.text(2),
                signedAt: Instant(microseconds: try row.integer(3))
            )
        }
        for size in Set(lines.map(\.size)).sorted(by: >) {
            let text = lines.first { $0.size == size }?.note
            let same = lines.filter { $0.size == size && $0.note == text }
            guard let first = same.first else { continue }
            var note = try SignedNote(parsing: Array(first.note.utf8))
            for signature in same.compactMap({ NoteSignature(line: $0.line) }) { note.add(signature) }
            let signed = (try? note.verified(by: policy.witnesses.map(\.key))) ?? []
            guard policy.isSatisfied(by: signed) else { continue }
            return (note, size, same.map(\.signedAt).max() ?? first.signedAt)
        }
        return nil
    }

    /// As far as the vehicle index may go: where it is ahead of what witnesses have signed, a bundle has to do without
    /// either.
    static func indexLimit(_ tx: any Transaction, _ policy: LogPolicy?, head: LogHead) throws -> Int64 {
        guard let policy, !policy.isSatisfied(by: []), let newest = try newest(tx, policy),
            newest.signedAt.adding(seconds: patienceSeconds) > tx.now
        else { return head.size }
        return min(head.size, newest.size)
    }
}
