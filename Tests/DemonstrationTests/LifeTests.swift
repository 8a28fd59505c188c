import Core
import Demonstration
import Testing

@Suite struct LifeTests {
    @Test func `a life begins with its registration, goes on in order, and ends before the day of the telling`() {
        for fleet in toldFleets {
            for vehicle in fleet.vehicles {
                #expect(vehicle.events.first?.kind == "vehicle.registered")
                #expect(vehicle.events("vehicle.registered").count == 1)
                #expect(vehicle.registration.day.year >= 2014)
                let times = vehicle.events.map(\.occurredAt)
                #expect(times == times.sorted())
                let all = times + vehicle.followUps.map(\.event.occurredAt)
                #expect(all.allSatisfy { $0 < fleet.asOf.startInChina })
            }
        }
    }

    @Test func `no odometer falls but those of which that is the story`() {
        let stories: [DemonstrationLabel] = [
            .odometerRollback, .odometerReplaced, .odometerTypo, .odometerRollover, .corrected,
        ]
        for vehicle in sharedVehicles where !stories.contains(vehicle.label) {
            #expect(vehicle.falls.isEmpty, "\(vehicle.vin) \(vehicle.label)")
        }
    }

    @Test(arguments: [("private", 9_500...18_500), ("ride_hailing", 58_000...102_000), ("taxi", 50_000...80_000)])
    func `an honest car is driven as its use has it`(use: String, kmPerYear: ClosedRange<Int64>) throws {
        let honest: [DemonstrationLabel] = [.clean, .cleanElectric, .declaredCommercial]
        let cars = sharedVehicles.filter { honest.contains($0.label) && $0.registeredUse == use }
        try #require(cars.count > 3)
        // A car at a dealer's is not driven.
        for car in cars where car.first("listing.published") == nil && car.first("ownership.transferred") == nil {
            let last = try #require(car.readings.last)
            let days = Int64(last.event.day.daysSinceEpoch - car.registration.day.daysSinceEpoch)
            #expect(kmPerYear.contains(last.km * 365 / days), "\(car.vin)")
        }
    }

    @Test func `a sale goes its way in order, and the owner changes before the car does`() throws {
        let steps = [
            "odometer.read", "inspection.platform", "listing.published", "sale.contracted", "sale.completed",
            "listing.withdrawn",
        ]
        let sold = sharedVehicles.filter { $0.label == .clean && $0.first("sale.completed") != nil }
        try #require(sold.count > 10)
        for vehicle in sold {
            let times = steps.map { vehicle.first($0)!.occurredAt }
            #expect(times == times.sorted())
            let transfer = try #require(vehicle.first("ownership.transferred"))
            #expect(times[3] < transfer.occurredAt && transfer.occurredAt < times[4])
            #expect(vehicle.first("sale.contracted")!.data["price"] == vehicle.first("sale.completed")!.data["price"])
        }
    }

    @Test func `no car with a mortgage changes hands before the release`() throws {
        let released = sharedVehicles.filter { $0.first("mortgage.released") != nil }
        try #require(released.count > 10)
        for vehicle in released {
            let release = vehicle.first("mortgage.released")!.occurredAt
            #expect(vehicle.first("mortgage.registered")!.occurredAt < release)
            #expect(vehicle.events("listing.published", "ownership.transferred").allSatisfy { $0.occurredAt > release })
        }
    }

    @Test func `transfers are counted, and a plate changes with the region only`() {
        for vehicle in sharedVehicles {
            var plate = vehicle.registration.text("plate_region")
            var changes: [String?] = []
            for (index, transfer) in vehicle.events("ownership.transferred").enumerated() {
                #expect(transfer.data["transfer_count"] == JSON(index + 1))
                if transfer.text("plate_region") != plate { changes.append(plate) }
                plate = transfer.text("plate_region")
            }
            #expect(vehicle.events("plate.changed").map { $0.text("previous_plate_region") } == changes)
        }
    }

    @Test func `only combustion engines have a displacement and an emission stage, and that of their time`() {
        for registration in sharedVehicles.map(\.registration) {
            let stage = registration.text("emission_stage")
            let isElectric = registration.text("energy") == "battery"
            #expect((registration.data["displacement_ml"] == nil) == isElectric)
            switch registration.day.description {
            case _ where isElectric: #expect(stage == "not_applicable")
            case ..<"2017-01-01": #expect(stage == "china_4")
            case ..<"2020-07-01": #expect(stage == "china_5")
            case ..<"2023-07-01": #expect(stage == "china_6a")
            default: #expect(stage == "china_6b")
            }
        }
    }

    @Test func `only cars with a traction battery have it measured, and it does not heal`() {
        for vehicle in sharedVehicles {
            let energy = vehicle.registration.text("energy")!
            let healths = vehicle.events("battery.measured").map { $0.data["soh_basis_points"]!.integerValue! }
            #expect(healths.isEmpty || ["battery", "plug_in_hybrid"].contains(energy))
            // Two measurements of the same battery differ by their error, of 20 basis points either way.
            #expect(zip(healths, healths.dropFirst()).allSatisfy { $1 <= $0 + 40 })
        }
    }
}
