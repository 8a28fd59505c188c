import Core

/// The columns that the base model reads, made once for all its fits.
struct BaseColumns: Sendable {
    let days: BinnedColumn
    let ages: BinnedColumn
    let kilometres: BinnedColumn
    /// From the start of the model year to the registration.
    let lags: BinnedColumn
    let brand: LabelColumn
    let series: LabelColumn
    let seriesEngine: LabelColumn
    let trimLine: LabelColumn
    let trim: LabelColumn
    let seriesYear: LabelColumn
    /// For each series the number of its brand.
    let brandOfSeries: [Int]
    /// For each series and model year the number of the series.
    let seriesOfYear: [Int]
    let newPrices: [Double]?
    /// What the car cost new, in bands: for tables of two inputs.
    let newPriceBands: BinnedColumn?
    let marketValues: [Double]?
    let texts: [(name: String, column: LabelColumn)]
    /// Numbers that differ between cars of one trim: of the car, not of its model.
    let numbers: [(name: String, binned: BinnedColumn)]

    /// Over more days than these the market's level is a curve.
    private static let leastDays = 45
    /// Months for time; for age and kilometres finer where cars are new.
    private static let ageEdges: [Int64] = [
        91, 182, 273, 365, 547, 730, 912, 1095, 1461, 1826, 2191, 2556, 2922, 3287, 3652, 4017, 4383, 5113, 5844, 6574,
        7305, 9131,
    ]
    private static let kmEdges: [Int64] = [
        500, 2000, 5000, 10_000, 15_000, 20_000, 30_000, 40_000, 50_000, 60_000, 70_000, 80_000, 90_000, 100_000,
        120_000, 140_000, 160_000, 200_000, 250_000, 300_000,
    ]

    private static let newPriceBandCount = 23

    var hasTime: Bool { days.edges.count > 1 }

    init(_ frame: Frame, catalogue: NewPriceCatalogue?) {
        let saleDays = frame.numbers(Input.saleDay)
        let first = saleDays.min() ?? 0
        let last = saleDays.max() ?? 0
        let monthEdges = last - first < BaseColumns.leastDays ? [] : Array(stride(from: first + 30, to: last, by: 30))
        days = BinnedColumn(saleDays, edges: monthEdges)
        ages = BinnedColumn(frame.numbers(Input.ageDays), edges: BaseColumns.ageEdges)
        newPriceBands = catalogue.map { catalogue in
            let prices = frame.sales.map { catalogue.fen(of: $0.car) }
            return BinnedColumn(prices, edges: quantileEdges(prices, count: BaseColumns.newPriceBandCount))
        }
        kilometres = BinnedColumn(frame.numbers(Input.odometerKm), edges: BaseColumns.kmEdges)
        let lagDays = frame.numbers(Input.lagDays)
        // Cut as the corrections cut it: what holds prices from rising looks at every cell, and at none twice.
        lags = BinnedColumn(lagDays, edges: quantileEdges(lagDays, count: Boosting.Inputs.wearEdgeCount))
        let brand = frame.labels(Input.brand)
        let series = frame.labels(Input.series)
        self.brand = brand
        self.series = series
        seriesEngine = frame.labels(Input.seriesEngine)
        trimLine = frame.labels(Input.trimLine)
        trim = frame.labels(Input.trim)
        seriesYear = frame.labels(Input.seriesYear)
        var brandOf = Array(repeating: brand.count - 1, count: series.count)
        for row in 0..<frame.count { brandOf[Int(series.codes[row])] = Int(brand.codes[row]) }
        brandOfSeries = brandOf
        var seriesOf = Array(repeating: series.count - 1, count: seriesYear.count)
        for row in 0..<frame.count { seriesOf[Int(seriesYear.codes[row])] = Int(series.codes[row]) }
        seriesOfYear = seriesOf
        newPrices = catalogue.map { catalogue in
            frame.sales.map { Double(LogScale.ln(catalogue.fen(of: $0.car))) / Double(LogScale.one) }
        }
        let values = frame.sales.map { $0.car.marketValueFen }
        marketValues =
            values.contains { $0 != nil }
            ? values.map { $0.map { Double(LogScale.ln($0)) / Double(LogScale.one) } ?? .nan } : nil
        texts = frame.textNames.map { ($0, frame.labels($0)) }.filter { $0.1.names.count > 1 }
        let trims = trimLine
        let candidates = frame.numberNames + [Input.transfers, Input.conditionScore, Input.conditionGrade]
        numbers = candidates.compactMap { name in
            let values = frame.numbers(name)
            guard BaseColumns.variesWithin(trims, values) else { return nil }
            return (name, BinnedColumn(values, edges: quantileEdges(values, count: 20)))
        }
    }

