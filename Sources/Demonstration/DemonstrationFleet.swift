package import Core

/// A made-up fleet whose cars live as cars in China do, some honestly and some not.
///
/// The same seed, size and day give the same bytes. Cars are told one by one and not kept: a large fleet takes time,
/// not memory.
package struct DemonstrationFleet: Sendable {
    package static let vehicleCounts = 1...10_000
    /// Earlier, a taxi could not have been scrapped of age since the first registration told, of 2014; later, the year
    /// code in a vehicle's number begins again.
    package static let asOfYears = 2023...2039

    package let seed: UInt64
    package let vehicleCount: Int
    /// The day on which all this is told: everything happened before it.
    package let asOf: CalendarDate

    /// - Throws: `Failure.demonstrationOutOfRange`.
    package init(seed: UInt64, vehicles: Int, asOf: CalendarDate) throws {
        let faults = FaultCollector()
        let (counts, years) = (DemonstrationFleet.vehicleCounts, DemonstrationFleet.asOfYears)
        if !counts.contains(vehicles) {
            faults.add(
                "/vehicles",
                "out_of_range",
                zh: "须在 \(counts.lowerBound) 与 \(counts.upperBound) 之间",
                en: "Must be between \(counts.lowerBound) and \(counts.upperBound)"
            )
        }
        if !years.contains(asOf.year) {
            faults.add(
                "/as_of",
                "out_of_range",
                zh: "须在 \(years.lowerBound) 年至 \(years.upperBound) 年之间",
                en: "Must be in the years \(years.lowerBound) to \(years.upperBound)"
            )
        }
        try faults.throwIfAny(.demonstrationOutOfRange)
        self.seed = seed
        self.vehicleCount = vehicles
        self.asOf = asOf
    }

    /// - Parameter index: 0 to `vehicleCount - 1`. The same car stands at the same place in a larger fleet.
    package func vehicle(at index: Int) -> DemonstrationVehicle {
        var random = SeededRandom(seed: seed, stream: UInt64(index))
        let label = DemonstrationLabel(ofVehicleAt: index)
        let plan = LifePlan(label, seed: seed, index: index, asOf: asOf, using: &random)
        var life = Life(plan, using: random)
        life.live()
        return life.vehicle()
    }

    package var vehicles: some Sequence<DemonstrationVehicle> {
        (0..<vehicleCount).lazy.map { vehicle(at: $0) }
    }

    /// What each car is there to show, in the order of the fleet.
    package var labels: [(vin: String, label: DemonstrationLabel, description: LocalizedText)] {
        vehicles.map { ($0.vin, $0.label, $0.label.description) }
    }

    /// What is sent after all events are recorded, in this order.
    package var followUps: [DemonstrationFollowUp] {
        vehicles.flatMap(\.followUps)
    }
}

extension ProblemType {
    package static let demonstrationOutOfRange = ProblemType(
        "demonstration_out_of_range",
        .invalid,
        zh: "演示车队的参数超出范围",
        en: "A demonstration fleet cannot be made with these figures"
    )

    package static let demonstration: [ProblemType] = [.demonstrationOutOfRange]
}
