/// A weighted mean that single wild sales hardly move: what lies beyond `bound` of the middle counts less, the further
/// the less. Integers throughout, so that it is the same everywhere.
struct RobustMean {
    let mean: Int64
    let weight: Int64
    /// The mean distance from the mean.
    let dispersion: Int64

    private static let rounds = 3
    /// Distances beyond this, in millionths of the logarithm, say no more than it.
    private static let widest: Int64 = 500_000

    init(_ values: [(value: Int64, weight: Int64)], bound: Int64) {
        var total: Int64 = 0
        var sum: Int64 = 0
        for (value, weight) in values {
            total += weight
            sum += value * weight
        }
        weight = total
        guard total > 0 else {
            mean = 0
            dispersion = 0
            return
        }
        var middle = sum / total
        for _ in 0..<RobustMean.rounds {
            var weights: Int64 = 0
            var weighted: Int64 = 0
            for (value, weight) in values {
                let distance = abs(value - middle)
                // Sixteen times the weight, so that dividing it loses little.
                let reduced = distance <= bound ? weight * 16 : weight * 16 * bound / distance
                weights += reduced
                weighted += value * reduced
            }
            guard weights > 0 else { break }
            middle = weighted / weights
        }
        mean = middle
        var distances: Int64 = 0
        for (value, weight) in values { distances += min(abs(value - middle), RobustMean.widest) * weight }
        dispersion = distances / total
    }
}

/// The gaps of a brand or of the market month by month: how the level moves since the rules were made, and how it
/// differs where they were not.
struct MonthlyGaps: Sendable {
    /// One wild sale says no more than this, in millionths of the logarithm.
    static let bound: Int64 = 500_000
    private static let daysInMonth: Int32 = 30

    private var first: Int32 = 0
    private var months: [Month] = []

    private struct Month {
        var sum: Int64 = 0
        var count: Int64 = 0
    }

    mutating func add(_ gap: Int64, _ day: Int32) {
        let month = day / MonthlyGaps.daysInMonth
        if months.isEmpty { first = month }
        if month < first {
            months.insert(contentsOf: Array(repeating: Month(), count: Int(first - month)), at: 0)
            first = month
        }
        while Int(month - first) >= months.count { months.append(Month()) }
        months[Int(month - first)].sum += gap
        months[Int(month - first)].count += 1
    }

    /// Of the month of `day` and those before, and of those after where `isForward` is not asked for.
    func mean(around day: Int32, isForward: Bool, _ rules: ComparableRules) -> (gap: Int64, weight: Int64) {
        let own = Int(day / MonthlyGaps.daysInMonth - first)
        let reach = rules.monthWeights.count - 1
        var sum: Int64 = 0
        var weight: Int64 = 0
        for (index, month) in months.enumerated() {
            let distance = abs(own - index)
            guard distance <= reach, index <= own || !isForward else { continue }
            sum += month.sum * rules.monthWeights[distance]
            weight += month.count * rules.monthWeights[distance]
        }
        return weight == 0 ? (0, 0) : (sum / weight, weight)
    }
}
