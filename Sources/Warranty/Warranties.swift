package import Core
import Cryptography
package import History
package import Identity
package import Storage
package import Valuation
package import Web

/// The verbs on warranties. Each is called inside a transaction; what it changed stands among the contract's changes,
/// with author and time.
package struct Warranties: Sendable {
    let editions: WarrantyEditions
    let histories: Histories
    /// Says what a car is worth; `nil` where nobody does.
    let market: Market?

    package init(editions: WarrantyEditions, histories: Histories, market: Market?) {
        self.editions = editions
        self.histories = histories
        self.market = market
    }

    // MARK: Quotes

    package func quote(
        _ tx: any Transaction,
        _ request: QuoteRequest,
        dealer: OrganizationID
    ) throws -> (stored: StoredQuote, quote: Quote) {
        let book = try editions.current(tx, on: request.sale.soldOn)
        try editions.keep(tx, book)
        let stored = StoredQuote(
            id: WarrantyQuoteID(at: tx.now),
            dealer: dealer,
            edition: book.hash,
            request: request,
            createdAt: tx.now
        )
        let quote = try book.quote(request)
        try WarrantyStore.insert(tx, stored)
        return (stored, quote)
    }

    /// The same quote as when it was made: it comes from what was asked and from the edition.
    package func quote(
        _ tx: any Transaction,
        _ id: WarrantyQuoteID,
        where isVisible: (StoredQuote) -> Bool
    ) throws -> (stored: StoredQuote, quote: Quote) {
        guard let stored = try WarrantyStore.quote(tx, id), isVisible(stored) else { throw Failure(.notFound) }
        return (stored, try editions.edition(tx, stored.edition).quote(stored.request))
    }

    // MARK: Contracts

    /// What a dealer says when he sells.
    package struct Sale: Sendable {
        package let quote: WarrantyQuoteID
        package let issue: IssueRequest
        package let holder: String
        package let isPaid: Bool
    }

    /// - Throws: `quoteUsed`, and whatever `PlanBook.terms` refuses.
    package func issue(
        _ tx: any Transaction,
        _ sale: Sale,
        by principal: Principal,
        from origin: Origin
    ) throws -> StoredWarranty {
        let (stored, quote) = try quote(tx, sale.quote) { Policy.owns(principal, $0.dealer.text) }
        if let contract = try WarrantyStore.issued(tx, from: stored.id) {
            throw Failure(.quoteUsed, zh: "合同编号 \(contract)", en: "The contract is \(contract)")
        }
        let book = try editions.edition(tx, stored.edition)
        guard tx.now.dateInChina <= quote.validUntil else { throw Failure(.quoteExpired) }
        let terms = try book.terms(WarrantyID(at: tx.now), for: sale.issue, of: quote)
        let contract = Contract(
            terms: terms,
            holder: sale.holder,
            paidOn: sale.isPaid ? max(tx.now.dateInChina, terms.sale.soldOn) : nil
        )
        return try insert(tx, contract, quote: stored.id, stored.dealer, from: origin)
    }

    func insert(
        _ tx: any Transaction,
        _ contract: Contract,
        quote: WarrantyQuoteID?,
        _ dealer: OrganizationID,
        from origin: Origin
    ) throws -> StoredWarranty {
        let book = try editions.edition(tx, contract.terms.bookHash)
        let (zh, en) = (book.text(of: contract.terms, in: .zh), book.text(of: contract.terms, in: .en))
        let warranty = StoredWarranty(
            id: contract.terms.id,
            dealer: dealer,
            quote: quote,
            contract: contract,
            contractHash: zh.hash,
            entry: try report(tx, contract.terms, zh.hash),
            version: 1,
            limitVersion: 0,
            createdAt: tx.now
        )
        try WarrantyStore.insert(tx, warranty, zh, en)
        try note(tx, warranty, .issued, origin, [.init("contract_hash", JSON(zh.hash.hex))])
        return warranty
    }

    /// Puts the contract on the car's history, by its hash.
    private func report(
        _ tx: any Transaction,
        _ terms: ContractTerms,
        _ hash: Digest
    ) throws -> Digest {
        let period = terms.tier?.period
        let event: JSON = [
            "kind": "warranty.issued",
            "occurred_at": JSON(tx.now.truncatedToMilliseconds),
            "ref": JSON("warranty/\(terms.id)"),
            "data": [
                "contract_digest": JSON(hash.hex),
                "tier": JSON(terms.tier?.name.zh ?? ""),
                "valid_until": .optional(period?.end) { JSON($0) },
                "limit_odometer_km": .optional(period?.endKm, JSON.integer),
                "odometer_km": .integer(terms.sale.odometerKm),
            ],
        ]
        return try histories.report(tx, event, on: terms.sale.vin).row.hash
    }

    /// - Throws: `notFound` also where there is one that the caller may not see.
    package func get(
        _ tx: any Transaction,
        _ id: WarrantyID,
        where isVisible: (StoredWarranty) -> Bool
    ) throws -> StoredWarranty {
        guard let warranty = try WarrantyStore.find(tx, id), isVisible(warranty) else { throw Failure(.notFound) }
        return warranty
    }

    // MARK: What happens to a contract

    package func pay(
        _ tx: any Transaction,
        _ current: StoredWarranty,
        on date: CalendarDate,
        from origin: Origin
    ) throws -> StoredWarranty {
        var warranty = current
        try warranty.contract.pay(on: date)
        return try replace(tx, current, by: warranty, .paid, origin, [.init("paid_on", JSON(date))])
    }

    package func transfer(
        _ tx: any Transaction,
        _ current: StoredWarranty,
        to holder: String,
        use: SaleFacts.Use,
        odometerKm: Int64,
        from origin: Origin
    ) throws -> StoredWarranty {
        var warranty = current
        try checkReading(tx, current, odometerKm)
        try warranty.contract.transfer(to: holder, use: use, on: tx.now.dateInChina, odometerKm: odometerKm)
        let detail: [JSON.Member] = [
            .init("from", JSON(current.contract.holder)), .init("to", JSON(holder)),
            .init("odometer_km", .integer(odometerKm)),
        ]
        return try replace(tx, current, by: warranty, .transferred, origin, detail)
    }

    package func cancel(
        _ tx: any Transaction,
        _ current: StoredWarranty,
        odometerKm: Int64,
        reason: String,
        from origin: Origin
    ) throws -> StoredWarranty {
        var warranty = current
        try checkReading(tx, current, odometerKm)
        let accounts = try LimitStore.accounts(tx, current)
        try warranty.contract.end(.cancelled, on: tx.now.dateInChina, odometerKm: odometerKm, accounts: accounts)
        // A claim that reserves at this moment finds the contract cancelled, or we find its reservation.
        guard try LimitStore.advance(tx, current.id, from: current.limitVersion) else { throw UniqueViolation() }
        let ending = warranty.contract.ending.map(\.json) ?? .null
        return try replace(
            tx,
            current,
            by: warranty,
            .cancelled,
            origin,
            [.init("reason", JSON(reason)), .init("ending", ending)]
        )
    }

    /// No odometer that is sound shows less than it did.
    func checkReading(_ tx: any Transaction, _ warranty: StoredWarranty, _ odometerKm: Int64) throws {
        let record = try CarRecord(tx, vin: warranty.terms.sale.vin)
        let known = max(warranty.terms.sale.odometerKm, record.highest(upTo: tx.now.dateInChina)?.km ?? 0)
        guard odometerKm >= known else { throw Failure(.invalidRequest, faults: [.belowLastReading(known)]) }
    }

    // MARK: -

    func replace(
        _ tx: any Transaction,
        _ current: StoredWarranty,
        by warranty: StoredWarranty,
        _ kind: WarrantyChange.Kind,
        _ origin: Origin,
        _ detail: [JSON.Member]
    ) throws -> StoredWarranty {
        var warranty = warranty
        warranty.version = current.version + 1
        guard try WarrantyStore.update(tx, warranty, replacing: current.version) else {
            // Another instance was faster between our look and our write.
            throw UniqueViolation()
        }
        try note(tx, warranty, kind, origin, detail)
        return warranty
    }

    private func note(
        _ tx: any Transaction,
        _ warranty: StoredWarranty,
        _ kind: WarrantyChange.Kind,
        _ origin: Origin,
        _ detail: [JSON.Member]
    ) throws {
        let change = WarrantyChange(
            seq: warranty.version,
            at: tx.now,
            organization: origin.organization,
            credential: origin.credential,
            kind: kind,
            detail: .object(detail)
        )
        try WarrantyStore.insert(tx, change, of: warranty.id)
    }
}

