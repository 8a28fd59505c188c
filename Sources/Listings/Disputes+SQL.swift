import Core
import Storage

/// Every statement about disputes.
enum DisputeStore {
    /// In the order in which a row is read.
    private static let columns: SQL = """
        id, vin, listing, dealer, claimant_listing, claimant, opened_at, settled_at, in_favor_of, reason
        """

    static func find(_ tx: any Transaction, _ id: DisputeID) throws -> ListingDispute? {
        try tx.first(
            """
            SELECT \(columns)
            FROM listing_dispute
            WHERE id = \(id.text)
            """
        ).map(dispute)
    }

    /// The one that is not settled.
    static func find(_ tx: any Transaction, listing: String, claimant: String) throws -> ListingDispute? {
        try tx.first(
            """
            SELECT \(columns)
            FROM listing_dispute
            WHERE listing = \(listing) AND claimant_listing = \(claimant) AND settled_at IS NULL
            """
        ).map(dispute)
    }

    /// The newest first.
    static func page(_ tx: any Transaction, before id: String, limit: Int) throws -> [ListingDispute] {
        try tx.rows(
            """
            SELECT \(columns)
            FROM listing_dispute
            WHERE id < \(id)
            ORDER BY id DESC
            LIMIT \(limit)
            """
        ).map(dispute)
    }

    static func insert(_ tx: any Transaction, _ dispute: ListingDispute) throws {
        try tx.execute(
            """
            INSERT INTO listing_dispute (id, vin, listing, dealer, claimant_listing, claimant, opened_at)
            VALUES (
                \(dispute.id.text),
                \(dispute.vin),
                \(dispute.listing),
                \(dispute.dealer),
                \(dispute.claimantListing),
                \(dispute.claimant),
                \(dispute.openedAt.microseconds)
            )
            """
        )
    }

    /// - Returns: `false` where it is settled already.
    static func settle(_ tx: any Transaction, _ dispute: ListingDispute) throws -> Bool {
        try tx.execute(
            """
            UPDATE listing_dispute
            SET
                settled_at = \(dispute.settlement?.at.microseconds),
                in_favor_of = \(dispute.settlement?.favor.rawValue),
                reason = \(dispute.settlement?.reason)
            WHERE id = \(dispute.id.text) AND in_favor_of IS NULL
            """
        ) == 1
    }

    private static func dispute(_ row: Row) throws -> ListingDispute {
        guard let id = DisputeID(try row.text(0)) else { throw StoredDataError("a dispute has no identifier") }
        let favor = try row.optionalText(8).flatMap(ListingDispute.Side.init(rawValue:))
        let at = try row.optionalInteger(7).map { Instant(microseconds: $0) }
        let reason = try row.optionalText(9)
        return ListingDispute(
            id: id,
            vin: try row.text(1),
            listing: try row.text(2),
            dealer: try row.text(3),
            claimantListing: try row.text(4),
            claimant: try row.text(5),
            openedAt: Instant(microseconds: try row.integer(6)),
            settlement: at.flatMap { at in
                favor.map { ListingDispute.Settlement(at: at, favor: $0, reason: reason ?? "") }
            }
        )
    }
}
