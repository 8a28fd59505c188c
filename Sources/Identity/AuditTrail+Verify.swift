import Core
import Cryptography
package import Storage

extension AuditTrail {
    package enum Verdict: Sendable, Hashable {
        /// Every record is as it was written, and none is missing.
        case intact(records: Int64)
        /// The first record that is not, and what is wrong with it.
        case broken(seq: Int64, Defect)
    }

    package enum Defect: String, Sendable, Hashable, CaseIterable {
        /// There is no record of this number, though there are later ones or the head counts it.
        case missing
        /// The text of the record does not give the stored hash.
        case altered
        /// The text is not the canonical form of any record.
        case unreadable
        /// The text names another chain or number than the row that it stands in.
        case misplaced
        /// The row's time is not the text's.
        case misdated
        /// The record does not point at the one before it.
        case unlinked
        /// The chain's head does not stand on its last record.
        case headDiffers = "head_differs"
    }

    /// How many records are looked at a time, so that the longest chain needs no more memory than a short one.
    static let verificationBatch = 500

    /// Walks a chain from its beginning.
    package static func verify(_ tx: any Transaction, _ chain: String) throws -> Verdict {
        var walk = Walk(chain: chain)
        while true {
            let records = try batch(tx, chain, from: walk.count)
            for record in records {
                if let defect = walk.step(record) { return .broken(seq: walk.count, defect) }
            }
            if records.count < verificationBatch { break }
        }
        return try compareHead(tx, walk)
    }

    private static func batch(_ tx: any Transaction, _ chain: String, from seq: Int64) throws -> [Record] {
        let sql: SQL = """
            SELECT seq, at, record, hash FROM audit_record
            WHERE chain = \(chain) AND seq >= \(seq)
            ORDER BY seq
            LIMIT \(verificationBatch)
            """
        return try tx.rows(sql).map(Record.init(row:))
    }

    /// Catches what the walk cannot see: that records were taken off the end.
    private static func compareHead(_ tx: any Transaction, _ walk: Walk) throws -> Verdict {
        let row = try tx.first("SELECT record_count, hash FROM audit_head WHERE chain = \(walk.chain)")
        guard let row else {
            return walk.count == 0 ? .intact(records: 0) : .broken(seq: walk.count - 1, .headDiffers)
        }
        let expected = try row.integer(0)
        if expected > walk.count { return .broken(seq: walk.count, .missing) }
        guard expected == walk.count, try row.blob(1) == walk.previous.bytes else {
            return .broken(seq: max(walk.count - 1, 0), .headDiffers)
        }
        return .intact(records: walk.count)
    }
}

/// How far a chain has been found in order.
private struct Walk {
    let chain: String
    var count: Int64 = 0
    var previous = Digest.zero

    init(chain: String) {
        self.chain = chain
    }

    /// What is wrong with the record that should come next, or `nil` and the walk goes on behind it.
    mutating func step(_ record: AuditTrail.Record) -> AuditTrail.Defect? {
        guard record.seq == count else { return .missing }
        let bytes = Array(record.text.utf8)
        let digest = SHA256.hash(bytes)
        guard digest.bytes == record.hash else { return .altered }
        guard let json = try? JSONParser.parse(bytes), json.canonicalBytes == bytes else { return .unreadable }
        guard json["chain"]?.stringValue == chain, json["seq"]?.integerValue == count else { return .misplaced }
        guard json["at"]?.stringValue == record.at.rfc3339 else { return .misdated }
        guard json["prev"]?.stringValue == previous.hex else { return .unlinked }
        previous = digest
        count += 1
        return nil
    }
}
