import Storage

extension MovedTable {
    static let listing = MovedTable(
        name: "listing",
        beginning: [.text("")],
        page: { key, limit in
            """
            SELECT
                id,
                dealer,
                vin,
                content,
                status,
                status_since,
                pinned_head,
                pinned_entries,
                published_at,
                version,
                created_at,
                pinned_grade
            FROM listing
            WHERE id > \(key[0])
            ORDER BY id
            LIMIT \(limit)
            """
        },
        insert: { row in
            """
            INSERT INTO listing (
                id,
                dealer,
                vin,
                content,
                status,
                status_since,
                pinned_head,
                pinned_entries,
                published_at,
                version,
                created_at,
                pinned_grade
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

    static let listingLive = MovedTable(
        name: "listing_live",
        beginning: [.text("")],
        page: { key, limit in
            """
            SELECT
                vin,
                listing,
                dealer
            FROM listing_live
            WHERE vin > \(key[0])
            ORDER BY vin
            LIMIT \(limit)
            """
        },
        insert: { row in
            """
            INSERT INTO listing_live (
                vin,
                listing,
                dealer
            )
            VALUES (
                \(row[0]),
                \(row[1]),
                \(row[2])
            )
            """
        }
    )

    static let listingChange = MovedTable(
        name: "listing_change",
        beginning: [.text(""), .integer(0)],
        page: { key, limit in
            """
            SELECT
                listing,
                seq,
                at,
                organization,
                credential,
                kind,
                offered_fen,
                detail
            FROM listing_change
            WHERE (listing, seq) > (\(key[0]), \(key[1]))
            ORDER BY listing, seq
            LIMIT \(limit)
            """
        },
        insert: { row in
            """
            INSERT INTO listing_change (
                listing,
                seq,
                at,
                organization,
                credential,
                kind,
                offered_fen,
                detail
            )
            VALUES (
                \(row[0]),
                \(row[1]),
                \(row[2]),
                \(row[3]),
                \(row[4]),
                \(row[5]),
                \(row[6]),
                \(row[7])
            )
            """
        }
    )

    static let listingFeedHead = MovedTable(
        name: "listing_feed_head",
        beginning: [.integer(-1)],
        page: { key, limit in
            """
            SELECT
                strand,
                seq
            FROM listing_feed_head
            WHERE strand > \(key[0])
            ORDER BY strand
            LIMIT \(limit)
            """
        },
        insert: { row in
            """
            INSERT INTO listing_feed_head (
                strand,
                seq
            )
            VALUES (
                \(row[0]),
                \(row[1])
            )
            """
        }
    )

    static let listingFeed = MovedTable(
        name: "listing_feed",
        beginning: [.text("")],
        page: { key, limit in
            """
            SELECT
                listing,
                strand,
                seq
            FROM listing_feed
            WHERE listing > \(key[0])
            ORDER BY listing
            LIMIT \(limit)
            """
        },
        insert: { row in
            """
            INSERT INTO listing_feed (
                listing,
                strand,
                seq
            )
            VALUES (
                \(row[0]),
                \(row[1]),
                \(row[2])
            )
            """
        }
    )

    static let listingDispute = MovedTable(
        name: "listing_dispute",
        beginning: [.text("")],
        page: { key, limit in
            """
            SELECT
                id,
                vin,
                listing,
                dealer,
                claimant_listing,
                claimant,
                opened_at,
                settled_at,
                in_favor_of,
                reason
            FROM listing_dispute
            WHERE id > \(key[0])
            ORDER BY id
            LIMIT \(limit)
            """
        },
        insert: { row in
            """
            INSERT INTO listing_dispute (
                id,
                vin,
                listing,
                dealer,
                claimant_listing,
                claimant,
                opened_at,
                settled_at,
                in_favor_of,
                reason
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
                \(row[9])
            )
            """
        }
    )
}
