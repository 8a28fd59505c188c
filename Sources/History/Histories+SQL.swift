import Core
package import Cryptography
import Ledger
package import Storage

/// One entry as the store keeps it: the very bytes that were hashed.
package struct StoredRow: Sendable, Hashable {
    package let vin: String
    package let seq: Int64
    /// What the envelope hashes to.
    package let hash: Digest
    package let envelope: String
    /// `nil` where the payload was erased.
    package let payload: String?
    /// Its place in the log, where it was asked for and there is one.
    package var leafIndex: Int64?
}

/// What an append has to know of the chain that it adds to.
struct ChainEnd {
    /// `nil` where there is no chain yet.
    let head: ChainHead?
    let lastEnvelope: String?
    /// The entry that the source has reported under the same `ref`.
    let sameRef: (vin: String, seq: Int64)?
    /// What the listener asked.
    var heard: [Row] = []
}

/// Somebody who writes something of his own with each entry, such as that it has to be told. What he has to know is
/// asked together with the end of the chain, so that an append of which he says nothing costs what it did.
package struct EntryListener: Sendable {
    package typealias Statements = @Sendable (_ heard: [Row], _ vin: String, _ count: Int64) throws -> [SQL]

    let question: @Sendable (_ vin: String) -> SQL
    let statements: Statements

    /// - Parameters:
    ///   - question: by an index, and about this car alone.
    ///   - statements: for the rows that answer it, where there are any: run behind the entry and in its transaction.
    ///     Nothing but their success matters.
    package init(
        question: @escaping @Sendable (_ vin: String) -> SQL,
        statements: @escaping Statements
    ) {
        self.question = question
        self.statements = statements
    }
}

/// Every statement of the slice. All of them are by the key that their table is partitioned by.
enum HistoryStore {
    static func head(_ tx: any Transaction, vin: String) throws -> ChainHead? {
        let row = try tx.first(
            """
            SELECT entry_count, head_hash, recorded_at_ms
            FROM vehicle
            WHERE vin = \(vin)
            """
        )
        return try row.map(head)
    }

    private static func head(_ row: Row) throws -> ChainHead {
        ChainHead(
            count: try row.integer(0),
            hash: try digest(row, 1),
            recordedAt: Instant(milliseconds: try row.integer(2))
        )
    }

    /// Whoever appends to the same car at the same moment finds the place taken, and comes again. The second time it
    /// holds on to the head until the transaction ends: others wait, and then see this one.
    static func end(
        _ tx: any Transaction,
        of vin: String,
        source: String,
        ref: String,
        _ listener: EntryListener?
    ) throws -> ChainEnd {
        if tx.hasLostRace {
            let head: SQL = "SELECT vin FROM vehicle WHERE vin = \(vin)"
            _ = try tx.rows(head.lockingRows)
        }
        let found = try tx.rows(all: endQuestions(of: vin, source: source, ref: ref, listener))
        let head = found[0].first
        return ChainEnd(
            head: try head.map(self.head),
            lastEnvelope: try head?.optionalText(3),
            sameRef: try found[1].first.map(position),
            heard: found.count > 2 ? found[2] : []
        )
    }

    /// The head and the last entry by one statement, which sees one state of the store.
    static func endQuestions(
        of vin: String,
        source: String,
        ref: String,
        _ listener: EntryListener?
    ) -> [SQL] {
        [
            """
            SELECT
                entry_count,
                head_hash,
                recorded_at_ms,
                (SELECT envelope FROM entry WHERE vin = \(vin) ORDER BY seq DESC LIMIT 1)
            FROM vehicle
            WHERE vin = \(vin)
            """,
            positionQuestion(source: source, ref: ref),
        ] + (listener.map { [$0.question(vin)] } ?? [])
    }

    static func entries(_ tx: any Transaction, vin: String, from seq: Int64, limit: Int) throws -> [StoredRow] {
        let rows = try tx.rows(
            """
            SELECT seq, envelope, payload
            FROM entry
            WHERE vin = \(vin) AND seq >= \(seq)
            ORDER BY seq
            LIMIT \(limit)
            """
        )
        return try rows.map { row in
            let envelope = try row.text(1)
            return StoredRow(
                vin: vin,
                seq: try row.integer(0),
                hash: SHA256.hash(envelope.utf8),
                envelope: envelope,
                payload: try row.optionalText(2)
            )
        }
    }

    /// The very bytes that were hashed, and nothing else.
    static func envelopes(_ tx: any Transaction, vin: String, from seq: Int64, limit: Int) throws -> [String] {
        try tx.rows(
            """
            SELECT envelope
            FROM entry
            WHERE vin = \(vin) AND seq >= \(seq)
            ORDER BY seq
            LIMIT \(limit)
            """
        ).map { try $0.text(0) }
    }

