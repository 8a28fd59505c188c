import Core
import Cryptography
import Storage
import Support

/// Rows in every table, more than a commit takes in some, with whatever a column may hold.
enum Filling {
    static let manyRows = 63

    static func fill(_ store: TestStore) async throws {
        try await store.database.write { tx in
            try organizations(tx)
            try audit(tx)
            for car in 0..<3 { try history(tx, vin: "VIN-\(car)", entries: car == 1 ? manyRows : 2) }
            try listings(tx)
            try imports(tx)
            try photos(tx)
            try subjects(tx)
            try people(tx)
            try PricingFilling.fill(tx)
            try warranties(tx)
            try WorkFilling.fill(tx)
            try LogFilling.fill(tx)
            try WatchFilling.fill(tx)
            try ClaimsFilling.fill(tx)
            for text in ["a", "Z", "é", "中文", "a b"] {
                try tx.execute("INSERT INTO store_fact (name, value) VALUES (\(text), \(text))")
            }
            try tx.execute(
                """
                INSERT INTO idempotency (scope, key_digest, fingerprint, status, answer, created_at, expires_at)
                VALUES (\("s"), \([UInt8]([0, 255])), \([UInt8]()), \(201), \([UInt8]([1, 0, 2])), \(1), \(Int64.max))
                """
            )
        }
    }

    private static func organizations(_ tx: any Transaction) throws {
        for (id, kind, uscc) in [("org_a", "platform", String?.none), ("org_B", "dealer", "91110108551385082Q")] {
            try tx.execute(
                """
                INSERT INTO organization (id, kind, name, uscc, signatures_required, version, created_at)
                VALUES (\(id), \(kind), \("名"), \(uscc), \(0), \(1), \(7))
                """
            )
        }
        try tx.execute(
            """
            INSERT INTO api_key (
                id, organization, public_id, code, name, scopes, created_at, expires_at, revoked_at, version
            )
            VALUES (
                \("key_1"), \("org_B"), \("p"), \(digest("code")), \("n"), \("s"), \(1), \(2), \(Int64?.none), \(1)
            )
            """
        )
        try tx.execute(
            """
            INSERT INTO signing_key (id, organization, public_key, name, created_at, revoked_at, version)
            VALUES (\("sig_1"), \("org_B"), \(digest("key")), \("n"), \(1), \(9), \(2))
            """
        )
    }

    private static func audit(_ tx: any Transaction) throws {
        try tx.execute("INSERT INTO audit_head (chain, record_count, hash) VALUES (\("org_a"), \(2), \(digest("h")))")
        for seq in 0..<2 {
            try tx.execute(
                """
                INSERT INTO audit_record (chain, seq, at, record, hash)
                VALUES (\("org_a"), \(seq), \(seq), \("{}"), \(digest("\(seq)")))
                """
            )
        }
    }

    private static func history(_ tx: any Transaction, vin: String, entries: Int) throws {
        for seq in 0..<entries {
            let hash = digest("\(vin) \(seq)")
            try tx.execute(
                """
                INSERT INTO entry (vin, seq, envelope, payload)
                VALUES (\(vin), \(seq), \("{\(seq)}"), \("公里 \(seq)"))
                """
            )
            let place: Int? = seq == 0 ? nil : seq
            try tx.execute(
                "INSERT INTO entry_hash (hash, vin, seq, leaf_index) VALUES (\(hash), \(vin), \(seq), \(place))"
            )
            try tx.execute(
                "INSERT INTO entry_ref (digest, vin, seq) VALUES (\(Array(hash.prefix(16))), \(vin), \(seq))"
            )
        }
        try tx.execute("UPDATE entry SET payload = NULL WHERE vin = \(vin) AND seq = \(1)")
        try tx.execute(
            """
            INSERT INTO vehicle (vin, entry_count, head_hash, recorded_at_ms)
            VALUES (\(vin), \(entries), \(digest("\(vin) \(entries - 1)")), \(5))
            """
        )
    }

