package import Core
import History
package import Listings
import Pricing
package import Storage
package import Valuation

/// What a car is worth, and who says so: no limit of a contract goes above it.
package struct MarketValue: Sendable, Hashable {
    package let amount: Money
    package let source: MarketValueSource

    /// The estimator's word counts before the dealer's, and his before the price. An estimate of the lowest class is a
    /// guess, and limits nothing.
    ///
    /// - Parameters:
    ///   - offer: where it describes the car better than its records do.
    ///   - stated: what the dealer thinks it is worth.
    ///   - market: `nil` where nobody estimates.
    package static func find(
        _ tx: any Transaction,
        _ sale: SaleFacts,
        _ record: CarRecord,
        offer: Listing? = nil,
        stated: Money?,
        market: Market?
    ) throws -> MarketValue {
        if let market, let found = try estimate(tx, sale, record, offer, market) { return found }
        if let stated { return MarketValue(amount: stated, source: .caller) }
        return MarketValue(amount: sale.price, source: .price)
    }

    private static func estimate(
        _ tx: any Transaction,
        _ sale: SaleFacts,
        _ record: CarRecord,
        _ offer: Listing?,
        _ market: Market
    ) throws -> MarketValue? {
        var car = offer?.car(record.timeline, asOf: tx.now) ?? LedgerFacts.car(record.timeline, asOf: tx.now)
        car.registeredOn = sale.firstRegisteredOn
        car.odometerKm = sale.odometerKm
        car.energy = LedgerFacts.energy(sale.energy.rawValue)
        if offer == nil { LedgerFacts.apply(record.timeline, asOf: tx.now, to: &car) }
        let appraised: Appraised
        do {
            appraised = try market.appraise(car, vin: sale.vin.text, on: tx.now.dateInChina)
        } catch is Failure {
            // What the rules refuse to price has no estimate.
            return nil
        }
        guard let retail = appraised.estimate[.retail], retail.confidence < .d, let point = retail.point, point > .zero
        else { return nil }
        let context = EstimateContext(vin: sale.vin.text, listing: offer?.id.text)
        let kept = try Estimates.keep(tx, appraised, context)
        return MarketValue(amount: point, source: .estimate(kept.id.text))
    }
}
