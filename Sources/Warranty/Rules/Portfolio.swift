package import Core

/// What a book of contracts amounts to on a day: for whoever keeps the money.
package struct Portfolio: Sendable, Hashable {
    package let asOf: CalendarDate
    /// By status of the contract.
    package let counts: [Contract.Status: Int64]
    package let inForce: [InForce]
    /// What could still be paid at the most, by the limits that are left of promises that can still be claimed on.
    package let exposure: Money
    package let claimsPaid: Money
    package let claimsReserved: Money
    package let months: [Month]
    /// Contracts in force whose plan ends by date within so many days.
    package let expiring: [Expiring]

    /// Contracts in force under one plan.
    package struct InForce: Sendable, Hashable {
        package let plan: String
        package let name: LocalizedText
        package let count: Int64
        package let exposure: Money
    }

    package struct Expiring: Sendable, Hashable {
        package let days: Int
        package let count: Int64
    }

    package struct Month: Sendable, Hashable {
        /// Its first day.
        package let start: CalendarDate
        package let written: Money
        package let earned: Money
        package let refunded: Money
        /// At its end, or on the day that is asked for: written so far, less earned and paid back.
        package let unearned: Money
    }

    /// A contract, and what claims have had of it.
    package struct Position: Sendable, Hashable {
        package let contract: Contract
        package let accounts: [String: LimitAccount]
        /// The highest reading that is known.
        package let odometerKm: Int64

        package init(contract: Contract, accounts: [String: LimitAccount], odometerKm: Int64) {
            self.contract = contract
            self.accounts = accounts
            self.odometerKm = odometerKm
        }
    }

    private static let horizons = [30, 60, 90]
    /// Months that are shown of the past.
    private static let shownMonths = 60

    /// - Throws: `Failure.amountOutOfRange` for amounts that no book has.
    package init(_ positions: [Position], asOf: CalendarDate) throws {
        self.asOf = asOf
        let sold = positions.filter { $0.contract.terms.sale.soldOn <= asOf }
        let standing = sold.map { ($0, $0.contract.status(on: asOf, odometerKm: $0.odometerKm)) }
        counts = Dictionary(grouping: standing, by: \.1).mapValues { Int64($0.count) }
        let living = standing.filter { [.active, .waiting, .unpaid].contains($0.1) }.map(\.0)
        inForce = Portfolio.inForce(living, asOf)
        exposure = Money(fen: inForce.reduce(0) { $0 + $1.exposure.fen })
        claimsPaid = Money(fen: sold.reduce(0) { $0 + $1.accounts.values.reduce(0) { $0 + $1.paid.fen } })
        claimsReserved = Money(fen: sold.reduce(0) { $0 + $1.accounts.values.reduce(0) { $0 + $1.reserved.fen } })
        months = try Portfolio.months(sold.map(\.contract), asOf)
        expiring = Portfolio.horizons.map { days in
            let last = asOf.adding(days: days)
            return Expiring(
                days: days,
                count: Int64(living.count { ($0.contract.terms.tier?.period.end ?? asOf) <= last })
            )
        }
    }

    package var earned: Money { Money(fen: months.reduce(0) { $0 + $1.earned.fen }) }
    package var written: Money { Money(fen: months.reduce(0) { $0 + $1.written.fen }) }

    /// Claims paid of what was earned; `nil` while nothing was.
    package var lossRatio: BasisPoints? {
        guard earned > .zero else { return nil }
        return BasisPoints(claimsPaid.fen * BasisPoints.whole.value / earned.fen)
    }

    private static func inForce(_ living: [Position], _ asOf: CalendarDate) -> [InForce] {
        var plans: [String: InForce] = [:]
        for position in living {
            for layer in position.contract.terms.soldLayers {
                let standing = position.contract.standing(of: layer, on: asOf, position.odometerKm)
                guard standing != .expiredByDate, standing != .expiredByOdometer, let limits = layer.limits else {
                    continue
                }
                let left = (position.accounts[layer.id] ?? LimitAccount(limits)).left
                let old = plans[layer.id]
                plans[layer.id] = InForce(
                    plan: layer.id,
                    name: layer.name,
                    count: (old?.count ?? 0) + 1,
                    exposure: Money(fen: (old?.exposure.fen ?? 0) + left.fen)
                )
            }
        }
        return plans.values.sorted { $0.plan < $1.plan }
    }

    // MARK: Months

    private static func months(_ contracts: [Contract], _ asOf: CalendarDate) throws -> [Month] {
        let paid = contracts.filter { $0.paidOn != nil }
        guard let first = paid.compactMap(\.paidOn).min(), first <= asOf else { return [] }
        var months: [Month] = []
        var start = firstDay(of: first)
        while start <= asOf {
            let end = min(start.adding(months: 1).adding(days: -1), asOf)
            let before = start.adding(days: -1)
            let earned = try paid.reduce(0) { try $0 + $1.earned(through: end).fen - $1.earned(through: before).fen }
            let written = paid.filter { $0.paidOn.map { $0 >= start && $0 <= end } ?? false }.reduce(0) {
                $0 + $1.price.fen
            }
            let refunded = paid.reduce(0) { $0 + $1.refunded(from: start, through: end).fen }
            let unearned = (months.last?.unearned.fen ?? 0) + written - earned - refunded
            months.append(
                Month(
                    start: start,
                    written: Money(fen: written),
                    earned: Money(fen: earned),
                    refunded: Money(fen: refunded),
                    unearned: Money(fen: unearned)
                )
            )
            start = start.adding(months: 1)
        }
        return months
    }

    private static func firstDay(of date: CalendarDate) -> CalendarDate {
        date.adding(days: 1 - date.components.day)
    }
}

