import Storage

extension MovedTable {
    static let listing = MovedTable(
        "listing",
        key: [.text("id")],
        [
            "dealer", "vin", "content", "status", "status_since", "pinned_head", "pinned_entries", "published_at",
            "version", "created_at", "pinned_grade", "appraisal", "pinned_leaf_index",
        ]
    )

    static let listingLive = MovedTable("listing_live", key: [.text("vin")], ["listing", "dealer"])

    static let listingChange = MovedTable(
        "listing_change",
        key: [.text("listing"), .integer("seq")],
        ["at", "organization", "credential", "kind", "offered_fen", "detail"]
    )

    static let listingFeedHead = MovedTable("listing_feed_head", key: [.integer("strand")], ["seq"])

    static let listingFeed = MovedTable("listing_feed", key: [.text("listing")], ["strand", "seq"])

    static let listingDispute = MovedTable(
        "listing_dispute",
        key: [.text("id")],
        [
            "vin", "listing", "dealer", "claimant_listing", "claimant", "opened_at", "settled_at", "in_favor_of",
            "reason",
        ]
    )
}
