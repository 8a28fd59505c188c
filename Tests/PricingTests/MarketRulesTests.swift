import Core
import Testing

@testable import Pricing

@Suite struct MarketRulesTests {
    private let estimator: Estimator

    init() throws { estimator = Estimator(try RuleSet.market()) }

    private static func car() -> CarFacts {
        var car = CarFacts()
        car.brand = "大众"
        car.series = "朗逸"
        car.trim = "1.5L 自动舒适版"
        car.modelYear = 2021
        car.registeredOn = CalendarDate(year: 2021, month: 6, day: 1)
        car.odometerKm = 40_000
        car.newPrice = NewPrice(fen: 13_000_000, origin: .catalogue)
        car.energy = .petrol
        return car
    }

    private let day = SyntheticMarket.day

    private func estimate(_ car: CarFacts) throws -> Estimate {
        try estimator.estimate(car, on: day, evidence: .none)
    }

    @Test func `the lines add up to the price and multiply to it`() throws {
        var market = SyntheticMarket(seed: 11)
        for _ in 0..<200 {
            let estimate = try estimate(market.car())
            let retail = try #require(estimate[.retail]?.point)
            #expect(estimate.lines.reduce(0) { $0 + $1.amountFen } == retail.fen)
            #expect(LogScale.exp(estimate.lines.reduce(0) { $0 + $1.effectLog }) == retail.fen)
        }
    }

    @Test func `older or more driven is never dearer`() throws {
        var market = SyntheticMarket(seed: 5)
        for _ in 0..<60 {
            let car = market.car()
            let price = try #require(try estimate(car)[.retail]?.point?.fen)
            for _ in 0..<5 {
                var worn = car
                worn.registeredOn = worn.registeredOn?.adding(days: -Int(market.number(0...600)))
                worn.odometerKm = (worn.odometerKm ?? 0) + market.number(0...40_000)
                worn.modelYear = car.modelYear.map { min($0, (worn.registeredOn?.year ?? 0) + 2) }
                guard worn.modelYear == car.modelYear else { continue }
                let other = try #require(try estimate(worn)[.retail]?.point?.fen)
                #expect(other <= price)
            }
        }
    }

    @Test func `another colour moves the line of the colour alone`() throws {
        var red = MarketRulesTests.car()
        red.texts["colour"] = "红色"
        var white = red
        white.texts["colour"] = "白色"
        let first = try estimate(red).lines.filter { $0.rule != "colour" }
        let second = try estimate(white).lines.filter { $0.rule != "colour" }
        #expect(first.map(\.rule) == second.map(\.rule))
        #expect(first.map(\.effectLog) == second.map(\.effectLog))
        #expect(try estimate(red).lines.contains { $0.rule == "colour" && $0.effectPPM == -20_000 })
    }

    @Test func `kilometres are told against normal use, and move their own line alone`() throws {
        var car = MarketRulesTests.car()
        let age = try #require(car.ageDays(on: day))
        car.odometerKm = 13_100 * age / 365
        let usual = try estimate(car).lines
        #expect(!usual.contains { $0.rule == "mileage" })
        #expect(usual.contains { $0.rule == "normal_use" && $0.effectLog < 0 })
        car.odometerKm = 13_100 * age / 365 + 20_000
        let driven = try estimate(car).lines
        // 1.21 % for each 10,000 km beyond it.
        #expect(driven.contains { $0.rule == "mileage" && $0.effectLog == -24_200 })
        let others = driven.filter { $0.rule != "mileage" }
        #expect(others.map(\.rule) == usual.map(\.rule) && others.map(\.effectLog) == usual.map(\.effectLog))
    }

    @Test func `an explanation is in words`() throws {
        var car = MarketRulesTests.car()
        car.energy = .plugInHybrid
        let lines = try estimate(car).lines
        let energy = try #require(lines.first { $0.rule == "depreciation.energy" })
        #expect(energy.reason.zh.contains("插电混动") && energy.reason.en.contains("plug-in hybrid"))
        let age = try #require(lines.first { $0.rule == "depreciation.age" })
        #expect(age.reason.zh.contains("年") && age.reason.en.contains("years"))
        let mileage = try #require(lines.first { $0.rule == "mileage" })
        #expect(mileage.reason.zh.contains("4 万公里") && mileage.reason.en.contains("40,000 km"))
        #expect(lines.allSatisfy { !$0.reason.zh.contains("_") && !$0.reason.zh.contains("|") })
    }

