import Core
import Support
import Testing

@testable import History

/// What must hold for every car, tried on many.
@Suite("Findings: odometer, of any car") struct FindingsOdometerPropertyTests {
    private static let cars = 400

    /// An honest car: it is read every few days to every year, drives up to 250 km a day, and some read it rounded.
    private struct HonestCar {
        var readings: [(day: Int, km: Int64)] = []

        init(count: Int, using random: inout SeededRandom) {
            var day = Int.random(in: 0...100, using: &random)
            var km = Int64.random(in: 0...150_000, using: &random)
            for _ in 0..<count {
                readings.append((day, km))
                let days = [0, 1, 7, 30, 90, 180, 365].randomElement(using: &random)!
                day += days
                km += Int64(days) * Int64.random(in: 0...250, using: &random)
            }
        }
    }

    @Test func `an honest car has no finding`() {
        var random = SeededRandom(seed: 1)
        for _ in 0..<Self.cars {
            let count = Int.random(in: 2...40, using: &random)
            let series = series(HonestCar(count: count, using: &random).readings)
            #expect(series.drops.isEmpty && series.jumps.isEmpty && series.typingErrors.isEmpty)
            #expect(series.comparable.count == count)
        }
    }

    @Test func `an honest car that listings round has no finding`() {
        var random = SeededRandom(seed: 2)
        for _ in 0..<Self.cars {
            var car = HonestCar(count: 30, using: &random)
            for index in car.readings.indices where Bool.random(using: &random) {
                car.readings[index].km = (car.readings[index].km + 500) / 1000 * 1000
            }
            let series = series(car.readings)
            #expect(series.drops.isEmpty && series.typingErrors.isEmpty)
        }
    }

    @Test func `a rollback is found wherever two readings show it, and is no typing error`() throws {
        var random = SeededRandom(seed: 3)
        var planted = 0
        for _ in 0..<Self.cars {
            var car = HonestCar(count: Int.random(in: 4...30, using: &random), using: &random)
            let at = Int.random(in: 1...(car.readings.count - 2), using: &random)
            let peak = car.readings[at - 1].km
            let taken = Int64.random(in: 1_001...max(1_001, peak), using: &random)
            for index in at..<car.readings.count { car.readings[index].km -= taken }
            let shown = car.readings[at...].prefix { $0.km < peak - PlatformRules.odometerToleranceKm }
            // Below 10 km it would be a placeholder; where only one reading shows it, it may be a typing error; and
            // of two readings at one instant nobody knows which came first.
            guard shown.count >= 2, car.readings[at].km > PlatformRules.placeholderMaximumKm,
                car.readings[at].day > car.readings[at - 1].day
            else { continue }
            planted += 1
            let series = series(car.readings)
            let drop = try #require(series.drops.first, "\(car.readings)")
            #expect(series.drops.count == 1, "\(car.readings)")
            #expect(drop.peak.km == peak)
            #expect(drop.lower.map(\.km) == shown.map(\.km))
            #expect(series.typingErrors.isEmpty)
        }
        #expect(planted > Self.cars / 2)
    }

    @Test func `one typing error in a long honest series is one, and never a rollback`() {
        var random = SeededRandom(seed: 4)
        var planted = 0
        for _ in 0..<Self.cars {
            var car = HonestCar(count: 30, using: &random)
            let at = Int.random(in: 1...28, using: &random)
            let honest = car.readings[at]
            guard let typed = mistyped(car.readings, at: at, using: &random) else { continue }
            planted += 1
            car.readings[at].km = typed
            let series = series(car.readings)
            #expect(series.drops.isEmpty, "\(typed) for \(honest.km) in \(car.readings)")
            #expect(series.typingErrors.map(\.km) == [typed])
        }
        #expect(planted > Self.cars / 2)
    }

    @Test func `the order of recording does not matter`() {
        var random = SeededRandom(seed: 5)
        for _ in 0..<Self.cars {
            var readings = HonestCar(count: 12, using: &random).readings
            for _ in 0..<3 {
                readings[Int.random(in: 0..<12, using: &random)].km = Int64.random(in: 0...300_000, using: &random)
            }
            let shuffled = readings.shuffled(using: &random)
            #expect(shape(series(readings)) == shape(series(shuffled)))
        }
    }

    @Test func `every reading has exactly one verdict`() {
        var random = SeededRandom(seed: 6)
        for _ in 0..<Self.cars {
            let readings = (0..<20).map { (day: $0 * 9, km: Int64.random(in: 0...200_000, using: &random)) }
            let series = series(readings)
            #expect(series.points.count == 20)
            #expect(Set(series.points.map(\.reading.entry)).count == 20)
            #expect(series.points.count { $0.verdict == .typingError } == series.typingErrors.count)
        }
    }

    /// A digit lost, a digit doubled, a placeholder. `nil` where the slip would not show, or could have been driven.
    private func mistyped(
        _ readings: [(day: Int, km: Int64)],
        at index: Int,
        using random: inout SeededRandom
    ) -> Int64? {
        let (before, after) = (readings[index - 1], readings[index + 1])
        let km = readings[index].km
        let typed = [km / 10, km / 100, km * 10 + 5, 0, 1].randomElement(using: &random)!
        guard typed <= OdometerKm.maximum, before.km > 2 * PlatformRules.placeholderAfterKm,
            before.day < readings[index].day, readings[index].day < after.day
        else { return nil }
        let days = Int64(max(1, readings[index].day - before.day))
        let isDip = typed < before.km - PlatformRules.odometerToleranceKm
        let isSpike =
            typed > after.km + PlatformRules.odometerToleranceKm
            && typed - before.km > PlatformRules.odometerToleranceKm + PlatformRules.impossibleKmPerDay * days
        return isDip || isSpike ? typed : nil
    }

    private func shape(_ series: OdometerSeries) -> [String] {
        series.points.map { "\($0.reading.occurredAt) \($0.reading.km) \($0.verdict) \($0.counter)" }
    }
}
