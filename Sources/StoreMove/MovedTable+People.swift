import Storage

extension MovedTable {
    static let person = MovedTable(
        "person",
        key: [.text("id")],
        [
            "organization", "subject", "login", "role", "scopes", "password", "totp", "totp_step", "suspended_at",
            "version", "created_at",
        ]
    )

    static let recoveryCode = MovedTable("recovery_code", key: [.text("person"), .blob("code")], [])

    static let certificate = MovedTable(
        "certificate",
        key: [.text("id")],
        [
            "person", "kind", "level", "number", "issued_on", "expires_on", "granted_by", "granted_at",
            "revoked_by", "revoked_at",
        ]
    )

    static let invitation = MovedTable(
        "invitation",
        key: [.text("id")],
        [
            "organization", "subject", "login", "role", "scopes", "code", "totp", "person", "invited_by",
            "invited_at", "approved_by", "approved_at", "expires_at", "closed_at", "closed_because",
        ]
    )

    static let session = MovedTable(
        "session",
        key: [.text("id")],
        [
            "person", "code", "replaced_code", "created_at", "last_used_at", "token_issued_at", "proved_at",
            "device", "ended_at", "ended_because",
        ]
    )

    static let signInFailure = MovedTable("sign_in_failure", key: [.blob("key")], ["count", "last_at", "forgotten_at"])

    static let signInCode = MovedTable(
        "sign_in_code",
        key: [.blob("login"), .text("purpose")],
        ["code", "subject", "sent_at", "expires_at", "tries_left"]
    )
}