    @Test func `an unknown trim says what stands for it`() throws {
        let warnings = try estimate(MarketRulesTests.car()).warnings
        let warning = try #require(warnings.first { $0.code == "unknown_trim" })
        #expect(warning.pointer == "/trim" && warning.detail.zh.contains("仅规则"))
        #expect(warning.detail.en.contains("the rules alone"))
    }

    @Test(arguments: [
        ("registered before built", "/registered_on", "before_built"),
        ("registered tomorrow", "/registered_on", "in_the_future"),
        ("five kilometres in ten years", "/odometer_km", "too_little"),
        ("a million kilometres in a year", "/odometer_km", "too_much"),
        ("a new price of nothing", "/new_price", "not_positive"),
        ("a model year after the registration", "/model_year", "after_registration"),
        ("a grade of six", "/condition/grade", "out_of_range"),
    ])
    func `nonsense is refused by name`(what: String, pointer: String, code: String) throws {
        var car = MarketRulesTests.car()
        switch what {
        case "registered before built": car.builtOn = CalendarDate(year: 2022, month: 1, day: 1)
        case "registered tomorrow": car.registeredOn = day.adding(days: 1)
        case "five kilometres in ten years":
            car.registeredOn = day.adding(days: -3700)
            car.modelYear = 2014
            car.odometerKm = 5
        case "a million kilometres in a year": car.odometerKm = 1_999_999
        case "a new price of nothing": car.newPrice = NewPrice(fen: 0, origin: .caller)
        case "a model year after the registration": car.modelYear = 2024
        default: car.condition.grade = 6
        }
        let failure = try #require(throws: Failure.self) { try estimate(car) }
        #expect(failure.type == .implausibleCar)
        #expect(failure.faults.contains { $0.pointer == pointer && $0.code == code })
    }

    @Test func `without a new price the market's rules have nothing to start from`() throws {
        var car = MarketRulesTests.car()
        car.newPrice = nil
        let failure = try #require(throws: Failure.self) { try estimate(car) }
        #expect(failure.type == .tooLittleToValue)
    }

    @Test func `what is not known is said`() throws {
        var car = CarFacts()
        car.newPrice = NewPrice(fen: 10_000_000, origin: .caller)
        car.battery = BatteryHealth(stateOfHealthPermille: 900, method: nil, measuredOn: nil, tester: nil)
        let codes = Set(try estimate(car).warnings.map(\.code))
        let expected: Set = [
            "unknown_trim", "unknown_series", "no_comparables", "age_unknown", "odometer_unknown",
            "new_price_from_caller", "battery_not_measured",
        ]
        #expect(codes.isSuperset(of: expected))
    }

    @Test(arguments: SevereDamage.allCases)
    func `a car with severe damage has a wholesale band and nothing else`(damage: SevereDamage) throws {
        var car = MarketRulesTests.car()
        car.condition.damages = [damage]
        let estimate = try estimate(car)
        #expect(estimate.values.allSatisfy { $0.point == nil && $0.refusal != nil })
        #expect(estimate.values.filter { $0.low != nil }.map(\.kind) == [.wholesale])
        #expect(estimate.confidence == .d)
    }

    @Test func `a turned odometer leaves no trust`() throws {
        var car = MarketRulesTests.car()
        car.findings = [.odometerRollback]
        let estimate = try estimate(car)
        #expect(estimate.confidence == .d)
        #expect(estimate.warnings.contains { $0.code == "odometer_rollback" })
    }

    @Test func `each kind of value lies where the trade has it`() throws {
        let estimate = try estimate(MarketRulesTests.car())
        let points = ValueKind.allCases.compactMap { estimate[$0]?.point?.fen }
        let retail = try #require(estimate[.retail]?.point?.fen)
        #expect(points.count == ValueKind.allCases.count)
        #expect(points.allSatisfy { $0 <= retail })
        let range = try #require(estimate[.retail])
        #expect(try #require(range.low) < #require(range.point) && #require(range.point) < #require(range.high))
    }

    @Test func `options are worth less as the car ages`() throws {
        var car = MarketRulesTests.car()
        car.options = [FittedOption(name: "全景天窗", newPriceFen: 1_000_000)]
        let young = OptionWorth.fen(car, on: day)
        #expect(young == 661_000)
        car.registeredOn = day.adding(days: -20 * 365)
        #expect(OptionWorth.fen(car, on: day) == 34_000)
    }
}
