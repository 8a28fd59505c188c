import Storage

extension MovedTable {
    static let job = MovedTable(
        "job",
        key: [.text("id")],
        ["kind", "key", "payload", "state", "due_at", "at", "fence", "attempts", "fault", "created_at"]
    )
}
