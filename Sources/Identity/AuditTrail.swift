package import Core
package import Cryptography
package import Storage

/// What was done and what was refused, in one hash chain an organisation: every record holds the hash of the one before
/// it, so that none can be changed, taken out or slipped in without breaking the chain there.
///
/// A record is appended in the transaction of the change that it records: there is neither without the other.
package enum AuditTrail {
    /// The chain of callers without a credential, and of what the service does by itself.
    package static let platformChain = "platform"

    /// Where a record stands.
    package struct Position: Sendable, Hashable {
        package let chain: String
        package let seq: Int64
        package let hash: Digest
    }

    /// A record as it is stored.
    package struct Record: Sendable, Hashable {
        package let seq: Int64
        package let at: Instant
        /// Canonical JSON, the very bytes that were hashed.
        package let text: String
        package let hash: [UInt8]
    }

    /// The first statement takes the lock on the chain's head, so that two appends to one chain wait for each other
    /// where the engine lets transactions overlap.
    @discardableResult
    package static func append(_ tx: any Transaction, _ entry: AuditEntry) throws -> Position {
        let head = try advanceHead(tx, entry.chain)
        let at = tx.now.truncatedToMilliseconds
        let record = entry.record(at: at, seq: head.seq, previous: head.previous)
        let hash = SHA256.hash(record)
        try tx.execute(all: [
            """
            INSERT INTO audit_record (chain, seq, at, record, hash)
            VALUES (
                \(entry.chain),
                \(head.seq),
                \(at.microseconds),
                \(String(decoding: record, as: UTF8.self)),
                \(hash.bytes)
            )
            """,
            "UPDATE audit_head SET hash = \(hash.bytes) WHERE chain = \(entry.chain)",
        ])
        return Position(chain: entry.chain, seq: head.seq, hash: hash)
    }

    /// Up to `limit` records of a chain, newest first.
    /// - Parameter seq: only records before this one.
    package static func page(
        _ tx: any Transaction,
        _ chain: String,
        before seq: Int64 = .max,
        limit: Int
    ) throws -> [Record] {
        let sql: SQL = """
            SELECT seq, at, record, hash FROM audit_record
            WHERE chain = \(chain) AND seq < \(seq)
            ORDER BY seq DESC
            LIMIT \(limit)
            """
        return try tx.rows(sql).map(Record.init(row:))
    }

    /// Every chain that has a record, or a head, in order. From each to the next by key: chains are few, records many.
    package static func chains(_ tx: any Transaction) throws -> [String] {
        var chains: [String] = []
        while let next = try chain(tx, after: chains.last ?? "") { chains.append(next) }
        return chains
    }

    private static func chain(_ tx: any Transaction, after chain: String) throws -> String? {
        let heads: SQL = "SELECT chain FROM audit_head WHERE chain > \(chain) ORDER BY chain LIMIT \(1)"
        let records: SQL = "SELECT chain FROM audit_record WHERE chain > \(chain) ORDER BY chain LIMIT \(1)"
        return try [heads, records].compactMap { try tx.first($0)?.text(0) }.min()
    }

    private static func advanceHead(
        _ tx: any Transaction,
        _ chain: String
    ) throws -> (seq: Int64, previous: Digest) {
        let row = try tx.first(
            """
            INSERT INTO audit_head (chain, record_count, hash)
            VALUES (\(chain), 1, \(Digest.zero.bytes))
            ON CONFLICT (chain) DO UPDATE SET record_count = audit_head.record_count + 1
            RETURNING record_count, hash
            """
        )
        guard let row, let previous = Digest(bytes: try row.blob(1)) else {
            throw StoredDataError("the head of the audit chain \(chain) holds no digest")
        }
        return (try row.integer(0) - 1, previous)
    }
}

extension AuditTrail.Record {
    init(row: Row) throws {
        seq = try row.integer(0)
        at = Instant(microseconds: try row.integer(1))
        text = try row.text(2)
        hash = try row.blob(3)
    }
}
