import Storage

/// The same for claims, advances and complaints.
enum ClaimsFilling {
    static func fill(_ tx: any Transaction) throws {
        for (id, warranty) in [("clm_1", String?.none), ("clm_2", "wty_1")] {
            let (layer, component) = (warranty.map { _ in "plus" }, warranty.map { _ in "engine" })
            try tx.execute(
                """
                INSERT INTO claim (
                    id, vin, warranty, buyer, dealer, state, handler, level, due_at, breaches, cover_layer,
                    cover_component, version, filed_at
                )
                VALUES (
                    \(id), \("VIN-1"), \(warranty), \("usr_b"), \("org_B"), \("assessing"), \(warranty), \("senior"),
                    \(Int64.max), \(1), \(layer), \(component), \(2), \(5)
                )
                """
            )
        }
        try facts(tx)
        try advances(tx)
        try complaints(tx)
        try people(tx)
    }

    private static func facts(_ tx: any Transaction) throws {
        try tx.execute(all: [
            """
            INSERT INTO claim_fact (claim, number, at, recorded_at, kind, role, person, content)
            VALUES (\("clm_1"), \(1), \(5), \(6), \("filed"), \("buyer"), \("usr_b"), \("{\"why\":\"坏了\"}"))
            """,
            """
            INSERT INTO claim_line (claim, offer, line, asked_fen, approved_fen, reasons)
            VALUES (\("clm_1"), \(2), \("1"), \(500), \(480), \("part_price"))
            """,
            """
            INSERT INTO claim_ruling (claim, number, party, rate_bp, basis)
            VALUES (\("clm_1"), \(2), \("dealer"), \(10_000), \("silence"))
            """,
            """
            INSERT INTO claim_assessment (claim, seq, at, person, content)
            VALUES (\("clm_1"), \(1), \(7), \("usr_1"), \("{}"))
            """,
            """
            INSERT INTO claim_decided_day (person, day, decided_fen)
            VALUES (\("usr_1"), \("2026-03-01"), \(480))
            """,
        ])
    }

    private static func advances(_ tx: any Transaction) throws {
        for (id, loss) in [("adv_1", String?.none), ("adv_2", "clm_1.repair")] {
            try tx.execute(
                """
                INSERT INTO claim_advance (
                    id, claim, loss, head, dealer, amount_fen, outstanding_fen, stage, is_suspended, paid_at, version,
                    requested_at
                )
                VALUES (
                    \(id), \("clm_1"), \(loss), \("repair"), \("org_B"), \(480), \(480),
                    \(loss == nil ? "cancelled" : "recovering"), \(loss == nil ? 0 : 1), \(loss == nil ? nil : 9), \(3),
                    \(8)
                )
                """
            )
        }
        try tx.execute(
            """
            INSERT INTO claim_advance_fact (advance, number, at, recorded_at, kind, role, person, content)
            VALUES (\("adv_1"), \(1), \(8), \(8), \("requested"), \("system"), \("system"), \("{}"))
            """
        )
    }

    private static func complaints(_ tx: any Transaction) throws {
        for (id, vin) in [("cmp_1", String?.none), ("cmp_2", "VIN-1")] {
            try tx.execute(
                """
                INSERT INTO complaint (
                    id, customer, vin, dealer, component, category, severity, root, handler, level, due_at, breaches,
                    is_open, content, version, filed_at
                )
                VALUES (
                    \(id), \("usr_b"), \(vin), \(vin.map { _ in "org_B" }), \(vin.map { _ in "engine" }), \("quality"),
                    \("medium"), \("cmp_1"), \(vin.map { _ in "usr_1" }), \("senior"), \(Int64.max), \(2), \(1),
                    \("{}"), \(1), \(4)
                )
                """
            )
        }
        try tx.execute(
            """
            INSERT INTO complaint_fact (complaint, number, at, recorded_at, kind, person, content)
            VALUES (\("cmp_1"), \(1), \(4), \(4), \("filed"), \("usr_b"), \("{}"))
            """
        )
    }

    private static func people(_ tx: any Transaction) throws {
        for (person, last) in [("usr_1", Int?.none), ("usr_2", 77)] {
            try tx.execute(
                """
                INSERT INTO claim_handler (person, role, skills, capacity, last_assigned_at, version)
                VALUES (\(person), \("claims_junior"), \("body warranty"), \(10), \(last), \(1))
                """
            )
        }
        try tx.execute(all: [
            """
            INSERT INTO claim_vacation (person, first_day, last_day)
            VALUES (\("usr_1"), \("2026-03-01"), \("2026-03-09"))
            """,
            """
            INSERT INTO claim_edition (kind, version, content, used_since)
            VALUES (\("clocks"), \("clocks-2026-1"), \("{}"), \(4))
            """,
            """
            INSERT INTO dealer_suspension (dealer, cause, reason, since)
            VALUES (\("org_B"), \("adv_2"), \("欠款"), \(9))
            """,
            """
            INSERT INTO suspended_listing (dealer, listing, since)
            VALUES (\("org_B"), \("lst_1"), \(9))
            """,
            """
            INSERT INTO dealer_notice (dealer, cause, kind, claim, advance, at, told_at, due_at, amount_fen)
            VALUES
                (\("org_B"), \("clm_1/1"), \("claim.filed"), \("clm_1"), NULL, \(5), \(6), NULL, NULL),
                (\("org_B"), \("adv_2/3"), \("advance.paid"), \("clm_1"), \("adv_2"), \(9), \(9), \(99), \(480))
            """,
            """
            INSERT INTO holder_code (warranty, holder, code, issued_at, expires_at)
            VALUES (\("wty_1"), \("C-1"), \([UInt8](repeating: 3, count: 32)), \(4), \(44))
            """,
            """
            INSERT INTO warranty_holding (warranty, holder, person, since)
            VALUES (\("wty_1"), \("C-1"), \("usr_b"), \(5))
            """,
        ])
    }
}
