package import Core

/// The names by which rules read a car. Texts of the car's own have the name that the source gave them.
package enum Input {
    package static let brand = "brand"
    /// With the brand: two makers may use one name.
    package static let series = "series"
    /// Of one model year.
    package static let trim = "trim"
    /// Over all its model years.
    package static let trimLine = "trim_line"
    /// With the engine, over all trims.
    package static let seriesEngine = "series_engine"
    package static let seriesYear = "series_year"
    package static let modelYear = "model_year"
    package static let ageDays = "age_days"
    /// From the model year's first day to the registration: a car that stood long is worth less than its papers say.
    package static let lagDays = "lag_days"
    package static let odometerKm = "odometer_km"
    package static let newPriceFen = "new_price_fen"
    package static let newPriceLog = "new_price_log"
    package static let marketValueLog = "market_value_log"
    package static let marketValueFen = "market_value_fen"
    package static let marketValueGap = "market_value_gap"
    package static let saleDay = "sale_day"
    /// 1 to 12, of the day of valuation.
    package static let saleMonth = "sale_month"
    package static let energy = "energy"
    package static let transfers = "transfers"
    package static let conditionScore = "condition_score"
    package static let conditionGrade = "condition_grade"
    package static let use = "use"
    /// Listings of the series over its sales of thirty days, over what is usual: 1000 is neutral. In `numbers`.
    package static let supplyIndex = "supply_index"
    /// `yes` where the buyer's city bars the car's emission stage. Of `CarFacts.texts`.
    package static let registrationBarred = "registration_barred"
    package static let batteryHealth = "battery_health"
    /// What the rules about the model alone say, in millionths of the logarithm.
    package static let modelLevel = "model_level"
    package static let trimGap = "trim_gap"
    package static let trimWeight = "trim_weight"
    package static let trimDispersion = "trim_dispersion"
    package static let seriesGap = "series_gap"
    package static let seriesWeight = "series_weight"
    package static let seriesDispersion = "series_dispersion"
    package static let pooledGap = "pooled_gap"

    /// What grows as a car ages or is driven: along these a price never rises.
    static let wearing: Set<String> = [ageDays, lagDays, odometerKm]
    /// Counted or measured; everything else is a text, but for the car's own numbers.
    static let numeric: Set<String> = [
        modelYear, ageDays, lagDays, odometerKm, newPriceFen, newPriceLog, marketValueLog, marketValueFen,
        marketValueGap, saleDay, transfers,
        conditionScore, conditionGrade, batteryHealth, modelLevel, trimGap, trimWeight, trimDispersion, seriesGap,
        seriesWeight, seriesDispersion, pooledGap,
    ]
    static let labels: Set<String> = [brand, series, trim, trimLine, seriesEngine, seriesYear, energy, use]
}

/// The number of an input that is not known.
let missing = Int64.min

extension CarFacts {
    package func ageDays(on day: CalendarDate) -> Int64? {
        registeredOn.map { Int64(max(0, day.daysSinceEpoch - $0.daysSinceEpoch)) }
    }

    func number(_ input: String, on day: CalendarDate) -> Int64 { NumberReader(input).read(self, on: day) }

    var lagDays: Int64? {
        guard let registeredOn, let modelYear, let start = CalendarDate(year: modelYear, month: 1, day: 1) else {
            return nil
        }
        return Int64(registeredOn.daysSinceEpoch - start.daysSinceEpoch)
    }

    func label(_ input: String) -> String? {
        switch input {
        case Input.brand: brand
        case Input.series: seriesKey
        case Input.trim: trim.map { "\(seriesKey ?? "")|\(modelYear ?? 0)|\($0)" }
        case Input.trimLine: trimLineKey
        case Input.seriesEngine: engine.map { "\(seriesKey ?? "")|\($0)" }
        case Input.seriesYear: modelYear.map { "\(seriesKey ?? "")|\($0)" }
        case Input.energy: energy?.rawValue
        case Input.use: use?.rawValue
        default: texts[input]
        }
    }

    var seriesKey: String? { series.map { "\(brand ?? "")|\($0)" } }
    var trimLineKey: String? { trim.map { "\(seriesKey ?? "")|\($0)" } }
}

extension NewPrice {
    /// The purchase tax of passenger cars in China is 10 % of the price without value added tax of 13 %: of a price
    /// that includes both, 1.13 of 1.23 parts are the price without purchase tax.
    package var untaxedFen: Int64 {
        includesPurchaseTax ? LogScale.scaled(fen, 1130, by: 1230) : fen
    }
}

/// How a number is read, found once by its name.
enum NumberReader: Sendable {
    case modelYear
    case age
    case lag
    case odometer
    case newPrice
    case marketValue
    case day
    case month
    case transfers
    case score
    case grade
    case battery
    /// Filled in by the estimator.
    case derived
    case own(String)

    init(_ input: String) {
        self =
            switch input {
            case Input.modelYear: .modelYear
            case Input.ageDays: .age
            case Input.lagDays: .lag
            case Input.odometerKm: .odometer
            case Input.newPriceFen: .newPrice
            case Input.marketValueFen: .marketValue
            case Input.saleDay: .day
            case Input.saleMonth: .month
            case Input.transfers: .transfers
            case Input.conditionScore: .score
            case Input.conditionGrade: .grade
            case Input.batteryHealth: .battery
            case _ where Input.numeric.contains(input): .derived
            default: .own(input)
            }
    }

    func read(_ car: CarFacts, on day: CalendarDate) -> Int64 {
        switch self {
        case .modelYear: car.modelYear.map(Int64.init) ?? missing
        case .age: car.ageDays(on: day) ?? missing
        case .lag: car.lagDays ?? missing
        case .odometer: car.odometerKm ?? missing
        case .newPrice: car.newPrice?.untaxedFen ?? missing
        case .marketValue: car.marketValueFen ?? missing
        case .day: Int64(day.daysSinceEpoch)
        case .month: Int64(day.components.month)
        case .transfers: car.transfers ?? missing
        case .score: car.condition.score ?? missing
        case .grade: car.condition.grade ?? missing
        case .battery: (car.battery?.isMeasured == true ? car.battery?.stateOfHealthPermille : nil) ?? missing
        case .derived: missing
        case .own(let name): car.numbers[name] ?? missing
        }
    }
}
