import Core
import Storage

/// Every statement about what dealers were told.
enum DealerNoticeStore {
    /// - Returns: `false` where the dealer was told before.
    static func insert(_ tx: any Transaction, _ notice: DealerNotice) throws -> Bool {
        try tx.execute(
            """
            INSERT INTO dealer_notice (dealer, cause, kind, claim, advance, at, told_at, due_at, amount_fen)
            VALUES (
                \(notice.dealer),
                \(notice.cause),
                \(notice.kind.rawValue),
                \(notice.claim.text),
                \(notice.advance?.text),
                \(notice.at.microseconds),
                \(tx.now.microseconds),
                \(notice.dueAt?.microseconds),
                \(notice.amount?.fen)
            )
            ON CONFLICT (dealer, cause) DO NOTHING
            """
        ) == 1
    }

    /// In the order of time; of one claim, where that is asked for.
    static func page(
        _ tx: any Transaction,
        _ dealer: String,
        claim: ClaimID?,
        after position: (at: Int64, cause: String),
        limit: Int
    ) throws -> [DealerNotice] {
        let columns: SQL = "cause, kind, claim, advance, at, due_at, amount_fen"
        let rows: [Row]
        if let claim {
            rows = try tx.rows(
                """
                SELECT \(columns)
                FROM dealer_notice
                WHERE dealer = \(dealer) AND claim = \(claim.text) AND (at, cause) > (\(position.at), \(position.cause))
                ORDER BY at, cause
                LIMIT \(limit)
                """
            )
        } else {
            rows = try tx.rows(
                """
                SELECT \(columns)
                FROM dealer_notice
                WHERE dealer = \(dealer) AND (at, cause) > (\(position.at), \(position.cause))
                ORDER BY at, cause
                LIMIT \(limit)
                """
            )
        }
        return try rows.map { try notice(dealer, $0) }
    }

    private static func notice(_ dealer: String, _ row: Row) throws -> DealerNotice {
        guard let kind = DealerNotice.Kind(rawValue: try row.text(1)), let claim = ClaimID(try row.text(2)) else {
            throw StoredDataError("a dealer's notice cannot be read")
        }
        return DealerNotice(
            dealer: dealer,
            cause: try row.text(0),
            kind: kind,
            claim: claim,
            advance: try row.optionalText(3).flatMap { AdvanceID($0) },
            at: Instant(microseconds: try row.integer(4)),
            dueAt: try row.optionalInteger(5).map { Instant(microseconds: $0) },
            amount: try row.optionalInteger(6).map { Money(fen: $0) }
        )
    }
}
