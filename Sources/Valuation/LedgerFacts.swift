package import Core
package import History
package import Pricing

/// What a car's records say, as far as its price goes.
package enum LedgerFacts {
    /// The car as nobody but its records describe it.
    package static func car(_ timeline: Timeline, asOf: Instant) -> CarFacts {
        let identity = VehicleIdentity(timeline)
        var car = CarFacts()
        car.brand = identity.text("make").map(FactText.folded)
        car.series = identity.text("series").map(FactText.folded)
        car.trim = identity.text("model").map(FactText.folded)
        car.modelYear = identity.stated("model_year")?.value.integerValue.map { Int($0) }
        car.registeredOn = identity.text("first_registered").flatMap { CalendarDate($0) }
        car.energy = identity.text("energy").flatMap(energy)
        car.use = identity.text("use").flatMap(use)
        car.odometerKm = OdometerSeries(timeline).highest?.km
        let guidePrice = identity.stated("guide_price")?.value["amount"]?.integerValue
        // Somebody reported it; no catalogue has confirmed it.
        car.newPrice = guidePrice.map { NewPrice(fen: $0, origin: .caller) }
        car.texts["colour"] = identity.text("color").map(FactText.folded)
        car.texts["emission"] = identity.text("emission_stage")
        if let ml = identity.stated("displacement_ml")?.value.integerValue { car.numbers["displacement"] = ml }
        if let seats = identity.stated("seats")?.value.integerValue { car.numbers["seats"] = seats * 1000 }
        let transfers = timeline.holding.count { $0.event.kind == .ownershipTransferred }
        car.transfers = timeline.items.isEmpty ? nil : Int64(transfers)
        apply(timeline, asOf: asOf, to: &car)
        return car
    }

    /// Adds what was found, which holds whoever describes the car: what a seller leaves out does not go away.
    package static func apply(_ timeline: Timeline, asOf: Instant, to car: inout CarFacts) {
        let proven = Set(Findings.all(timeline, asOf: asOf).filter { $0.state == .yes }.map(\.code))
        for (code, damage) in damages where proven.contains(code) { car.condition.damages.insert(damage) }
        for (code, finding) in findings where proven.contains(code) { car.findings.insert(finding) }
        if proven.contains(.commercialUse) { car.use = .commercial }
    }

    private static let damages: [(FindingCode, SevereDamage)] = [
        (.structuralAccident, .structuralAccident), (.totalLoss, .structuralAccident), (.flood, .flood),
        (.fire, .fire),
    ]

    private static let findings: [(FindingCode, HistoryFinding)] = [
        (.odometerRollback, .odometerRollback), (.odometerInconsistency, .contradictoryReports),
        (.vinMismatch, .contradictoryReports), (.recordGap, .unexplainedGap),
        (.structuralAccident, .severeDamageReported), (.totalLoss, .severeDamageReported),
        (.flood, .severeDamageReported), (.fire, .severeDamageReported),
    ]

    /// The names of the events of registration.
    package static func energy(_ name: String) -> Energy? {
        switch name {
        case "battery": .electric
        case "fuel_cell", "gas", "other": .other
        default: Energy(rawValue: name)
        }
    }

    private static func use(_ name: String) -> Pricing.VehicleUse? {
        switch name {
        case "private": .personal
        case "company", "government": .company
        case "rental": .rental
        case "not_known": nil
        default: .commercial
        }
    }
}

extension VehicleIdentity {
    fileprivate func text(_ name: String) -> String? { stated(name)?.value.stringValue }
}
