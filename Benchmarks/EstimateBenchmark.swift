import Core
import Pricing

/// Estimates in this process, on one thread, with a million comparable sales in memory.
struct EstimateBenchmark {
    private static let comparables = 1_000_000
    private static let taught = 4000
    private static let asked = 10_000

    func run(_ table: inout Table) throws {
        var market = SalesLoad()
        var settings = Calibration.Settings()
        settings.tableSteps = 1500
        let content = try Calibration.ruleSet(of: (0..<Self.taught).map { _ in market.sale() }, settings: settings)
        let estimator = Estimator(content: content)
        let before = Program.ownResidentBytes
        var index = ComparableIndex(estimator)
        for _ in 0..<Self.comparables { index.add(market.sale()) }
        let bytes = Program.ownResidentBytes - before
        let cars = (0..<Self.asked).map { _ in market.sale() }
        var sum: Int64 = 0
        let elapsed = try ContinuousClock().measure {
            for sale in cars {
                let evidence = index.evidence(for: sale.car, on: SalesLoad.day, excluding: sale.vehicle)
                let estimate = try estimator.estimate(sale.car, on: SalesLoad.day, evidence: evidence)
                sum &+= estimate.lines.reduce(0) { $0 + $1.amountFen }
            }
        }
        guard sum > 0 else { throw Broken(what: "the estimates are nothing") }
        table.add(
            "R15 estimates with 1,000,000 comparables, one core",
            rounded(Double(Self.asked) / elapsed.seconds, 0) + " /s",
            "",
            "",
            "≥ 5,000 /s"
        )
        table.add("R15 memory for them", "\(bytes >> 20) MiB", "", "", "≤ 400 MiB")
    }
}

/// Sales of a market that is none: 40 brands, 600 series, 6,000 trims.
struct SalesLoad {
    static let day = CalendarDate(daysSinceEpoch: 20_000)
    private var state: UInt64 = 42
    private var vehicle: UInt64 = 0

    private mutating func number(_ count: UInt64) -> Int64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int64((state >> 33) % count)
    }

    mutating func sale() -> Sale {
        var car = CarFacts()
        let series = number(600)
        car.brand = "brand \(series % 40)"
        car.series = "series \(series)"
        let trim = number(10)
        car.trim = "trim \(trim)"
        let age = number(4000) + 30
        car.registeredOn = SalesLoad.day.adding(days: -Int(age))
        car.modelYear = car.registeredOn?.year
        car.odometerKm = number(UInt64(age) * 80) + 500
        car.newPrice = NewPrice(fen: (8 + series % 40 + trim) * 1_000_000, origin: .catalogue)
        car.energy = .petrol
        car.texts = ["colour": "colour \(number(8))", "city": "city \(number(60))"]
        let log = LogScale.ln(car.newPrice?.fen ?? 1) - 90_000 * age / 365 - number(80_000)
        vehicle += 1
        return Sale(
            car: car,
            priceFen: LogScale.exp(log),
            soldOn: SalesLoad.day.adding(days: -Int(number(360))),
            vehicle: vehicle,
            kind: .retail
        )
    }
}
