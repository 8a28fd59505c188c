import Storage

extension Filling {
    static func warranties(_ tx: any Transaction) throws {
        let edition = digest("edition")
        try tx.execute(
            """
            INSERT INTO warranty_edition (hash, edition, effective_from, content, stored_at)
            VALUES (\(edition), \("2026-11"), \("2026-11-01"), \("edition: 质保"), \(1))
            """
        )
        try tx.execute(
            """
            INSERT INTO warranty_quote (id, dealer, vin, edition, request, created_at)
            VALUES (\("wqt_1"), \("org_B"), \("VIN-1"), \(edition), \("{}"), \(1))
            """
        )
        try tx.execute(
            """
            INSERT INTO warranty (
                id, dealer, vin, quote, edition, terms, terms_hash, text_zh, text_en, contract_hash, entry, holder,
                paid_on, ending, transfers, continues, version, limit_version, created_at
            )
            VALUES (
                \("wty_1"), \("org_B"), \("VIN-1"), \("wqt_1"), \(edition), \("{}"), \(digest("terms")), \("文"),
                \("text"), \(digest("text")), \(digest("entry")), \("b"), \("2026-06-01"), \(String?.none), \(1),
                \(String?.none), \(3), \(2), \(1)
            )
            """
        )
        try tx.execute(
            """
            INSERT INTO warranty_change (warranty, seq, at, organization, credential, kind, detail)
            VALUES (\("wty_1"), \(1), \(1), \("org_B"), \(String?.none), \("issued"), \("{}"))
            """
        )
        try tx.execute(
            """
            INSERT INTO warranty_limit_use (warranty, layer, claim, component, reserved_fen, paid_fen)
            VALUES (\("wty_1"), \("plus"), \("clm_1"), \("brakes.caliper"), \(100), \(200))
            """
        )
        for number in 1...2 {
            let isReversed = number == 1
            try tx.execute(
                """
                INSERT INTO warranty_redemption (
                    warranty, kind, number, redeemed_at, redeemed_by, place, odometer_km, reversed_at, reversed_by,
                    reason
                )
                VALUES (
                    \("wty_1"), \("basic_service"), \(number), \(1), \("org_B"), \("杭州店"), \(31_000),
                    \(isReversed ? Int64(2) : nil), \(isReversed ? "org_B" : nil), \(isReversed ? "误记" : nil)
                )
                """
            )
        }
    }
}
