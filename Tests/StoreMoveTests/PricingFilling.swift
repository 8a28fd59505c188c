import Cryptography
import Storage

/// The same for everything about prices.
enum PricingFilling {
    static func fill(_ tx: any Transaction) throws {
        for version in 1...5 {
            try tx.execute(
                """
                INSERT INTO pricing_rule_set (
                    hash, id, version, effective_from, document, organization, credential, added_at
                )
                VALUES (
                    \(digest("rules \(version)")), \("cn"), \("\(version)"), \("2026-01-01"), \([UInt8]([0, 255])),
                    \(version == 1 ? nil : "org_a"), \(String?.none), \(version)
                )
                """
            )
        }
        try tx.execute(
            """
            INSERT INTO pricing_in_force (seq, rule_set, organization, credential, at)
            VALUES (\(1), \(digest("rules 2")), \("org_a"), \("key_1"), \(9))
            """
        )
        try tx.execute(
            """
            INSERT INTO pricing_mapping (hash, source, document, organization, credential, added_at)
            VALUES (\(digest("mapping")), \("源"), \([UInt8]([7])), \("org_a"), \("key_1"), \(3))
            """
        )
        try sales(tx)
        try tx.execute(
            """
            INSERT INTO pricing_estimate (
                id, rule_set, organization, vin, listing, valued_on, car, evidence, answer, created_at
            )
            VALUES (
                \("est_1"), \(digest("rules 1")), \(String?.none), \("VIN-1"), \("lst_1"), \("2026-03-01"), \("{}"),
                \("{}"), \("{}"), \(1)
            )
            """
        )
        try tx.execute(
            """
            INSERT INTO stock_alert_days (organization, slow_from_days, overdue_from_days, version)
            VALUES (\("org_B"), \(30), \(60), \(1))
            """
        )
    }

    private static func sales(_ tx: any Transaction) throws {
        try tx.execute("INSERT INTO pricing_sale_head (one, seq) VALUES (\(1), \(3))")
        for seq in 1...3 {
            try tx.execute(
                """
                INSERT INTO pricing_sale (seq, digest, source, kind, vehicle, car, price_fen, sold_on, added_at)
                VALUES (
                    \(seq), \(digest("sale \(seq)")), \("own"), \("retail"), \([UInt8](repeating: 7, count: 8)),
                    \("{}"), \(7_000_000), \("2026-02-01"), \(5)
                )
                """
            )
        }
        for (listing, estimate) in [("lst_1", Int64?.some(7_000_000)), ("lst_2", nil)] {
            try tx.execute(
                """
                INSERT INTO pricing_outcome (
                    listing, sold_on, confidence, estimate_fen, low_fen, high_fen, actual_fen
                )
                VALUES (
                    \(listing), \("2026-02-01"), \("A"), \(estimate), \(estimate), \(estimate), \(7_100_000)
                )
                """
            )
        }
    }

    private static func digest(_ text: String) -> [UInt8] { SHA256.hash(Array(text.utf8)).bytes }
}
