package import Core
import Cryptography
import History
package import Identity
package import Storage
package import Valuation
import Web

/// The verbs on listings. Each is called inside a transaction; what it changed stands among the listing's changes, with
/// author and time.
package enum Listings {
    /// What a caller knows of the listing that he wants to change.
    package typealias Precondition = (_ currentEntityTag: String?) throws -> Void

    package static func create(
        _ tx: any Transaction,
        _ content: ListingContent,
        vin: VIN,
        dealer: OrganizationID,
        detail: [JSON.Member] = [],
        from origin: Origin
    ) throws -> Listing {
        let listing = Listing(
            id: ListingID(at: tx.now),
            dealer: dealer,
            vin: vin,
            content: content,
            status: .draft,
            statusSince: tx.now,
            pin: nil,
            version: 1,
            createdAt: tx.now
        )
        try ListingStore.insert(tx, listing)
        try note(tx, listing, .created, origin, detail)
        return listing
    }

    /// - Parameter viewer: whose eyes it is for.
    /// - Throws: `notFound` also where there is one that he may not see.
    package static func get(
        _ tx: any Transaction,
        _ id: ListingID,
        where isVisible: (Listing) -> Bool
    ) throws -> Listing {
        guard let listing = try ListingStore.find(tx, id), isVisible(listing) else { throw Failure(.notFound) }
        return listing
    }

    /// A merge patch of the content. What is offered stays within the rules of offering.
    ///
    /// - Throws: `listingState` where nothing may be changed, `invalidRequest`, `listingRefused`.
    package static func update(
        _ tx: any Transaction,
        _ current: Listing,
        _ patch: JSON,
        detail: [JSON.Member] = [],
        appraising market: Market? = nil,
        from origin: Origin,
        if precondition: Precondition
    ) throws -> Listing {
        try precondition(current.entityTag)
        var listing = try edited(tx, current, patch)
        guard listing.content != current.content else { return current }
        // An estimate of another car must not stand beside this one.
        if listing.status.isLive, !listing.hasSameCar(as: current) {
            listing.appraisal = try appraisal(tx, listing, try timeline(tx, listing), market)
        }
        return try replace(tx, current, by: listing, .edited, origin, detail)
    }

    /// What would come of a patch: nothing is written.
    ///
    /// - Throws: as `update`.
    static func edited(_ tx: any Transaction, _ current: Listing, _ patch: JSON) throws -> Listing {
        try requireEditable(current)
        var listing = current
        listing.content = try ListingContent(merging: patch, into: current.content)
        if listing.content != current.content, listing.status.isLive { try checkRules(tx, listing) }
        return listing
    }

    /// What became of the wish to offer a car.
    package enum Publication: Sendable {
        case published(Listing)
        /// Another dealer offers it. The dispute is on record, and has to be committed.
        case disputed(ListingDispute)
    }

    /// Offers the car, and pins the history that the dealer stands behind.
    ///
    /// - Throws: `listingState`, `dealerSuspended`, `listingRefused`, `vehicleAlreadyListed`; `UniqueViolation` where
    ///   another instance was faster.
    package static func publish(
        _ tx: any Transaction,
        _ current: Listing,
        appraising market: Market? = nil,
        from origin: Origin,
        if precondition: Precondition
    ) throws -> Publication {
        try precondition(current.entityTag)
        var listing = current
        listing.status = try ListingStep.publish.applied(to: current.status)
        try DealerSuspensions.refuse(tx, dealer: current.dealer.text)
        // First: what may not be offered is no claim against anybody.
        let examined = try checkRules(tx, listing)
        listing.pin = examined.pin(at: tx.now)
        if let offer = try ListingStore.live(tx, vin: current.vin.text) {
            guard offer.dealer != current.dealer.text else {
                throw Failure(
                    .vehicleAlreadyListed,
                    zh: "您的车源 \(offer.listing) 正在出售这辆车",
                    en: "Your listing \(offer.listing) offers this vehicle"
                )
            }
            return .disputed(try ListingDisputes.open(tx, claimant: current, against: offer))
        }
        listing.statusSince = tx.now
        listing.appraisal = try appraisal(tx, listing, examined.timeline, market)
        try ListingStore.occupy(tx, listing)
        return .published(try replace(tx, current, by: listing, .published, origin))
    }

    /// - Throws: `listingState`.
    package static func step(
        _ tx: any Transaction,
        _ current: Listing,
        _ step: ListingStep,
        detail: [JSON.Member] = [],
        from origin: Origin,
        if precondition: Precondition
    ) throws -> Listing {
        try precondition(current.entityTag)
        var listing = current
        listing.status = try step.applied(to: current.status)
        listing.statusSince = tx.now
        if !listing.status.isLive { try ListingStore.vacate(tx, listing) }
        return try replace(tx, current, by: listing, step.change, origin, detail)
    }

    /// What stands in the way of offering the car as it is: every reason for which `publish` would refuse its content.
    package static func obstacles(_ tx: any Transaction, _ listing: Listing) throws -> [Fault] {
        try examine(tx, listing).faults
    }

    private struct Examination {
        let faults: [Fault]
        let rows: [StoredRow]
        let timeline: Timeline
        /// Of the last entry, in the log.
        let leafIndex: Int64?

        /// The history as it stands.
        func pin(at now: Instant) -> HistoryPin {
            HistoryPin(
                head: rows.last?.hash,
                entryCount: Int64(rows.count),
                leafIndex: leafIndex,
                publishedAt: now,
                grade: InspectedGrade.newest(timeline)
            )
        }
    }

    // MARK: -

    private static func examine(_ tx: any Transaction, _ listing: Listing) throws -> Examination {
        let rows = try Histories.rows(tx, vin: listing.vin)
        let timeline = Timeline(try rows.map { try RecordedEvent($0) })
        let faults = ListingRules.faults(listing.content, RecordedFacts(timeline, asOf: tx.now))
        let leafIndex = try rows.last.flatMap { try Histories.leafIndex(tx, of: $0.hash) }
        return Examination(faults: faults, rows: rows, timeline: timeline, leafIndex: leafIndex)
    }

    /// - Throws: `listingRefused` with every reason.
    @discardableResult
    private static func checkRules(_ tx: any Transaction, _ listing: Listing) throws -> Examination {
        let examined = try examine(tx, listing)
        guard examined.faults.isEmpty else { throw Failure(.listingRefused, faults: examined.faults) }
        return examined
    }

    /// - Throws: `listingState`.
    static func requireEditable(_ listing: Listing) throws {
        guard !listing.status.isEditable else { return }
        throw Failure(
            .listingState,
            zh: "车源现为 \(listing.status.rawValue)，内容不能修改",
            en: "The listing is \(listing.status.rawValue); its content stays as it is"
        )
    }

    static func replace(
        _ tx: any Transaction,
        _ current: Listing,
        by listing: Listing,
        _ change: ListingChange.Kind,
        _ origin: Origin,
        _ detail: [JSON.Member] = []
    ) throws -> Listing {
        var listing = listing
        listing.version = current.version + 1
        if current.status.isLive || listing.status.isLive { try ListingFeed.note(tx, listing) }
        guard try ListingStore.update(tx, listing, replacing: current.version) else {
            // Another instance was faster between our look and our write.
            throw UniqueViolation()
        }
        try note(tx, listing, change, origin, detail, from: current)
        return listing
    }

    private static func note(
        _ tx: any Transaction,
        _ listing: Listing,
        _ kind: ListingChange.Kind,
        _ origin: Origin,
        _ detail: [JSON.Member] = [],
        from current: Listing? = nil
    ) throws {
        let isOffered = listing.status.isLive
        let isNewPrice = current.map { $0.content.price != listing.content.price || !$0.status.isLive } ?? false
        let change = ListingChange(
            seq: listing.version,
            at: tx.now,
            organization: origin.organization,
            credential: origin.credential,
            kind: kind,
            offeredFen: isOffered && isNewPrice ? listing.content.price.amount.fen : nil,
            detail: .object(detail + (current.map { edited(from: $0, to: listing) } ?? []))
        )
        try ListingStore.insert(tx, change, of: listing.id)
    }

    private static func edited(from current: Listing, to listing: Listing) -> [JSON.Member] {
        differences(from: current.content.request, to: listing.content.request)
    }

    /// Every member that is another, as it was and as it is.
    static func differences(from old: JSON, to new: JSON) -> [JSON.Member] {
        (new.members ?? []).compactMap { member in
            guard let before = old[member.name], before != member.value else { return nil }
            return .init(member.name, ["from": before, "to": member.value])
        }
    }
}

