package import Core

/// Whether a part is covered on a day, at a reading.
package struct CoverageQuestion: Sendable, Hashable {
    package var component: Component
    package var date: CalendarDate
    package var odometerKm: Int64
    /// The highest reading that the history has up to the day.
    package var lastReading: Reading?
    package var openRecalls: [OpenRecall]

    package struct Reading: Sendable, Hashable {
        package let date: CalendarDate
        package let km: Int64

        package init(date: CalendarDate, km: Int64) {
            self.date = date
            self.km = km
        }
    }

    package struct OpenRecall: Sendable, Hashable {
        package let campaign: String
        /// `nil` where what the recall names is no part that we know.
        package let component: Component?

        package init(campaign: String, component: Component?) {
            self.campaign = campaign
            self.component = component
        }
    }

    package init(
        component: Component,
        date: CalendarDate,
        odometerKm: Int64,
        lastReading: Reading? = nil,
        openRecalls: [OpenRecall] = []
    ) {
        self.component = component
        self.date = date
        self.odometerKm = odometerKm
        self.lastReading = lastReading
        self.openRecalls = openRecalls
    }
}

package struct CoverageAnswer: Sendable, Hashable {
    package let question: CoverageQuestion
    package let status: Contract.Status
    /// The best that any payer says, held back where the question itself is doubtful.
    package let cover: Cover
    /// Who is asked first; `nil` where nobody pays.
    package let firstPayer: Payer?
    /// Every payer in the order in which they are asked.
    package let payers: [PayerAnswer]
    package let flags: [Flag]
    package let notes: [Clause]
    /// What the claimant has to show.
    package let shows: [Clause]

    package enum Flag: String, Sendable, Hashable, CaseIterable {
        case beforeSale = "before_sale"
        case odometerBelowSale = "odometer_below_sale"
        case odometerBelowHistory = "odometer_below_history"
        case odometerImplausible = "odometer_implausible"
        case manufacturerStartAssumed = "manufacturer_start_assumed"

        /// Until it is cleared up nothing is promised.
        var isDoubt: Bool { self != .manufacturerStartAssumed && self != .beforeSale }
    }
}

/// What one payer says.
package struct PayerAnswer: Sendable, Hashable {
    package let payer: Payer
    /// The promise by which it answers; `nil` where there is none.
    package let layer: CoverLayer?
    package let cover: Cover
    package let reason: Reason
    package let clauses: [Clause]
    /// Parts of what was asked for that have another answer.
    package let exceptions: [Exception]
    package let until: Period?
    package let deductible: Money
    /// For this component, whatever the claim; `nil` where nothing limits it.
    package let left: Money?

    package struct Exception: Sendable, Hashable {
        package let component: Component
        package let cover: Cover
        package let clause: Clause
    }

    package enum Reason: String, Sendable, Hashable, CaseIterable {
        /// The clause says so.
        case clause
        /// Some parts of it are covered and some are not: say which one failed.
        case dependsOnPart = "depends_on_part"
        case noSuchPromise = "no_such_promise"
        case notYet = "not_yet"
        case waiting
        case expiredByDate = "expired_by_date"
        case expiredByOdometer = "expired_by_odometer"
        case lapsed
        case cancelled
        case upgraded
        case notFitted = "not_fitted"
    }
}

extension PlanBook {
    /// - Parameter accounts: what was reserved and paid, by layer; a layer that is not named has all its limits left.
    package func answer(
        _ question: CoverageQuestion,
        for contract: Contract,
        accounts: [String: LimitAccount] = [:]
    ) -> CoverageAnswer {
        let sale = contract.terms.sale
        let flags = flags(question, contract.terms)
        let isFitted = sale.energy.has(question.component.fitted)
        let payers = Payer.allCases.flatMap { payer in
            isFitted ? self.payers(payer, question, contract, accounts) : [notFitted(payer)]
        }
        var cover = payers.map(\.cover).min { $0.order < $1.order } ?? .excluded
        if flags.contains(where: \.isDoubt), cover == .covered || cover == .conditional { cover = .assess }
        let first = payers.filter { $0.cover != .excluded }.min { $0.cover.order < $1.cover.order }
        return CoverageAnswer(
            question: question,
            status: contract.status(on: question.date, odometerKm: question.odometerKm),
            cover: cover,
            firstPayer: first?.payer,
            payers: payers,
            flags: flags,
            notes: notes(question, sale, flags),
            shows: shows(payers, question.component)
        )
    }

    // MARK: The question itself

    private func flags(_ question: CoverageQuestion, _ terms: ContractTerms) -> [CoverageAnswer.Flag] {
        var flags: [CoverageAnswer.Flag] = []
        if question.date < terms.sale.soldOn { flags.append(.beforeSale) }
        if question.date >= terms.sale.soldOn, question.odometerKm < terms.sale.odometerKm {
            flags.append(.odometerBelowSale)
        }
        if let reading = question.lastReading, question.date >= reading.date {
            let days = Int64(question.date.daysSinceEpoch - reading.date.daysSinceEpoch)
            if question.odometerKm < reading.km { flags.append(.odometerBelowHistory) }
            // A day is never over when the next reading is taken.
            if question.odometerKm > reading.km + (days + 1) * life.plausibleKmPerDay {
                flags.append(.odometerImplausible)
            }
        }
        if terms.manufacturer?.isStartAssumed == true { flags.append(.manufacturerStartAssumed) }
        return flags
    }

    /// For half a year the trader has to prove that the car was sound (Consumer Protection Law, article 23).
    private static let proofMonths = 6

    private func notes(
        _ question: CoverageQuestion,
        _ sale: SaleFacts,
        _ flags: [CoverageAnswer.Flag]
    ) -> [Clause] {
        var ids: [String] = []
        if flags.contains(where: \.isDoubt) { ids.append(PlanBook.odometerClause) }
        let isEarly = question.date >= sale.soldOn && question.date <= sale.soldOn.adding(months: PlanBook.proofMonths)
        if isEarly, sale.seller == .dealer { ids.append(PlanBook.proofClause) }
        return ids.compactMap { clause($0) }
    }

    private func shows(_ payers: [PayerAnswer], _ component: Component) -> [Clause] {
        var ids: [String] = []
        for payer in payers where payer.cover != .excluded {
            ids += (evidence.byPayer[payer.payer] ?? []).filter { !ids.contains($0) }
        }
        if component.kind == .capacity, !ids.isEmpty { ids += evidence.capacity }
        return ids.compactMap { clause($0) }
    }

    private func notFitted(_ payer: Payer) -> PayerAnswer {
        PayerAnswer(payer, .excluded, .notFitted, [clause(PlanBook.notFittedClause)])
    }
}

extension Cover {
    /// What is better for the buyer comes first.
    var order: Int {
        switch self {
        case .covered: 0
        case .conditional: 1
        case .assess: 2
        case .excluded: 3
        }
    }
}

extension PayerAnswer {
    init(_ payer: Payer, _ cover: Cover, _ reason: Reason, _ clauses: [Clause?] = [], until: Period? = nil) {
        self.init(
            payer: payer,
            layer: nil,
            cover: cover,
            reason: reason,
            clauses: clauses.compactMap { $0 },
            exceptions: [],
            until: until,
            deductible: .zero,
            left: nil
        )
    }
}
