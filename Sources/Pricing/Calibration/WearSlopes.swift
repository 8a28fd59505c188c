/// What a series loses with wear, and what each of its model years loses beyond that, so that none of them gains: each
/// rule of a document has to fall by itself.
struct WearSlopes {
    let series: [Double]
    let years: [Double]

    /// - Parameter falls: of each series, and of one that is not known.
    /// - Parameter years: what each model year loses less or more than its series; empty where all lose alike.
    /// - Parameter seriesOfYear: for each model year its series.
    init(series falls: [Double], years: [Double], seriesOfYear: [Int]) {
        var gentlest: [Double?] = Array(repeating: nil, count: falls.count)
        let totals = years.indices.map { min(0, falls[seriesOfYear[$0]] + years[$0]) }
        for (year, total) in totals.enumerated() {
            gentlest[seriesOfYear[year]] = max(gentlest[seriesOfYear[year]] ?? total, total)
        }
        // What the gentlest year loses all years of the series lose.
        let common = falls.indices.map { gentlest[$0] ?? min(0, falls[$0]) }
        series = common
        self.years = totals.enumerated().map { min(0, $0.element - common[seriesOfYear[$0.offset]]) }
    }
}
