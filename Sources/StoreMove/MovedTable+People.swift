import Storage

extension MovedTable {
    static let person = MovedTable(
        name: "person",
        beginning: [.text("")],
        page: { key, limit in
            """
            SELECT
                id,
                organization,
                subject,
                login,
                role,
                scopes,
                password,
                totp,
                totp_step,
                suspended_at,
                version,
                created_at
            FROM person
            WHERE id > \(key[0])
            ORDER BY id
            LIMIT \(limit)
            """
        },
        insert: { row in
            """
            INSERT INTO person (
                id,
                organization,
                subject,
                login,
                role,
                scopes,
                password,
                totp,
                totp_step,
                suspended_at,
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
                \(row[8]),
                \(row[9]),
                \(row[10]),
                \(row[11])
            )
            """
        }
    )

    static let recoveryCode = MovedTable(
        name: "recovery_code",
        beginning: [.text(""), .blob([])],
        page: { key, limit in
            """
            SELECT
                person,
                code
            FROM recovery_code
            WHERE (person, code) > (\(key[0]), \(key[1]))
            ORDER BY person, code
            LIMIT \(limit)
            """
        },
        insert: { row in
            """
            INSERT INTO recovery_code (
                person,
                code
            )
            VALUES (
                \(row[0]),
                \(row[1])
            )
            """
        }
    )

    static let certificate = MovedTable(
        name: "certificate",
        beginning: [.text("")],
        page: { key, limit in
            """
            SELECT
                id,
                person,
                kind,
                level,
                number,
                issued_on,
                expires_on,
                granted_by,
                granted_at,
                revoked_by,
                revoked_at
            FROM certificate
            WHERE id > \(key[0])
            ORDER BY id
            LIMIT \(limit)
            """
        },
        insert: { row in
            """
            INSERT INTO certificate (
                id,
                person,
                kind,
                level,
                number,
                issued_on,
                expires_on,
                granted_by,
                granted_at,
                revoked_by,
                revoked_at
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

    static let invitation = MovedTable(
        name: "invitation",
        beginning: [.text("")],
        page: { key, limit in
            """
            SELECT
                id,
                organization,
                subject,
                login,
                role,
                scopes,
                code,
                totp,
                person,
                invited_by,
                invited_at,
                approved_by,
                approved_at,
                expires_at,
                closed_at,
                closed_because
            FROM invitation
            WHERE id > \(key[0])
            ORDER BY id
            LIMIT \(limit)
            """
        },
        insert: { row in
            """
            INSERT INTO invitation (
                id,
                organization,
                subject,
                login,
                role,
                scopes,
                code,
                totp,
                person,
                invited_by,
                invited_at,
                approved_by,
                approved_at,
                expires_at,
                closed_at,
                closed_because
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
                \(row[10]),
                \(row[11]),
                \(row[12]),
                \(row[13]),
                \(row[14]),
                \(row[15])
            )
            """
        }
    )

    static let session = MovedTable(
        name: "session",
        beginning: [.text("")],
        page: { key, limit in
            """
            SELECT
                id,
                person,
                code,
                replaced_code,
                created_at,
                last_used_at,
                token_issued_at,
                proved_at,
                device,
                ended_at,
                ended_because
            FROM session
            WHERE id > \(key[0])
            ORDER BY id
            LIMIT \(limit)
            """
        },
        insert: { row in
            """
            INSERT INTO session (
                id,
                person,
                code,
                replaced_code,
                created_at,
                last_used_at,
                token_issued_at,
                proved_at,
                device,
                ended_at,
                ended_because
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

    static let signInFailure = MovedTable(
        name: "sign_in_failure",
        beginning: [.blob([])],
        page: { key, limit in
            """
            SELECT
                key,
                count,
                last_at,
                forgotten_at
            FROM sign_in_failure
            WHERE key > \(key[0])
            ORDER BY key
            LIMIT \(limit)
            """
        },
        insert: { row in
            """
            INSERT INTO sign_in_failure (
                key,
                count,
                last_at,
                forgotten_at
            )
            VALUES (
                \(row[0]),
                \(row[1]),
                \(row[2]),
                \(row[3])
            )
            """
        }
    )

    static let signInCode = MovedTable(
        name: "sign_in_code",
        beginning: [.blob([]), .text("")],
        page: { key, limit in
            """
            SELECT
                login,
                purpose,
                code,
                subject,
                sent_at,
                expires_at,
                tries_left
            FROM sign_in_code
            WHERE (login, purpose) > (\(key[0]), \(key[1]))
            ORDER BY login, purpose
            LIMIT \(limit)
            """
        },
        insert: { row in
            """
            INSERT INTO sign_in_code (
                login,
                purpose,
                code,
                subject,
                sent_at,
                expires_at,
                tries_left
            )
            VALUES (
                \(row[0]),
                \(row[1]),
                \(row[2]),
                \(row[3]),
                \(row[4]),
                \(row[5]),
                \(row[6])
            )
            """
        }
    )
}
