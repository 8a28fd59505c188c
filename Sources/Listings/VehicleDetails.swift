package import Core
import Identity

/// What sort of car it is: what buyers search by. A draft may lack any of it.
package struct VehicleDetails: Sendable, Hashable {
    package var make: String?
    package var series: String?
    /// 车型, as the maker names it: 2021款 1.5L 自动舒适版.
    package var model: String?
    package var modelYear: Int64?
    package var energy: Energy?
    package var emissionStage: EmissionStage?
    package var gearbox: Gearbox?
    package var displacementMl: Int64?
    package var seats: Int64?
    package var color: String?
    package var interiorColor: String?
    package var firstRegisteredOn: CalendarDate?
    package var transferCount: Int64?
    /// What the maker asked for the car when it was new.
    package var guidePrice: Money?
    package var features: Set<Feature> = []

    package typealias Energy = VehicleEnergy

    /// The same names as in the events of registration.
    package enum EmissionStage: String, Sendable, Hashable, CaseIterable {
        case china1 = "china_1"
        case china2 = "china_2"
        case china3 = "china_3"
        case china4 = "china_4"
        case china5 = "china_5"
        case china6a = "china_6a"
        case china6b = "china_6b"
        case notApplicable = "not_applicable"
        case notKnown = "not_known"
    }

    package enum Gearbox: String, Sendable, Hashable, CaseIterable {
        case manual
        case automatic
        case dualClutch = "dual_clutch"
        case continuouslyVariable = "cvt"
        case automatedManual = "automated_manual"
        case singleSpeed = "single_speed"
    }

    package init() {}
}

/// Limits of what is said of a vehicle, each with its unit.
enum VehicleLimits {
    static let nameCharacters = 1...40
    static let modelCharacters = 1...100
    static let colorCharacters = 1...20
    static let modelYears: ClosedRange<Int64> = 1950...2100
    static let displacementMl: ClosedRange<Int64> = 1...20_000
    static let seats: ClosedRange<Int64> = 1...100
    static let transfers: ClosedRange<Int64> = 0...99
    /// 1,000 yuan to 100 million yuan.
    static let guidePriceFen: ClosedRange<Int64> = 100_000...10_000_000_000
}

// MARK: - JSON

extension VehicleDetails {
    /// As it is sent, stored and shown.
    package var json: JSON {
        [
            "make": .optional(make, JSON.string),
            "series": .optional(series, JSON.string),
            "model": .optional(model, JSON.string),
            "model_year": .optional(modelYear, JSON.integer),
            "energy": .optional(energy) { JSON($0.rawValue) },
            "emission_stage": .optional(emissionStage) { JSON($0.rawValue) },
            "gearbox": .optional(gearbox) { JSON($0.rawValue) },
            "displacement_ml": .optional(displacementMl, JSON.integer),
            "seats": .optional(seats, JSON.integer),
            "color": .optional(color, JSON.string),
            "interior_color": .optional(interiorColor, JSON.string),
            "first_registered_on": .optional(firstRegisteredOn) { JSON($0.description) },
            "transfer_count": .optional(transferCount, JSON.integer),
            "guide_price": .optional(guidePrice) { $0.json },
            "features": .array(Feature.allCases.filter(features.contains).map { JSON($0.rawValue) }),
        ]
    }

    /// Every fault goes to the reader's collector.
    init(_ reader: inout ObjectReader) {
        guard var vehicle = reader.object("vehicle", required: false) else { return }
        make = vehicle.line("make", required: false, length: VehicleLimits.nameCharacters)
        series = vehicle.line("series", required: false, length: VehicleLimits.nameCharacters)
        model = vehicle.line("model", required: false, length: VehicleLimits.modelCharacters)
        modelYear = vehicle.integer("model_year", in: VehicleLimits.modelYears, required: false)
        energy = vehicle.oneOf("energy", Energy.self, required: false)
        emissionStage = vehicle.oneOf("emission_stage", EmissionStage.self, required: false)
        gearbox = vehicle.oneOf("gearbox", Gearbox.self, required: false)
        displacementMl = vehicle.integer("displacement_ml", in: VehicleLimits.displacementMl, required: false)
        seats = vehicle.integer("seats", in: VehicleLimits.seats, required: false)
        color = vehicle.line("color", required: false, length: VehicleLimits.colorCharacters)
        interiorColor = vehicle.line("interior_color", required: false, length: VehicleLimits.colorCharacters)
        firstRegisteredOn = vehicle.date("first_registered_on", required: false)
        transferCount = vehicle.integer("transfer_count", in: VehicleLimits.transfers, required: false)
        guidePrice = vehicle.money("guide_price", in: VehicleLimits.guidePriceFen)
        features = vehicle.distinct("features", Feature.self)
        vehicle.refuseUnknownMembers()
    }
}

extension ObjectReader {
    /// Each value of `Choice` at the most once.
    mutating func distinct<Choice: RawRepresentable<String> & CaseIterable & Hashable>(
        _ name: String,
        _ type: Choice.Type
    ) -> Set<Choice> {
        let elements = array(name, count: 0...Choice.allCases.count, required: false) ?? []
        let choices = elements.map { $0.stringValue.flatMap(Choice.init(rawValue:)) }
        if choices.contains(nil) || Set(choices).count < choices.count {
            let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            fault(name, "not_allowed", zh: "只能是：\(names)，各一次", en: "Must be of: \(names), each once")
        }
        return Set(choices.compactMap { $0 })
    }

    /// `{"amount": …, "currency": "CNY"}`, or nothing.
    mutating func money(_ name: String, in range: ClosedRange<Int64>) -> Money? {
        guard var money = object(name, required: false) else { return nil }
        let amount = money.integer("amount", in: range)
        money.currency()
        money.refuseUnknownMembers()
        return amount.map(Money.init(fen:))
    }
}

// MARK: - Place

/// Where the car can be looked at.
package struct Location: Sendable, Hashable {
    package let province: Province
    /// Without 市 at its end: 杭州.
    package let city: String

    init?(_ reader: inout ObjectReader) {
        guard var location = reader.object("location", required: false) else { return nil }
        let province = location.oneOf("province", Province.self)
        let city = location.line("city", length: VehicleLimits.nameCharacters)
        location.refuseUnknownMembers()
        guard let province, let city else { return nil }
        self.init(province: province, city: city)
    }

    package init(province: Province, city: String) {
        self.province = province
        self.city = city.count > 2 && city.last == "市" ? String(city.dropLast()) : city
    }

    package var json: JSON { ["province": JSON(province.rawValue), "city": JSON(city)] }
}

// MARK: - Stock

/// What the dealer keeps of the car for himself. Nobody else is shown it.
package struct Stock: Sendable, Hashable {
    /// His own number for it.
    package let number: String?
    /// Since when he has had it: what the ageing of the stock counts from.
    package let since: CalendarDate?

    static let numberCharacters = 1...64

    init?(_ reader: inout ObjectReader) {
        guard var stock = reader.object("stock", required: false) else { return nil }
        let number = stock.line("number", required: false, length: Stock.numberCharacters)
        let since = stock.date("since", required: false)
        stock.refuseUnknownMembers()
        self.init(number: number, since: since)
    }

    package init?(number: String?, since: CalendarDate?) {
        guard number != nil || since != nil else { return nil }
        self.number = number
        self.since = since
    }

    package var json: JSON {
        ["number": .optional(number, JSON.string), "since": .optional(since) { JSON($0.description) }]
    }
}
