package import Core
package import Cryptography

/// One edition of everything that is promised with a used car. Whoever has its hash has every word and number of it;
/// nothing in it ever changes: a change is another edition.
package struct PlanBook: Sendable, Hashable {
    package let edition: String
    /// The first day on which quotes are made by it.
    package let effectiveFrom: CalendarDate
    /// SHA-256 of the text that it was read from.
    package let hash: Digest
    package let sources: [BookSource]
    package let tree: ComponentTree
    package let names: ComponentNames
    package let floors: [LegalFloor]
    package let manufacturer: ManufacturerRules
    package let plans: [WarrantyPlan]
    package let packages: [ServicePackage]
    package let grants: [Grant]
    package let life: Life
    let clausesByID: [String: Clause]
    let termClauses: [String]
    let exclusionClauses: [String]
    let evidence: Evidence
    let rates: RateRules
    /// What every promise says of every part, and every word of each plan: worked out once, asked all the time.
    private(set) var rulings: Rulings = [:]
    private(set) var wordings: [String: HashedWording] = [:]

    typealias Rulings = [Promise: [String: Ruling]]

    enum Promise: Sendable, Hashable {
        case floor(String)
        case plan(String)
    }

    struct HashedWording: Sendable, Hashable {
        let wording: Wording
        let hash: Digest
    }

    /// The clause for what a promise does not reach.
    static let unlistedClause = "X-NOT-LISTED"
    static let notFittedClause = "X-NOT-FITTED"
    static let openRecallClause = "R-OPEN"
    static let possibleRecallClause = "R-MAYBE"
    static let goodwillClause = "G-GOODWILL"
    static let waitingClause = "G-WAITING"
    static let termClause = "G-TERM"
    static let transferClause = "G-TRANSFER"
    static let lapseClause = "G-LAPSE"
    static let cancelClause = "G-CANCEL"
    static let proofClause = "F-PROOF"
    static let odometerClause = "X-ODOMETER"
    /// What the program itself refers to; an edition has to have them.
    static let neededClauses = [
        unlistedClause, notFittedClause, openRecallClause, possibleRecallClause, goodwillClause, waitingClause,
        termClause, transferClause, lapseClause, cancelClause, proofClause, odometerClause,
    ]

    /// Days and distances that the terms name.
    package struct Life: Sendable, Hashable {
        package let quoteDays: Int
        package let paymentDays: Int
        package let freeLookDays: Int
        package let renewalDays: Int
        package let goodwillDays: Int
        /// No car goes further in a day, year in, year out.
        package let plausibleKmPerDay: Int64
    }

    /// What a claimant shows to whom.
    struct Evidence: Sendable, Hashable {
        let byPayer: [Payer: [String]]
        let capacity: [String]
    }
}

extension PlanBook {
    /// Call once, when all of it is known to be sound.
    mutating func prepare() {
        for floor in floors {
            rulings[.floor(floor.id)] = rulings { floor.scope.ruling(on: $0, in: tree) }
        }
        for plan in plans {
            rulings[.plan(plan.id)] = rulings { plan.ruling(on: $0, in: tree) }
            let wording = writeWording(of: plan)
            wordings[plan.id] = HashedWording(wording: wording, hash: wording.hash)
        }
    }

    private func rulings(_ rule: (Component) -> Ruling) -> [String: Ruling] {
        Dictionary(tree.components.map { ($0.id, rule($0)) }, uniquingKeysWith: { first, _ in first })
    }

    /// What a promise says of a part; nothing where there is no such promise.
    func ruling(_ promise: Promise, _ component: Component) -> Ruling {
        rulings[promise]?[component.id] ?? Ruling(cover: .excluded, clause: PlanBook.unlistedClause)
    }

    package func plan(_ id: String) -> WarrantyPlan? { plans.first { $0.id == id } }

    package var tiers: [WarrantyPlan] { plans.filter { $0.kind == .tier }.sorted { $0.rank < $1.rank } }
    package var extensions: [WarrantyPlan] { plans.filter { $0.kind == .extension }.sorted { $0.rank < $1.rank } }
    /// The tier that every car gets to which the law grants something.
    package var carrier: WarrantyPlan? { plans.first(where: \.carriesFloor) }

    package var clauses: [Clause] { clausesByID.values.sorted { $0.id < $1.id } }

    /// A clause with its number in it. An edition that names a clause has it, so that nothing is ever left out.
    package func clause(_ id: String) -> Clause? {
        guard let clause = clausesByID[id], clause.hasPlaceholder else { return clausesByID[id] }
        switch id {
        case PlanBook.cancelClause: return clause.with(Int64(life.freeLookDays))
        case PlanBook.lapseClause: return clause.with(Int64(life.paymentDays))
        case PlanBook.goodwillClause: return clause.with(Int64(life.goodwillDays))
        case "G-RENEWAL": return clause.with(Int64(life.renewalDays))
        default:
            let promise = plans.compactMap(\.capacity).first { $0.clause == id }
            return promise.map { clause.with($0.thresholdPercent) } ?? clause
        }
    }

    /// The package that comes with a price: the one that begins highest, a price on the line getting the better one.
    package func package(for price: Money) -> ServicePackage? {
        packages.filter { $0.from <= price }.max { $0.from < $1.from }
    }

    /// What the law grants the buyer of this car.
    package func floors(for sale: SaleFacts) -> [LegalFloor] { floors.filter { $0.applies(to: sale) } }

    /// - Parameter tier: that an extension is to be sold with.
    package func eligibility(_ plan: WarrantyPlan, for sale: SaleFacts, with tier: String? = nil) -> Eligibility {
        let outcomes = plan.eligibility.compactMap { rule -> Eligibility.Outcome? in
            guard let clause = clausesByID[rule.clause] else { return nil }
            let holds = rule.holds(for: sale, with: tier)
            return Eligibility.Outcome(clause: clause.with(rule.value(for: sale)), holds: holds)
        }
        let qualifies = outcomes.allSatisfy(\.holds)
        let isByLaw = !qualifies && plan.carriesFloor && !floors(for: sale).isEmpty
        return Eligibility(isEligible: qualifies || isByLaw, isByLaw: isByLaw, outcomes: outcomes)
    }
}
