import Core
import HTTPTypes
import Identity
import Storage
import Web

extension ListingService {
    var stepEndpoints: [Endpoint] {
        [
            step("publish", publish),
            step("reserve") { try await take(.reserve, on: $0) },
            step("release") { try await take(.release, on: $0) },
            step("withdraw", withdraw),
            step("mark-sold", markSold),
        ]
    }

    private func step(_ name: String, _ handler: @escaping @Sendable (Call) async throws -> Reply) -> Endpoint {
        Endpoint(
            .post,
            "/v1/listings/{id}/\(name)",
            body: .json,
            repetition: .keyed,
            authorize: Policy.authorize(.listingUpdate),
            handler: handler
        )
    }

    private func publish(_ call: Call) async throws -> Reply {
        try call.requireEmptyObject()
        return try await refusing(call) { tx, listing in
            switch try Listings.publish(
                tx,
                listing,
                appraising: market,
                from: Origin(call),
                if: call.requireIfMatch
            ) {
            case .published(let listing): .success(try reply(tx, listing, to: call))
            case .disputed(let dispute):
                .failure(
                    Failure(
                        .vehicleListedElsewhere,
                        zh: "争议编号 \(dispute.id)；平台核实后通知双方",
                        en: "The dispute is \(dispute.id); the platform will settle it"
                    )
                )
            }
        }
    }

    private func withdraw(_ call: Call) async throws -> Reply {
        var reader = try ObjectReader(call.json)
        let reason = reader.line("reason", length: ListingLimits.reasonCharacters)
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        return try await take(.withdraw, on: call, detail: [.init("reason", .optional(reason, JSON.string))])
    }

    /// 明码标价和禁止价格欺诈规定 (2022) article 8, read: nothing is charged beyond the marked price. Whoever tries is
    /// refused, and the attempt stays on record.
    private func markSold(_ call: Call) async throws -> Reply {
        let price = try ListingContent.salePrice(call.json)
        return try await refusing(call) { tx, listing in
            try call.requireIfMatch(listing.entityTag)
            _ = try ListingStep.markSold.applied(to: listing.status)
            guard listing.content.price.kind == .asking || price <= listing.content.total else {
                try AuditTrail.append(tx, listing.overcharge(price, from: Origin(call)))
                return .failure(
                    Failure(
                        .aboveOnePrice,
                        faults: [
                            Fault(
                                "/price/amount",
                                "above_one_price",
                                zh: "一口价为 \(listing.content.total.fen) 分，成交价不得超过（《明码标价和禁止价格欺诈规定》第八条）",
                                en: "The one price is \(listing.content.total.fen) fen, and no more may be charged "
                                    + "(Provisions on Marked Prices and Price Fraud, article 8)"
                            )
                        ]
                    )
                )
            }
            let detail = [JSON.Member("price", price.json)]
            try Listings.recordSale(tx, listing, price: price)
            return .success(
                try reply(
                    tx,
                    try Listings.step(
                        tx,
                        listing,
                        .markSold,
                        detail: detail,
                        from: Origin(call),
                        if: call.requireIfMatch
                    ),
                    to: call
                )
            )
        }
    }

    private func take(_ step: ListingStep, on call: Call, detail: [JSON.Member]? = nil) async throws -> Reply {
        if detail == nil { try call.requireEmptyObject() }
        return try await refusing(call) { tx, listing in
            .success(
                try reply(
                    tx,
                    try Listings.step(
                        tx,
                        listing,
                        step,
                        detail: detail ?? [],
                        from: Origin(call),
                        if: call.requireIfMatch
                    ),
                    to: call
                )
            )
        }
    }

    /// Runs a step on the caller's own listing, once for each key. A refusal that comes as a result is committed with
    /// what it leaves behind, and then thrown.
    private func refusing(
        _ call: Call,
        _ body: @escaping @Sendable (any Transaction, Listing) throws -> Result<Reply, Failure>
    ) async throws -> Reply {
        let id = try call.listing()
        return try await database.writeRetrying { tx in
            try call.once(in: tx) { try body(tx, try owned(tx, id, call)) }
        }.get()
    }

    // MARK: Disputes

    var disputeEndpoints: [Endpoint] {
        [
            Endpoint(
                .get,
                "/v1/listing-disputes",
                query: Page.query,
                authorize: Policy.authorize(.listingDisputeList),
                handler: listDisputes
            ),
            Endpoint(
                .post,
                "/v1/listing-disputes/{id}/settle",
                body: .json,
                repetition: .keyed,
                authorize: Policy.authorize(.listingDisputeSettle),
                handler: settleDispute
            ),
        ]
    }

    private func listDisputes(_ call: Call) async throws -> Reply {
        let page = try call.page()
        let disputes = try await database.read { tx in
            try DisputeStore.page(tx, before: page.position ?? Self.behindAll, limit: page.limit + 1)
        }
        return call.list(disputes, on: page, position: \.id.text, json: \.json)
    }

    private func settleDispute(_ call: Call) async throws -> Reply {
        guard let id = DisputeID(try call.parameter("id")) else { throw Failure(.notFound) }
        var reader = try ObjectReader(call.json)
        let favor = reader.oneOf("in_favor_of", ListingDispute.Side.self)
        let reason = reader.line("reason", length: ListingLimits.reasonCharacters)
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        guard let favor, let reason else { throw Failure(.invalidRequest) }
        return try await database.writeRetrying { tx in
            try call.once(in: tx) {
                .json(try ListingDisputes.settle(tx, id, in: favor, reason: reason, from: Origin(call)).json)
            }
        }
    }
}

extension Listing {
    fileprivate func overcharge(_ price: Money, from origin: Origin) -> AuditEntry {
        AuditEntry(
            chain: dealer.text,
            action: Action.listingUpdate.rawValue,
            origin: origin,
            outcome: .refused(status: nil, code: ProblemType.aboveOnePrice.code),
            subject: id.text,
            detail: [.init("price", price.json), .init("one_price", content.total.json)]
        )
    }
}

extension ListingContent {
    /// `{"price": {"amount": …, "currency": "CNY"}}`: what the buyer paid in all.
    fileprivate static func salePrice(_ json: JSON) throws -> Money {
        var reader = try ObjectReader(json)
        var amount: Int64?
        if var price = reader.object("price") {
            amount = price.integer("amount", in: ListingLimits.priceFen)
            price.currency()
            price.refuseUnknownMembers()
        }
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        guard let amount else { throw Failure(.invalidRequest) }
        return Money(fen: amount)
    }
}
