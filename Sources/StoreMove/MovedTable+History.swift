import Storage

extension MovedTable {
    static let vehicle = MovedTable("vehicle", key: [.text("vin")], ["entry_count", "head_hash", "recorded_at_ms"])

    static let entry = MovedTable("entry", key: [.text("vin"), .integer("seq")], ["envelope", "payload"])

    static let entryRef = MovedTable("entry_ref", key: [.blob("digest")], ["vin", "seq"])

    static let entryHash = MovedTable("entry_hash", key: [.blob("hash")], ["vin", "seq", "leaf_index"])

    static let idempotency = MovedTable(
        "idempotency",
        key: [.text("scope"), .blob("key_digest")],
        ["fingerprint", "status", "answer", "created_at", "expires_at"]
    )

    /// Without the note of the move itself.
    static let storeFact = MovedTable(
        "store_fact",
        key: [.text("name")],
        ["value"],
        where: "name <> \(MoveNote.factName)"
    )
}
