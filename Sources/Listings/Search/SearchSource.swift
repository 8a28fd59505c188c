import Core
import Storage

/// Every statement by which the index is filled.
enum SearchSource {
    /// A listing as far as the index cares.
    struct Row: Sendable {
        let id: String
        let isLive: Bool
        /// `nil` where it cannot be read.
        let listing: Listing?
    }

    struct State: Sendable {
        let id: String
        let isLive: Bool
        let version: Int64
    }

    /// What is on offer, by identifier.
    static func page(_ tx: any Transaction, after id: String, limit: Int) throws -> [Row] {
        try tx.rows(
            """
            SELECT \(ListingStore.columns)
            FROM listing
            WHERE id > \(id) AND status IN (\("published"), \("reserved"))
            ORDER BY id
            LIMIT \(limit)
            """
        ).map(row)
    }

    static func rows(_ tx: any Transaction, ids: [String]) throws -> [Row] {
        try tx.rows(all: ids.map(ListingStore.byID)).flatMap { try $0.map(row) }
    }

    /// Every listing, whatever becomes of it.
    static func states(_ tx: any Transaction, after id: String, limit: Int) throws -> [State] {
        try tx.rows(
            """
            SELECT id, status, version
            FROM listing
            WHERE id > \(id)
            ORDER BY id
            LIMIT \(limit)
            """
        ).map { row in
            let status = ListingStatus(rawValue: try row.text(1))
            return State(id: try row.text(0), isLive: status?.isLive ?? false, version: try row.integer(2))
        }
    }

    /// One that cannot be read must not keep the others from being found.
    private static func row(_ row: Storage.Row) throws -> Row {
        let status = ListingStatus(rawValue: try row.text(4))
        let listing = try? ListingStore.listing(row)
        return Row(id: try row.text(0), isLive: status?.isLive ?? false, listing: listing)
    }
}
