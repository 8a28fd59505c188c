import Storage

extension MovedTable {
    static let bookAccount = MovedTable(
        "book_account",
        key: [.text("id")],
        ["kind", "party", "matter", "balance_fen", "posting_count", "opened_at"]
    )

    static let bookJournal = MovedTable(
        "book_journal",
        key: [.integer("number")],
        ["kind", "reference", "reason", "booked_by", "at", "day", "reverses", "digest"]
    )

    static let bookPosting = MovedTable(
        "book_posting",
        key: [.integer("journal"), .integer("line")],
        ["account", "amount_fen", "seq", "balance_fen"]
    )

    static let bookDay = MovedTable(
        "book_day",
        key: [.text("kind"), .text("day")],
        ["debit_fen", "credit_fen", "closing_fen"]
    )

    static let bookHead = MovedTable("book_head", key: [.integer("one")], ["journal_count", "digest"])
}
