package import Core
package import Cryptography

/// What somebody wants to know the price of.
package struct QuoteRequest: Sendable, Hashable {
    package var sale: SaleFacts
    /// Wished for; a plan that does not offer it takes the next lower one that it does.
    package var deductible: Money
    /// The car is sold by the platform with the services of its price band.
    package var isWithPackage: Bool
    /// Who says what the car is worth.
    package var value: MarketValueSource

    package init(
        sale: SaleFacts,
        deductible: Money = .zero,
        isWithPackage: Bool = true,
        value: MarketValueSource = .price
    ) {
        self.sale = sale
        self.deductible = deductible
        self.isWithPackage = isWithPackage
        self.value = value
    }
}

/// Who says what a car is worth.
package enum MarketValueSource: Sendable, Hashable {
    /// The platform's estimate of this number, which stays reproducible.
    case estimate(String)
    case caller
    /// Nobody: it is what the car is sold for.
    case price

    package var name: String {
        switch self {
        case .estimate: "estimate"
        case .caller: "caller"
        case .price: "price"
        }
    }

    package var estimate: String? {
        if case .estimate(let id) = self { id } else { nil }
    }
}

/// Every plan for one car, each with its price, line by line. The same edition and the same request give the same
/// quote, to the byte.
package struct Quote: Sendable, Hashable {
    package let request: QuoteRequest
    package let edition: String
    package let bookHash: Digest
    package let validUntil: CalendarDate
    package let floors: [LegalFloor]
    package let manufacturer: ManufacturerCover?
    package let package: ServicePackage?
    /// The best tier that comes with the car for nothing: the package's where the car may have it, and what the law
    /// makes us grant in any case.
    package let includedTier: String?
    package let grants: [Grant]
    package let offers: [Offer]

    package func offer(_ plan: String) -> Offer? { offers.first { $0.plan.id == plan } }

    /// One plan for this car.
    package struct Offer: Sendable, Hashable {
        package let plan: WarrantyPlan
        package let eligibility: Eligibility
        package let deductible: Money
        package let lines: [PriceLine]
        package let price: Money
        package let limits: Limits
        /// SHA-256 of every word of the plan as it is shown at the sale.
        package let wordingHash: Digest
    }
}

/// How much is paid at the most, in fen: for a claim, for a component, in all.
package struct Limits: Sendable, Hashable {
    package let claim: Money
    package let component: Money
    package let total: Money

    package init(claim: Money, component: Money, total: Money) {
        self.claim = claim
        self.component = component
        self.total = total
    }

    init(_ rates: WarrantyPlan.LimitRates, of value: Money) throws {
        claim = try value.multiplied(by: rates.claim, rounding: .down)
        component = try value.multiplied(by: rates.component, rounding: .down)
        total = try value.multiplied(by: rates.total, rounding: .down)
    }

    package var json: JSON { ["claim": claim.json, "component": component.json, "total": total.json] }
}

extension PlanBook {
    /// - Throws: `Failure.amountOutOfRange` for prices that no car has.
    package func quote(_ request: QuoteRequest) throws -> Quote {
        let sale = request.sale
        let package = request.isWithPackage ? package(for: sale.price) : nil
        let included = includedTier(package, sale)
        let offers = try (tiers + extensions).map { try offer($0, request, included: included) }
        return Quote(
            request: request,
            edition: edition,
            bookHash: hash,
            validUntil: sale.soldOn.adding(days: life.quoteDays),
            floors: floors(for: sale),
            manufacturer: manufacturer.cover(for: sale),
            package: package,
            includedTier: included?.id,
            grants: request.isWithPackage ? grants + (package?.grants ?? []) : [],
            offers: offers
        )
    }

    /// A package that promises a tier for which the car is too old gives the best below it.
    private func includedTier(_ package: ServicePackage?, _ sale: SaleFacts) -> WarrantyPlan? {
        let promised = package.flatMap { plan($0.tier) }
        let best = tiers.last { tier in
            guard let promised, tier.rank <= promised.rank else { return false }
            return eligibility(tier, for: sale).isEligible
        }
        return best ?? (floors(for: sale).isEmpty ? nil : carrier)
    }

    private func offer(
        _ plan: WarrantyPlan,
        _ request: QuoteRequest,
        included: WarrantyPlan?
    ) throws -> Quote.Offer {
        let deductible = plan.deductibles.filter { $0 <= request.deductible }.max() ?? plan.deductibles.min() ?? .zero
        let gross = try rates.lines(plan, for: request.sale, deductible: deductible)
        var credit: (label: LocalizedText, worth: Money)?
        if plan.kind == .tier, let included {
            // What comes for nothing is worth the same whatever the deductible: that of the law has none.
            let worth = try PriceLine.total(rates.lines(included, for: request.sale, deductible: .zero))
            let label = LocalizedText(zh: "已含\(included.name.zh)，不另收费", en: "\(included.name.en) is included")
            credit = (label, worth)
        }
        let lines = try rates.closing(gross, included: credit)
        return Quote.Offer(
            plan: plan,
            eligibility: eligibility(plan, for: request.sale),
            deductible: deductible,
            lines: lines,
            price: try PriceLine.total(lines),
            limits: try Limits(plan.limitRates, of: request.sale.marketValue),
            wordingHash: wordingHash(of: plan)
        )
    }
}