extension Contract {
    /// What was earned of what was paid, by the days that have passed; all that was not paid back once it has ended.
    /// Over all time this and what was paid back are what was paid, to the fen.
    package func earned(through date: CalendarDate) throws -> Money {
        guard let paidOn, date >= paidOn else { return .zero }
        if let ending, date >= ending.date { return Money(fen: ending.refunds.reduce(0) { $0 + $1.earned.fen }) }
        let parts = try terms.soldLayers.map { layer in
            let passed = Int64(date.daysSinceEpoch - layer.period.start.daysSinceEpoch)
            let elapsed = min(max(0, passed), layer.period.days)
            return try Money.split(layer.price, weights: [elapsed, layer.period.days - elapsed])[0]
        }
        return try parts.reduce(.zero) { try $0.adding($1) }
    }

    func refunded(from start: CalendarDate, through end: CalendarDate) -> Money {
        guard let ending, ending.date >= start, ending.date <= end else { return .zero }
        return Money(fen: ending.refunds.reduce(0) { $0 + $1.refund.fen })
    }
}

extension Portfolio {
    package var json: JSON {
        [
            "as_of": JSON(asOf),
            "counts": .object(Contract.Status.allCases.map { .init($0.rawValue, .integer(counts[$0] ?? 0)) }),
            "in_force": .array(
                inForce.map { plan in
                    [
                        "plan": JSON(plan.plan), "name": plan.name.json, "count": .integer(plan.count),
                        "exposure": plan.exposure.json,
                    ]
                }
            ),
            "exposure": exposure.json,
            "written": written.json,
            "earned": earned.json,
            "unearned": (months.last?.unearned ?? .zero).json,
            "claims_paid": claimsPaid.json,
            "claims_reserved": claimsReserved.json,
            "loss_ratio_bp": .optional(lossRatio) { JSON($0) },
            "expiring": .array(expiring.map { ["within_days": JSON($0.days), "count": .integer($0.count)] }),
            "months": .array(
                months.suffix(Portfolio.shownMonths).map { month in
                    [
                        "month": JSON(String(month.start.description.prefix(7))), "written": month.written.json,
                        "earned": month.earned.json, "refunded": month.refunded.json, "unearned": month.unearned.json,
                    ]
                }
            ),
        ]
    }
}