extension Fault {
    static func belowLastReading(_ km: Int64) -> Fault {
        Fault(
            "/odometer_km",
            "below_last_reading",
            zh: "低于已有的读数 \(grouped(km)) 公里",
            en: "Below the \(grouped(km)) km that are on record"
        )
    }
}

// MARK: - For claims

extension Warranties {
    /// Holds money of a contract's promise for a claim, so that it can be paid.
    ///
    /// - Parameters:
    ///   - layer: of the contract: the platform's plan, or an insurer's extension.
    ///   - component: what failed; limits for a component count by its assembly.
    ///   - marketValue: what the car is worth now, where somebody knows: no more is paid in all.
    /// - Throws: `contractEnded`, `limitExceeded`; `UniqueViolation` where another claim was faster.
    package func reserve(
        _ tx: any Transaction,
        _ amount: Money,
        of id: WarrantyID,
        layer: String,
        claim: String,
        component: Component,
        marketValue: Money? = nil
    ) throws {
        try change(tx, id, layer, component, claim, isNew: true) { account, unit in
            try account.reserve(amount, for: claim, unit, marketValue: marketValue)
        }
    }

    /// Out of what was reserved.
    ///
    /// - Throws: `notReserved`; `UniqueViolation` where another was faster.
    package func pay(
        _ tx: any Transaction,
        _ amount: Money,
        of id: WarrantyID,
        layer: String,
        claim: String,
        component: Component
    ) throws {
        try change(tx, id, layer, component, claim, isNew: false) { account, unit in
            try account.pay(amount, for: claim, unit)
        }
    }

