/// How far estimates are off, as tables over the same inputs, and from it classes and ranges: all of it judged on sales
/// that nothing of it had seen.
struct ConfidenceFit {
    let inputs: Boosting.Inputs
    /// Logarithm of price over estimate, of sales not seen when fitting.
    let errors: [Int: Double]
    let steps: Int

    private static let parts = 5
    /// Errors below this share cannot be told apart.
    private static let floor = 0.004
    /// Between these two lie four of five cars to come. Judged are models that learnt from a part of the sales; the
    /// rule set learns from all, and errs less: by as much that 79 of 100 seen here become 80 of 100 unseen.
    private static let lowShare = 0.105
    private static let highShare = 0.895
    /// A class with fewer takes the range of all.
    private static let leastInClass = 200

    func rules() -> ConfidenceRules {
        let rows = errors.keys.sorted()
        var target = Array(repeating: 0.0, count: (rows.last ?? -1) + 1)
        for (row, error) in errors { target[row] = logOf(abs(error) + ConfidenceFit.floor) }
        var expected: [Int: Double] = [:]
        // By the order of the sales, not by their folds: few folds may have been judged.
        for part in 0..<ConfidenceFit.parts {
            let fit = fit(target, rows.indices.filter { $0 % ConfidenceFit.parts != part }.map { rows[$0] })
            for place in rows.indices where place % ConfidenceFit.parts == part {
                expected[rows[place]] = value(fit, rows[place])
            }
        }
        let fit = fit(target, rows)
        var rules = ConfidenceRules()
        rules.start = Written.log(fit.start)
        rules.rules = fit.rules(prefix: "error")
        setRanges(&rules, expected)
        return rules
    }

    private func fit(_ target: [Double], _ rows: [Int]) -> Boosting {
        var settings = Boosting.Settings()
        settings.steps = steps
        settings.rate = 0.05
        settings.robustDistance = 0.5
        settings.shrinkage = 10
        settings.leastSales = 40
        settings.pairs = 12
        return Boosting(inputs, target: target, rows: rows, settings: settings)
    }

    private func value(_ fit: Boosting, _ row: Int) -> Double {
        fit.tables.values.reduce(fit.start) { sum, table in
            let first = Int(inputs.cells[table.first][row])
            guard table.first != table.second else { return sum + table.values[first] }
            let width = inputs.axes[table.second].count
            return sum + table.values[first * width + Int(inputs.cells[table.second][row])]
        }
    }

    private func setRanges(_ rules: inout ConfidenceRules, _ expected: [Int: Double]) {
        var byClass: [ConfidenceClass: [Double]] = [:]
        var all: [Double] = []
        for (row, error) in errors {
            let share = exponential(expected[row] ?? 0)
            let relative = error / share
            all.append(relative)
            byClass[rules.classOf(expectedErrorPPM: Int64(share * 1_000_000)), default: []].append(relative)
        }
        for name in ConfidenceClass.allCases {
            let own = byClass[name] ?? []
            let values = own.count >= ConfidenceFit.leastInClass ? own : all
            rules.ranges[name] = ConfidenceRules.Range(
                low: Int64((values.quantile(ConfidenceFit.lowShare) * 1000).rounded()),
                high: Int64((values.quantile(ConfidenceFit.highShare) * 1000).rounded())
            )
        }
    }

    private func logOf(_ value: Double) -> Double {
        Double(LogScale.ln(Int64(value * 1e9), over: 1_000_000_000)) / Double(LogScale.one)
    }

    private func exponential(_ value: Double) -> Double {
        Double(LogScale.exp(Written.log(value), scale: 1_000_000)) / 1_000_000
    }
}

extension ConfidenceRules {
    package func classOf(expectedErrorPPM: Int64) -> ConfidenceClass {
        for (limit, name) in zip(classLimits, ConfidenceClass.allCases) where expectedErrorPPM <= limit { return name }
        return .d
    }
}
