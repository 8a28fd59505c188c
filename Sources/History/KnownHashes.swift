import Cryptography
import Ledger
import Storage

extension HistoryStore {
    /// A car's whole chain, each entry with the hash that is kept apart from it: whoever changes an entry's bytes has
    /// to change that, too.
    ///
    /// Where the bytes hash to what nobody knows, the entry's hash is the one that the next entry, or the head, stands
    /// on; and where that has been made to fit as well, none at all.
    static func withKnownHashes(_ tx: any Transaction, _ rows: [StoredRow]) throws -> [StoredEntry] {
        guard let vin = rows.first?.vin else { return [] }
        let found = try tx.rows(all: rows.map { positionQuestion(hash: $0.hash) })
        let known = try zip(rows, found).map { row, found in
            guard let position = try found.first.map(position) else { return false }
            return position.vin == vin && position.seq == row.seq
        }
        let head = try known.contains(false) ? self.head(tx, vin: vin)?.hash : nil
        return rows.enumerated().map { index, row in
            var entry = row.stored
            if !known[index] {
                let follower = index + 1 < rows.count ? rows[index + 1].stored.statedPrevious : head
                entry.hash = follower.flatMap { $0 == row.hash ? nil : $0 } ?? .zero
            }
            return entry
        }
    }
}

extension StoredEntry {
    /// What the envelope says that it stands on.
    fileprivate var statedPrevious: Digest? { (try? Envelope.parse(envelope))?.previous }
}
