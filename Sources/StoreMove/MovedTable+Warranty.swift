import Storage

extension MovedTable {
    static let warrantyEdition = MovedTable(
        "warranty_edition",
        key: [.blob("hash")],
        ["edition", "effective_from", "content", "stored_at"]
    )

    static let warrantyQuote = MovedTable(
        "warranty_quote",
        key: [.text("id")],
        ["dealer", "vin", "edition", "request", "created_at"]
    )

    static let warranty = MovedTable(
        "warranty",
        key: [.text("id")],
        [
            "dealer", "vin", "quote", "edition", "terms", "terms_hash", "text_zh", "text_en", "contract_hash", "entry",
            "holder", "paid_on", "ending", "transfers", "continues", "version", "limit_version", "created_at",
        ]
    )

    static let warrantyChange = MovedTable(
        "warranty_change",
        key: [.text("warranty"), .integer("seq")],
        ["at", "organization", "credential", "kind", "detail"]
    )

    static let warrantyLimitUse = MovedTable(
        "warranty_limit_use",
        key: [.text("warranty"), .text("layer"), .text("claim"), .text("component")],
        ["reserved_fen", "paid_fen"]
    )

    static let warrantyRedemption = MovedTable(
        "warranty_redemption",
        key: [.text("warranty"), .text("kind"), .integer("number")],
        [
            "redeemed_at", "redeemed_by", "place", "odometer_km", "reversed_at", "reversed_by", "reason",
        ]
    )
}
