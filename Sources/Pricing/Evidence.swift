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

    package var standing = Standing.curve
    /// How far sales like it lie above the rules' price, in millionths of the natural logarithm, drawn towards the
    /// wider level where there are few.
    package var gap: Int64 = 0
    package var trim = Level()
    package var series = Level()
    package var comparables: [Comparable] = []

    /// What the sales of one level say.
    package struct Level: Sendable, Hashable {
        /// Their robust mean above the rules' price, drawn towards nothing where there are few.
        package var gap: Int64 = 0
        /// Their weight, in thousandths of a sale that is like the car in everything.
        package var weight: Int64 = 0
        /// Their mean distance from their middle; `nil` where there are too few to tell.
        package var dispersion: Int64?

        package init() {}
    }

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
    }

    package init() {}

    package static let none = Evidence()
}
