import Core
import Identity
package import Storage

/// Dealers that may offer nothing for a while, and their offers that come back when it is over.
package enum DealerSuspensions {
    /// More live offers than one dealer has.
    private static let offersMaximum = 5000

    // MARK: Causes

    /// - Parameter cause: each counts by itself: the last one to go lifts the suspension.
    package static func suspend(
        _ tx: any Transaction,
        dealer: String,
        cause: String,
        reason: String
    ) throws {
        try tx.execute(
            """
            INSERT INTO dealer_suspension (dealer, cause, reason, since)
            VALUES (\(dealer), \(cause), \(reason), \(tx.now.microseconds))
            ON CONFLICT (dealer, cause) DO NOTHING
            """
        )
    }

    package static func lift(_ tx: any Transaction, dealer: String, cause: String) throws {
        try tx.execute("DELETE FROM dealer_suspension WHERE dealer = \(dealer) AND cause = \(cause)")
    }

    package static func isSuspended(_ tx: any Transaction, dealer: String) throws -> Bool {
        try tx.first("SELECT 1 FROM dealer_suspension WHERE dealer = \(dealer)") != nil
    }

    /// - Throws: `dealerSuspended`.
    static func refuse(_ tx: any Transaction, dealer: String) throws {
        if try isSuspended(tx, dealer: dealer) { throw Failure(.dealerSuspended) }
    }

    // MARK: Offers

    /// Takes offers of a suspended dealer off the market, or puts back those of one that is not. What is reserved is
    /// promised to a buyer and stays.
    ///
    /// - Returns: how many were moved; fewer than the limit where there are no more.
    package static func apply(_ tx: any Transaction, dealer: String, limit: Int) throws -> Int {
        try isSuspended(tx, dealer: dealer)
            ? withdraw(tx, dealer: dealer, limit: limit) : restore(tx, dealer: dealer, limit: limit)
    }

    private static func withdraw(_ tx: any Transaction, dealer: String, limit: Int) throws -> Int {
        let ids = try tx.rows(
            """
            SELECT listing
            FROM listing_live
            WHERE dealer = \(dealer)
            ORDER BY listing
            LIMIT \(offersMaximum)
            """
        ).compactMap { ListingID(try $0.text(0)) }
        var moved = 0
        for id in ids where moved < limit {
            guard let listing = try ListingStore.find(tx, id), listing.status == .published else { continue }
            _ = try Listings.step(tx, listing, .withdraw, detail: detail, from: nobody) { _ in }
            try tx.execute(
                """
                INSERT INTO suspended_listing (dealer, listing, since)
                VALUES (\(dealer), \(id.text), \(tx.now.microseconds))
                ON CONFLICT (dealer, listing) DO NOTHING
                """
            )
            moved += 1
        }
        return moved
    }

    private static func restore(_ tx: any Transaction, dealer: String, limit: Int) throws -> Int {
        let ids = try tx.rows(
            """
            SELECT listing
            FROM suspended_listing
            WHERE dealer = \(dealer)
            ORDER BY listing
            LIMIT \(limit)
            """
        ).map { try $0.text(0) }
        for id in ids {
            try tx.execute("DELETE FROM suspended_listing WHERE dealer = \(dealer) AND listing = \(id)")
            guard let listing = try ListingID(id).flatMap({ try ListingStore.find(tx, $0) }),
                listing.status == .withdrawn, try ListingStore.live(tx, vin: listing.vin.text) == nil
            else { continue }
            do {
                _ = try Listings.publish(tx, listing, from: nobody) { _ in }
            } catch is Failure {
                // Its history has changed since, or its content is refused now: the dealer sees to it.
            }
        }
        return ids.count
    }

    private static let nobody = Origin(organization: nil, credential: nil, requestID: nil)
    private static let detail: [JSON.Member] = [.init("reason", "dealer_suspended")]
}
