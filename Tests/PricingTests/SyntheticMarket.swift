import Core

@testable import Pricing

/// A market made by code: what a car costs is known, but for noise, so that what is learnt can be held against it.
struct SyntheticMarket {
    private var state: UInt64

    init(seed: UInt64 = 7) { state = seed }

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state >> 33
    }

    mutating func number(_ range: ClosedRange<Int64>) -> Int64 {
        range.lowerBound + Int64(next() % UInt64(range.upperBound - range.lowerBound + 1))
    }

    static let day = CalendarDate(daysSinceEpoch: 19_800)

    mutating func car() -> CarFacts {
        var car = CarFacts()
        let brand = number(0...3)
        let series = number(0...2)
        let trim = number(0...2)
        car.brand = "brand \(brand)"
        car.series = "series \(series)"
        car.trim = "trim \(trim)"
        car.engine = "engine \(trim % 2)"
        let ageDays = number(30...4000)
        car.registeredOn = SyntheticMarket.day.adding(days: -Int(ageDays))
        car.modelYear = car.registeredOn?.year
        car.odometerKm = number(1000...(5000 + ageDays * 60))
        car.newPrice = NewPrice(fen: (8 + brand * 6 + series * 2 + trim) * 1_000_000, origin: .catalogue)
        car.energy = .petrol
        car.texts = ["colour": ["white", "black", "red"][Int(number(0...2))], "city": "city \(number(0...3))"]
        return car
    }

    /// 9 % a year and 1.2 % for 10,000 km are lost, red cars are 2 % cheaper; the rest is noise of 4 % each way.
    mutating func sale(_ vehicle: UInt64) -> Sale {
        let car = car()
        let age = car.ageDays(on: SyntheticMarket.day) ?? 0
        var log = LogScale.ln(car.newPrice?.fen ?? 1) - 90_000 * age / 365 - 12 * (car.odometerKm ?? 0) / 10
        if car.texts["colour"] == "red" { log -= 20_000 }
        log += number(-40_000...40_000)
        return Sale(
            car: car,
            priceFen: LogScale.exp(log),
            soldOn: SyntheticMarket.day.adding(days: -Int(number(0...200))),
            vehicle: vehicle &* 0x9e37_79b9_7f4a_7c15,
            kind: .retail
        )
    }

    mutating func sales(_ count: Int) -> [Sale] { (0..<count).map { sale(UInt64($0)) } }
}
