import Storage

extension MovedTable {
    static let pricingRuleSet = MovedTable(
        "pricing_rule_set",
        key: [.blob("hash")],
        ["id", "version", "effective_from", "document", "organization", "credential", "added_at"],
        rowsMaximum: 4
    )

    static let pricingInForce = MovedTable(
        "pricing_in_force",
        key: [.integer("seq")],
        ["rule_set", "organization", "credential", "at"]
    )

    static let pricingMapping = MovedTable(
        "pricing_mapping",
        key: [.blob("hash")],
        ["source", "document", "organization", "credential", "added_at"],
        rowsMaximum: 32
    )

    static let pricingSaleHead = MovedTable("pricing_sale_head", key: [.integer("one")], ["seq"])

    static let pricingSale = MovedTable(
        "pricing_sale",
        key: [.integer("seq")],
        ["digest", "source", "kind", "vehicle", "car", "price_fen", "sold_on", "added_at"]
    )

    static let pricingEstimate = MovedTable(
        "pricing_estimate",
        key: [.text("id")],
        [
            "rule_set", "organization", "vin", "listing", "valued_on", "car", "evidence", "answer", "created_at",
        ]
    )

    static let pricingOutcome = MovedTable(
        "pricing_outcome",
        key: [.text("listing")],
        ["sold_on", "confidence", "estimate_fen", "low_fen", "high_fen", "actual_fen"]
    )

    static let stockAlertDays = MovedTable(
        "stock_alert_days",
        key: [.text("organization")],
        ["slow_from_days", "overdue_from_days", "version"]
    )
}
