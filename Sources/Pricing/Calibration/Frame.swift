import Core

/// The sales in columns, as the fitting reads them.
struct Frame: Sendable {
    /// How many parts the sales are split into, by vehicle, so that every sale can be judged by what others taught.
    static let folds = 8

    let sales: [Sale]
    /// The logarithm of each price.
    let logPrices: [Double]
    let folds: [Int]
    /// Texts and numbers of the cars' own, in a fixed order.
    let textNames: [String]
    let numberNames: [String]

    init(_ sales: [Sale]) {
        self.sales = sales
        logPrices = sales.map { Double(LogScale.ln($0.priceFen)) / Double(LogScale.one) }
        folds = sales.map { Int(Frame.spread($0.vehicle) % UInt64(Frame.folds)) }
        textNames = Set(sales.flatMap { $0.car.texts.keys }).sorted()
        numberNames = Set(sales.flatMap { $0.car.numbers.keys }).sorted()
    }

    /// FNV leaves neighbouring texts in neighbouring parts; this spreads them.
    private static func spread(_ hash: UInt64) -> UInt64 {
        var value = hash
        value = (value ^ (value >> 33)) &* 0xff51_afd7_ed55_8ccd
        value = (value ^ (value >> 33)) &* 0xc4ce_b9fe_1a85_ec53
        return value ^ (value >> 33)
    }

    var count: Int { sales.count }

    /// The median of cars of a year and more: younger ones have not been driven for long enough to tell.
    var normalKmInYear: Int64? {
        let uses = sales.compactMap { sale -> Int64? in
            guard let age = sale.car.ageDays(on: sale.soldOn), age >= 365, let km = sale.car.odometerKm else {
                return nil
            }
            return km * 365 / age
        }
        guard uses.count >= 30 else { return nil }
        return uses.sorted()[uses.count / 2]
    }

    func labels(_ input: String) -> LabelColumn { LabelColumn(sales.map { $0.car.label(input) }) }

    func numbers(_ input: String) -> [Int64] { sales.map { $0.car.number(input, on: $0.soldOn) } }
}

/// A text of every sale, by number; those without it have the last number.
struct LabelColumn: Sendable {
    let names: [String]
    let codes: [Int32]

    init(_ texts: [String?]) {
        let names = Set(texts.compactMap { $0 }).sorted()
        var numbers: [String: Int32] = [:]
        for (index, name) in names.enumerated() { numbers[name] = Int32(index) }
        self.names = names
        codes = texts.map { text in text.flatMap { numbers[$0] } ?? Int32(names.count) }
    }

    var hasMissing: Bool { codes.contains(Int32(names.count)) }

    /// With one for what is missing.
    var count: Int { names.count + 1 }
}

extension [Double] {
    var median: Double { quantile(0.5) }

    func quantile(_ share: Double) -> Double {
        guard !isEmpty else { return 0 }
        let sorted = sorted()
        let place = share * Double(count - 1)
        let low = Int(place)
        let high = Swift.min(low + 1, count - 1)
        return sorted[low] + (sorted[high] - sorted[low]) * (place - Double(low))
    }
}

/// Every number that calibration writes into a rule set is rounded here: to the nearest millionth, halves away from
/// zero.
enum Written {
    static func log(_ value: Double) -> Int64 {
        guard value.isFinite else { return 0 }
        return Int64((value * Double(LogScale.one)).rounded(.toNearestOrAwayFromZero))
    }
}
