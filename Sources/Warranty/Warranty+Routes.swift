import Core
import Cryptography
import HTTPTypes
import Identity
import NIOCore
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
            Endpoint(
                .get,
                "/v1/warranty/plans",
                query: ["edition"],
                authorize: Policy.authorize(.warrantyPlansRead),
                handler: plans
            ),
            Endpoint(
                .post,
                "/v1/warranty/editions",
                body: .stream(mediaTypes: [WarrantyService.yaml], maximumBytes: WarrantyLimits.editionBytes),
                rateLimit: .bulk,
                authorize: Policy.authorize(.warrantyPlansPublish),
                handler: publish
            ),
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

    private static let yaml = "application/yaml"

    /// The edition of today, or the one that a contract names.
    private func plans(_ call: Call) async throws -> Reply {
        let asked = try call.query["edition"].map { text in
            guard let hash = Digest(hex: text) else {
                let (zh, en) = ("须为版本的哈希", "Must be the hash of an edition")
                throw Failure(.invalidQuery, faults: [Fault("/query/edition", "format", zh: zh, en: en)])
            }
            return hash
        }
        let book = try await database.read { tx in
            guard let asked else { return try warranties.editions.current(tx, on: tx.now.dateInChina) }
            guard let book = try warranties.editions.find(tx, asked) else { throw Failure(.notFound) }
            return book
        }
        return Reply.json(book.json).withETag(book.hash.hex)
    }

    private func publish(_ call: Call) async throws -> Reply {
        guard let stream = call.stream else { throw Failure(.malformedRequest) }
        var bytes: [UInt8] = []
        for try await chunk in stream { bytes.append(contentsOf: chunk.readableBytesView) }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Failure(.malformedRequest) }
        // Reading takes longer than other connections should wait.
        let book = try await withTaskExecutorPreference(globalConcurrentExecutor) { try PlanBook(published: text) }
        let origin = Origin(call)
        let isNew = try await database.writeRetrying { tx in
            try warranties.editions.publish(tx, book, content: text, from: origin)
        }
        return Reply.json(book.json, status: isNew ? .created : .ok)
            .withLocation("/v1/warranty/plans?edition=\(book.hash.hex)")
    }

    private func quote(_ call: Call) async throws -> Reply {
        let draft = try QuoteDraft(call.json)
        let dealer = try call.ownDealership()
        return try await database.writeRetrying { tx in
            try call.once(in: tx) {
                let request = try draft.request(tx, by: call.principal, market: warranties.market)
                let made = try warranties.quote(tx, request, dealer: dealer)
                let book = try warranties.editions.edition(tx, made.stored.edition)
                return Reply.json(book.json(made.stored, made.quote), status: .created)
                    .withLocation("/v1/warranty/quotes/\(made.stored.id)")
            }
        }
    }

    private func readQuote(_ call: Call) async throws -> Reply {
        guard let id = WarrantyQuoteID(try call.parameter("id")) else { throw Failure(.notFound) }
        return try await database.read { tx in
            let found = try warranties.quote(tx, id) { Policy.attends(call.principal, to: $0.dealer.text) }
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

extension PlanBook {
    /// - Throws: `invalidEdition` with every fault, each with its line.
    fileprivate init(published text: String) throws {
        do {
            try self.init(yaml: text)
        } catch let refusal as BookRefusal {
            let faults = refusal.faults.map { fault in
                let path = fault.path.isEmpty ? "" : "\(fault.path): "
                let (zh, en) = (
                    "第 \(fault.line) 行：\(path)\(fault.detail.zh)", "Line \(fault.line): \(path)\(fault.detail.en)"
                )
                return Fault("/line/\(fault.line)", fault.code, zh: zh, en: en)
            }
            throw Failure(.invalidEdition, faults: faults)
        }
    }
}
