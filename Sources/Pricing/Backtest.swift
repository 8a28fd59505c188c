import Core

/// How far estimates were from what cars were sold for.
package struct BacktestFigures: Sendable, Hashable {
    package let count: Int
    package let unpriced: Int
    /// All in millionths of the price paid.
    package let medianAbsErrorPPM: Int64
    package let meanAbsErrorPPM: Int64
    package let within5PPM: Int64
    package let within10PPM: Int64
    package let within20PPM: Int64
    /// The median of estimate over price, less one: above zero estimates are too high.
    package let biasPPM: Int64
    package let rangeCoveragePPM: Int64
    /// The median width, of the estimate.
    package let rangeWidthPPM: Int64
}

/// Counts what a back-test finds, by any name: a class, an energy, an age.
package struct BacktestTally: Sendable {
    private var errors: [Int64] = []
    private var widths: [Int64] = []
    private var covered = 0
    private var unpriced = 0

    package init() {}

    package mutating func add(estimateFen: Int64, actualFen: Int64, lowFen: Int64, highFen: Int64) {
        guard actualFen > 0, estimateFen > 0 else { return addUnpriced() }
        errors.append(LogScale.scaled(estimateFen - actualFen, 1_000_000, by: actualFen))
        widths.append(LogScale.scaled(highFen - lowFen, 1_000_000, by: estimateFen))
        if actualFen >= lowFen, actualFen <= highFen { covered += 1 }
    }

    /// A car without an estimate counts as missed by everything.
    package mutating func addUnpriced() { unpriced += 1 }

    package var figures: BacktestFigures {
        let count = errors.count + unpriced
        let distances = errors.map { Swift.abs($0) }
        func share(_ limit: Int64) -> Int64 {
            count == 0 ? 0 : Int64(distances.count { $0 <= limit }) * 1_000_000 / Int64(count)
        }
        // The error of what has no estimate is the whole price.
        let all = distances + Array(repeating: 1_000_000, count: unpriced)
        return BacktestFigures(
            count: count,
            unpriced: unpriced,
            medianAbsErrorPPM: median(all),
            meanAbsErrorPPM: count == 0 ? 0 : all.reduce(0, +) / Int64(count),
            within5PPM: share(50_000),
            within10PPM: share(100_000),
            within20PPM: share(200_000),
            biasPPM: median(errors),
            rangeCoveragePPM: count == 0 ? 0 : Int64(covered) * 1_000_000 / Int64(count),
            rangeWidthPPM: median(widths)
        )
    }

    private func median(_ values: [Int64]) -> Int64 {
        guard !values.isEmpty else { return 0 }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }
}

/// Values cars by a rule set and compares with what they were sold for.
package struct Backtest: Sendable {
    package private(set) var overall = BacktestTally()
    package private(set) var byClass: [ConfidenceClass: BacktestTally] = [:]
    package private(set) var byEnergy: [String: BacktestTally] = [:]
    package private(set) var byAge: [String: BacktestTally] = [:]
    package private(set) var byPrice: [String: BacktestTally] = [:]

    package init() {}

    /// - Parameter isForward: whether each car is compared with earlier sales alone.
    package mutating func run(
        _ estimator: Estimator,
        comparables: [Sale],
        sales: [Sale],
        isForward: Bool,
        report: (Int) -> Void = { _ in }
    ) {
        var index = ComparableIndex(estimator)
        let known = isForward ? comparables.sorted { $0.soldOn < $1.soldOn } : comparables
        let judged = isForward ? sales.sorted { $0.soldOn < $1.soldOn } : sales
        var next = 0
        for (done, sale) in judged.enumerated() {
            while next < known.count, !isForward || known[next].soldOn < sale.soldOn {
                index.add(known[next])
                next += 1
            }
            judge(estimator, index, sale, isForward: isForward)
            if (done + 1).isMultiple(of: 500) || done + 1 == judged.count { report(done + 1) }
        }
    }

    private mutating func judge(_ estimator: Estimator, _ index: ComparableIndex, _ sale: Sale, isForward: Bool) {
        let evidence = index.evidence(
            for: sale.car,
            on: sale.soldOn,
            excluding: sale.vehicle,
            isForward: isForward
        )
        guard let estimate = estimator.quick(sale.car, on: sale.soldOn, evidence: evidence) else {
            return addUnpriced(1)
        }
        let rules = estimator.ruleSet.confidence
        let name = rules.classOf(expectedErrorPPM: estimate.expectedErrorPPM)
        let (low, high) = rules.range(name, estimate)
        let age = sale.car.ageDays(on: sale.soldOn).map { "\($0 / 365)" } ?? "unknown"
        func add(_ tally: inout BacktestTally) {
            tally.add(estimateFen: estimate.fen, actualFen: sale.priceFen, lowFen: low, highFen: high)
        }
        add(&overall)
        add(&byClass[name, default: BacktestTally()])
        add(&byEnergy[sale.car.energy?.rawValue ?? "unknown", default: BacktestTally()])
        add(&byAge[age, default: BacktestTally()])
        add(&byPrice[Backtest.priceBand(sale.priceFen), default: BacktestTally()])
    }

    package mutating func addUnpriced(_ count: Int) {
        for _ in 0..<count { overall.addUnpriced() }
    }

    static func priceBand(_ fen: Int64) -> String {
        switch fen {
        case ..<5_000_000: "below 50,000"
        case ..<10_000_000: "50,000 to 100,000"
        case ..<30_000_000: "100,000 to 300,000"
        default: "300,000 and more"
        }
    }
}

extension ConfidenceRules {
    /// The two ends of the range that holds four of five, in fen.
    package func range(_ name: ConfidenceClass, _ estimate: QuickEstimate) -> (low: Int64, high: Int64) {
        let range = ranges[name] ?? Range(low: -2000, high: 2000)
        let low = estimate.log + LogScale.scaled(range.low, estimate.expectedErrorPPM, by: 1000)
        let high = estimate.log + LogScale.scaled(range.high, estimate.expectedErrorPPM, by: 1000)
        return (LogScale.exp(low), LogScale.exp(high))
    }
}
