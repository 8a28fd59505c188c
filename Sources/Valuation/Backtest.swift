package import Core
package import Pricing
package import Storage

/// A sale of the platform's own, beside what had been estimated before it.
package struct Outcome: Sendable, Hashable {
    package let listing: String
    package let soldOn: CalendarDate
    package let confidence: ConfidenceClass
    package let estimate: Money?
    package let low: Money?
    package let high: Money?
    package let actual: Money

    package init(
        listing: String,
        soldOn: CalendarDate,
        confidence: ConfidenceClass,
        estimate: Money?,
        low: Money?,
        high: Money?,
        actual: Money
    ) {
        self.listing = listing
        self.soldOn = soldOn
        self.confidence = confidence
        self.estimate = estimate
        self.low = low
        self.high = high
        self.actual = actual
    }

    package init(listing: String, soldOn: CalendarDate, _ appraisal: Appraisal, actual: Money) {
        self.init(
            listing: listing,
            soldOn: soldOn,
            confidence: appraisal.confidence,
            estimate: appraisal.point,
            low: appraisal.low,
            high: appraisal.high,
            actual: actual
        )
    }

    /// As `2026-03`.
    var month: String { String(soldOn.description.prefix(7)) }
}

/// What the platform promises of its estimates, and whether it keeps it.
package enum PricingPromise {
    /// Half of a class's estimates may be further off, no more (platform rule, from its founding promise).
    package static let medianErrorPPM: Int64 = 50_000
    /// With fewer sales a median is chance (platform rule).
    package static let minimumSales = 100
    package static let windowMonths = 12
    /// The newest of the window that are looked at.
    package static let maximumSales = 20_000

    /// Nobody switches it: it goes off by itself where the sales do not bear it out any more.
    package static func isKept(_ figures: BacktestFigures) -> Bool {
        figures.count >= minimumSales && figures.medianAbsErrorPPM <= medianErrorPPM
    }
}

/// How far estimates were off, by class and by month.
package struct PublishedBacktest: Sendable {
    package let from: CalendarDate
    package let to: CalendarDate
    private let all: [ConfidenceClass: BacktestTally]
    private let months: [(month: String, tallies: [ConfidenceClass: BacktestTally])]

    package init(_ outcomes: [Outcome], from: CalendarDate, to: CalendarDate) {
        self.from = from
        self.to = to
        all = PublishedBacktest.tallies(outcomes)
        months = Dictionary(grouping: outcomes, by: \.month).sorted { $0.key > $1.key }
            .map { ($0.key, PublishedBacktest.tallies($0.value)) }
    }

    private static func tallies(_ outcomes: [Outcome]) -> [ConfidenceClass: BacktestTally] {
        outcomes.reduce(into: [:]) { $0[$1.confidence, default: BacktestTally()].add($1) }
    }

    package func hasBadge(_ confidence: ConfidenceClass) -> Bool {
        all[confidence].map { PricingPromise.isKept($0.figures) } ?? false
    }

    package var json: JSON {
        [
            "from": JSON(from),
            "to": JSON(to),
            "promise": [
                "median_error_ppm": .integer(PricingPromise.medianErrorPPM),
                "minimum_sales": JSON(PricingPromise.minimumSales),
                "window_months": JSON(PricingPromise.windowMonths),
            ],
            "classes": .array(
                ConfidenceClass.allCases.map { confidence in
                    [
                        "class": JSON(confidence.rawValue),
                        "badge": .bool(hasBadge(confidence)),
                        "figures": (all[confidence] ?? BacktestTally()).figures.answer,
                    ]
                }
            ),
            "months": .array(
                months.flatMap { month, tallies in
                    tallies.sorted { $0.key < $1.key }.map { confidence, tally in
                        [
                            "month": JSON(month), "class": JSON(confidence.rawValue),
                            "figures": tally.figures.answer,
                        ]
                    }
                }
            ),
        ]
    }
}

extension BacktestTally {
    fileprivate mutating func add(_ outcome: Outcome) {
        guard let estimate = outcome.estimate else { return addUnpriced() }
        add(
            estimateFen: estimate.fen,
            actualFen: outcome.actual.fen,
            lowFen: outcome.low?.fen ?? estimate.fen,
            highFen: outcome.high?.fen ?? estimate.fen
        )
    }
}

extension BacktestFigures {
    /// Of no sale there is nothing to say but that.
    fileprivate var answer: JSON {
        func figure(_ ppm: Int64) -> JSON { count > 0 ? .integer(ppm) : .null }
        return [
            "n": JSON(count),
            "unpriced": JSON(unpriced),
            "median_abs_error_ppm": figure(medianAbsErrorPPM),
            "mean_abs_error_ppm": figure(meanAbsErrorPPM),
            "within_5_ppm": figure(within5PPM),
            "within_10_ppm": figure(within10PPM),
            "within_20_ppm": figure(within20PPM),
            "bias_ppm": figure(biasPPM),
            "range_coverage_ppm": figure(rangeCoveragePPM),
            "range_width_ppm": figure(rangeWidthPPM),
        ]
    }
}

/// The verbs on outcomes.
package enum Outcomes {
    package static func add(_ tx: any Transaction, _ outcome: Outcome) throws {
        try OutcomeStore.insert(tx, outcome)
    }

    /// Of the months behind a day.
    package static func published(_ tx: any Transaction, on day: CalendarDate) throws -> PublishedBacktest {
        let from = day.adding(months: -PricingPromise.windowMonths)
        let outcomes = try OutcomeStore.newest(tx, from: from, limit: PricingPromise.maximumSales)
        return PublishedBacktest(outcomes, from: from, to: day)
    }
}

/// Every statement about outcomes.
enum OutcomeStore {
    static func insert(_ tx: any Transaction, _ outcome: Outcome) throws {
        try tx.execute(
            """
            INSERT INTO pricing_outcome (listing, sold_on, confidence, estimate_fen, low_fen, high_fen, actual_fen)
            VALUES (
                \(outcome.listing),
                \(outcome.soldOn.description),
                \(outcome.confidence.rawValue),
                \(outcome.estimate?.fen),
                \(outcome.low?.fen),
                \(outcome.high?.fen),
                \(outcome.actual.fen)
            )
            """
        )
    }

    static func newest(_ tx: any Transaction, from: CalendarDate, limit: Int) throws -> [Outcome] {
        try tx.rows(
            """
            SELECT listing, sold_on, confidence, estimate_fen, low_fen, high_fen, actual_fen
            FROM pricing_outcome
            WHERE sold_on >= \(from.description)
            ORDER BY sold_on DESC, listing DESC
            LIMIT \(limit)
            """
        ).map { row in
            guard let soldOn = CalendarDate(try row.text(1)),
                let confidence = ConfidenceClass(rawValue: try row.text(2))
            else { throw StoredDataError("an outcome cannot be read") }
            return Outcome(
                listing: try row.text(0),
                soldOn: soldOn,
                confidence: confidence,
                estimate: try row.optionalInteger(3).map(Money.init(fen:)),
                low: try row.optionalInteger(4).map(Money.init(fen:)),
                high: try row.optionalInteger(5).map(Money.init(fen:)),
                actual: Money(fen: try row.integer(6))
            )
        }
    }
}
