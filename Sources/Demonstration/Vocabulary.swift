import Core

/// The kinds of events that the demonstration tells. A test holds that the product knows each of them.
enum Kind: String, CaseIterable {
    case registered = "vehicle.registered"
    case transferred = "ownership.transferred"
    case plateChanged = "plate.changed"
    case odometerRead = "odometer.read"
    case inspectedByLaw = "inspection.statutory"
    case inspectedByPlatform = "inspection.platform"
    case maintained = "maintenance.done"
    case repaired = "repair.done"
    case accident = "accident.reported"
    case claimed = "insurance.claimed"
    case totalLoss = "insurance.total_loss"
    case flood = "flood.reported"
    case theft = "theft.reported"
    case recallAnnounced = "recall.announced"
    case recallDone = "recall.done"
    case batteryMeasured = "battery.measured"
    case modified = "modification.done"
    case mortgaged = "mortgage.registered"
    case mortgageReleased = "mortgage.released"
    case listed = "listing.published"
    case unlisted = "listing.withdrawn"
    case saleContracted = "sale.contracted"
    case saleCompleted = "sale.completed"
    case saleReturned = "sale.returned"
    case warrantyIssued = "warranty.issued"
    case warrantyClaimed = "warranty.claimed"
    case warrantySettled = "warranty.settled"
    case scrapped
    case exported = "export.done"
    case corrected = "entry.corrected"
    case retracted = "entry.retracted"
}

enum Use: String {
    case `private`
    case company
    case taxi
    case rideHailing = "ride_hailing"
    case rental

    var isCommercial: Bool { self != .private && self != .company }
    var owner: String { self == .private ? "person" : "company" }

    /// Kilometres a year that are usual for it, give or take the 15 % by which years differ.
    var annualKm: ClosedRange<Int> {
        switch self {
        case .private: 11_800...15_600
        case .company: 16_000...24_000
        case .rental: 24_000...34_000
        case .taxi: 62_000...68_000
        case .rideHailing: 71_000...86_000
        }
    }
}

enum Energy: String {
    case petrol
    case hybrid
    case plugInHybrid = "plug_in_hybrid"
    case battery

    var isCombustion: Bool { self != .battery }
    /// A battery large enough that its wear decides the price.
    var hasTractionBattery: Bool { self == .plugInHybrid || self == .battery }

    /// What a new car of this energy had to meet on that day: GB 18352.5-2013 and GB 18352.6-2016. The days on which
    /// the whole country had to follow are recalled, not read.
    func emissionStage(registeredOn day: CalendarDate) -> String {
        guard isCombustion else { return "not_applicable" }
        let (year, month, _) = day.components
        switch year * 100 + month {
        case ..<2017_01: return "china_4"
        case ..<2020_07: return "china_5"
        case ..<2023_07: return "china_6a"
        default: return "china_6b"
        }
    }
}

// MARK: - Members of `data`

extension JSON.Member {
    static func text(_ name: String, _ text: String) -> Self { Self(name, JSON(text)) }
    static func texts(_ name: String, _ texts: [String]) -> Self { Self(name, .array(texts.map { JSON($0) })) }
    static func number(_ name: String, _ number: Int) -> Self { Self(name, JSON(number)) }
    static func flag(_ name: String, _ flag: Bool) -> Self { Self(name, .bool(flag)) }
    static func day(_ name: String, _ day: CalendarDate) -> Self { Self(name, JSON(day)) }
    static func money(_ name: String, yuan: Int) -> Self { Self(name, Money(fen: Int64(yuan) * 100).json) }

    static func structural(_ answer: Bool) -> Self { .text("structural", answer ? "yes" : "no") }
    static func reading(_ km: Int) -> Self { .number("odometer_km", km) }
    static func description(_ text: String) -> Self { .text("description", text) }
}
