import Storage

extension MovedTable {
    static let watch = MovedTable(
        "watch",
        key: [.text("id")],
        [
            "organization", "kind", "vin", "stock_of", "types", "name", "url", "secret", "former_secret",
            "former_until", "state", "reason", "state_since", "failing_since", "sequence", "version", "created_at",
        ]
    )

    static let watchCar = MovedTable(
        "watch_car",
        key: [.text("watch"), .text("vin")],
        ["told_count", "told_hash", "newest_count", "is_due"]
    )

    /// Some of them carry hundreds of entries.
    static let delivery = MovedTable(
        "delivery",
        key: [.text("id")],
        ["watch", "sequence", "type", "vin", "body", "state", "attempts", "log", "created_at"],
        rowsMaximum: 50
    )
}
