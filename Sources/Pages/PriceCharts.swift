import Core
import Valuation
import Web

/// One line of the estimate, from the price before it to the price after it.
struct PriceStep {
    enum Kind: String {
        case reference
        case up
        case down
        case total
    }

    let name: String
    /// What was read of the car, as people say it.
    let reads: String
    let from: Int64
    let to: Int64
    let percent: String
    let kind: Kind

    var isWhole: Bool { kind == .reference || kind == .total }
    /// A line that moves the price by less than a yuan says nothing to anybody.
    var counts: Bool { isWhole || abs(to - from) >= 100 }

    static func all(_ lines: [JSON], _ language: Language) -> [PriceStep] {
        var price: Int64 = 0
        return lines.enumerated().map { index, line in
            let amount = line.number("amount_fen")
            let from = index == 0 ? 0 : price
            price += amount
            let ppm = line.number("effect_ppm")
            return PriceStep(
                name: line["reason"]?.words(language) ?? line.text("rule"),
                reads: index == 0 ? "" : reads(line, language),
                from: from,
                to: price,
                percent: index == 0 ? "" : (ppm < 0 ? "−" : "+") + plainPercent(abs(ppm)),
                kind: index == 0 ? .reference : amount < 0 ? .down : .up
            )
        }
    }

    /// The highest price on the way; never 0.
    static func scale(_ steps: [PriceStep]) -> Int64 { max(1, steps.map { max($0.from, $0.to) }.max() ?? 1) }

    private static func reads(_ line: JSON, _ language: Language) -> String {
        line.list("reads").compactMap { reading in
            let value = reading.text("value")
            guard let name = names[reading.text("input")], !value.isEmpty else { return nil }
            return "\(name.text(in: language)) \(value)"
        }.joined(separator: language.say("，", ", "))
    }

    /// Of the inputs that mean something to people. The others are between the rules and whoever wrote them.
    private static let names: [String: LocalizedText] = [
        "brand": LocalizedText(zh: "品牌", en: "make"), "series": LocalizedText(zh: "车系", en: "series"),
        "trim": LocalizedText(zh: "车型", en: "trim"), "model_year": LocalizedText(zh: "年款", en: "model year"),
        "age_days": LocalizedText(zh: "车龄（天）", en: "age in days"),
        "odometer_km": LocalizedText(zh: "里程（公里）", en: "odometer in km"),
        "energy": LocalizedText(zh: "能源", en: "energy"), "transfers": LocalizedText(zh: "过户次数", en: "changes of owner"),
        "colour": LocalizedText(zh: "颜色", en: "colour"), "city": LocalizedText(zh: "城市", en: "city"),
        "region": LocalizedText(zh: "地区", en: "region"), "use": LocalizedText(zh: "用途", en: "use"),
        "condition_grade": LocalizedText(zh: "车况等级", en: "grade"),
        "condition_score": LocalizedText(zh: "车况得分", en: "score"),
        "battery_health": LocalizedText(zh: "电池健康度（‰）", en: "battery health in permille"),
        "emission": LocalizedText(zh: "排放", en: "emission"),
    ]
}

/// Sales by kilometres and price, with the car among them.
struct PriceScatter {
    struct Subject {
        let km: Int64?
        let point: Int64?
        let low: Int64?
        let high: Int64?
    }

    let sales: [JSON]
    let subject: Subject
    let language: Language

    private static let (left, right, top, bottom) = (Int64(70), Int64(620), Int64(20), Int64(330))
    private static let (width, height) = (640, 400)

    private struct Axis {
        let low: Int64
        let high: Int64
        let step: Int64

        /// Round steps, about four of them.
        init(_ values: [Int64], leastStep: Int64) {
            let (least, most) = (values.min() ?? 0, values.max() ?? 1)
            let wanted = max(leastStep, (most - least) / 4)
            var step = leastStep
            var factor = 0
            while step < wanted {
                step = step * [2, 5, 10][factor % 3] / [1, 2, 5][factor % 3]
                factor += 1
            }
            self.step = step
            low = least / step * step
            high = max((most + step - 1) / step * step, low + step)
        }

        func place(_ value: Int64, from start: Int64, to end: Int64) -> Int64 {
            start + (value - low) * (end - start) / (high - low)
        }

        var ticks: [Int64] { Array(stride(from: low, through: high, by: Int64.Stride(step))) }
    }

    private var dots: [(km: Int64, fen: Int64, weight: Int64)] {
        sales.compactMap { sale in
            sale["odometer_km"]?.integerValue.map { ($0, sale.number("price_fen"), sale.number("weight")) }
        }
    }

