import Core

/// The rules before the comparable sales, learnt: a level, curves of time, age and kilometres, brand, series, trim and
/// model year, slopes of each series, and what the source says of the single car.
struct BaseModel {
    private let frame: Frame
    let columns: BaseColumns
    private var terms: [Backfitting.Term] = []
    private var writers: [(Backfitting) -> [Rule]] = []

    init(_ frame: Frame, _ columns: BaseColumns) {
        self.frame = frame
        self.columns = columns
    }

    /// Learns from `rows` alone.
    static func fit(_ frame: Frame, _ columns: BaseColumns, rows: [Int]) -> (level: Int64, rules: [Rule]) {
        var model = BaseModel(frame, columns)
        model.addCurves(rows)
        model.addModel(rows)
        model.addCar(rows)
        let fit = Backfitting(terms: model.terms, target: frame.logPrices, rows: rows)
        return (Written.log(fit.mean), model.writers.flatMap { $0(fit) })
    }

    static let source = "fitted on the sales of this rule set"

    mutating func add(_ term: Backfitting.Term, write: @escaping (_ values: [Double]) -> [Rule]) {
        let index = terms.count
        terms.append(term)
        writers.append { fit in write(fit.values[index]) }
    }

    // MARK: - Time, age and kilometres

    private mutating func addCurves(_ rows: [Int]) {
        if columns.hasTime {
            addCurve(Input.saleDay, columns.days, .market, ("行情", "market level by day"), shrinkage: 5, fall: nil)
        }
        addWear(
            Wearing(input: Input.ageDays, binned: columns.ages, group: .age, title: ("车龄", "age"), unit: 365),
            least: 0.02 / 365,
            shrinkage: (brand: 20, series: 30, year: 10)
        )
        addWear(
            Wearing(
                input: Input.odometerKm,
                binned: columns.kilometres,
                group: .mileage,
                title: ("里程", "kilometres"),
                unit: 10_000
            ),
            least: 0.003 / 10_000,
            shrinkage: (brand: 60, series: 60, year: nil)
        )
    }

    private mutating func addCurve(
        _ input: String,
        _ binned: BinnedColumn,
        _ group: LineGroup,
        _ title: (zh: String, en: String),
        shrinkage: Double,
        fall: Double?
    ) {
        let index = terms.count
        terms.append(.init(codes: binned.codes, count: binned.count, factor: nil, shrinkage: shrinkage))
        writers.append { fit in
            [binned.curve(input, fit.values[index], group, title, BaseModel.source, leastFall: fall)]
        }
    }

    /// What grows with use, and how it is told.
    private struct Wearing {
        let input: String
        let binned: BinnedColumn
        let group: LineGroup
        let title: (zh: String, en: String)
        let unit: Int64
    }

    /// A curve that falls, and a slope for each series, and for each of its years where asked for, that may make it
    /// fall faster or slower, but never rise.
    private mutating func addWear(
        _ wearing: Wearing,
        least: Double,
        shrinkage: (brand: Double, series: Double, year: Double?)
    ) {
        let index = terms.count
        let binned = wearing.binned
        let columns = columns
        let factor = binned.centred(unit: wearing.unit)
        func addSlopes(_ column: LabelColumn, _ shrinkage: Double) {
            terms.append(.init(codes: column.codes, count: column.count, factor: factor, shrinkage: shrinkage))
        }
        terms.append(.init(codes: binned.codes, count: binned.count, factor: nil, shrinkage: 3))
        addSlopes(columns.brand, shrinkage.brand)
        addSlopes(columns.series, shrinkage.series)
        if let year = shrinkage.year { addSlopes(columns.seriesYear, year) }
        writers.append { fit in
            let curve = binned.fallingPoints(fit.values[index], leastFall: least)
            let steepness = curve.gentlest
            // Of a series that is not known the last.
            let falls = columns.series.names.indices.map { series in
                fit.values[index + 1][columns.brandOfSeries[series]] + fit.values[index + 2][series]
            }
            let slopes = WearSlopes(
                series: (falls + [0]).map { $0 + steepness * Double(wearing.unit) },
                years: shrinkage.year == nil ? [] : columns.seriesYear.names.indices.map { fit.values[index + 3][$0] },
                seriesOfYear: columns.seriesOfYear
            )
            let straightened = zip(curve.values, binned.points).map { value, point in
                value - steepness * Double(point - binned.origin)
            }
            let missing = fit.values[index][binned.count - 1]
            return [
                binned.rule(
                    wearing.input,
                    straightened,
                    wearing.group,
                    wearing.title,
                    BaseModel.source,
                    missing: missing
                )
            ] + BaseModel.slopes(wearing, slopes, columns)
        }
    }

    private static func slopes(_ wearing: Wearing, _ slopes: WearSlopes, _ columns: BaseColumns) -> [Rule] {
        func rule(_ id: String, _ zh: String, _ en: String, _ labels: Axis, _ values: [Double]) -> Rule {
            Rule(
                id: "\(id).\(wearing.input)",
                group: wearing.group,
                title: LocalizedText(
                    zh: "\(zh)\(wearing.title.zh)折价",
                    en: "what the \(en) loses with \(wearing.title.en)"
                ),
                source: BaseModel.source,
                kind: .slope(
                    labels: labels,
                    of: wearing.input,
                    origin: wearing.binned.origin,
                    unit: wearing.unit,
                    values: values.map(Written.log)
                )
            )
        }
        let series = Axis(input: Input.series, cells: .labels(columns.series.names))
        let ofSeries = rule("slope", "车系的", "series", series, slopes.series)
        guard !slopes.years.isEmpty else { return [ofSeries] }
        let years = Axis(input: Input.seriesYear, cells: .labels(columns.seriesYear.names))
        return [ofSeries, rule("slope.year", "车系年款的", "model year", years, slopes.years + [0])]
    }

