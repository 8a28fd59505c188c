import Core
import Ledger
import Storage

/// Entries that wait for their place, in an order in which those of one car never overtake each other: a car's entries
/// are recorded at times that never decrease, and none is seen before the one that it stands on is committed.
enum LogPending {
    /// Entries that are given their places by one transaction.
    static let batchCount = 1000

    static func insert(_ leaf: LogLeaf, count: Int64, recordedAt: Instant) -> SQL {
        """
        INSERT INTO log_pending (recorded_at_ms, leaf, vehicle_count)
        VALUES (\(recordedAt.milliseconds), \(leaf.bytes), \(count))
        ON CONFLICT (recorded_at_ms, vehicle_count, leaf) DO NOTHING
        """
    }

    static func isWaiting(_ tx: any Transaction) throws -> Bool {
        let row = try tx.first(
            "SELECT leaf FROM log_pending WHERE recorded_at_ms >= 0 ORDER BY recorded_at_ms LIMIT 1"
        )
        return row != nil
    }

    /// Gives the first of them their places.
    /// - Returns: how many.
    static func place(_ tx: any Transaction) throws -> Int {
        let rows = try tx.rows(
            """
            SELECT recorded_at_ms, vehicle_count, leaf
            FROM log_pending
            WHERE recorded_at_ms >= 0
            ORDER BY recorded_at_ms, vehicle_count, leaf
            LIMIT \(batchCount)
            """
        )
        let first = try LogStore.nextNumber(tx)
        var (leaves, places, done): ([SQL], [SQL], [SQL]) = ([], [], [])
        for (offset, row) in rows.enumerated() {
            let bytes = try row.blob(2)
            guard let leaf = LogLeaf(bytes: bytes) else { throw StoredDataError(2, "a leaf of 64 bytes") }
            let (recordedAt, count) = (try row.integer(0), try row.integer(1))
            let number = first + Int64(offset)
            leaves.append(LogStore.insert(PlacedLeaf(number: number, leaf: leaf, count: count)))
            places.append(LogStore.insertPlace(of: leaf.entry, number))
            done.append(
                """
                DELETE FROM log_pending
                WHERE recorded_at_ms = \(recordedAt) AND vehicle_count = \(count) AND leaf = \(bytes)
                """
            )
        }
        try tx.execute(later: leaves)
        try tx.execute(later: places)
        try tx.execute(later: done)
        return rows.count
    }
}
