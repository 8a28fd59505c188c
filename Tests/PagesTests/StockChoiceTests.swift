import Core
import Testing

@testable import Listings
@testable import Pages

/// Which cars are shown, in which order, and how they are counted.
@Suite struct StockChoiceTests {
    @Test(arguments: [(0, StockBand.fresh), (44, .fresh), (45, .slow), (74, .slow), (75, .overdue), (9999, .overdue)])
    func `bands begin at 45 and 75 days`(_ days: Int, _ band: StockBand) {
        #expect(StockBand(days: days) == band)
    }

    @Test(arguments: [
        ([:] as [String: String], "/dealer"), (["status": "draft"], "/dealer?status=draft"),
        (["status": "nonsense", "band": "", "sort": "x", "page": "-3"], "/dealer"),
        (["band": "slow", "sort": "price", "page": "2"], "/dealer?band=slow&sort=price&page=2"),
        (["page": "999999999999"], "/dealer?page=100"),
    ])
    func `what cannot be read is left out`(_ query: [String: String], _ path: String) {
        #expect(StockChoice(query).path == path)
    }

    @Test func `another choice starts at the first page`() {
        #expect(StockChoice(["page": "3"]).with { $0.band = .slow }.path == "/dealer?band=slow")
    }

    @Test func `the bars fill the whole width, whatever the counts`() {
        for (fresh, slow, overdue) in [(1, 1, 1), (0, 0, 7), (333, 333, 334), (1, 0, 999), (2999, 1, 0)] {
            let counts = StockCounts(
                cars(fresh, days: 1) + cars(slow, days: 50) + cars(overdue, days: 80)
            )
            #expect(counts.bars.reduce(0) { $0 + $1.width } == 1000)
            #expect(counts.bars.map(\.start).first == 0)
            #expect(counts[.overdue] == overdue)
        }
        #expect(StockCounts([]).bars.isEmpty)
    }

    @Test func `the longest standing comes first, and ties keep one order`() {
        let some = cars(3, days: 10) + cars(2, days: 90) + cars(1, days: 50)
        let sorted = some.sorted(by: StockChoice.Sort.days.precedes)
        #expect(sorted.map(\.days) == [90, 90, 50, 10, 10, 10])
        #expect(sorted == some.reversed().sorted(by: StockChoice.Sort.days.precedes))
    }

    private func cars(_ count: Int, days: Int) -> [StockCar] {
        (0..<count).compactMap { index in
            StockCar(
                id: ListingID(at: Instant(milliseconds: 1_772_352_000_000 + Int64(index))),
                vin: "LFV2A21K8G4012345",
                title: "car",
                status: .draft,
                price: Money(fen: 100),
                number: nil,
                since: CalendarDate(daysSinceEpoch: 20_000 - days),
                days: days
            )
        }
    }
}