    func write(_ page: inout HTMLWriter) {
        let dots = dots
        let kms = dots.map(\.km) + [subject.km].compactMap { $0 }
        let prices = dots.map(\.fen) + [subject.point, subject.low, subject.high].compactMap { $0 }
        guard !dots.isEmpty else { return }
        let across = Axis(kms, leastStep: 5000)
        let up = Axis(prices, leastStep: 500_000)
        page.element(
            "svg",
            [
                "class": "scatter", "viewBox": "0 0 \(PriceScatter.width) \(PriceScatter.height)", "role": "img",
                "aria-label": label(dots.count),
            ]
        ) { page in
            writeAxes(across, up, &page)
            for dot in dots { write(dot, across, up, &page) }
            writeSubject(across, up, &page)
        }
        page.element("p", ["class": "legend soft"]) { page in
            page.text(
                language.say(
                    "圆点是成交，越大越可比；菱形是这辆车，竖线是它的价格区间。",
                    "Dots are sales, larger the more they count; the diamond is this car, the line its range."
                )
            )
        }
    }

    private func label(_ count: Int) -> String {
        language.say(
            "散点图：\(count) 笔成交的里程与价格，以及这辆车的位置。逐笔数据见下方。",
            "Scatter plot: kilometres and prices of \(count) sales, and where this car stands. The figures are below."
        )
    }

    private func writeAxes(_ across: Axis, _ up: Axis, _ page: inout HTMLWriter) {
        let (left, right, top, bottom) = (PriceScatter.left, PriceScatter.right, PriceScatter.top, PriceScatter.bottom)
        for tick in up.ticks {
            let y = up.place(tick, from: bottom, to: top)
            line(left, y, right, y, "grid", &page)
            let text = plainWan(Money(fen: tick)).replacing(".00", with: "")
            self.text(text, left - 8, y + 5, "end", &page)
        }
        for tick in across.ticks {
            let x = across.place(tick, from: left, to: right)
            line(x, top, x, bottom, "grid", &page)
            let tenths = tick / 1000
            text("\(tenths / 10).\(tenths % 10)".replacing(".0", with: ""), x, bottom + 24, "middle", &page)
        }
        line(left, bottom, right, bottom, "axis", &page)
        line(left, top, left, bottom, "axis", &page)
        text(language.say("里程（万公里）", "10,000 km"), right, bottom + 54, "end", &page)
        text(language.say("万元", "10,000 yuan"), left - 62, top - 4, "start", &page)
    }

    private func write(
        _ dot: (km: Int64, fen: Int64, weight: Int64),
        _ across: Axis,
        _ up: Axis,
        _ page: inout HTMLWriter
    ) {
        let x = across.place(dot.km, from: PriceScatter.left, to: PriceScatter.right)
        let y = up.place(dot.fen, from: PriceScatter.bottom, to: PriceScatter.top)
        let radius = 4 + min(6, dot.weight * 6 / 1000)
        page.element("circle", ["cx": "\(x)", "cy": "\(y)", "r": "\(radius)"]) { page in
            let price = plainWan(Money(fen: dot.fen))
            page.element("title", language.say("\(dot.km) 公里，\(price) 万元", "\(dot.km) km, \(dot.fen / 100) yuan"))
        }
    }

    private func writeSubject(_ across: Axis, _ up: Axis, _ page: inout HTMLWriter) {
        guard let km = subject.km, let point = subject.point else { return }
        let x = across.place(km, from: PriceScatter.left, to: PriceScatter.right)
        func height(_ fen: Int64) -> Int64 { up.place(fen, from: PriceScatter.bottom, to: PriceScatter.top) }
        if let low = subject.low, let high = subject.high { line(x, height(low), x, height(high), "range", &page) }
        let y = height(point)
        page.element("path", ["class": "subject", "d": "M\(x) \(y - 11)l11 11l-11 11l-11 -11z"]) { page in
            let wan = plainWan(Money(fen: point))
            page.element("title", language.say("这辆车：\(wan) 万元", "This car: \(point / 100) yuan"))
        }
    }

    private func line(
        _ x1: Int64,
        _ y1: Int64,
        _ x2: Int64,
        _ y2: Int64,
        _ name: String,
        _ page: inout HTMLWriter
    ) {
        page.element("line", ["class": name, "x1": "\(x1)", "y1": "\(y1)", "x2": "\(x2)", "y2": "\(y2)"])
    }

    private func text(_ text: String, _ x: Int64, _ y: Int64, _ anchor: String, _ page: inout HTMLWriter) {
        page.element("text", ["x": "\(x)", "y": "\(y)", "text-anchor": anchor], text)
    }
}
