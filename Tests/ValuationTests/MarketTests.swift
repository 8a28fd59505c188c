import Core
import Identity
import Logging
import Pricing
import Storage
import Support
import Testing
import Web

@testable import Valuation

/// What an instance knows of the market, beside what is stored.
@Suite struct MarketTests {
    private static let origin = Origin(organization: "org_a", credential: "key_1", requestID: nil)

    private func market(_ store: TestStore) -> Market {
        Market(
            database: store.database,
            clock: store.clock,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
    }

    private func sale(_ number: Int, kind: SaleKind = .retail) throws -> NewSale {
        var car = CarFacts()
        car.brand = "大众"
        car.series = "朗逸"
        car.trim = "1.5l"
        car.modelYear = 2021
        car.odometerKm = Int64(number) * 1000
        car.registeredOn = CalendarDate("2021-06-18")
        car.newPrice = NewPrice(fen: 12_990_000, origin: .sale)
        let day = try #require(CalendarDate("2026-01-15"))
        return NewSale(
            source: "test",
            sale: Sale(car: car, priceFen: 7_000_000, soldOn: day, vehicle: UInt64(number), kind: kind)
        )
    }

    @Test func `it knows nothing until it has read everything, and then what others add`() async throws {
        let store = try await TestStore.open()
        let sales = try (0..<5).map { try sale($0) }
        #expect(try await store.database.write { try KnownSales.add($0, sales) } == Array(repeating: true, count: 5))
        let market = market(store)
        let car = sales[0].sale.car
        let day = try #require(CalendarDate("2026-03-01"))
        let refusal = #expect(throws: Failure.self) { try market.appraise(car, vin: nil, on: day) }
        #expect(refusal?.type == .pricingWarming)
        await market.catchUp()
        #expect(market.isReady && market.count == 5)
        let more = try [sale(5), sale(6, kind: .auction)]
        _ = try await store.database.write { try KnownSales.add($0, more) }
        await market.catchUp()
        // What was paid at an auction is kept, and not compared with.
        #expect(market.count == 6)
        let appraised = try market.appraise(car, vin: nil, on: day)
        // Each once, though it is of the trim and of the series.
        #expect(appraised.answer["evidence"]?["comparables"]?.arrayValue?.count == 6)
    }

    @Test func `a sale that is sent again adds nothing, also within one batch`() async throws {
        let store = try await TestStore.open()
        let one = try sale(1)
        #expect(try await store.database.write { try KnownSales.add($0, [one, one]) } == [true, false])
        #expect(try await store.database.write { try KnownSales.add($0, [one]) } == [false])
        let market = market(store)
        await market.catchUp()
        #expect(market.count == 1)
    }

    @Test func `other rules are used from their day on, and what was estimated stays what it was`() async throws {
        let store = try await TestStore.open()
        let market = market(store)
        await market.catchUp()
        let built = try #require(market.ruleSet)
        let today = store.clock.now().dateInChina
        let car = try sale(1).sale.car
        let appraised = try market.appraise(car, vin: nil, on: today)
        let stored = try await store.database.write { try Estimates.keep($0, appraised, EstimateContext()) }
        let bytes = built.bytes + Array("# another\n".utf8)
        let other = try RuleSet(reading: bytes)
        try await store.database.write { tx in
            _ = try RuleSets.add(tx, other, from: Self.origin)
            try RuleSets.putInForce(tx, other.name.hash, from: Self.origin)
        }
        await market.catchUp()
        #expect(market.ruleSet?.name.hash == other.name.hash)
        let id = stored.id
        let (found, ruleSet) = try await store.database.read { try Estimates.get($0, id) { _ in false } }
        #expect(ruleSet.name.hash == built.name.hash)
        #expect(try found.replayed(by: market.estimator(ruleSet)) == stored.answer)
    }

    @Test func `of what begins on one day the last word counts, and what has not begun does not`() throws {
        let built = try RuleSet.market()
        let again = try RuleSet(reading: built.bytes + Array("# another\n".utf8))
        let day = built.effectiveFrom
        #expect(RuleSets.effective([(1, built), (2, again)], on: day)?.name == again.name)
        #expect(RuleSets.effective([(2, built), (1, again)], on: day)?.name == built.name)
        #expect(RuleSets.effective([(1, built)], on: day.adding(days: -1)) == nil)
    }

    @Test func `an estimate of an organisation is seen by whom it lets, one of nobody by all`() async throws {
        let store = try await TestStore.open()
        let market = market(store)
        await market.catchUp()
        let appraised = try market.appraise(try sale(1).sale.car, vin: nil, on: store.clock.now().dateInChina)
        let context = EstimateContext(organization: "org_a")
        let id = try await store.database.write { try Estimates.keep($0, appraised, context).id }
        let refusal = await #expect(throws: Failure.self) {
            try await store.database.read { tx in _ = try Estimates.get(tx, id) { $0 == "org_b" } }
        }
        #expect(refusal?.type == .notFound)
        try await store.database.read { tx in _ = try Estimates.get(tx, id) { $0 == "org_a" } }
    }
}
