import Core
import Testing

@testable import Demonstration

@Suite struct CatalogTests {
    /// Where none fits, the generator would have nothing to pick from.
    @Test(arguments: 2014...2039)
    func `every sort of car finds a series in every year`(year: Int) {
        var random = SeededRandom(seed: 7, stream: 0)
        for label in DemonstrationLabel.allCases {
            // What is left to chance differs from one call to the next.
            for _ in 0..<20 {
                let profile = Profile(of: label, using: &random)
                #expect(Catalog.all.contains { profile.fits($0) && $0.modelYears.contains(year) }, "\(label)")
            }
        }
    }

    @Test func `no two series share a code`() {
        #expect(Set(Catalog.all.map(\.code)).count == Catalog.all.count)
        #expect(Catalog.all.allSatisfy { $0.code.count == 2 && $0.wmi.count == 3 })
    }

    @Test(arguments: [1...1, -5...5, 0...1_000_000])
    func `random integers stay in their range and reach its ends or near them`(range: ClosedRange<Int>) {
        var random = SeededRandom(seed: 3, stream: 1)
        let drawn = (0..<2000).map { _ in random.integer(range) }
        let width = range.upperBound - range.lowerBound
        #expect(drawn.allSatisfy(range.contains))
        #expect(drawn.min()! <= range.lowerBound + width / 100)
        #expect(drawn.max()! >= range.upperBound - width / 100)
    }

    @Test func `streams of one seed differ, and a seed repeats itself`() {
        var first = SeededRandom(seed: 1, stream: 0)
        var second = SeededRandom(seed: 1, stream: 1)
        var again = SeededRandom(seed: 1, stream: 0)
        let numbers = (0..<8).map { _ in first.next() }
        #expect(numbers != (0..<8).map { _ in second.next() })
        #expect(numbers == (0..<8).map { _ in again.next() })
    }

    @Test func `an odometer shows what it is set to, and begins again where its dial ends`() {
        let start = CalendarDate("2020-01-01")!
        let (set, cut) = (start.adding(days: 100), start.adding(days: 200))
        var random = SeededRandom(seed: 1, stream: 0)
        let mileage = Mileage(
            from: start,
            through: start.adding(days: 3000),
            annualKm: 36_500,
            changes: [(set, .shows(km: 90_000)), (cut, .showsPercent(50))],
            dialKm: 100_000,
            using: &random
        )
        #expect(mileage.shown(on: set.adding(days: -1)) == mileage.driven(on: set.adding(days: -1)))
        #expect(mileage.shown(on: set) == 90_000)
        #expect(mileage.shown(on: cut) < 50_000)
        let full = mileage.driven(on: cut) + 100_000 - mileage.shown(on: cut)
        let day = mileage.day(reaching: full, after: cut, atMost: start.adding(days: 3000))
        #expect(mileage.shown(on: day.adding(days: -1)) > 99_000)
        #expect(mileage.shown(on: day) < 1000)
    }

    @Test func `a car that stands drives no kilometre`() {
        let start = CalendarDate("2020-01-01")!
        var random = SeededRandom(seed: 1, stream: 0)
        let mileage = Mileage(
            from: start,
            through: start.adding(days: 100),
            annualKm: 36_500,
            changes: [(start.adding(days: 10), .pace(annualKm: 0)), (start.adding(days: 20), .pace(annualKm: 36_500))],
            dialKm: nil,
            using: &random
        )
        // A change counts from the day after the one that it names.
        #expect(mileage.driven(on: start.adding(days: 20)) == mileage.driven(on: start.adding(days: 10)))
        #expect(mileage.driven(on: start.adding(days: 10)) > mileage.driven(on: start.adding(days: 9)))
        #expect(mileage.driven(on: start.adding(days: 21)) > mileage.driven(on: start.adding(days: 20)))
    }
}
