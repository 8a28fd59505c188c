import Storage

extension MovedTable {
    static let subject = MovedTable(
        "subject",
        key: [.text("id")],
        ["wrapping_key_id", "wrapped_key", "read_count", "created_at", "erased_at"]
    )

    static let subjectValue = MovedTable(
        "subject_value",
        key: [.text("subject"), .text("field")],
        ["sealed", "blind", "updated_at"]
    )

    static let subjectRead = MovedTable(
        "subject_read",
        key: [.text("subject"), .integer("seq")],
        ["at", "fields", "purpose", "reason", "organization", "credential", "request_id"]
    )

    static let subjectHold = MovedTable(
        "subject_hold",
        key: [.text("id")],
        [
            "subject", "reason", "legal_basis", "placed_at", "placed_by", "released_at", "released_by",
            "release_reason",
        ]
    )

    static let outboxMessage = MovedTable(
        "outbox_message",
        key: [.text("id")],
        ["kind", "subject", "recipient", "language", "sealed", "created_at", "expires_at", "delivered_at"]
    )
}
