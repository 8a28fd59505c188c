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
    /// Below and above the range lies one car to come in ten each.
    private static let tailShare = 0.1
    /// Among so many sales the ends of a class's own range stand half-way to those of all: few tell little of the
    /// tenth that lies outside. More would narrow the widest class, whose errors lie further out than its tables say:
    /// of 637 British cars of class D the lowest tenth begins at 2.2 expected errors, of all at 1.8.
    private static let pooledSales = 40.0

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
        settings.trialSteps = steps / 4
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
        let whole = ConfidenceFit.ends(all)
        for name in ConfidenceClass.allCases {
            let own = byClass[name] ?? []
            let ends = ConfidenceFit.ends(own)
            let trust = Double(own.count) / (Double(own.count) + ConfidenceFit.pooledSales)
            func pooled(_ end: KeyPath<(low: Double, high: Double), Double>) -> Int64 {
                let value = trust * ends[keyPath: end] + (1 - trust) * whole[keyPath: end]
                return Int64((value * 1000).rounded())
            }
            rules.ranges[name] = ConfidenceRules.Range(low: pooled(\.low), high: pooled(\.high))
        }
    }

    /// Between which the next car lies in four of five cases, whatever the errors look like: of n errors and one more,
    /// every order is as likely, so that its rank is what counts.
    static func ends(_ errors: [Double]) -> (low: Double, high: Double) {
        guard !errors.isEmpty else { return (0, 0) }
        let sorted = errors.sorted()
        let rank = tailShare * Double(sorted.count + 1)
        func at(_ rank: Double) -> Double {
            let place = min(max(rank - 1, 0), Double(sorted.count - 1))
            let low = Int(place)
            let high = min(low + 1, sorted.count - 1)
            return sorted[low] + (sorted[high] - sorted[low]) * (place - Double(low))
        }
        return (at(rank), at(Double(sorted.count + 1) - rank))
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