extension ListingStep {
    fileprivate var change: ListingChange.Kind {
        switch self {
        case .publish: .published
        case .withdraw: .withdrawn
        case .reserve: .reserved
        case .release: .released
        case .markSold: .sold
        }
    }
}

/// Something that was done to a listing.
package struct ListingChange: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case created
        case edited
        case published
        case reserved
        case released
        case withdrawn
        case sold
        case photoAdded = "photo_added"
        case photoChanged = "photo_changed"
        case photoRemoved = "photo_removed"
        case photosReordered = "photos_reordered"
    }

    /// The version that it made, from 1.
    package let seq: Int64
    package let at: Instant
    package let organization: String?
    package let credential: String?
    package let kind: Kind
    /// The price that was offered from here on, where that is new.
    package let offeredFen: Int64?
    package let detail: JSON

    package var json: JSON {
        [
            "seq": .integer(seq),
            "at": JSON(at),
            "organization": .optional(organization, JSON.string),
            "credential": .optional(credential, JSON.string),
            "kind": JSON(kind.rawValue),
            "detail": detail,
        ]
    }
}

extension ListingContent {
    /// - Throws: `invalidRequest` with every fault of what comes out.
    init(merging patch: JSON, into content: ListingContent) throws {
        var reader = try ObjectReader(content.merged(with: patch))
        let merged = ListingContent(&reader)
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        guard let merged else { throw Failure(.invalidRequest) }
        self = merged
    }
}
