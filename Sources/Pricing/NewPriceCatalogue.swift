/// What cars of a trim cost new, without purchase tax; of a series and a brand where the trim is not known.
package struct NewPriceCatalogue: Sendable, Hashable {
    package var trims: [String: Int64] = [:]
    package var series: [String: Int64] = [:]
    package var brands: [String: Int64] = [:]
    package var otherwise: Int64

    package init(otherwise: Int64) { self.otherwise = otherwise }

    /// The car's own, or what is usual for its like.
    package func fen(of car: CarFacts) -> Int64 {
        car.newPrice?.untaxedFen ?? usual(for: car)
    }

    func usual(for car: CarFacts) -> Int64 {
        if let key = car.label(Input.trim), let fen = trims[key] { return fen }
        if let key = car.seriesKey, let fen = series[key] { return fen }
        if let key = car.brand, let fen = brands[key] { return fen }
        return otherwise
    }

    /// The medians of what the sales say; `nil` where none says anything.
    package init?(_ sales: [Sale]) {
        var all: [Int64] = []
        var trims: [String: [Int64]] = [:]
        var series: [String: [Int64]] = [:]
        var brands: [String: [Int64]] = [:]
        for sale in sales {
            guard let fen = sale.car.newPrice?.untaxedFen, fen > 0 else { continue }
            all.append(fen)
            if let key = sale.car.label(Input.trim) { trims[key, default: []].append(fen) }
            if let key = sale.car.seriesKey { series[key, default: []].append(fen) }
            if let key = sale.car.brand { brands[key, default: []].append(fen) }
        }
        guard !all.isEmpty else { return nil }
        func middle(_ values: [Int64]) -> Int64 { values.sorted()[values.count / 2] }
        otherwise = middle(all)
        self.trims = trims.mapValues(middle)
        self.series = series.mapValues(middle)
        self.brands = brands.mapValues(middle)
    }
}