    /// Whether at least three of ten of a number's variance lie within the trims.
    private static func variesWithin(_ trims: LabelColumn, _ values: [Int64]) -> Bool {
        let rows = values.indices.filter { values[$0] != missing }
        guard rows.count > 100, Set(rows.map { values[$0] }).count > 1 else { return false }
        var sums = Array(repeating: (sum: 0.0, count: 0.0), count: trims.count)
        var mean = 0.0
        for row in rows {
            let value = Double(values[row])
            sums[Int(trims.codes[row])].sum += value
            sums[Int(trims.codes[row])].count += 1
            mean += value / Double(rows.count)
        }
        var within = 0.0
        var total = 0.0
        for row in rows {
            let value = Double(values[row])
            let own = sums[Int(trims.codes[row])]
            // A trim with one car has no spread to show.
            guard own.count > 1 else { continue }
            within += (value - own.sum / own.count) * (value - own.sum / own.count)
            total += (value - mean) * (value - mean)
        }
        return total > 0 && within / total > 0.3
    }
}

/// Up to `count` edges that part the values into parts of like size.
func quantileEdges(_ values: [Int64], count: Int) -> [Int64] {
    let sorted = values.filter { $0 != missing }.sorted()
    guard let first = sorted.first else { return [] }
    let picked = (1...count).map { sorted[min(sorted.count * $0 / (count + 1), sorted.count - 1)] }
    return Set(picked).subtracting([first]).sorted()
}

/// A number of every sale, by the cell that it belongs to; the last cell is for what is missing.
struct BinnedColumn: Sendable {
    let edges: [Int64]
    let codes: [Int32]
    let values: [Int64]
    /// The mean of each cell's values: where a curve has its points.
    let points: [Int64]
    let weights: [Double]
    let origin: Int64

    var count: Int { edges.count + 2 }

    init(_ values: [Int64], edges: [Int64]) {
        self.edges = edges
        self.values = values
        let axis = Axis(input: "", cells: .edges(edges))
        var table = InputTable()
        let compiled = CompiledAxis(axis, &table)
        codes = values.map { Int32(compiled.cell(of: $0)) }
        var sums = Array(repeating: (sum: 0.0, count: 0.0), count: edges.count + 2)
        for (row, value) in values.enumerated() where value != missing {
            sums[Int(codes[row])].sum += Double(value)
            sums[Int(codes[row])].count += 1
        }
        weights = sums.map(\.count)
        points = (0...edges.count).map { cell in
            if sums[cell].count > 0 { return Int64(sums[cell].sum / sums[cell].count) }
            let low = cell == 0 ? (edges.first ?? 1) - 1 : edges[cell - 1]
            return cell < edges.count ? (low + edges[cell]) / 2 : low + 1
        }
        let known = values.filter { $0 != missing }
        origin = known.isEmpty ? 0 : Int64(known.reduce(0.0) { $0 + Double($1) } / Double(known.count))
    }

    /// The values about their mean, in `unit`; what is missing is at the mean.
    func centred(unit: Int64) -> [Double] {
        values.map { $0 == missing ? 0 : Double($0 - origin) / Double(unit) }
    }

    /// The cells' values as points that fall by at least `leastFall` for each one of the input, and how gently they do
    /// where they do least.
    func fallingPoints(_ values: [Double], leastFall: Double) -> (values: [Double], gentlest: Double) {
        let tilted = points.indices.map { values[$0] + leastFall * Double(points[$0] - origin) }
        let level = falling(tilted, weights: Array(weights.prefix(points.count)))
        let fallen = points.indices.map { level[$0] - leastFall * Double(points[$0] - origin) }
        var gentlest = -Double.infinity
        for index in fallen.indices.dropFirst() where points[index] > points[index - 1] {
            gentlest = max(gentlest, (fallen[index] - fallen[index - 1]) / Double(points[index] - points[index - 1]))
        }
        return (fallen, gentlest.isFinite ? gentlest : -leastFall)
    }

    func curve(
        _ input: String,
        _ values: [Double],
        _ group: LineGroup,
        _ title: (zh: String, en: String),
        _ source: String,
        leastFall: Double?
    ) -> Rule {
        rule(input, Array(values.prefix(points.count)), group, title, source, missing: values[count - 1])
    }

    func rule(
        _ input: String,
        _ values: [Double],
        _ group: LineGroup,
        _ title: (zh: String, en: String),
        _ source: String,
        missing: Double
    ) -> Rule {
        var kept: [(point: Int64, value: Int64)] = []
        for (point, value) in zip(points, values) where kept.last.map({ $0.point < point }) ?? true {
            kept.append((point, Written.log(value)))
        }
        return Rule(
            id: "curve.\(input)",
            group: group,
            title: LocalizedText(zh: title.zh, en: title.en),
            source: source,
            kind: .curve(input: input, points: kept.map(\.point), values: kept.map(\.value) + [Written.log(missing)])
        )
    }
}
