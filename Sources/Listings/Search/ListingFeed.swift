import Core
import Storage

/// The order in which what is on offer changed, for those who keep a picture of it.
///
/// A number that is drawn early may be committed late, and whoever has read past it would never see it. So numbers come
/// from a row that is locked by counting it up, until the commit: what is seen of a strand is all there is up to that
/// number. There are several strands, by dealer, so that dealers do not wait for each other.
enum ListingFeed {
    /// Part of what is stored: a dealer stays in his strand.
    static let strands: Int64 = 16

    /// Belongs before the change of the listing itself: whoever waits for a strand must not hold a listing that the one
    /// in front of him wants.
    static func note(_ tx: any Transaction, _ listing: Listing) throws {
        let strand = strand(of: listing.dealer.text)
        let row = try tx.first(
            """
            INSERT INTO listing_feed_head (strand, seq)
            VALUES (\(strand), \(1))
            ON CONFLICT (strand) DO UPDATE SET seq = listing_feed_head.seq + 1
            RETURNING seq
            """
        )
        guard let seq = try row?.integer(0) else { throw StoredDataError("a strand of the feed was not counted up") }
        try tx.execute(
            """
            INSERT INTO listing_feed (listing, strand, seq)
            VALUES (\(listing.id.text), \(strand), \(seq))
            ON CONFLICT (listing) DO UPDATE SET strand = excluded.strand, seq = excluded.seq
            """
        )
    }

    /// How far each strand has come.
    static func heads(_ tx: any Transaction) throws -> [Int64: Int64] {
        let rows = try tx.rows(
            """
            SELECT strand, seq
            FROM listing_feed_head
            WHERE strand >= \(0) AND strand < \(strands)
            ORDER BY strand
            """
        )
        return Dictionary(uniqueKeysWithValues: try rows.map { (try $0.integer(0), try $0.integer(1)) })
    }

    /// What has changed since, in order. A listing that changed again stands at the end only.
    static func changes(
        _ tx: any Transaction,
        strand: Int64,
        after seq: Int64,
        limit: Int
    ) throws -> [(seq: Int64, listing: String)] {
        try tx.rows(
            """
            SELECT seq, listing
            FROM listing_feed
            WHERE strand = \(strand) AND seq > \(seq)
            ORDER BY seq
            LIMIT \(limit)
            """
        ).map { (try $0.integer(0), try $0.text(1)) }
    }

    /// FNV-1a (Fowler, Noll and Vo): the same in every process, unlike `hashValue`.
    static func strand(of dealer: String) -> Int64 {
        let hash = dealer.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return Int64(hash % UInt64(strands))
    }
}
