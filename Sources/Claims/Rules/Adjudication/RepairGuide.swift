package import Core

/// What parts cost and how long work takes: an edition, versioned.
package struct RepairGuide: Sendable, Hashable {
    package let version: String
    package let parts: [String: Part]
    package let operations: [String: Operation]
    /// For an hour of work, in the city and class of the workshop.
    package let hourlyRateMaximum: Money
    /// How far above the reference a part may cost.
    package let priceTolerance: BasisPoints
    package let source: RuleSource

    /// By component.
    package struct Part: Sendable, Hashable {
        /// Tax included, for one.
        package let price: Money
        package let grades: Set<Grade>

        package init(price: Money, grades: Set<Grade>) {
            self.price = price
            self.grades = grades
        }
    }

    package enum Grade: String, Sendable, Hashable, CaseIterable {
        /// 原厂件
        case original
        /// 品牌件
        case brand
        /// 再制造件
        case remanufactured
        /// 拆车件
        case used
    }

    /// Times are in thousandths of an hour, quantities in thousandths of one.
    package struct Operation: Sendable, Hashable {
        package let code: String
        package let hoursMilli: Int64
        /// Operations that are done along with it.
        package let includes: Set<String>
        /// What has to be taken off to get there, and how much of the time that is: it is taken off once.
        package let access: String?
        package let accessMilli: Int64
        /// By component, what it takes at the most.
        package let quantities: [String: Int64]

        package init(
            code: String,
            hoursMilli: Int64,
            includes: Set<String> = [],
            access: String? = nil,
            accessMilli: Int64 = 0,
            quantities: [String: Int64] = [:]
        ) {
            self.code = code
            self.hoursMilli = hoursMilli
            self.includes = includes
            self.access = access
            self.accessMilli = min(accessMilli, hoursMilli)
            self.quantities = quantities
        }
    }

    package init(
        version: String,
        parts: [String: Part],
        operations: [Operation],
        hourlyRateMaximum: Money,
        priceTolerance: BasisPoints,
        source: RuleSource
    ) {
        self.version = version
        self.parts = parts
        self.operations = Dictionary(operations.map { ($0.code, $0) }) { first, _ in first }
        self.hourlyRateMaximum = hourlyRateMaximum
        self.priceTolerance = priceTolerance
        self.source = source
    }
}

/// How much of a wearing part's life the buyer has had. Only what was shown at the sale counts.
package struct BettermentTable: Sendable, Hashable {
    package let version: String
    /// By component; what belongs to it has the same.
    package let lives: [String: Life]
    /// Of its life, for which nothing is taken off.
    package let grace: BasisPoints
    package let maximum: BasisPoints
    package let source: RuleSource

    package struct Life: Sendable, Hashable {
        package let km: Int64
        package let months: Int64

        package init(km: Int64, months: Int64) {
            self.km = km
            self.months = months
        }
    }

    package init(version: String, lives: [String: Life], grace: BasisPoints, maximum: BasisPoints, source: RuleSource) {
        self.version = version
        self.lives = lives
        self.grace = grace
        self.maximum = maximum
        self.source = source
    }

    /// What the buyer bears of a part that has been in use so far and so long: the share of its life beyond the grace,
    /// by whichever is more.
    package func buyersShare(of component: String, used: Life) -> BasisPoints {
        guard let life = life(of: component), life.km > 0, life.months > 0 else { return BasisPoints(0) }
        let whole = BasisPoints.whole.value
        let byKm = min(max(0, used.km), life.km) * whole / life.km
        let byTime = min(max(0, used.months), life.months) * whole / life.months
        return BasisPoints(min(max(0, max(byKm, byTime) - grace.value), maximum.value))
    }

    private func life(of component: String) -> Life? {
        var name = component[...]
        while true {
            if let life = lives[String(name)] { return life }
            guard let dot = name.lastIndex(of: ".") else { return nil }
            name = name[..<dot]
        }
    }

    /// Expected lives of parts that wear slower than what is replaced at a service.
    package static let proposal2026 = BettermentTable(
        version: "betterment-2026-1",
        lives: [
            "suspension": Life(km: 120_000, months: 96),
            "transmission.clutch": Life(km: 120_000, months: 96),
            "engine.mounts": Life(km: 150_000, months: 120),
            "engine.cooling.hose": Life(km: 100_000, months: 72),
            "steering.hose": Life(km: 100_000, months: 72),
            "electrics.battery_12v": Life(km: 80_000, months: 48),
            "brakes": Life(km: 60_000, months: 48),
            "body.tyre": Life(km: 50_000, months: 60),
        ],
        grace: BasisPoints(3_000),
        maximum: BasisPoints(7_000),
        source: .ownProposal
    )
}
