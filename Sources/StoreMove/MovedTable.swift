import Storage

/// A table as it is walked and written. Its first columns are its key, in whose order the rows come.
struct MovedTable: Sendable {
    let name: String
    /// How many rows of it fit in memory, whatever they hold.
    var rowsMaximum = Int.max
    /// A key that sorts before every other.
    let beginning: [SQLValue]
    /// Up to so many rows after a key.
    let page: @Sendable (_ key: [SQLValue], _ limit: Int) -> SQL
    let insert: @Sendable (Row) -> SQL

    func key(of row: Row) -> [SQLValue] {
        beginning.indices.map { row[$0] }
    }
}

/// Everything that a store is. What instances tell each other while they run is left behind: the marks of commits,
/// leases and what callers have used of their limits.
extension MovedTable {
    /// What another row refers to comes before that row.
    static let all = [
        organization, apiKey, signingKey, auditHead, auditRecord, vehicle, entry, payload, sourceRef,
        entryHash, listing, listingLive, listingChange, listingDispute, photo, listingPhoto, subject,
        subjectValue, subjectRead, subjectHold, person, recoveryCode, certificate, invitation, session,
        signInFailure, signInCode, outboxMessage, inventoryImport, inventoryImportQueue, inventoryImportChunk,
        inventoryImportRow, importMapping, listingFeedHead, listingFeed, idempotency, storeFact,
    ]

    private static let organization = MovedTable(
        name: "organization",
        beginning: [.text("")],
        page: { key, limit in
            """
            SELECT
                id,
                kind,
                name,
                uscc,
                signatures_required,
                suspended_at,
                suspension_reason,
                version,
                created_at
            FROM organization
            WHERE id > \(key[0])
            ORDER BY id
            LIMIT \(limit)
            """
        },
        insert: { row in
            """
            INSERT INTO organization (
                id,
                kind,
                name,
                uscc,
                signatures_required,
                suspended_at,
                suspension_reason,
                version,
                created_at
            )
            VALUES (
                \(row[0]),
                \(row[1]),
                \(row[2]),
                \(row[3]),
                \(row[4]),
                \(row[5]),
                \(row[6]),
                \(row[7]),
                \(row[8])
            )
            """
        }
    )

    private static let apiKey = MovedTable(
        name: "api_key",
        beginning: [.text("")],
        page: { key, limit in
            """
            SELECT
                id,
                organization,
                public_id,
                code,
                name,
                scopes,
                created_at,
                expires_at,
                revoked_at,
                last_used_at,
                version
            FROM api_key
            WHERE id > \(key[0])
            ORDER BY id
            LIMIT \(limit)
            """
        },
        insert: { row in
            """
            INSERT INTO api_key (
                id,
                organization,
                public_id,
                code,
                name,
                scopes,
                created_at,
                expires_at,
                revoked_at,
                last_used_at,
                version
            )
            VALUES (
                \(row[0]),
                \(row[1]),
                \(row[2]),
                \(row[3]),
                \(row[4]),
                \(row[5]),
                \(row[6]),
                \(row[7]),
                \(row[8]),
                \(row[9]),
                \(row[10])
            )
            """
        }
    )

    private static let signingKey = MovedTable(
        name: "signing_key",
        beginning: [.text("")],
        page: { key, limit in
            """
            SELECT
                id,
                organization,
                public_key,
                name,
                created_at,
                revoked_at,
                version
            FROM signing_key
            WHERE id > \(key[0])
            ORDER BY id
            LIMIT \(limit)
            """
        },
        insert: { row in
            """
            INSERT INTO signing_key (id, organization, public_key, name, created_at, revoked_at, version)
            VALUES (\(row[0]), \(row[1]), \(row[2]), \(row[3]), \(row[4]), \(row[5]), \(row[6]))
            """
        }
    )

    private static let auditHead = MovedTable(
        name: "audit_head",
        beginning: [.text("")],
        page: { key, limit in
            """
            SELECT chain, record_count, hash
            FROM audit_head
            WHERE chain > \(key[0])
            ORDER BY chain
            LIMIT \(limit)
            """
        },
        insert: { row in
            "INSERT INTO audit_head (chain, record_count, hash) VALUES (\(row[0]), \(row[1]), \(row[2]))"
        }
    )

    private static let auditRecord = MovedTable(
        name: "audit_record",
        beginning: [.text(""), .integer(-1)],
        page: { key, limit in
            """
            SELECT chain, seq, at, record, hash
            FROM audit_record
            WHERE (chain, seq) > (\(key[0]), \(key[1]))
            ORDER BY chain, seq
            LIMIT \(limit)
            """
        },
        insert: { row in
            """
            INSERT INTO audit_record (chain, seq, at, record, hash)
            VALUES (\(row[0]), \(row[1]), \(row[2]), \(row[3]), \(row[4]))
            """
        }
    )
}
