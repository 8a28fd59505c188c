import Core
import Demonstration

/// What a label promises, looked up in the raw events.
struct Promise {
    let vehicle: DemonstrationVehicle
    let asOf: CalendarDate

    var isKept: Bool {
        switch vehicle.label {
        case .clean: isHonest && !vehicle.registeredUseIsCommercial
        case .cleanElectric: isHonest && !healths.isEmpty && healths.allSatisfy { $0 >= 7000 }
        case .declaredCommercial: isHonest && vehicle.registeredUseIsCommercial
        case .odometerRollback: isTurnedBack
        case .odometerReplaced: isReplaced
        case .odometerTypo: isMistyped && vehicle.followUps.isEmpty
        case .odometerRollover: isRolledOver
        case .flood: isFlooded
        case .hiddenStructuralAccident: hidesStructuralDamage
        case .totalLossRebuilt: isRebuilt
        case .batteryWorn: healths.last! < 7000
        case .unregisteredModification: vehicle.first("modification.done")!.text("registered") == "no"
        case .stolen: thefts == ["stolen"] && vehicle.events.last!.kind == "theft.reported"
        case .stolenRecovered: thefts == ["stolen", "recovered"]
        case .undisclosedRideHailing: hidesRideHailing
        case .openRecall: isForSale && !openRecalls.isEmpty
        case .liveMortgage: isForSale && !liveMortgages.isEmpty
        case .nearScrapTaxi: isNearScrap
        case .scrapped: isScrapped
        case .exported: vehicle.events.last!.kind == "export.done"
        case .longGap: vehicle.longestGapDays(until: asOf.startInChina) > 730
        case .lateAccident: isReportedLate
        case .corrected: isCorrected
        case .retracted: isRetracted
        case .saleReturned: isReturned
        case .warrantyClaimed: isClaimed
        }
    }

    // MARK: Honest cars

    private var isHonest: Bool {
        let forbidden = ["flood.reported", "insurance.total_loss", "theft.reported", "modification.done", "scrapped"]
        return vehicle.falls.isEmpty && openRecalls.isEmpty && liveMortgages.isEmpty && vehicle.followUps.isEmpty
            && !vehicle.events.contains { forbidden.contains($0.kind) || $0.text("structural") == "yes" }
            && vehicle.longestGapDays(until: asOf.startInChina) < 600
    }

    private var openRecalls: Set<String> {
        Set(vehicle.events("recall.announced").map { $0.text("campaign")! })
            .subtracting(vehicle.events("recall.done").map { $0.text("campaign")! })
    }

    private var liveMortgages: Set<String> {
        Set(vehicle.events("mortgage.registered").map { $0.text("mortgage_ref")! })
            .subtracting(vehicle.events("mortgage.released").map { $0.text("mortgage_ref")! })
    }

    private var isForSale: Bool {
        vehicle.first("listing.published") != nil && vehicle.first("sale.completed") == nil
    }

    private var healths: [Int64] {
        vehicle.events("battery.measured").map { $0.data["soh_basis_points"]!.integerValue! }
    }

    private var thefts: [String] {
        vehicle.events("theft.reported").map { $0.text("status")! }
    }

    // MARK: Odometers

    private var isTurnedBack: Bool {
        guard let fall = vehicle.falls.first, vehicle.falls.count == 1 else { return false }
        let listing = vehicle.events("listing.published").last!
        return fall.before - fall.after > 20_000 && listing.km! < fall.before
            && listing.occurredAt > fall.event.occurredAt
            && !vehicle.events.contains { $0.data["odometer_replaced"] == true }
    }

    private var isReplaced: Bool {
        guard let fall = vehicle.falls.first, vehicle.falls.count == 1 else { return false }
        return fall.event.data["odometer_replaced"] == true && fall.after == 0
    }

    /// Without one service the readings only rise.
    private var isMistyped: Bool {
        let readings = vehicle.readings
        return !vehicle.falls.isEmpty
            && readings.indices.contains { left in
                let rest = readings.indices.filter { $0 != left }.map { readings[$0].km }
                return readings[left].event.kind == "maintenance.done" && rest == rest.sorted()
            }
    }

    private var isRolledOver: Bool {
        vehicle.falls.count == 1 && vehicle.falls[0].before > 95_000 && vehicle.falls[0].after < 15_000
    }

    // MARK: Damage

    private var isFlooded: Bool {
        let flood = vehicle.first("flood.reported")!
        let repair = vehicle.events("repair.done").first { $0.text("cause") == "flood" }!
        let listing = vehicle.first("listing.published")!
        let moved = vehicle.first("plate.changed")!
        return [flood, repair, moved, listing].isInOrder && listing.reporter.index != flood.registrationHub(of: vehicle)
            && vehicle.events("insurance.claimed").contains { $0.text("peril") == "flood" }
    }

