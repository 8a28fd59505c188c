import Core
import Testing

@testable import Pricing

@Suite struct BaseModelTests {
    /// Cars of one model year, a third of them registered only after more than a year, and then worth 8 % less: part of
    /// it is told by the model year and the age together.
    private static func sales() -> [Sale] {
        var market = SyntheticMarket()
        return (0..<900).map { number in
            var sale = market.sale(UInt64(number))
            let isLate = number.isMultiple(of: 3)
            let lag = isLate ? market.number(400...600) : market.number(-60...300)
            let year = sale.car.registeredOn?.adding(days: -Int(lag)).year ?? 0
            sale.car.modelYear = year
            let isOld = (sale.car.lagDays ?? 0) > 365
            let log = LogScale.ln(sale.priceFen) - (isOld ? 80_000 : 0)
            return Sale(
                car: sale.car,
                priceFen: LogScale.exp(log),
                soldOn: sale.soldOn,
                vehicle: sale.vehicle,
                kind: sale.kind
            )
        }
    }

    @Test func `a car registered long after its model year began is worth less`() throws {
        let frame = Frame(BaseModelTests.sales())
        let columns = BaseColumns(frame, catalogue: NewPriceCatalogue(frame.sales))
        let (_, rules) = BaseModel.fit(frame, columns, rows: Array(0..<frame.count))
        let rule = try #require(rules.first { $0.inputs == [Input.lagDays] })
        var table = InputTable()
        let compiled = CompiledRule(rule, &table)
        func effect(_ days: Int64) -> Int64 { compiled.effect(Snapshot(numbers: [days], labels: [])) }
        #expect(effect(100) - effect(500) > 10_000)
        #expect(compiled.wears == .age)
    }
}
