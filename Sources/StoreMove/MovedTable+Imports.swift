import Storage

extension MovedTable {
    static let inventoryImport = MovedTable(
        name: "inventory_import",
        beginning: [.text("")],
        page: { key, limit in
            """
            SELECT
                id,
                dealer,
                credential,
                mode,
                shape,
                state,
                file_bytes,
                file_digest,
                rows_total,
                chunks_total,
                next_chunk,
                rows_read,
                valid_rows,
                created_rows,
                updated_rows,
                unchanged_rows,
                failed_rows,
                defect,
                version,
                created_at,
                started_at,
                finished_at,
                file_until
            FROM inventory_import
            WHERE id > \(key[0])
            ORDER BY id
            LIMIT \(limit)
            """
        },
        insert: { row in
            """
            INSERT INTO inventory_import (
                id,
                dealer,
                credential,
                mode,
                shape,
                state,
                file_bytes,
                file_digest,
                rows_total,
                chunks_total,
                next_chunk,
                rows_read,
                valid_rows,
                created_rows,
                updated_rows,
                unchanged_rows,
                failed_rows,
                defect,
                version,
                created_at,
                started_at,
                finished_at,
                file_until
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
                \(row[15]),
                \(row[16]),
                \(row[17]),
                \(row[18]),
                \(row[19]),
                \(row[20]),
                \(row[21]),
                \(row[22])
            )
            """
        }
    )

    static let inventoryImportQueue = MovedTable(
        name: "inventory_import_queue",
        beginning: [.text(""), .text("")],
        page: { key, limit in
            """
            SELECT
                dealer,
                import
            FROM inventory_import_queue
            WHERE (dealer, import) > (\(key[0]), \(key[1]))
            ORDER BY dealer, import
            LIMIT \(limit)
            """
        },
        insert: { row in
            """
            INSERT INTO inventory_import_queue (
                dealer,
                import
            )
            VALUES (
                \(row[0]),
                \(row[1])
            )
            """
        }
    )

    static let inventoryImportChunk = MovedTable(
        name: "inventory_import_chunk",
        beginning: [.text(""), .integer(-1)],
        page: { key, limit in
            """
            SELECT
                import,
                number,
                first_row,
                data
            FROM inventory_import_chunk
            WHERE (import, number) > (\(key[0]), \(key[1]))
            ORDER BY import, number
            LIMIT \(limit)
            """
        },
        insert: { row in
            """
            INSERT INTO inventory_import_chunk (
                import,
                number,
                first_row,
                data
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

    static let inventoryImportRow = MovedTable(
        name: "inventory_import_row",
        beginning: [.text(""), .integer(0)],
        page: { key, limit in
            """
            SELECT
                import,
                number,
                line,
                status,
                vin,
                listing,
                faults
            FROM inventory_import_row
            WHERE (import, number) > (\(key[0]), \(key[1]))
            ORDER BY import, number
            LIMIT \(limit)
            """
        },
        insert: { row in
            """
            INSERT INTO inventory_import_row (
                import,
                number,
                line,
                status,
                vin,
                listing,
                faults
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

    static let importMapping = MovedTable(
        name: "import_mapping",
        beginning: [.text("")],
        page: { key, limit in
            """
            SELECT
                id,
                organization,
                name,
                columns,
                created_at
            FROM import_mapping
            WHERE id > \(key[0])
            ORDER BY id
            LIMIT \(limit)
            """
        },
        insert: { row in
            """
            INSERT INTO import_mapping (
                id,
                organization,
                name,
                columns,
                created_at
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
}
