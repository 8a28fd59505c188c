import Core
import Testing

@testable import Pricing

/// Tables that rise somewhere, as tables fitted on few sales do.
@Suite struct WearEnvelopeTests {
    private static let day = CalendarDate(daysSinceEpoch: 20_000)

    /// What the car is valued at by one table of kilometres, in millionths of the logarithm.
    private func valued(_ km: Int64?, by values: [Int64], edges: [Int64] = [10_000, 20_000]) -> Int64 {
        let rule = Rule(
            id: "km",
            group: .mileage,
            title: LocalizedText(zh: "里程", en: "kilometres"),
            source: "made up",
            kind: .table([Axis(input: Input.odometerKm, cells: .edges(edges))], values: values)
        )
        var table = InputTable()
        let compiled = CompiledRule(rule, &table)
        let slots = DerivedSlots(&table)
        let envelope = WearEnvelope(rules: [compiled], age: slots.age, lag: slots.lag, odometer: slots.odometer)
        var car = CarFacts()
        car.odometerKm = km
        let snapshot = table.snapshot(of: car, on: Self.day)
        return compiled.effect(snapshot) + envelope.shift(snapshot)
    }

    @Test func `what only falls is left as it is`() {
        for km: Int64 in [0, 9999, 10_000, 15_000, 20_000, 300_000] {
            let plain: Int64 = km < 10_000 ? 5000 : km < 20_000 ? 1000 : -7000
            #expect(valued(km, by: [5000, 1000, -7000, 0]) == plain)
        }
    }

    @Test func `where a table rises both sides meet in their middle`() {
        #expect(valued(5000, by: [200_000, -100_000, 50_000, 0]) == 200_000)
        #expect(valued(15_000, by: [200_000, -100_000, 50_000, 0]) == -25_000)
        #expect(valued(25_000, by: [200_000, -100_000, 50_000, 0]) == -25_000)
    }

    @Test func `odd millionths do not rise either`() {
        #expect(valued(15_000, by: [9, 0, 3, 0]) == valued(25_000, by: [9, 0, 3, 0]))
        #expect(valued(15_000, by: [9, -3, 0, 0]) == valued(25_000, by: [9, -3, 0, 0]))
    }

    @Test func `without kilometres nothing is held`() {
        #expect(valued(nil, by: [0, 100, 200, -40]) == -40)
    }
}
