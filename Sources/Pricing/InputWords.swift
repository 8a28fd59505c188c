package import Core

/// What rules read, in words: an explanation is for people, and `plug_in_hybrid × 2024` is none.
package enum InputWords {
    /// What an input is called. One that a source named itself keeps its name.
    package static func name(_ input: String) -> LocalizedText {
        names[input] ?? LocalizedText(zh: input, en: input)
    }

    /// What was read, with its unit. `value` is what `EstimateLine.Reading` has: empty where it is not known.
    package static func value(_ value: String, of input: String) -> LocalizedText {
        guard !value.isEmpty else { return LocalizedText(zh: "未知", en: "unknown") }
        if let energy = Energy(rawValue: value), input == Input.energy { return name(of: energy) }
        if let use = VehicleUse(rawValue: value), input == Input.use { return name(of: use) }
        if let number = Int64(value), let words = measured(number, input) { return words }
        // The parts of a key stand apart by a bar, which is no word.
        let parts = value.split(separator: "|").joined(separator: " ")
        return LocalizedText(zh: parts, en: parts)
    }

    private static func measured(_ number: Int64, _ input: String) -> LocalizedText? {
        switch input {
        case Input.ageDays: return years(number)
        case Input.lagDays:
            let months = number * 12 / 365
            return LocalizedText(zh: "年款年初后 \(months) 个月", en: "\(months) months into its model year")
        case Input.odometerKm: return kilometres(number)
        case Input.modelYear: return LocalizedText(zh: "\(number) 款", en: "\(number)")
        case Input.newPriceFen, Input.marketValueFen: return amount(number)
        case Input.newPriceLog, Input.marketValueLog, Input.modelLevel: return amount(LogScale.exp(number))
        case Input.trimGap, Input.seriesGap, Input.pooledGap, Input.marketValueGap:
            return percent(number, isSigned: true)
        case Input.trimDispersion, Input.seriesDispersion: return percent(number, isSigned: false)
        case Input.trimWeight, Input.seriesWeight:
            let text = decimal(number, digits: 3, kept: 1)
            return LocalizedText(zh: "相当于 \(text) 条", en: "worth \(text) sales")
        case Input.saleDay:
            let day = CalendarDate(daysSinceEpoch: Int(clamping: number)).description
            return LocalizedText(zh: day, en: day)
        case "launch":
            let day = CalendarDate(daysSinceEpoch: Int(clamping: number / 1000)).description.prefix(7)
            return LocalizedText(zh: String(day), en: String(day))
        case Input.saleMonth: return LocalizedText(zh: "\(number) 月", en: "month \(number)")
        case Input.transfers: return LocalizedText(zh: "\(number) 次", en: "\(number)")
        case Input.conditionScore: return LocalizedText(zh: "\(number) 分", en: "\(number) points")
        case Input.conditionGrade: return LocalizedText(zh: "\(number) 级", en: "grade \(number)")
        case Input.batteryHealth:
            let text = decimal(number, digits: 1, kept: 1)
            return LocalizedText(zh: "\(text)%", en: "\(text) %")
        default:
            // Numbers of the source's own are in thousandths.
            guard !Input.labels.contains(input) else { return nil }
            let text = decimal(number, digits: 3, kept: 3)
            return LocalizedText(zh: text, en: text)
        }
    }

    private static func years(_ days: Int64) -> LocalizedText {
        let months = days * 12 / 365
        let (year, month) = (months / 12, months % 12)
        let inMonths = LocalizedText(zh: "\(month) 个月", en: counted(month, "month"))
        if year == 0 { return inMonths }
        let inYears = LocalizedText(zh: "\(year) 年", en: counted(year, "year"))
        if month == 0 { return inYears }
        return LocalizedText(zh: "\(inYears.zh) \(inMonths.zh)", en: "\(inYears.en) \(inMonths.en)")
    }

    private static func counted(_ count: Int64, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    static func kilometres(_ km: Int64) -> LocalizedText {
        let zh = km < 10_000 ? "\(km) 公里" : "\(decimal(km, digits: 4, kept: 2)) 万公里"
        return LocalizedText(zh: zh, en: "\(grouped(km)) km")
    }

    private static func amount(_ fen: Int64) -> LocalizedText {
        let whole = LogScale.scaled(fen, 1, by: 100)
        return LocalizedText(zh: "\(decimal(whole, digits: 4, kept: 2)) 万", en: grouped(whole))
    }

    private static func percent(_ log: Int64, isSigned: Bool) -> LocalizedText {
        let ppm = LogScale.ppm(log)
        let text = (isSigned && ppm > 0 ? "+" : "") + decimal(ppm, digits: 4, kept: 1)
        return LocalizedText(zh: "\(text)%", en: "\(text) %")
    }

    /// A number with `digits` decimal places, of which `kept` are shown; zeros at the end are not.
    static func decimal(_ number: Int64, digits: Int, kept: Int) -> String {
        var divisor: Int64 = 1
        for _ in 0..<(digits - kept) { divisor *= 10 }
        let rounded = LogScale.scaled(number, 1, by: divisor)
        var scale: Int64 = 1
        for _ in 0..<kept { scale *= 10 }
        let sign = rounded < 0 ? "-" : ""
        let (whole, rest) = (rounded.magnitude / scale.magnitude, rounded.magnitude % scale.magnitude)
        guard rest > 0 else { return sign + String(whole) }
        let padded = String(repeating: "0", count: kept - String(rest).count) + String(rest)
        return "\(sign)\(whole)." + String(padded.reversed().drop { $0 == "0" }.reversed())
    }

    private static func grouped(_ number: Int64) -> String {
        let digits = Array(String(number.magnitude))
        var text = number < 0 ? "-" : ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place).isMultiple(of: 3) { text += "," }
            text.append(digit)
        }
        return text
    }

    private static func name(of energy: Energy) -> LocalizedText {
        switch energy {
        case .petrol: LocalizedText(zh: "汽油", en: "petrol")
        case .diesel: LocalizedText(zh: "柴油", en: "diesel")
        case .hybrid: LocalizedText(zh: "油电混合", en: "hybrid")
        case .plugInHybrid: LocalizedText(zh: "插电混动", en: "plug-in hybrid")
        case .rangeExtended: LocalizedText(zh: "增程", en: "range-extended")
        case .electric: LocalizedText(zh: "纯电动", en: "electric")
        case .other: LocalizedText(zh: "其他", en: "other")
        }
    }

    private static func name(of use: VehicleUse) -> LocalizedText {
        switch use {
        case .personal: LocalizedText(zh: "家用", en: "personal")
        case .company: LocalizedText(zh: "公司", en: "company")
        case .rental: LocalizedText(zh: "租赁", en: "rental")
        case .commercial: LocalizedText(zh: "营运", en: "commercial")
        }
    }

    private static let names: [String: LocalizedText] = [
        Input.brand: .init(zh: "品牌", en: "brand"),
        Input.series: .init(zh: "车系", en: "series"),
        Input.trim: .init(zh: "年款车型", en: "trim of its year"),
        Input.trimLine: .init(zh: "车型", en: "trim"),
        Input.seriesEngine: .init(zh: "车系与动力", en: "series and engine"),
        Input.seriesYear: .init(zh: "车系年款", en: "series and model year"),
        Input.modelYear: .init(zh: "年款", en: "model year"),
        Input.ageDays: .init(zh: "车龄", en: "age"),
        Input.lagDays: .init(zh: "上牌早晚", en: "registered after"),
        Input.odometerKm: .init(zh: "里程", en: "kilometres"),
        Input.newPriceFen: .init(zh: "新车价", en: "price when new"),
        Input.newPriceLog: .init(zh: "新车价", en: "price when new"),
        Input.marketValueLog: .init(zh: "市场参考价", en: "the market's valuation"),
        Input.marketValueFen: .init(zh: "市场参考价", en: "the market's valuation"),
        Input.marketValueGap: .init(zh: "市场参考价之差", en: "the market's valuation against the rules"),
        Input.saleDay: .init(zh: "估价日", en: "day of valuation"),
        Input.saleMonth: .init(zh: "月份", en: "month"),
        Input.energy: .init(zh: "动力类型", en: "energy"),
        Input.transfers: .init(zh: "过户次数", en: "transfers"),
        Input.conditionScore: .init(zh: "车况评分", en: "condition score"),
        Input.conditionGrade: .init(zh: "车况等级", en: "condition grade"),
        Input.use: .init(zh: "使用性质", en: "use"),
        Input.supplyIndex: .init(zh: "供需指数", en: "supply and demand"),
        Input.registrationBarred: .init(zh: "限迁", en: "registration barred"),
        Input.batteryHealth: .init(zh: "电池健康度", en: "battery health"),
        Input.modelLevel: .init(zh: "同款价位", en: "price level of the model"),
        Input.trimGap: .init(zh: "同款成交之差", en: "sales of the trim against the rules"),
        Input.trimWeight: .init(zh: "同款成交多少", en: "how many sales of the trim"),
        Input.trimDispersion: .init(zh: "同款成交离散", en: "spread of sales of the trim"),
        Input.seriesGap: .init(zh: "同车系成交之差", en: "sales of the series against the rules"),
        Input.seriesWeight: .init(zh: "同车系成交多少", en: "how many sales of the series"),
        Input.seriesDispersion: .init(zh: "同车系成交离散", en: "spread of sales of the series"),
        Input.pooledGap: .init(zh: "可比成交之差", en: "comparable sales against the rules"),
        "city": .init(zh: "城市", en: "city"),
        "region": .init(zh: "地区", en: "region"),
        "state": .init(zh: "州", en: "state"),
        "colour": .init(zh: "颜色", en: "colour"),
        "interior": .init(zh: "内饰颜色", en: "interior"),
        "segment": .init(zh: "级别", en: "segment"),
        "gearbox": .init(zh: "变速箱", en: "gearbox"),
        "drive": .init(zh: "驱动形式", en: "drive"),
        "body": .init(zh: "车身", en: "body"),
        "fuel": .init(zh: "燃料", en: "fuel"),
        "power_type": .init(zh: "动力形式", en: "power train"),
        "emission": .init(zh: "排放标准", en: "emission stage"),
        "warranty": .init(zh: "质保", en: "warranty"),
        "origin": .init(zh: "品牌来源", en: "origin"),
        "make_type": .init(zh: "国产或进口", en: "make type"),
        "seller": .init(zh: "卖家", en: "seller"),
        "vin_stem": .init(zh: "车架号车型段", en: "first places of the VIN"),
        "displacement": .init(zh: "排量", en: "displacement"),
        "power": .init(zh: "功率", en: "power"),
        "motor_power": .init(zh: "电机功率", en: "motor power"),
        "battery": .init(zh: "电池容量", en: "battery capacity"),
        "wheelbase": .init(zh: "轴距", en: "wheelbase"),
        "seats": .init(zh: "座位数", en: "seats"),
        "launch": .init(zh: "上市时间", en: "launch"),
        "mpg": .init(zh: "油耗（mpg）", en: "miles per gallon"),
        "road_tax": .init(zh: "车船税", en: "road tax"),
        "condition": .init(zh: "车况", en: "condition"),
    ]
}

extension Evidence.Standing {
    /// How near the nearest sales stand, in words.
    package var words: LocalizedText {
        switch self {
        case .trim: LocalizedText(zh: "同款车型", en: "the trim")
        case .series: LocalizedText(zh: "同车系", en: "the series")
        case .brand: LocalizedText(zh: "同品牌", en: "the brand")
        case .market: LocalizedText(zh: "整个市场", en: "the market")
        case .curve: LocalizedText(zh: "仅规则", en: "the rules alone")
        }
    }
}
