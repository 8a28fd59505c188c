import Core
import Pricing
import Storage
import Support
import Testing

@testable import Valuation

/// When the promise of 5 % is shown.
@Suite struct PublishedBacktestTests {
    private static let day = CalendarDate(daysSinceEpoch: 20_500)

    /// Estimates of 100,000 yuan that were off by so much.
    private func outcomes(
        _ count: Int,
        offPPM: Int64,
        _ confidence: ConfidenceClass = .a,
        daysAgo: Int = 10
    ) -> [Outcome] {
        (0..<count).map { index in
            Outcome(
                listing: "lst_\(confidence)\(daysAgo)_\(offPPM)_\(index)",
                soldOn: Self.day.adding(days: -daysAgo),
                confidence: confidence,
                estimate: Money(fen: 10_000_000 + 10 * offPPM),
                low: Money(fen: 9_000_000),
                high: Money(fen: 11_000_000),
                actual: Money(fen: 10_000_000)
            )
        }
    }

    private func published(_ outcomes: [Outcome]) -> PublishedBacktest {
        PublishedBacktest(outcomes, from: Self.day.adding(months: -12), to: Self.day)
    }

    @Test func `the badge is there with enough sales that are near enough, and gone with one less or further`() {
        #expect(published(outcomes(100, offPPM: 50_000)).hasBadge(.a))
        #expect(!published(outcomes(99, offPPM: 0)).hasBadge(.a))
        #expect(!published(outcomes(100, offPPM: 50_001)).hasBadge(.a))
        #expect(!published([]).hasBadge(.a))
        // Half of them near, half far away: the one in the middle decides.
        #expect(published(outcomes(60, offPPM: 10_000) + outcomes(50, offPPM: 300_000)).hasBadge(.a))
        #expect(!published(outcomes(50, offPPM: 10_000) + outcomes(60, offPPM: 300_000)).hasBadge(.a))
    }

    @Test func `each class stands for itself`() {
        let both = published(outcomes(200, offPPM: 0) + outcomes(200, offPPM: 200_000, .b))
        #expect(both.hasBadge(.a) && !both.hasBadge(.b) && !both.hasBadge(.c))
        let classes = both.json["classes"]?.arrayValue ?? []
        #expect(classes.map { $0["badge"] } == [true, false, false, false])
        #expect(classes.last?["figures"]?["median_abs_error_ppm"] == .null)
        #expect(classes.first?["figures"]?["within_5_ppm"] == 1_000_000)
    }

    @Test func `cars without an estimate count as misses`() {
        let unpriced = (0..<120).map { index in
            Outcome(
                listing: "lst_\(index)",
                soldOn: Self.day,
                confidence: .a,
                estimate: nil,
                low: nil,
                high: nil,
                actual: Money(fen: 1)
            )
        }
        #expect(!published(outcomes(100, offPPM: 0) + unpriced).hasBadge(.a))
    }

    @Test func `months are told apart, the newest first`() {
        let months = published(outcomes(1, offPPM: 0) + outcomes(2, offPPM: 0, daysAgo: 70)).json["months"]?.arrayValue
        #expect(months?.count == 2)
        #expect(months?.map { $0["figures"]?["n"] } == [1, 2])
    }

    @Test func `only the last months are read, on either engine`() async throws {
        let store = try await TestStore.open()
        let old = outcomes(1, offPPM: 0, daysAgo: 400)
        let new = outcomes(2, offPPM: 0)
        try await store.database.write { tx in for outcome in old + new { try Outcomes.add(tx, outcome) } }
        let published = try await store.database.read { try Outcomes.published($0, on: Self.day) }
        #expect(published.json["classes"]?.arrayValue?.first?["figures"]?["n"] == 2)
    }
}