    private var hidesStructuralDamage: Bool {
        let repair = vehicle.events("repair.done").first { $0.text("structural") == "yes" }!
        let inspection = vehicle.first("inspection.platform")!
        return [repair, inspection, vehicle.first("listing.published")!].isInOrder
            && inspection.text("structural_accident") == "no"
    }

    private var isRebuilt: Bool {
        let loss = vehicle.first("insurance.total_loss")!
        let repair = vehicle.events("repair.done").first { $0.text("structural") == "yes" }!
        return [loss, repair, vehicle.first("listing.published")!].isInOrder && loss.text("kind") == "constructive"
    }

    // MARK: Use and age

    private var hidesRideHailing: Bool {
        let transfer = vehicle.first("ownership.transferred")!
        let inspection = vehicle.first("inspection.platform")!
        let before = vehicle.readings.last { $0.event.occurredAt < transfer.occurredAt }!
        let days = Int64(before.event.day.daysSinceEpoch - vehicle.registration.day.daysSinceEpoch)
        return vehicle.registeredUse == "ride_hailing" && transfer.text("use") == "private"
            && inspection.text("commercial_use") == "no" && before.km * 365 / days > 55_000
    }

    private var isNearScrap: Bool {
        let limit = vehicle.registration.day.adding(months: 96)
        return vehicle.registeredUse == "taxi" && asOf < limit && limit.adding(months: -12) <= asOf
    }

    private var isScrapped: Bool {
        let limit = vehicle.registration.day.adding(months: 96)
        let scrapped = vehicle.events.last!
        return vehicle.registeredUse == "taxi" && scrapped.kind == "scrapped" && scrapped.day <= limit
            && limit.adding(days: -30) < scrapped.day
    }

    // MARK: The record

    private var isReportedLate: Bool {
        let late = vehicle.followUps[0]
        return late.correctsRef == nil && late.event.kind == "accident.reported"
            && late.event.text("structural") == "yes"
            && late.event.occurredAt < vehicle.first("listing.published")!.occurredAt
            && vehicle.first("sale.completed") != nil
            && !vehicle.events.contains { $0.text("structural") == "yes" }
    }

    private var isCorrected: Bool {
        let correction = vehicle.followUps[0]
        let wrong = vehicle.events.first { $0.ref == correction.correctsRef }!
        let corrected = vehicle.readings.map { reading in
            reading.event == wrong ? correction.event.data["data"]!["odometer_km"]!.integerValue! : reading.km
        }
        return isMistyped && corrected == corrected.sorted() && correction.event.kind == "entry.corrected"
            && correction.event.reporter == wrong.reporter && correction.event.occurredAt > wrong.occurredAt
    }

    private var isRetracted: Bool {
        let retraction = vehicle.followUps[0]
        let wrong = vehicle.events.first { $0.ref == retraction.correctsRef }!
        return retraction.event.kind == "entry.retracted" && wrong.kind == "insurance.claimed"
            && wrong.text("structural") == "yes" && retraction.event.reporter == wrong.reporter
            && retraction.event.occurredAt > wrong.occurredAt
    }

    // MARK: After the sale

    private var isReturned: Bool {
        let sale = vehicle.first("sale.completed")!
        let returned = vehicle.first("sale.returned")!
        let days = returned.day.daysSinceEpoch - sale.day.daysSinceEpoch
        return (1...7).contains(days) && vehicle.events("listing.published").last!.occurredAt > returned.occurredAt
    }

    private var isClaimed: Bool {
        let issued = vehicle.first("warranty.issued")!
        let claimed = vehicle.first("warranty.claimed")!
        return [issued, claimed, vehicle.first("warranty.settled")!].isInOrder
            && claimed.day <= CalendarDate(issued.text("valid_until")!)!
            && claimed.km! <= issued.data["limit_odometer_km"]!.integerValue!
    }
}

extension DemonstrationVehicle {
    var registeredUseIsCommercial: Bool { ["taxi", "ride_hailing", "rental"].contains(registeredUse) }
}

extension DemonstrationEvent {
    /// The registration centre and the dealer of a place have the same index.
    fileprivate func registrationHub(of vehicle: DemonstrationVehicle) -> Int {
        vehicle.events.last { $0.reporter.role == .authority && $0.occurredAt < occurredAt }!.reporter.index
    }
}

extension [DemonstrationEvent] {
    fileprivate var isInOrder: Bool {
        zip(self, dropFirst()).allSatisfy { $0.occurredAt < $1.occurredAt }
    }
}
