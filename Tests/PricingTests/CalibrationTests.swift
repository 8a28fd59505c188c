import Core
import Testing

@testable import Pricing

/// Few steps and few sales: what is shown is that it learns, not how well it can.
@Suite struct CalibrationTests {
    private static let learnt: (content: RuleSetContent, sales: [Sale]) = {
        var market = SyntheticMarket()
        let sales = market.sales(400)
        var settings = Calibration.Settings()
        settings.tableSteps = 12
        settings.errorSteps = 24
        settings.effectiveFrom = SyntheticMarket.day
        guard let content = try? Calibration.ruleSet(of: sales, settings: settings) else {
            Issue.record("Nothing was learnt")
            return (RuleSetContent.empty, [])
        }
        return (content, sales)
    }()

    private let ruleSet = RuleSet(writing: CalibrationTests.learnt.content)
    private let sales = CalibrationTests.learnt.sales

    @Test func `what is learnt is written and read again`() throws {
        let read = try RuleSet(reading: ruleSet.bytes)
        #expect(read.content == ruleSet.content)
        #expect(read.name == ruleSet.name)
    }

    @Test func `cars not seen are valued within the noise`() {
        var market = SyntheticMarket(seed: 99)
        let unseen = (0..<200).map { market.sale(UInt64(100_000 + $0)) }
        var backtest = Backtest()
        backtest.run(Estimator(ruleSet), comparables: sales, sales: unseen, isForward: false)
        let figures = backtest.overall.figures
        #expect(figures.count == 200 && figures.unpriced == 0)
        #expect(figures.medianAbsErrorPPM < 40_000)
        #expect((700_000...900_000).contains(figures.rangeCoveragePPM))
        let classes = backtest.byClass.values.reduce(0) { $0 + $1.figures.count }
        #expect(classes == 200)
    }

    @Test func `older or more driven is never dearer, whatever the tables say`() throws {
        let estimator = Estimator(ruleSet)
        var index = ComparableIndex(estimator)
        for sale in sales { index.add(sale) }
        var market = SyntheticMarket(seed: 3)
        for _ in 0..<40 {
            let car = market.car()
            let evidence = index.evidence(for: car, on: SyntheticMarket.day)
            var worn = car
            var last = Int64.max
            for _ in 0..<6 {
                let quote = try #require(estimator.quick(worn, on: SyntheticMarket.day, evidence: evidence))
                #expect(quote.log <= last)
                #expect(index.evidence(for: worn, on: SyntheticMarket.day).gap == evidence.gap)
                last = quote.log
                worn.registeredOn = worn.registeredOn?.adding(days: -Int(market.number(0...200)))
                worn.odometerKm = (worn.odometerKm ?? 0) + market.number(0...15_000)
            }
        }
    }

    @Test func `the lines add up, and a stored estimate can be made again`() throws {
        let estimator = Estimator(ruleSet)
        var index = ComparableIndex(estimator)
        for sale in sales { index.add(sale) }
        for sale in sales.prefix(40) {
            let evidence = index.evidence(for: sale.car, on: SyntheticMarket.day, excluding: sale.vehicle)
            let estimate = try estimator.estimate(sale.car, on: SyntheticMarket.day, evidence: evidence)
            let price = try #require(estimate[.retail]?.point?.fen)
            #expect(estimate.lines.reduce(0) { $0 + $1.amountFen } == price)
            let quick = estimator.quick(sale.car, on: SyntheticMarket.day, evidence: evidence)
            #expect(quick?.fen == price)

            let kept = try #require(Evidence(json: evidence.json))
            let facts = CarFacts(json: sale.car.json)
            #expect(kept == evidence && facts == sale.car)
            let later = Estimator(try RuleSet(reading: ruleSet.bytes))
            #expect(try later.estimate(facts, on: SyntheticMarket.day, evidence: kept) == estimate)
        }
    }

    @Test func `with the same sales another colour moves only lines that read the colour`() throws {
        let estimator = Estimator(ruleSet)
        var car = sales[0].car
        let evidence = Evidence.none
        let first = try estimator.estimate(car, on: SyntheticMarket.day, evidence: evidence).lines
        car.texts["colour"] = "red"
        let second = try estimator.estimate(car, on: SyntheticMarket.day, evidence: evidence).lines
        func others(_ lines: [EstimateLine]) -> [String: Int64] {
            var effects: [String: Int64] = [:]
            for line in lines where !line.reads.contains(where: { $0.input == "colour" }) && line.rule != "never_dearer"
            {
                effects[line.rule] = line.effectLog
            }
            return effects
        }
        #expect(others(first) == others(second))
    }

    @Test func `too few sales are refused`() {
        #expect(throws: Failure.self) {
            try Calibration.ruleSet(of: Array(sales.prefix(10)), settings: Calibration.Settings())
        }
    }

    @Test func `the report has every class and says the shares as fractions`() throws {
        var backtest = Backtest()
        backtest.run(Estimator(ruleSet), comparables: sales, sales: Array(sales.prefix(50)), isForward: true)
        backtest.addUnpriced(2)
        let text = BacktestReport(ruleSet: ruleSet, backtest: backtest).json
        for part in ["\"overall\": {\"n\": 52", "\"by_class\": {\"A\": {", "\"D\": {", "\"unpriced\": 2"] {
            #expect(text.contains(part))
        }
    }
}

extension RuleSetContent {
    static let empty = RuleSetContent(
        id: "",
        version: "",
        title: LocalizedText(zh: "", en: ""),
        effectiveFrom: SyntheticMarket.day,
        currency: "",
        source: "",
        basis: .retail,
        reference: .newPrice
    )
}