    static func entry(_ tx: any Transaction, vin: String, seq: Int64) throws -> StoredRow? {
        try entries(tx, vin: vin, from: seq, limit: 1).first { $0.seq == seq }
    }

    static func position(_ tx: any Transaction, hash: Digest) throws -> (vin: String, seq: Int64)? {
        try tx.first(positionQuestion(hash: hash)).map(position)
    }

    static func positionQuestion(hash: Digest) -> SQL {
        "SELECT vin, seq FROM entry_hash WHERE hash = \(hash.bytes)"
    }

    static func position(_ tx: any Transaction, source: String, ref: String) throws -> (vin: String, seq: Int64)? {
        try tx.first(positionQuestion(source: source, ref: ref)).map(position)
    }

    private static func positionQuestion(source: String, ref: String) -> SQL {
        "SELECT vin, seq FROM entry_ref WHERE digest = \(referenceDigest(source: source, ref: ref))"
    }

    /// What a source's own reference is kept by. Sixteen bytes find it without its text: two references are to be
    /// expected to meet in them where there are 2^64 (the birthday bound). A line's end, which no name of a source
    /// holds, keeps the two parts apart.
    private static func referenceDigest(source: String, ref: String) -> [UInt8] {
        Array(SHA256.hash("\(source)\n\(ref)".utf8).bytes.prefix(16))
    }

    /// Adds an entry and moves the head on. Whoever lost a race for the same place gets `UniqueViolation`; a head that
    /// does not stand where its last entry does fails the check of the table.
    static func insert(
        _ tx: any Transaction,
        _ row: StoredRow,
        source: String,
        ref: String,
        recordedAt: Instant
    ) throws {
        let hash = row.hash.bytes
        tx.touch(row.vin)
        try tx.execute(later: [
            """
            INSERT INTO entry (vin, seq, envelope, payload)
            VALUES (\(row.vin), \(row.seq), \(row.envelope), \(row.payload))
            """,
            """
            INSERT INTO entry_ref (digest, vin, seq)
            VALUES (\(referenceDigest(source: source, ref: ref)), \(row.vin), \(row.seq))
            """,
            """
            INSERT INTO entry_hash (hash, vin, seq, leaf_index)
            VALUES (\(hash), \(row.vin), \(row.seq), \(row.leafIndex))
            """,
            """
            INSERT INTO vehicle (vin, entry_count, head_hash, recorded_at_ms)
            VALUES (\(row.vin), \(row.seq + 1), \(hash), \(recordedAt.milliseconds))
            ON CONFLICT (vin) DO UPDATE
            SET entry_count = CASE
                    WHEN vehicle.entry_count = excluded.entry_count - 1 THEN excluded.entry_count
                    ELSE 0
                END,
                head_hash = excluded.head_hash,
                recorded_at_ms = excluded.recorded_at_ms
            """,
        ])
    }

    static func position(_ row: Row) throws -> (vin: String, seq: Int64) {
        (try row.text(0), try row.integer(1))
    }

    static func erasePayload(_ tx: any Transaction, vin: String, seq: Int64) throws -> Bool {
        tx.touch(vin)
        let erasure: SQL = """
            UPDATE entry
            SET payload = NULL
            WHERE vin = \(vin) AND seq = \(seq) AND payload IS NOT NULL
            """
        return try tx.execute(erasure) == 1
    }

    /// VINs in order, for walking the whole store.
    static func vehicles(_ tx: any Transaction, after vin: String, limit: Int) throws -> [String] {
        try tx.rows("SELECT vin FROM vehicle WHERE vin > \(vin) ORDER BY vin LIMIT \(limit)").map { try $0.text(0) }
    }

    /// How many cars there are. Counted in steps, as all walks are: no statement is as long as the table.
    static func vehicleCount(_ tx: any Transaction) throws -> Int64 {
        var count: Int64 = 0
        var last = ""
        while true {
            let row = try tx.first(
                """
                SELECT COUNT(vin), MAX(vin)
                FROM (SELECT vin FROM vehicle WHERE vin > \(last) ORDER BY vin LIMIT \(vehiclesPerCount)) AS step
                """
            )
            guard let row, let end = try row.optionalText(1) else { return count }
            count += try row.integer(0)
            last = end
        }
    }

    private static let vehiclesPerCount = 10_000

    private static func digest(_ row: Row, _ column: Int) throws -> Digest {
        guard let digest = Digest(bytes: try row.blob(column)) else {
            throw StoredDataError(column, "a hash of 32 bytes")
        }
        return digest
    }
}
