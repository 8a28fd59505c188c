package import Core
package import Cryptography
import History
package import Identity
package import Storage

/// How a contract goes on: renewed where it ends, or exchanged for a higher plan.
extension Warranties {
    package struct Going: Sendable {
        package enum Kind: String, Sendable, Hashable, CaseIterable {
            case renewal
            case upgrade
        }

        package let kind: Kind
        package let tier: String
        package let deductible: Money
        package let odometerKm: Int64
        /// What the car is worth by now; `nil` for what it was worth at the sale.
        package let marketValue: Money?
        package let acknowledged: Set<Digest>
        package let isPaid: Bool
    }

    /// - Returns: the new contract.
    /// - Throws: `notRenewable`, `notAnUpgrade`, `contractEnded`, `contractLapsed`, `openClaims`, and whatever
    ///   `PlanBook.terms` refuses.
    package func goOn(
        _ tx: any Transaction,
        _ current: StoredWarranty,
        _ going: Going,
        from origin: Origin
    ) throws -> StoredWarranty {
        try checkReading(tx, current, going.odometerKm)
        let book = try editions.current(tx, on: tx.now.dateInChina)
        let continuation = try continuation(tx, current, going, book)
        if let successor = try WarrantyStore.successor(tx, of: current.id) {
            throw Failure(.notRenewable, zh: "已续为合同 \(successor)", en: "It goes on as \(successor)")
        }
        let request = try question(tx, current, going)
        let issue = IssueRequest(
            tier: going.tier,
            deliveredOn: request.sale.soldOn,
            odometerKm: going.odometerKm,
            acknowledged: going.acknowledged
        )
        let terms = try book.terms(
            WarrantyID(at: tx.now),
            for: issue,
            of: try book.quote(request),
            continuing: continuation
        )
        try editions.keep(tx, book)
        if going.kind == .upgrade { try end(tx, current, going, from: origin) }
        let contract = Contract(
            terms: terms,
            holder: current.contract.holder,
            paidOn: going.isPaid ? tx.now.dateInChina : nil
        )
        return try insert(tx, contract, quote: nil, current.dealer, from: origin)
    }

    /// What going on would cost: asked before, so that the buyer reads the wording that he then acknowledges.
    package struct GoingQuote: Sendable {
        package let quote: Quote
        package let book: PlanBook
        /// When the new contract would begin.
        package let start: CalendarDate
        /// What would be paid back for the old one, and counts towards the price.
        package let credit: Money
    }

    /// - Throws: `notRenewable`, `contractEnded`, `contractLapsed`, `openClaims`, as `goOn` would.
    func priceToGoOn(_ tx: any Transaction, _ current: StoredWarranty, _ going: Going) throws -> GoingQuote {
        try checkReading(tx, current, going.odometerKm)
        let book = try editions.current(tx, on: tx.now.dateInChina)
        var (start, credit) = (tx.now.dateInChina, Money.zero)
        switch going.kind {
        case .renewal:
            let days = book.life.renewalDays
            start = try current.contract.renewal(on: start, odometerKm: going.odometerKm, days: days).start
        case .upgrade:
            var ended = current.contract
            let accounts = try LimitStore.accounts(tx, current)
            try ended.end(.upgraded, on: start, odometerKm: going.odometerKm, accounts: accounts)
            credit = try (ended.ending?.refunds ?? []).map(\.refund).reduce(.zero) { try $0.adding($1) }
        }
        let quote = try book.quote(try question(tx, current, going))
        return GoingQuote(quote: quote, book: book, start: start, credit: credit)
    }

    private func continuation(
        _ tx: any Transaction,
        _ current: StoredWarranty,
        _ going: Going,
        _ book: PlanBook
    ) throws -> Continuation {
        let (today, km) = (tx.now.dateInChina, going.odometerKm)
        switch going.kind {
        case .renewal:
            return try current.contract.renewal(on: today, odometerKm: km, days: book.life.renewalDays)
        case .upgrade:
            let old = try editions.edition(tx, current.terms.bookHash).plan(current.terms.tier?.id ?? "")
            guard let plan = book.plan(going.tier), let old else { throw Failure(.notAnUpgrade) }
            return try current.contract.upgrade(to: plan, from: old, on: today, odometerKm: km)
        }
    }

