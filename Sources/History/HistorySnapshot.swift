package import Core
package import Cryptography
import Ledger
package import Storage

/// A moment in a car's history: by the head that somebody was shown, or by the time.
package enum HistoryMoment: Sendable, Hashable {
    case head(Digest)
    case time(Instant)

    /// 64 lower-case hexadecimal digits, or an RFC 3339 time; `nil` for anything else.
    package init?(_ text: String) {
        if let head = Digest(hex: text) {
            self = .head(head)
        } else if let time = Instant(rfc3339: text) {
            self = .time(time)
        } else {
            return nil
        }
    }
}

/// A car's history as it was known at a moment, and what has come since.
package struct HistorySnapshot: Sendable {
    /// What was on record then, from `seq` 0.
    package let rows: [StoredRow]
    /// How many entries have been recorded since.
    package let recordedSince: Int
    /// Those of them that are dated before that moment: whoever relied on the history did not see them.
    package let late: [StoredRow]
}

extension Histories {
    /// - Throws: `Failure.vehicleUnknown`; `Failure.entryUnknown` where the head is none of the car's.
    package func snapshot(_ tx: any Transaction, vin: VIN, at moment: HistoryMoment) throws -> HistorySnapshot {
        let rows = try chain(tx, vin: vin)
        let count = try HistorySnapshot.count(rows, at: moment)
        let envelopes = try rows.map { try Envelope.parse(Array($0.envelope.utf8)) }
        let end =
            switch moment {
            case .head: envelopes[count - 1].recordedAt
            case .time(let time): time
            }
        let late = rows.indices.dropFirst(count).filter { envelopes[$0].occurredAt < end }.map { rows[$0] }
        return HistorySnapshot(rows: Array(rows.prefix(count)), recordedSince: rows.count - count, late: late)
    }
}

extension HistorySnapshot {
    /// How many of a car's entries were on record.
    /// - Throws: `Failure.entryUnknown` where the head is none of them.
    static func count(_ rows: [StoredRow], at moment: HistoryMoment) throws -> Int {
        switch moment {
        case .head(let hash):
            guard let index = rows.firstIndex(where: { $0.hash == hash }) else { throw Failure(.entryUnknown) }
            return index + 1
        case .time(let time):
            // Times never decrease along a chain.
            return try rows.prefix { try Envelope.parse(Array($0.envelope.utf8)).recordedAt <= time }.count
        }
    }
}
