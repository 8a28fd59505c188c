import Storage

extension MovedTable {
    static let subject = MovedTable(
        name: "subject",
        beginning: [.text("")],
        page: { key, limit in
            """
            SELECT
                id,
                wrapping_key_id,
                wrapped_key,
                read_count,
                created_at,
                erased_at
            FROM subject
            WHERE id > \(key[0])
            ORDER BY id
            LIMIT \(limit)
            """
        },
        insert: { row in
            """
            INSERT INTO subject (
                id,
                wrapping_key_id,
                wrapped_key,
                read_count,
                created_at,
                erased_at
            )
            VALUES (
                \(row[0]),
                \(row[1]),
                \(row[2]),
                \(row[3]),
                \(row[4]),
                \(row[5])
            )
            """
        }
    )

    static let subjectValue = MovedTable(
        name: "subject_value",
        beginning: [.text(""), .text("")],
        page: { key, limit in
            """
            SELECT
                subject,
                field,
                sealed,
                blind,
                updated_at
            FROM subject_value
            WHERE (subject, field) > (\(key[0]), \(key[1]))
            ORDER BY subject, field
            LIMIT \(limit)
            """
        },
        insert: { row in
            """
            INSERT INTO subject_value (
                subject,
                field,
                sealed,
                blind,
                updated_at
            )
            VALUES (
                \(row[0]),
                \(row[1]),
                \(row[2]),
                \(row[3]),
                \(row[4])
            )
            """
        }
    )

    static let subjectRead = MovedTable(
        name: "subject_read",
        beginning: [.text(""), .integer(-1)],
        page: { key, limit in
            """
            SELECT
                subject,
                seq,
                at,
                fields,
                purpose,
                reason,
                organization,
                credential,
                request_id
            FROM subject_read
            WHERE (subject, seq) > (\(key[0]), \(key[1]))
            ORDER BY subject, seq
            LIMIT \(limit)
            """
        },
        insert: { row in
            """
            INSERT INTO subject_read (
                subject,
                seq,
                at,
                fields,
                purpose,
                reason,
                organization,
                credential,
                request_id
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

    static let subjectHold = MovedTable(
        name: "subject_hold",
        beginning: [.text("")],
        page: { key, limit in
            """
            SELECT
                id,
                subject,
                reason,
                legal_basis,
                placed_at,
                placed_by,
                released_at,
                released_by,
                release_reason
            FROM subject_hold
            WHERE id > \(key[0])
            ORDER BY id
            LIMIT \(limit)
            """
        },
        insert: { row in
            """
            INSERT INTO subject_hold (
                id,
                subject,
                reason,
                legal_basis,
                placed_at,
                placed_by,
                released_at,
                released_by,
                release_reason
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

    static let outboxMessage = MovedTable(
        name: "outbox_message",
        beginning: [.text("")],
        page: { key, limit in
            """
            SELECT
                id,
                kind,
                subject,
                recipient,
                language,
                sealed,
                created_at,
                expires_at,
                delivered_at
            FROM outbox_message
            WHERE id > \(key[0])
            ORDER BY id
            LIMIT \(limit)
            """
        },
        insert: { row in
            """
            INSERT INTO outbox_message (
                id,
                kind,
                subject,
                recipient,
                language,
                sealed,
                created_at,
                expires_at,
                delivered_at
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
}
