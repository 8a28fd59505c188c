import Core
import Storage

/// What the accounts of each kind came to, day by day.
enum BookDays {
    /// A clock that was set back books on a day that is over: what came after it changes, too.
    static func add(_ tx: any Transaction, _ journal: Journal) throws {
        for (kind, postings) in Dictionary(grouping: journal.postings, by: \.account.kind) {
            let debit = postings.reduce(0) { $0 + max(0, $1.fen) }
            let credit = postings.reduce(0) { $0 + max(0, -$1.fen) }
            try add(tx, kind, journal.day, debit: debit, credit: credit)
        }
    }

    private static func add(
        _ tx: any Transaction,
        _ kind: AccountKind,
        _ day: CalendarDate,
        debit: Int64,
        credit: Int64
    ) throws {
        let before = try last(tx, kind, upTo: day)?.closing ?? 0
        try tx.execute(all: [
            """
            INSERT INTO book_day (kind, day, debit_fen, credit_fen, closing_fen)
            VALUES (\(kind.rawValue), \(day.description), 0, 0, \(before))
            ON CONFLICT (kind, day) DO NOTHING
            """,
            """
            UPDATE book_day
            SET debit_fen = debit_fen + \(debit),
                credit_fen = credit_fen + \(credit)
            WHERE kind = \(kind.rawValue) AND day = \(day.description)
            """,
            """
            UPDATE book_day
            SET closing_fen = closing_fen + \(debit - credit)
            WHERE kind = \(kind.rawValue) AND day >= \(day.description)
            """,
        ])
    }

    struct Line: Sendable, Hashable {
        let day: CalendarDate
        let debit: Int64
        let credit: Int64
        let closing: Int64
    }

    static func last(_ tx: any Transaction, _ kind: AccountKind, upTo day: CalendarDate) throws -> Line? {
        try tx.first(
            """
            SELECT day, debit_fen, credit_fen, closing_fen
            FROM book_day
            WHERE kind = \(kind.rawValue) AND day <= \(day.description)
            ORDER BY day DESC
            LIMIT \(1)
            """
        ).map { try Line(row: $0, from: 0) }
    }
}

extension BookDays.Line {
    init(row: Row, from column: Int) throws {
        guard let day = CalendarDate(try row.text(column)) else { throw StoredDataError("a day cannot be read") }
        self.init(
            day: day,
            debit: try row.integer(column + 1),
            credit: try row.integer(column + 2),
            closing: try row.integer(column + 3)
        )
    }
}
