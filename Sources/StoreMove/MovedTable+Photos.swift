import Storage

extension MovedTable {
    static let photo = MovedTable(
        name: "photo",
        // Up to 16 MiB each.
        rowsMaximum: 8,
        beginning: [.blob([])],
        page: { key, limit in
            """
            SELECT
                hash,
                type,
                width,
                height,
                size_bytes,
                created_at,
                content
            FROM photo
            WHERE hash > \(key[0])
            ORDER BY hash
            LIMIT \(limit)
            """
        },
        insert: { row in
            """
            INSERT INTO photo (
                hash,
                type,
                width,
                height,
                size_bytes,
                created_at,
                content
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

    static let listingPhoto = MovedTable(
        name: "listing_photo",
        beginning: [.text(""), .text("")],
        page: { key, limit in
            """
            SELECT
                listing,
                id,
                hash,
                position,
                angle,
                turn_degrees,
                caption,
                entries,
                added_at
            FROM listing_photo
            WHERE (listing, id) > (\(key[0]), \(key[1]))
            ORDER BY listing, id
            LIMIT \(limit)
            """
        },
        insert: { row in
            """
            INSERT INTO listing_photo (
                listing,
                id,
                hash,
                position,
                angle,
                turn_degrees,
                caption,
                entries,
                added_at
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
