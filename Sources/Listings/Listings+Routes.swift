import Core
import HTTPTypes
import Identity
import Imaging
package import Storage
package import Valuation
package import Web

/// What the endpoints of this slice share.
package struct ListingService: Sendable {
    package let database: any Database
    let cleaning = ImageCleaning()
    let uploads = PhotoUploads()

    let search: ListingSearch
    let market: Market

    package init(database: any Database, search: ListingSearch, market: Market) {
        self.database = database
        self.search = search
        self.market = market
    }

    package var endpoints: [Endpoint] {
        (contentEndpoints + photoEndpoints + stepEndpoints + disputeEndpoints).map { $0.caughtUp(by: search) }
            + searchEndpoints + stockPriceEndpoints
    }

    private var contentEndpoints: [Endpoint] {
        [
            Endpoint(
                .post,
                "/v1/listings",
                body: .json,
                repetition: .keyed,
                authorize: Policy.authorize(.listingCreate),
                handler: create
            ),
            Endpoint(.get, "/v1/listings/{id}", authorize: Policy.authorize(.listingRead), handler: read),
            Endpoint(
                .patch,
                "/v1/listings/{id}",
                body: .json,
                authorize: Policy.authorize(.listingUpdate),
                handler: update
            ),
            Endpoint(
                .get,
                "/v1/listings/{id}/changes",
                query: Page.query,
                authorize: Policy.authorize(.listingList),
                handler: changes
            ),
            Endpoint(
                .get,
                "/v1/organizations/{id}/listings",
                query: Page.query,
                authorize: Policy.authorize(.listingList),
                handler: list
            ),
        ]
    }

    // MARK: Content

    private func create(_ call: Call) async throws -> Reply {
        var reader = try ObjectReader(call.json)
        let vin = reader.value("vin", as: VIN.self)
        let content = ListingContent(&reader)
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        guard let vin, let content else { throw Failure(.invalidRequest) }
        let dealer = try call.ownDealership()
        return try await database.writeRetrying { tx in
            try call.once(in: tx) {
                let listing = try Listings.create(tx, content, vin: vin, dealer: dealer, from: Origin(call))
                return listing.reply(.created, isOwn: true, prices: []).withLocation("/v1/listings/\(listing.id)")
            }
        }
    }

    private func read(_ call: Call) async throws -> Reply {
        let id = try call.listing()
        return try await database.read { tx in
            let listing = try Listings.get(tx, id) { $0.status.isPublic || Policy.sees(call.principal, $0.dealer.text) }
            return try reply(tx, listing, to: call)
        }
    }

    private func update(_ call: Call) async throws -> Reply {
        let id = try call.listing()
        return try await database.writeRetrying { tx in
            let listing = try owned(tx, id, call)
            return try reply(
                tx,
                try Listings.update(
                    tx,
                    listing,
                    call.json,
                    appraising: market,
                    from: Origin(call),
                    if: call.requireIfMatch
                ),
                to: call
            )
        }
    }

    private func changes(_ call: Call) async throws -> Reply {
        let id = try call.listing()
        let page = try call.page()
        let before = page.position.flatMap { Int64($0) } ?? .max
        return try await database.read { tx in
            let listing = try Listings.get(tx, id) { Policy.sees(call.principal, $0.dealer.text) }
            let changes = try ListingStore.changes(tx, of: listing.id, before: before, limit: page.limit + 1)
            return call.list(changes, on: page, position: { "\($0.seq)" }, json: \.json)
        }
    }

    private func list(_ call: Call) async throws -> Reply {
        let id = try call.organization(where: Policy.sees)
        let page = try call.page()
        return try await database.read { tx in
            _ = try Organizations.get(tx, id)
            let listings = try ListingStore.page(
                tx,
                of: id.text,
                before: page.position ?? ListingService.behindAll,
                limit: page.limit + 1
            )
            return call.list(listings, on: page, position: \.id.text) { $0.json(isOwn: true) }
        }
    }

    /// Sorts behind every identifier.
    static let behindAll = "~"

    func owned(_ tx: any Transaction, _ id: ListingID, _ call: Call) throws -> Listing {
        try Listings.get(tx, id) { Policy.owns(call.principal, $0.dealer.text) }
    }

    func reply(_ tx: any Transaction, _ listing: Listing, to call: Call) throws -> Reply {
        let prices = try ListingStore.prices(tx, of: listing.id, limit: ListingLimits.shownPrices)
        return listing.reply(.ok, isOwn: Policy.sees(call.principal, listing.dealer.text), prices: prices)
    }
}

extension Call {
    func listing() throws -> ListingID {
        guard let id = ListingID(try parameter("id")) else { throw Failure(.notFound) }
        return id
    }

    /// - Throws: `forbidden` for the platform, which has no cars of its own.
    func ownDealership() throws -> OrganizationID {
        let principal = try requirePrincipal()
        guard principal.role == .dealer, let id = OrganizationID(principal.organization) else {
            throw Failure(.forbidden, zh: "只有商家可以建立车源", en: "Only a dealer has cars to offer")
        }
        return id
    }
}

extension Listing {
    /// - Parameter isOwn: whether the caller is its dealer, or may look at what is his.
    func reply(_ status: HTTPResponse.Status, isOwn: Bool, prices: [(at: Instant, price: Money)]) -> Reply {
        let shown = json(isOwn: isOwn)
        let history = prices.map { price in
            let amount: [JSON.Member] = price.price.json.members ?? []
            return JSON.object([.init("at", JSON(price.at))] + amount)
        }
        let document = JSON.object((shown.members ?? []) + [.init("price_history", .array(history))])
        return Reply.json(document, status: status).withETag(Identity.entityTag(version: version, shown))
    }
}
