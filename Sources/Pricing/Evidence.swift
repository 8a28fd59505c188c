package import Core

/// What the comparable sales say of one car, drawn from the index on one day. Together with the facts and the rule set
/// it is everything that an estimate depends on: kept beside a stored estimate, it gives the same fen for ever.
package struct Evidence: Sendable, Hashable {
    /// How near the nearest sales stand that there is enough of.
    package enum Standing: String, Sendable, Hashable, CaseIterable {
        case trim
        case series
        case brand
        case market
        /// No sale at all: the rules stand alone.
        case curve
    }

    package let standing: Standing
    /// How far sales like it lie above the rules' price, in millionths of the natural logarithm, drawn towards the
    /// wider level where there are few.
    package let gap: Int64
    /// The weight of the sales of the car's own trim, in thousandths of a sale like it in everything.
    package let trimWeight: Int64
    /// The same for its series.
    package let seriesWeight: Int64
    /// How far apart the sales lie, as median distance from their middle, in millionths of the natural logarithm.
    package let dispersion: Int64
    package let comparables: [Comparable]

    package struct Comparable: Sendable, Hashable {
        /// Which of the car's levels it shares.
        package let level: Standing
        package let soldOn: CalendarDate
        package let priceFen: Int64
        package let odometerKm: Int64?
        package let ageDays: Int64?
        /// Of a sale like the car in everything 1000.
        package let weight: Int64
        /// Its price above what the rules say for it, in millionths of the natural logarithm.
        package let gap: Int64

        package init(
            level: Standing, soldOn: CalendarDate, priceFen: Int64, odometerKm: Int64?, ageDays: Int64?, weight: Int64,
            gap: Int64
        ) {
            self.level = level
            self.soldOn = soldOn
            self.priceFen = priceFen
            self.odometerKm = odometerKm
            self.ageDays = ageDays
            self.weight = weight
            self.gap = gap
        }
    }

    package init(
        standing: Standing, gap: Int64, trimWeight: Int64, seriesWeight: Int64, dispersion: Int64,
        comparables: [Comparable]
    ) {
        self.standing = standing
        self.gap = gap
        self.trimWeight = trimWeight
        self.seriesWeight = seriesWeight
        self.dispersion = dispersion
        self.comparables = comparables
    }

    package static let none = Evidence(
        standing: .curve,
        gap: 0,
        trimWeight: 0,
        seriesWeight: 0,
        dispersion: 0,
        comparables: []
    )
}
