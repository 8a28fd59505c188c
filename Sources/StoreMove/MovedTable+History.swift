import Storage

extension MovedTable {
    static let vehicle = MovedTable(
        name: "vehicle",
        beginning: [.text("")],
        page: { key, limit in
            """
            SELECT vin, entry_count, head_hash, recorded_at_ms
            FROM vehicle
            WHERE vin > \(key[0])
            ORDER BY vin
            LIMIT \(limit)
            """
        },
        insert: { row in
            """
            INSERT INTO vehicle (vin, entry_count, head_hash, recorded_at_ms)
            VALUES (\(row[0]), \(row[1]), \(row[2]), \(row[3]))
            """
        }
    )

    static let entry = MovedTable(
        name: "entry",
        beginning: [.text(""), .integer(-1)],
        page: { key, limit in
            """
            SELECT vin, seq, hash, envelope
            FROM entry
            WHERE (vin, seq) > (\(key[0]), \(key[1]))
            ORDER BY vin, seq
            LIMIT \(limit)
            """
        },
        insert: { row in
            "INSERT INTO entry (vin, seq, hash, envelope) VALUES (\(row[0]), \(row[1]), \(row[2]), \(row[3]))"
        }
    )

    static let payload = MovedTable(
        name: "payload",
        beginning: [.text(""), .integer(-1)],
        page: { key, limit in
            """
            SELECT vin, seq, payload
            FROM payload
            WHERE (vin, seq) > (\(key[0]), \(key[1]))
            ORDER BY vin, seq
            LIMIT \(limit)
            """
        },
        insert: { row in
            "INSERT INTO payload (vin, seq, payload) VALUES (\(row[0]), \(row[1]), \(row[2]))"
        }
    )

    static let sourceRef = MovedTable(
        name: "source_ref",
        beginning: [.text(""), .text("")],
        page: { key, limit in
            """
            SELECT source, ref, vin, seq
            FROM source_ref
            WHERE (source, ref) > (\(key[0]), \(key[1]))
            ORDER BY source, ref
            LIMIT \(limit)
            """
        },
        insert: { row in
            "INSERT INTO source_ref (source, ref, vin, seq) VALUES (\(row[0]), \(row[1]), \(row[2]), \(row[3]))"
        }
    )

    static let entryHash = MovedTable(
        name: "entry_hash",
        beginning: [.blob([])],
        page: { key, limit in
            """
            SELECT hash, vin, seq
            FROM entry_hash
            WHERE hash > \(key[0])
            ORDER BY hash
            LIMIT \(limit)
            """
        },
        insert: { row in
            "INSERT INTO entry_hash (hash, vin, seq) VALUES (\(row[0]), \(row[1]), \(row[2]))"
        }
    )

    static let idempotency = MovedTable(
        name: "idempotency",
        beginning: [.text(""), .blob([])],
        page: { key, limit in
            """
            SELECT
                scope,
                key_digest,
                fingerprint,
                status,
                answer,
                created_at,
                expires_at
            FROM idempotency
            WHERE (scope, key_digest) > (\(key[0]), \(key[1]))
            ORDER BY scope, key_digest
            LIMIT \(limit)
            """
        },
        insert: { row in
            """
            INSERT INTO idempotency (scope, key_digest, fingerprint, status, answer, created_at, expires_at)
            VALUES (\(row[0]), \(row[1]), \(row[2]), \(row[3]), \(row[4]), \(row[5]), \(row[6]))
            """
        }
    )

    /// Without the note of the move itself.
    static let storeFact = MovedTable(
        name: "store_fact",
        beginning: [.text("")],
        page: { key, limit in
            """
            SELECT name, value
            FROM store_fact
            WHERE name > \(key[0]) AND name <> \(MoveNote.factName)
            ORDER BY name
            LIMIT \(limit)
            """
        },
        insert: { row in "INSERT INTO store_fact (name, value) VALUES (\(row[0]), \(row[1]))" }
    )
}