    private static func listings(_ tx: any Transaction) throws {
        try tx.execute(
            """
            INSERT INTO listing (
                id, dealer, vin, content, status, status_since, pinned_head, pinned_entries, published_at, version,
                created_at, pinned_grade, appraisal, pinned_leaf_index
            )
            VALUES (
                \("lst_1"), \("org_B"), \("VIN-1"), \("{}"), \("published"), \(3), \(digest("head")), \(2), \(3), \(2),
                \(1), \(2), \("{\"point_fen\":7650000}"), \(41)
            )
            """
        )
        try tx.execute(
            "INSERT INTO listing_live (vin, listing, dealer) VALUES (\("VIN-1"), \("lst_1"), \("org_B"))"
        )
        try tx.execute("INSERT INTO listing_feed_head (strand, seq) VALUES (\(0), \(7))")
        try tx.execute("INSERT INTO listing_feed (listing, strand, seq) VALUES (\("lst_1"), \(0), \(7))")
        for seq in 1...2 {
            let price: Int64? = seq == 2 ? 8_800_000 : nil
            try tx.execute(
                """
                INSERT INTO listing_change (listing, seq, at, organization, credential, kind, offered_fen, detail)
                VALUES (\("lst_1"), \(seq), \(seq), \("org_B"), \(String?.none), \("k"), \(price), \("{}"))
                """
            )
        }
        try tx.execute(
            """
            INSERT INTO listing_dispute (
                id, vin, listing, dealer, claimant_listing, claimant, opened_at, settled_at, in_favor_of, reason
            )
            VALUES (
                \("dsp_1"), \("VIN-1"), \("lst_1"), \("org_B"), \("lst_2"), \("org_C"), \(1), \(2), \("listing"), \("因")
            )
            """
        )
    }

    private static func photos(_ tx: any Transaction) throws {
        for number in 0..<10 {
            let bytes = [UInt8](repeating: UInt8(number), count: number + 1)
            try tx.execute(
                """
                INSERT INTO photo (hash, type, width, height, size_bytes, created_at, content)
                VALUES (
                    \(digest("photo \(number)")), \("image/png"), \(640), \(480), \(number + 1), \(number), \(bytes)
                )
                """
            )
        }
        try tx.execute(
            """
            INSERT INTO listing_photo (
                listing, id, hash, position, angle, turn_degrees, caption, entries, added_at
            )
            VALUES (
                \("lst_1"), \("pho_1"), \(digest("photo 1")), \(1), \("front"), \(Int64?.none), \("左前"), \(""), \(1)
            )
            """
        )
    }

    private static func subjects(_ tx: any Transaction) throws {
        try tx.execute(
            """
            INSERT INTO subject (id, wrapping_key_id, wrapped_key, read_count, created_at)
            VALUES (\("sub_1"), \("k1"), \(digest("wrapped")), \(1), \(1))
            """
        )
        try tx.execute(
            "INSERT INTO subject (id, read_count, created_at, erased_at) VALUES (\("sub_2"), \(0), \(1), \(2))"
        )
        for (field, blind) in [("address", Int64?.none), ("phone", 16_777_215)] {
            try tx.execute(
                """
                INSERT INTO subject_value (subject, field, sealed, blind, updated_at)
                VALUES (\("sub_1"), \(field), \(digest(field)), \(blind), \(1))
                """
            )
        }
        try tx.execute(
            """
            INSERT INTO subject_read (subject, seq, at, fields, purpose, reason, organization, credential, request_id)
            VALUES (\("sub_1"), \(1), \(2), \("phone"), \("p"), \("因"), \("org_B"), \("key_1"), \(String?.none))
            """
        )
        try tx.execute(
            """
            INSERT INTO subject_hold (
                id, subject, reason, legal_basis, placed_at, placed_by, released_at, released_by, release_reason
            )
            VALUES (
                \("hld_1"), \("sub_1"), \("因"), \("法"), \(1), \("key_1"), \(2), \("key_1"), \("果")
            )
            """
        )
        try tx.execute(
            """
            INSERT INTO outbox_message (id, kind, subject, recipient, language, sealed, created_at, expires_at)
            VALUES (\("msg_1"), \("k"), \("sub_1"), \("phone"), \("zh-CN"), \(digest("text")), \(1), \(2))
            """
        )
    }

