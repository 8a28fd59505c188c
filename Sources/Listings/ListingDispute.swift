package import Core
package import Identity
package import Storage
import Web

package enum DisputeTag: IDTag {
    package static let prefix = "dsp"
}

package typealias DisputeID = ID<DisputeTag>

/// Two dealers who offer one car. The platform finds out who has it.
package struct ListingDispute: Sendable, Hashable {
    package let id: DisputeID
    package let vin: String
    /// Offered when the other came.
    package let listing: String
    package let dealer: String
    package let claimantListing: String
    package let claimant: String
    package let openedAt: Instant
    package var settlement: Settlement?

    package struct Settlement: Sendable, Hashable {
        package let at: Instant
        package let favor: Side
        package let reason: String
    }

    package enum Side: String, Sendable, Hashable, CaseIterable {
        case listing
        case claimant
    }

    package var json: JSON {
        [
            "id": JSON(id),
            "vin": JSON(vin),
            "listing": JSON(listing),
            "dealer": JSON(dealer),
            "claimant_listing": JSON(claimantListing),
            "claimant": JSON(claimant),
            "status": settlement == nil ? "open" : "settled",
            "opened_at": JSON(openedAt),
            "settled_at": .optional(settlement?.at) { JSON($0) },
            "in_favor_of": .optional(settlement?.favor.rawValue, JSON.string),
            "reason": .optional(settlement?.reason, JSON.string),
        ]
    }
}

package enum ListingDisputes {
    /// The same claim against the same listing opens one dispute, however often it is made.
    static func open(
        _ tx: any Transaction,
        claimant: Listing,
        against offer: LiveOffer
    ) throws -> ListingDispute {
        if let known = try DisputeStore.find(tx, listing: offer.listing, claimant: claimant.id.text) { return known }
        let dispute = ListingDispute(
            id: DisputeID(at: tx.now),
            vin: claimant.vin.text,
            listing: offer.listing,
            dealer: offer.dealer,
            claimantListing: claimant.id.text,
            claimant: claimant.dealer.text,
            openedAt: tx.now,
            settlement: nil
        )
        try DisputeStore.insert(tx, dispute)
        return dispute
    }

    /// Where the claimant is in the right, the other's offer is withdrawn.
    ///
    /// - Throws: `notFound`, `disputeSettled`.
    package static func settle(
        _ tx: any Transaction,
        _ id: DisputeID,
        in favor: ListingDispute.Side,
        reason: String,
        from origin: Origin
    ) throws -> ListingDispute {
        guard var dispute = try DisputeStore.find(tx, id) else { throw Failure(.notFound) }
        guard dispute.settlement == nil else { throw Failure(.disputeSettled) }
        dispute.settlement = ListingDispute.Settlement(at: tx.now, favor: favor, reason: reason)
        // Another instance was faster where it is settled by now.
        guard try DisputeStore.settle(tx, dispute) else { throw UniqueViolation() }
        if favor == .claimant, let listingID = ListingID(dispute.listing),
            let listing = try ListingStore.find(tx, listingID), listing.status.isLive
        {
            let detail = [JSON.Member("dispute", JSON(dispute.id))]
            _ = try Listings.step(tx, listing, .withdraw, detail: detail, from: origin) { _ in }
        }
        try AuditTrail.append(
            tx,
            AuditEntry(
                chain: dispute.dealer,
                action: Action.listingDisputeSettle.rawValue,
                origin: origin,
                subject: dispute.id.text,
                detail: [.init("in_favor_of", JSON(favor.rawValue)), .init("reason", JSON(reason))]
            )
        )
        return dispute
    }
}
