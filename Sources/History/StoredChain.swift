package import Core
package import Cryptography
package import Ledger
package import Storage
import TransparencyLog

// Reading chains back: as events for people, and as bytes for verifiers.

extension RecordedEvent {
    /// - Throws: where the stored bytes are not a version 1 entry: the store is damaged.
    package init(_ row: StoredRow) throws {
        let envelope = try Envelope.parse(Array(row.envelope.utf8))
        guard let kind = VehicleEventKind(rawValue: envelope.kind.text) else {
            throw StoredDataError("entry \(row.seq) has an unknown kind")
        }
        self.init(
            seq: row.seq,
            hash: row.hash,
            kind: kind,
            occurredAt: envelope.occurredAt,
            recordedAt: envelope.recordedAt,
            source: envelope.source,
            ref: envelope.ref,
            data: try row.payload.map { try Payload.parse(Array($0.utf8)).data },
            corrects: envelope.corrects
        )
    }
}

extension Histories {
    /// The whole chain of a car.
    ///
    /// - Throws: `Failure.vehicleUnknown`.
    package func chain(_ tx: any Transaction, vin: VIN) throws -> [StoredRow] {
        let rows = try HistoryStore.entries(tx, vin: vin.text, from: 0, limit: .max)
        guard !rows.isEmpty else { throw Failure(.vehicleUnknown) }
        return rows
    }

    /// The whole chain of a car; empty where it has none.
    package static func rows(_ tx: any Transaction, vin: VIN) throws -> [StoredRow] {
        try HistoryStore.entries(tx, vin: vin.text, from: 0, limit: .max)
    }

    /// A part of a car's chain, in order.
    package static func rows(_ tx: any Transaction, vin: String, from seq: Int64, limit: Int) throws -> [StoredRow] {
        try HistoryStore.entries(tx, vin: vin, from: seq, limit: limit)
    }

    /// Where a car's chain ends; `nil` where it has none. Nobody adds to it until the transaction has ended.
    package static func lockedHead(_ tx: any Transaction, vin: VIN) throws -> ChainHead? {
        let row: SQL = "SELECT vin FROM vehicle WHERE vin = \(vin.text)"
        _ = try tx.rows(row.lockingRows)
        return try HistoryStore.head(tx, vin: vin.text)
    }

    /// Which of these hashes are of no entry of the car.
    package static func unknown(_ tx: any Transaction, _ hashes: [Digest], vin: VIN) throws -> Set<Digest> {
        let found = try tx.rows(all: hashes.map { "SELECT vin FROM entry_hash WHERE hash = \($0.bytes)" })
        let texts = try found.map { try $0.first?.text(0) }
        return Set(zip(hashes, texts).filter { $0.1 != vin.text }.map(\.0))
    }

    /// Where an entry stands in the log; `nil` where it has no place yet.
    package static func leafIndex(_ tx: any Transaction, of hash: Digest) throws -> Int64? {
        try TransparencyLog.places(tx, of: [hash])[0]
    }

    /// The same entries with their places in the log.
    package func placed(_ tx: any Transaction, _ rows: [StoredRow]) throws -> [StoredRow] {
        guard transparency != nil else { return rows }
        let places = try TransparencyLog.places(tx, of: rows.map(\.hash))
        return zip(rows, places).map { row, place in
            var placed = row
            placed.leafIndex = place
            return placed
        }
    }

    package func head(_ tx: any Transaction, vin: VIN) throws -> ChainHead {
        guard let head = try HistoryStore.head(tx, vin: vin.text) else { throw Failure(.vehicleUnknown) }
        return head
    }

    /// - Throws: `Failure.entryUnknown`.
    package func entry(_ tx: any Transaction, hash: Digest) throws -> StoredRow {
        guard let position = try HistoryStore.position(tx, hash: hash),
            let row = try HistoryStore.entry(tx, vin: position.vin, seq: position.seq)
        else { throw Failure(.entryUnknown) }
        return row
    }
}
