import Storage

extension MovedTable {
    static let logLeaf = MovedTable("log_leaf", key: [.integer("number")], ["leaf", "vehicle_count"])

    static let logTile = MovedTable("log_tile", key: [.integer("level"), .integer("number")], ["hashes"])

    static let logHead = MovedTable(
        "log_head",
        key: [.integer("one")],
        ["size", "root", "note", "signed_at", "kept_at"]
    )

    static let logCheckpoint = MovedTable("log_checkpoint", key: [.integer("size")], ["root", "note", "signed_at"])

    static let logCosignature = MovedTable(
        "log_cosignature",
        key: [.text("witness")],
        ["size", "note", "line", "signed_at"]
    )

    static let logVehicle = MovedTable("log_vehicle", key: [.text("name")], ["vehicle", "proof"])

    static let logPage = MovedTable("log_page", key: [.blob("path")], ["page"])

    static let logIndexHead = MovedTable(
        "log_index_head",
        key: [.integer("one")],
        ["size", "root", "note", "signed_at"]
    )

    static let logPending = MovedTable(
        "log_pending",
        key: [.integer("recorded_at_ms"), .integer("vehicle_count"), .blob("leaf")],
        []
    )

    static let logPlace = MovedTable("log_place", key: [.blob("hash")], ["number"])
}
