import Core
import Cryptography
import HTTPTypes
import Identity
package import Storage
package import Web

/// What the endpoints of this slice share.
package struct WarrantyService: Sendable {
    let database: any Database
    let warranties: Warranties
    /// Where others reach this server: printed contracts lead there.
    let publicURL: String

    package init(database: any Database, warranties: Warranties, publicURL: String) {
        self.database = database
        self.warranties = warranties
        self.publicURL = publicURL
    }

    package var endpoints: [Endpoint] {
        quoteEndpoints + contractEndpoints + entitlementEndpoints + documentEndpoints + portfolioEndpoints
    }

    private var quoteEndpoints: [Endpoint] {
        [
            Endpoint(.get, "/v1/warranty/plans", authorize: Policy.authorize(.warrantyPlansRead), handler: plans),
            Endpoint(
                .post,
                "/v1/warranty/quotes",
                body: .json,
                repetition: .keyed,
                authorize: Policy.authorize(.warrantyQuote),
                handler: quote
            ),
            Endpoint(
                .get,
                "/v1/warranty/quotes/{id}",
                authorize: Policy.authorize(.warrantyRead),
                handler: readQuote
            ),
        ]
    }

    // MARK: Quotes

    private func plans(_ call: Call) async throws -> Reply {
        let book = try await database.read { tx in try warranties.editions.current(on: tx.now.dateInChina) }
        return Reply.json(book.json).withETag(book.hash.hex)
    }

    private func quote(_ call: Call) async throws -> Reply {
        let draft = try QuoteRequest.Draft(call.json)
        let dealer = try call.ownDealership()
        return try await database.writeRetrying { tx in
            try call.once(in: tx) {
                let made = try warranties.quote(tx, try draft.request(tx), dealer: dealer)
                let book = try warranties.editions.edition(tx, made.stored.edition)
                return Reply.json(book.json(made.stored, made.quote), status: .created)
                    .withLocation("/v1/warranty/quotes/\(made.stored.id)")
            }
        }
    }

    private func readQuote(_ call: Call) async throws -> Reply {
        guard let id = WarrantyQuoteID(try call.parameter("id")) else { throw Failure(.notFound) }
        return try await database.read { tx in
            let found = try warranties.quote(tx, id) { Policy.sees(call.principal, $0.dealer.text) }
            let book = try warranties.editions.edition(tx, found.stored.edition)
            let json = book.json(found.stored, found.quote)
            return Reply.json(json).withETag(Identity.entityTag(version: 1, json))
        }
    }
}

extension Call {
    func warranty() throws -> WarrantyID {
        guard let id = WarrantyID(try parameter("id")) else { throw Failure(.notFound) }
        return id
    }

    /// - Throws: `forbidden` for whoever is no dealer: a contract is a dealer's.
    func ownDealership() throws -> OrganizationID {
        let principal = try requirePrincipal()
        guard principal.role == .dealer, let id = OrganizationID(principal.organization) else {
            throw Failure(.forbidden, zh: "只有商家可以报价和签约", en: "Only a dealer quotes and sells")
        }
        return id
    }
}