    /// Gives back what was reserved and is not needed.
    ///
    /// - Throws: `notReserved`; `UniqueViolation` where another was faster.
    package func release(
        _ tx: any Transaction,
        _ amount: Money,
        of id: WarrantyID,
        layer: String,
        claim: String,
        component: Component
    ) throws {
        try change(tx, id, layer, component, claim, isNew: false) { account, unit in
            try account.release(amount, for: claim, unit)
        }
    }

    private func change(
        _ tx: any Transaction,
        _ id: WarrantyID,
        _ layer: String,
        _ component: Component,
        _ claim: String,
        isNew: Bool,
        _ step: (inout LimitAccount, String) throws -> Void
    ) throws {
        let warranty = try get(tx, id) { _ in true }
        if isNew, warranty.contract.ending != nil { throw Failure(.contractEnded) }
        guard var account = try LimitStore.accounts(tx, warranty)[layer] else { throw Failure(.notFound) }
        let book = try editions.edition(tx, warranty.terms.bookHash)
        let unit = book.tree.limitUnit(of: component.id)
        try step(&account, unit)
        guard try LimitStore.advance(tx, id, from: warranty.limitVersion) else { throw UniqueViolation() }
        for use in account.uses where use.claim == claim && use.component == unit {
            try LimitStore.put(tx, use, layer, of: id)
        }
    }
}