    // MARK: - The model

    private mutating func addModel(_ rows: [Int]) {
        addLogSlope(Input.newPriceLog, columns.newPrices, .reference, ("新车价", "new price"))
        addLogSlope(Input.marketValueLog, columns.marketValues, .market, ("市场参考价", "the market's own valuation"))
        addLabels(Input.brand, columns.brand, .model, ("品牌", "brand"), 1)
        addLabels(Input.series, columns.series, .model, ("车系", "series"), 2)
        addLabels(Input.seriesEngine, columns.seriesEngine, .model, ("车系与动力", "series and engine"), 2)
        // A trim that can borrow from those of like price says less of itself.
        let ofTrim = columns.newPrices == nil ? 1.5 : 8
        addLabels(Input.trimLine, columns.trimLine, .model, ("车型", "trim line"), ofTrim)
        addLabels(Input.trim, columns.trim, .model, ("年款车型", "trim of its year"), ofTrim)
        addLabels(Input.seriesYear, columns.seriesYear, .model, ("车系年款", "series and model year"), 2)
        addLag()
        addGrids()
    }

    /// A car that stood for long before it was registered was of an old model when it was new: of one model year and
    /// one age it is not worth what others are. Few such cars are sold, so that they are drawn towards nothing.
    private mutating func addLag() {
        guard columns.lags.edges.count > 1 else { return }
        addNumber(Input.lagDays, columns.lags, .age, shrinkage: 50)
    }

    private mutating func addLogSlope(
        _ input: String,
        _ values: [Double]?,
        _ group: LineGroup,
        _ title: (zh: String, en: String)
    ) {
        guard let values else { return }
        let index = terms.count
        let known = values.filter(\.isFinite)
        let origin = (known.reduce(0, +) / Double(known.count) * 1000).rounded() / 1000
        let factor = values.map { $0.isFinite ? $0 - origin : 0 }
        let whole = Array(repeating: Int32(0), count: frame.count)
        let series = columns.series
        let brandOf = columns.brandOfSeries
        terms.append(.init(codes: whole, count: 1, factor: factor, shrinkage: 1))
        terms.append(.init(codes: columns.brand.codes, count: columns.brand.count, factor: factor, shrinkage: 20))
        terms.append(.init(codes: series.codes, count: series.count, factor: factor, shrinkage: 20))
        writers.append { fit in
            let slopes = series.names.indices.map {
                fit.values[index][0] + fit.values[index + 1][brandOf[$0]] + fit.values[index + 2][$0]
            }
            return [
                Rule(
                    id: "slope.\(input)",
                    group: group,
                    title: LocalizedText(zh: title.zh, en: title.en),
                    source: BaseModel.source,
                    kind: .slope(
                        labels: Axis(input: Input.series, cells: .labels(series.names)),
                        of: input,
                        origin: Written.log(origin),
                        unit: LogScale.one,
                        values: (slopes + [fit.values[index][0]]).map(Written.log)
                    )
                )
            ]
        }
    }

    private mutating func addLabels(
        _ input: String,
        _ column: LabelColumn,
        _ group: LineGroup,
        _ title: (zh: String, en: String),
        _ shrinkage: Double
    ) {
        guard column.names.count > 1 else { return }
        let index = terms.count
        terms.append(.init(codes: column.codes, count: column.count, factor: nil, shrinkage: shrinkage))
        writers.append { fit in
            let values = fit.values[index].map(Written.log)
            // What moves nothing is left out: a label without a value counts as nothing anyway.
            let kept = column.names.indices.filter { values[$0] != 0 }
            return [
                Rule(
                    id: "effect.\(input)",
                    group: group,
                    title: LocalizedText(zh: title.zh, en: title.en),
                    source: BaseModel.source,
                    kind: .table(
                        [Axis(input: input, cells: .labels(kept.map { column.names[$0] }))],
                        values: kept.map { values[$0] } + [column.hasMissing ? values[column.count - 1] : 0]
                    )
                )
            ]
        }
    }

    // MARK: - The single car

    private func words(_ input: String) -> (zh: String, en: String) {
        let name = InputWords.name(input)
        return (name.zh, name.en)
    }

    private mutating func addCar(_ rows: [Int]) {
        for (name, column) in columns.texts { addLabels(name, column, .equipment, words(name), 5) }
        for (name, binned) in columns.numbers { addNumber(name, binned, .condition, shrinkage: 5) }
    }

    private mutating func addNumber(_ name: String, _ binned: BinnedColumn, _ group: LineGroup, shrinkage: Double) {
        add(.init(codes: binned.codes, count: binned.count, factor: nil, shrinkage: shrinkage)) { values in
            [
                Rule(
                    id: "number.\(name)",
                    group: group,
                    title: InputWords.name(name),
                    source: BaseModel.source,
                    kind: .table(
                        [Axis(input: name, cells: .edges(binned.edges))],
                        values: values.map(Written.log)
                    )
                )
            ]
        }
    }
}
