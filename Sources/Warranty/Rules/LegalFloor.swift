package import Core

/// What the law grants the buyer of some cars, whatever plan there is or is not.
package struct LegalFloor: Sendable, Hashable {
    package let id: String
    package let source: BookSource
    package let clause: String
    /// `nil` where it holds in the whole country.
    package let regions: Set<String>?
    package let sellers: Set<SaleFacts.Seller>
    package let maxAgeMonths: Int64?
    package let maxOdometerKm: Int64?
    package let uses: Set<SaleFacts.Use>?
    package let term: Term
    package let scope: CoverScope

    /// Every condition has to hold. Where age and distance are both named, the first that is passed ends it.
    package func applies(to sale: SaleFacts) -> Bool {
        sellers.contains(sale.seller) && regions?.contains(sale.region) != false && uses?.contains(sale.use) != false
            && maxAgeMonths.map(sale.isUpTo) != false && maxOdometerKm.map { sale.odometerKm <= $0 } != false
    }

    static let ages: ClosedRange<Int64> = 1...600

    init(_ object: BookObject, sources: [String: BookSource], _ names: BookNames) {
        id = object.text("id")
        let source = object.reference("source", to: names.sources, "source")
        self.source =
            sources[source] ?? BookSource(id: source, basis: .platformRule, title: LocalizedText(zh: "", en: ""))
        clause = object.reference("clause", to: names.clauses, "clause")
        regions = object.has("regions") ? Set(object.texts("regions")) : nil
        sellers = object.choices("sellers")
        maxAgeMonths = object.optionalInteger("max_age_months", in: LegalFloor.ages)
        maxOdometerKm = object.optionalInteger("max_odometer_km", in: OdometerKm.range)
        uses = object.has("uses") ? object.choices("uses") : nil
        term = object.object("term").map(Term.init) ?? Term(.days(1), km: 1)
        let kinds = CoverScope.kinds(object.optionalObject("kinds"), names)
        scope = CoverScope(object, kinds: kinds, names)
        object.refuseUnknownMembers()
    }
}

/// What the maker of a car still owes for it.
package struct ManufacturerRules: Sendable, Hashable {
    package let term: Term
    package let uses: Set<SaleFacts.Use>
    package let clause: String
    package let transferClause: String
    package let assumedStartClause: String
    let kinds: [Component.Kind: Ruling]

    init(_ object: BookObject?, _ names: BookNames) {
        _ = object?.reference("source", to: names.sources, "source")
        term = object?.object("term").map(Term.init) ?? Term(.months(1), km: 1)
        uses = object?.choices("uses") ?? []
        clause = object?.reference("clause", to: names.clauses, "clause") ?? ""
        transferClause = object?.reference("transfer_clause", to: names.clauses, "clause") ?? ""
        assumedStartClause = object?.reference("assumed_start_clause", to: names.clauses, "clause") ?? ""
        kinds = CoverScope.kinds(object?.optionalObject("kinds"), names)
        object?.refuseUnknownMembers()
    }

    /// What is left of it when the car is sold; `nil` where nothing is owed from the start.
    package func cover(for sale: SaleFacts) -> ManufacturerCover? {
        guard uses.contains(sale.use) else { return nil }
        let start = sale.inServiceOn ?? sale.firstRegisteredOn
        var period = Period(term, from: start, at: 0)
        if let promise = sale.makersPromise {
            // A promise never takes away what the law gives.
            let (end, endKm) = (max(period.end, promise.until), max(period.endKm, promise.odometerKm))
            period = Period(start: start, end: end, startKm: 0, endKm: endKm)
        }
        return ManufacturerCover(period: period, isStartAssumed: sale.inServiceOn == nil)
    }

    package func ruling(on component: Component) -> Ruling {
        component.kind.flatMap { kinds[$0] } ?? Ruling(cover: .covered, clause: clause)
    }
}

package struct ManufacturerCover: Sendable, Hashable {
    package let period: Period
    /// Nobody gave the day of the new car's invoice, so that the first registration stands in for it.
    package let isStartAssumed: Bool

    package init(period: Period, isStartAssumed: Bool) {
        self.period = period
        self.isStartAssumed = isStartAssumed
    }

    package var json: JSON { ["period": period.json, "is_start_assumed": .bool(isStartAssumed)] }
}
