import Cryptography
import Storage

/// The same for watches.
enum WatchFilling {
    static func fill(_ tx: any Transaction) throws {
        try tx.execute(
            """
            INSERT INTO watch (
                id, organization, kind, vin, name, url, secret, former_secret, former_until, state, reason,
                state_since, failing_since, sequence, version, created_at
            )
            VALUES (
                \("wch_1"), \("org_B"), \("vehicle"), \("VIN-0"), \("名"), \("https://a.example"), \([1] as [UInt8]),
                \([2] as [UInt8]), \(9), \("disabled"), \("failing"), \(8), \(7), \(3), \(2), \(1)
            )
            """
        )
        try tx.execute(
            """
            INSERT INTO watch (id, organization, kind, types, secret, state, state_since, sequence, version, created_at)
            VALUES (
                \("wch_2"), \("org_B"), \("notices"), \("a.b c.d"), \([3] as [UInt8]), \("active"), \(1), \(0), \(1),
                \(1)
            )
            """
        )
        try tx.execute(
            """
            INSERT INTO watch_car (watch, vin, told_count, told_hash, newest_count, is_due)
            VALUES (\("wch_1"), \("VIN-0"), \(1), \(SHA256.hash(Array("a".utf8)).bytes), \(2), \(1))
            """
        )
        try tx.execute(
            """
            INSERT INTO delivery (id, watch, sequence, type, vin, body, state, attempts, log, created_at)
            VALUES (
                \("dlv_1"), \("wch_1"), \(3), \("vehicle.appended"), \("VIN-0"), \("{}"), \("pending"), \(1), \("[]"),
                \(5)
            )
            """
        )
    }
}
