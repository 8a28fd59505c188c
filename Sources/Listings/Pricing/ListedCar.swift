package import Core
package import History
import Identity
package import Pricing
package import Storage
package import Valuation
package import Web

extension Listing {
    /// The car as its dealer describes it, with what its records say: of those nothing is left out.
    package func car(_ timeline: Timeline, asOf: Instant) -> CarFacts {
        let vehicle = content.vehicle
        var car = CarFacts()
        car.brand = vehicle.make.map(FactText.folded)
        car.series = vehicle.series.map(FactText.folded)
        car.trim = vehicle.model.map(FactText.folded)
        car.modelYear = vehicle.modelYear.map { Int($0) }
        car.registeredOn = vehicle.firstRegisteredOn
        car.odometerKm = content.odometerKm
        // The dealer's word: no catalogue has confirmed it.
        car.newPrice = vehicle.guidePrice.map { NewPrice(fen: $0.fen, origin: .caller) }
        car.energy = vehicle.energy.flatMap { LedgerFacts.energy($0.rawValue) }
        car.transfers = vehicle.transferCount
        car.condition.grade = InspectedGrade.newest(timeline)
        car.texts["colour"] = vehicle.color.map(FactText.folded)
        car.texts["gearbox"] = vehicle.gearbox?.rawValue
        car.texts["emission"] = vehicle.emissionStage?.rawValue
        car.texts["region"] = content.location?.province.rawValue
        car.texts["city"] = content.location.map { FactText.folded($0.city) }
        car.numbers["displacement"] = vehicle.displacementMl
        car.numbers["seats"] = vehicle.seats.map { $0 * 1000 }
        if content.disclosures[.commercialUse] == .yes { car.use = .commercial }
        if content.disclosures[.accident] == .yes { car.condition.damages.insert(.structuralAccident) }
        if content.disclosures[.flood] == .yes { car.condition.damages.insert(.flood) }
        if content.disclosures[.odometerAltered] == .yes { car.findings.insert(.odometerRollback) }
        LedgerFacts.apply(timeline, asOf: asOf, to: &car)
        return car
    }

    /// Whether the two say the same of what a price is made of.
    func hasSameCar(as other: Listing) -> Bool {
        content.vehicle == other.content.vehicle && content.odometerKm == other.content.odometerKm
            && content.location == other.content.location && content.disclosures == other.content.disclosures
    }
}

/// What estimates ask of listings.
package struct ListedCars: OfferedCars {
    package init() {}

    package func car(_ tx: any Transaction, listing id: String, seenBy principal: Principal?) throws -> OfferedCar? {
        guard let id = ListingID(id), let listing = try ListingStore.find(tx, id),
            listing.status.isPublic || Policy.sees(principal, listing.dealer.text)
        else { return nil }
        return OfferedCar(vin: listing.vin, car: listing.car(try Listings.timeline(tx, listing), asOf: tx.now))
    }
}

extension Listings {
    static func timeline(_ tx: any Transaction, _ listing: Listing) throws -> Timeline {
        Timeline(try Histories.rows(tx, vin: listing.vin).map { try RecordedEvent($0) })
    }

    /// What the car is estimated at as it is offered; `nil` where the rules refuse to price it, or nothing is known of
    /// the market yet. It is kept, and everybody who looks at the offer may look at it.
    static func appraisal(
        _ tx: any Transaction,
        _ listing: Listing,
        _ timeline: Timeline,
        _ market: Market?
    ) throws -> Appraisal? {
        guard let market else { return nil }
        do {
            let car = listing.car(timeline, asOf: tx.now)
            let appraised = try market.appraise(car, vin: listing.vin.text, on: tx.now.dateInChina)
            let context = EstimateContext(vin: listing.vin.text, listing: listing.id.text)
            return Appraisal(try Estimates.keep(tx, appraised, context), appraised.estimate)
        } catch is Failure {
            return nil
        }
    }

    /// A car that was sold is one more to compare with, and shows how good the estimate was.
    static func recordSale(_ tx: any Transaction, _ listing: Listing, price: Money) throws {
        let today = tx.now.dateInChina
        let sale = Sale(
            car: listing.car(try timeline(tx, listing), asOf: tx.now),
            priceFen: price.fen,
            soldOn: today,
            vehicle: VehicleKey.hash([listing.vin.text]),
            kind: .retail
        )
        _ = try KnownSales.add(tx, [NewSale(source: NewSale.ownSource, sale: sale)])
        guard let appraisal = listing.appraisal else { return }
        try Outcomes.add(tx, Outcome(listing: listing.id.text, soldOn: today, appraisal, actual: price))
    }
}
