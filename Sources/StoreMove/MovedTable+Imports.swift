import Storage

extension MovedTable {
    static let inventoryImport = MovedTable(
        "inventory_import",
        key: [.text("id")],
        [
            "dealer", "credential", "mode", "shape", "state", "file_bytes", "file_digest", "rows_total",
            "chunks_total", "next_chunk", "rows_read", "valid_rows", "created_rows", "updated_rows",
            "unchanged_rows", "failed_rows", "defect", "version", "created_at", "started_at", "finished_at",
            "file_until",
        ]
    )

    static let inventoryImportQueue = MovedTable("inventory_import_queue", key: [.text("dealer"), .text("import")], [])

    static let inventoryImportChunk = MovedTable(
        "inventory_import_chunk",
        key: [.text("import"), .integer("number")],
        ["first_row", "data"]
    )

    static let inventoryImportRow = MovedTable(
        "inventory_import_row",
        key: [.text("import"), .integer("number")],
        ["line", "status", "vin", "listing", "faults"]
    )

    static let importMapping = MovedTable(
        "import_mapping",
        key: [.text("id")],
        ["organization", "name", "columns", "created_at"]
    )
}
