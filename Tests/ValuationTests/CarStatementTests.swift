import Core
import Pricing
import Testing

@testable import Valuation

/// A car as it is stated, and as it is kept.
@Suite struct CarStatementTests {
    private static let whole: JSON = [
        "brand": "大众", "series": "朗逸", "trim": "2021款 1.5l", "model_year": 2021, "registered_on": "2021-06-18",
        "built_on": "2021-05-01", "odometer_km": 45_260,
        "new_price": ["amount": 12_990_000, "currency": "CNY", "includes_purchase_tax": true],
        "market_value_fen": 7_000_000, "energy": "petrol", "transfers": 1,
        "condition": ["score": 88, "grade": 2, "damages": .array(["flood"])],
        "battery": [
            "state_of_health_permille": 930, "method": "BMS", "measured_on": "2026-01-01", "tester": "检测站",
        ],
        "options": .array([["name": "天窗", "new_price_fen": 500_000]]), "use": "personal",
        "texts": ["city": "杭州", "colour": "白色"], "numbers": ["displacement": 1498],
    ]

    private func read(_ json: JSON) throws -> CarFacts {
        var reader = try ObjectReader(json)
        let car = CarStatement.car(&reader)
        try reader.faults.throwIfAny()
        return car
    }

    @Test func `what is kept is read as it was`() throws {
        var car = try read(Self.whole)
        car.findings = [.odometerRollback, .unexplainedGap]
        #expect(try CarStatement.car(stored: car.statement) == car)
        #expect(try CarStatement.car(stored: CarFacts().statement) == CarFacts())
        #expect(car.newPrice?.origin == .caller)
    }

    @Test func `two writings of a name are one name`() throws {
        let car = try read(["brand": " ＢＭＷ ", "series": "3  系"])
        #expect(car.brand == "bmw" && car.series == "3 系")
    }

    private static let refused: [(json: JSON, code: String)] = [
        (["findings": .array(["odometer_rollback"])], "unknown_member"),
        (["new_price": ["amount": 1, "currency": "USD"]], "not_allowed"),
        (["new_price": ["amount": 1, "currency": "CNY", "origin": "catalogue"]], "unknown_member"),
        (["condition": ["damages": .array(["dent"])]], "not_allowed"), (["texts": ["City": "杭州"]], "not_allowed"),
        (["numbers": ["seats": "five"]], "wrong_type"), (["options": .array([1])], "wrong_type"),
        (["odometer_km": 2_000_001], "out_of_range"),
    ]

    @Test(arguments: refused)
    func `what nobody may state is refused`(_ json: JSON, _ code: String) {
        let refusal = #expect(throws: Failure.self) { try read(json) }
        #expect(refusal?.faults.map(\.code) == [code])
    }

    @Test func `a patch changes what it names, and never what was found`() throws {
        var car = try read(Self.whole)
        car.findings = [.odometerRollback]
        car.newPrice = NewPrice(fen: 1, origin: .catalogue)
        let changed = try car.changed(by: ["odometer_km": 9, "texts": ["colour": .null]])
        #expect(changed.odometerKm == 9 && changed.texts == ["city": "杭州"])
        #expect(changed.findings == [.odometerRollback])
        // Nobody has stated the price anew.
        #expect(changed.newPrice == car.newPrice)
        let stated = try car.changed(by: ["new_price": ["amount": 2]])
        #expect(stated.newPrice?.fen == 2 && stated.newPrice?.origin == .caller)
        #expect(throws: Failure.self) { try car.changed(by: ["findings": .array([])]) }
    }
}