    /// The car as it is today. A renewal is no sale by a dealer and brings no package; an upgrade stands on the sale
    /// that it goes on from, and what came with that is not charged again.
    private func question(_ tx: any Transaction, _ current: StoredWarranty, _ going: Going) throws -> QuoteRequest {
        let record = try CarRecord(tx, vin: current.terms.sale.vin)
        var sale = current.terms.sale
        sale.soldOn = tx.now.dateInChina
        sale.odometerKm = going.odometerKm
        sale.findings = record.findings
        sale.grade = record.grade
        let stated = going.marketValue ?? sale.marketValue
        let value = try MarketValue.find(tx, sale, record, stated: stated, market: market)
        sale.marketValue = value.amount
        guard going.kind == .upgrade else {
            sale.seller = .private
            return QuoteRequest(sale: sale, deductible: going.deductible, isWithPackage: false, value: value.source)
        }
        let original = try current.quote.flatMap { try WarrantyStore.quote(tx, $0) }
        let isWithPackage = original?.request.isWithPackage ?? false
        return QuoteRequest(
            sale: sale,
            deductible: going.deductible,
            isWithPackage: isWithPackage,
            value: value.source
        )
    }

    /// All that would be paid back for the old contract counts towards the new one.
    private func end(_ tx: any Transaction, _ current: StoredWarranty, _ going: Going, from origin: Origin) throws {
        var warranty = current
        let accounts = try LimitStore.accounts(tx, current)
        try warranty.contract.end(
            .upgraded,
            on: tx.now.dateInChina,
            odometerKm: going.odometerKm,
            accounts: accounts
        )
        guard try LimitStore.advance(tx, current.id, from: current.limitVersion) else { throw UniqueViolation() }
        let ending = warranty.contract.ending.map(\.json) ?? .null
        _ = try replace(tx, current, by: warranty, .upgraded, origin, [.init("ending", ending)])
    }
}

extension Warranties.GoingQuote {
    func json(_ current: StoredWarranty, _ kind: Warranties.Going.Kind) -> JSON {
        let shown = book.shown(quote)
        return .object(
            [
                .init("warranty", JSON(current.id)), .init("kind", JSON(kind.rawValue)),
                .init("begins_on", JSON(start)), .init("credit", credit.json),
            ] + shown
        )
    }
}

extension Warranties.Going {
    /// What is asked for a price: as `init(_:)`, before anything was chosen and acknowledged.
    ///
    /// - Throws: `invalidRequest` with every fault.
    init(asking json: JSON) throws {
        var reader = try ObjectReader(json)
        let kind = reader.oneOf("kind", Kind.self)
        let deductible = reader.money("deductible", fen: WarrantyLimits.deductibleFen, required: false)
        let odometer = reader.odometer("odometer_km")
        let marketValue = reader.money("market_value", fen: WarrantyLimits.priceFen, required: false)
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        guard let kind, let odometer else { throw Failure(.invalidRequest) }
        self.init(
            kind: kind,
            tier: "",
            deductible: deductible ?? .zero,
            odometerKm: odometer.kilometres,
            marketValue: marketValue,
            acknowledged: [],
            isPaid: false
        )
    }

    /// - Throws: `invalidRequest` with every fault.
    init(_ json: JSON) throws {
        var reader = try ObjectReader(json)
        let kind = reader.oneOf("kind", Kind.self)
        let tier = reader.string("tier", length: WarrantyLimits.nameCharacters)
        let deductible = reader.money("deductible", fen: WarrantyLimits.deductibleFen, required: false)
        let odometer = reader.odometer("odometer_km")
        let marketValue = reader.money("market_value", fen: WarrantyLimits.priceFen, required: false)
        let acknowledged = reader.hashes("acknowledged")
        let isPaid = reader.bool("is_paid", required: false) ?? false
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        guard let kind, let tier, let odometer else { throw Failure(.invalidRequest) }
        self.init(
            kind: kind,
            tier: tier,
            deductible: deductible ?? .zero,
            odometerKm: odometer.kilometres,
            marketValue: marketValue,
            acknowledged: acknowledged,
            isPaid: isPaid
        )
    }
}
