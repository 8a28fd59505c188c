import Core
import Testing

@testable import Pricing

@Suite struct ComparableIndexTests {
    private let estimator: Estimator
    private let day = SyntheticMarket.day

    init() throws { estimator = Estimator(try RuleSet.market()) }

    private func sale(_ vehicle: UInt64, days: Int = 10, share: Int64 = 60, trim: String = "trim") -> Sale {
        var car = CarFacts()
        car.brand = "brand"
        car.series = "series"
        car.trim = trim
        car.modelYear = 2021
        car.registeredOn = CalendarDate(year: 2021, month: 6, day: 1)
        car.odometerKm = 40_000
        car.newPrice = NewPrice(fen: 20_000_000, origin: .catalogue)
        return Sale(
            car: car,
            priceFen: 200_000 * share,
            soldOn: day.adding(days: -days),
            vehicle: vehicle,
            kind: .retail
        )
    }

    private func evidence(_ sales: [Sale], excluding vehicle: UInt64? = nil, isForward: Bool = true) -> Evidence {
        var index = ComparableIndex(estimator)
        for sale in sales { index.add(sale) }
        return index.evidence(for: sale(0).car, on: day, excluding: vehicle, isForward: isForward)
    }

    @Test func `a car is never compared with itself`() {
        let others = evidence([sale(1), sale(2, share: 90)], excluding: 2)
        #expect(others.comparables.allSatisfy { $0.priceFen == sale(1).priceFen })
        #expect(others.comparables.count == 1)
    }

    @Test func `what is of the trim and of the series is told once`() {
        let found = evidence([sale(1), sale(2), sale(3, trim: "other")])
        #expect(found.comparables.map(\.level) == [.trim, .trim, .series])
        #expect(found.trim.weight < found.series.weight)
    }

    @Test func `sales to come are not known`() {
        #expect(evidence([sale(1, days: -40)]).comparables.isEmpty)
        #expect(!evidence([sale(1, days: -40)], isForward: false).comparables.isEmpty)
    }

    @Test func `it says how near the nearest sales stand`() {
        #expect(evidence([]).standing == .curve)
        #expect(evidence([sale(1, trim: "other")]).standing == .series)
        #expect(evidence([sale(1)]).standing == .trim)
    }

    @Test func `more sales count for more, and one wild sale hardly`() {
        let one = evidence([sale(1, share: 80)])
        let many = evidence((1...12).map { sale($0, share: 80) })
        #expect(one.gap > 0 && many.gap > one.gap)
        let wild = evidence((1...12).map { sale($0, share: 80) } + [sale(13, share: 1)])
        #expect(many.gap - wild.gap < 40_000)
    }

    @Test func `however many sales there are, tens are read`() {
        let found = evidence((1...500).map { sale($0) })
        #expect(found.comparables.count <= 2 * ComparableRules().maximumRead)
    }

    @Test func `an answer lists the weightiest sales and says how many there are`() throws {
        let found = evidence((1...60).map { sale($0) })
        let answer = estimator.answer(try estimator.estimate(sale(0).car, on: day, evidence: found))
        #expect(answer["evidence"]?["comparables"]?.arrayValue?.count == 40)
        #expect(answer["evidence"]?["comparable_count"] == .integer(60))
    }

    @Test func `the order in which sales arrive means nothing`() {
        let sales = (1...30).map { sale($0, days: Int($0) * 3, share: 55 + Int64($0 % 9)) }
        #expect(evidence(sales).gap == evidence(sales.reversed()).gap)
    }
}