    private static func people(_ tx: any Transaction) throws {
        for (id, organization, role) in [("usr_1", "org_B", "dealer"), ("usr_2", String?.none, "buyer")] {
            let isBuyer = organization == nil
            try tx.execute(
                """
                INSERT INTO person (
                    id, organization, subject, login, role, scopes, password, totp, totp_step, version, created_at
                )
                VALUES (
                    \(id), \(organization), \("sub_" + id), \(digest(id)), \(role), \(""),
                    \(isBuyer ? nil : "$argon2id$"), \(isBuyer ? nil : digest("totp")), \(Int64?.none), \(1), \(1)
                )
                """
            )
        }
        try credentials(tx)
        try signIns(tx)
    }

    private static func credentials(_ tx: any Transaction) throws {
        try tx.execute("INSERT INTO recovery_code (person, code) VALUES (\("usr_1"), \(digest("code")))")
        try tx.execute(
            """
            INSERT INTO certificate (id, person, kind, level, number, issued_on, expires_on, granted_by, granted_at)
            VALUES (
                \("crt_1"), \("usr_1"), \("claims"), \("senior"), \("号"), \("2026-01-01"), \("2026-12-31"), \("usr_9"),
                \(1)
            )
            """
        )
        try tx.execute(
            """
            INSERT INTO invitation (
                id, organization, subject, login, role, scopes, code, totp, invited_by, invited_at, expires_at,
                closed_at, closed_because
            )
            VALUES (
                \("inv_1"), \("org_B"), \("sub_3"), \(digest("login")), \("dealer"), \("a:b"), \(digest("link")),
                \([UInt8]([7])), \("usr_1"), \(1), \(2), \(3), \("cancelled")
            )
            """
        )
    }

    private static func signIns(_ tx: any Transaction) throws {
        try tx.execute(
            """
            INSERT INTO session (
                id, person, code, replaced_code, created_at, last_used_at, token_issued_at, proved_at, device
            )
            VALUES (
                \("ses_1"), \("usr_2"), \(digest("now")), \(digest("before")), \(1), \(2), \(2), \(Int64?.none),
                \("设备")
            )
            """
        )
        try tx.execute(
            """
            INSERT INTO sign_in_failure (key, count, last_at, forgotten_at)
            VALUES (\(digest("failed")), \(3), \(1), \(2))
            """
        )
        try tx.execute(
            """
            INSERT INTO sign_in_code (login, purpose, code, subject, sent_at, expires_at, tries_left)
            VALUES (\(digest("login")), \("link"), \(digest("sent")), \("sub_4"), \(1), \(2), \(0))
            """
        )
    }

    private static func imports(_ tx: any Transaction) throws {
        try tx.execute(
            """
            INSERT INTO inventory_import (
                id, dealer, credential, mode, shape, state, file_bytes, file_digest, rows_total, chunks_total,
                next_chunk, rows_read, valid_rows, created_rows, updated_rows, unchanged_rows, failed_rows, defect,
                version, created_at, started_at, finished_at, file_until
            )
            VALUES (
                \("imp_1"), \("org_B"), \("key_1"), \("skip_bad"), \("{}"), \("completed"), \(7), \(digest("file")),
                \(2), \(1), \(1), \(2), \(0), \(1), \(0), \(0), \(1), \(String?.none), \(3), \(1), \(2), \(3),
                \(Int64?.none)
            )
            """
        )
        try tx.execute("INSERT INTO inventory_import_queue (dealer, import) VALUES (\("org_B"), \("imp_2"))")
        try tx.execute(
            """
            INSERT INTO inventory_import_chunk (import, number, first_row, data)
            VALUES (\("imp_1"), \(0), \(1), \([UInt8]([0, 255, 10])))
            """
        )
        for (number, status, faults) in [(1, "created", String?.none), (2, "failed", "[]")] {
            try tx.execute(
                """
                INSERT INTO inventory_import_row (import, number, line, status, vin, listing, faults)
                VALUES (
                    \("imp_1"), \(number), \(number + 1), \(status), \("VIN-1"), \(String?.none), \(faults)
                )
                """
            )
        }
        try tx.execute(
            """
            INSERT INTO import_mapping (id, organization, name, columns, created_at)
            VALUES (\("map_1"), \("org_B"), \("名"), \("[]"), \(1))
            """
        )
    }

    static func digest(_ text: String) -> [UInt8] { SHA256.hash(Array(text.utf8)).bytes }
}
