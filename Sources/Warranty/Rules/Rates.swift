package import Core

/// How a plan's base becomes the price for a car.
struct RateRules: Sendable, Hashable {
    let source: String
    /// The price goes down to a multiple of it.
    let roundingFen: Int64
    let factors: [RateFactor]

    private static let rounding: ClosedRange<Int64> = 1...100_000

    init(_ object: BookObject?, _ names: BookNames) {
        source = object?.reference("source", to: names.sources, "source") ?? ""
        roundingFen = object?.integer("rounding_fen", in: RateRules.rounding) ?? 1
        factors = object?.objects("factors").map(RateFactor.init) ?? []
        object?.refuseUnknownMembers()
    }
}

/// One thing that makes a plan dearer or cheaper.
struct RateFactor: Sendable, Hashable {
    let id: String
    let name: LocalizedText
    let by: Feature
    /// By feature that is a number: the first that is not passed holds.
    let steps: [Step]
    /// By feature that is a name; `else` for every other.
    let table: [String: BasisPoints]

    enum Feature: String, Sendable, CaseIterable {
        case segment
        case energy
        case region
        case price = "price_fen"
        case age = "age_months"
        case odometer = "odometer_km"
        case deductible = "deductible_fen"

        var isNumber: Bool { ![.segment, .energy, .region].contains(self) }
    }

    struct Step: Sendable, Hashable {
        /// `nil` for the last, which holds all that is left.
        let upTo: Int64?
        let rate: BasisPoints
    }

    private static let rates: ClosedRange<Int64> = 1...100_000
    private static let otherwise = "else"

    init(_ object: BookObject) {
        id = object.text("id")
        name = object.localizedText()
        by = object.choice("by", .segment)
        steps = by.isNumber ? RateFactor.steps(object) : []
        table = by.isNumber ? [:] : RateFactor.table(object)
        checkNames(object)
        object.refuseUnknownMembers()
    }

    private static func steps(_ object: BookObject) -> [Step] {
        let objects = object.objects("steps")
        let steps = objects.map { step in
            let isLast = step.text("up_to") == "max"
            let upTo = isLast ? nil : step.integer("up_to", in: 0...Money.maximumFen)
            let rate = BasisPoints(step.integer("bp", in: rates))
            step.refuseUnknownMembers()
            return Step(upTo: upTo, rate: rate)
        }
        let bounds = steps.map { $0.upTo ?? .max }
        if bounds.isEmpty || bounds.last != .max || zip(bounds, bounds.dropFirst()).contains(where: { $0 >= $1 }) {
            let (zh, en) = ("档位须递增，最后一档为 max", "the steps must rise and end with `max`")
            object.fault("steps", "steps_not_rising", zh: zh, en: en)
        }
        return steps
    }

    private static func table(_ object: BookObject) -> [String: BasisPoints] {
        guard let table = object.object("table") else { return [:] }
        return Dictionary(
            table.allNames().map { ($0, BasisPoints(table.integer($0, in: rates))) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// A car of which nothing is said would have no price.
    private func checkNames(_ object: BookObject) {
        let needed: [String] =
            switch by {
            case .segment: SaleFacts.Segment.allCases.map(\.rawValue)
            case .energy: SaleFacts.Energy.allCases.map(\.rawValue)
            default: []
            }
        guard !by.isNumber, table[RateFactor.otherwise] == nil else { return }
        if by == .region { object.fault("table", "no_else", zh: "缺少 else", en: "`else` is missing") }
        for name in needed where table[name] == nil {
            object.fault("table", "missing_rate", zh: "缺少 \(name)", en: "`\(name)` is missing")
        }
    }

    /// The rate for this car, and what it was chosen by.
    func rate(for sale: SaleFacts, deductible: Money) -> (rate: BasisPoints, reason: LocalizedText) {
        if by.isNumber {
            let step = steps.first { isUpTo($0, sale, deductible) }
            return (step?.rate ?? .whole, reason(step))
        }
        let name =
            switch by {
            case .segment: sale.segment.rawValue
            case .energy: sale.energy.rawValue
            default: sale.region
            }
        let rate = table[name] ?? table[RateFactor.otherwise] ?? .whole
        return (rate, RateFactor.words[name] ?? LocalizedText(zh: name, en: name))
    }

    /// What people call the names of segments and energies.
    private static let words: [String: LocalizedText] = [
        "mini": LocalizedText(zh: "微型车", en: "mini"),
        "small": LocalizedText(zh: "小型车", en: "small"),
        "compact": LocalizedText(zh: "紧凑型车", en: "compact"),
        "midsize": LocalizedText(zh: "中型车", en: "midsize"),
        "large": LocalizedText(zh: "大型车", en: "large"),
        "suv": LocalizedText(zh: "SUV", en: "SUV"),
        "mpv": LocalizedText(zh: "MPV", en: "MPV"),
        "sports": LocalizedText(zh: "跑车", en: "sports car"),
        "pickup": LocalizedText(zh: "皮卡", en: "pick-up"),
        "petrol": LocalizedText(zh: "汽油", en: "petrol"),
        "diesel": LocalizedText(zh: "柴油", en: "diesel"),
        "hybrid": LocalizedText(zh: "油电混合", en: "hybrid"),
        "plug_in_hybrid": LocalizedText(zh: "插电混动", en: "plug-in hybrid"),
        "range_extended": LocalizedText(zh: "增程式", en: "range-extended"),
        "battery": LocalizedText(zh: "纯电动", en: "battery electric"),
        "fuel_cell": LocalizedText(zh: "燃料电池", en: "fuel cell"),
        "gas": LocalizedText(zh: "燃气", en: "gas"),
        "other": LocalizedText(zh: "其他", en: "other"),
    ]

    private func isUpTo(_ step: Step, _ sale: SaleFacts, _ deductible: Money) -> Bool {
        guard let upTo = step.upTo else { return true }
        return switch by {
        case .age: sale.isUpTo(months: upTo)
        case .odometer: sale.odometerKm <= upTo
        case .price: sale.price.fen <= upTo
        case .deductible: deductible.fen <= upTo
        case .segment, .energy, .region: false
        }
    }

    private func reason(_ step: Step?) -> LocalizedText {
        guard let upTo = step?.upTo else { return LocalizedText(zh: "最高档", en: "highest step") }
        let (zh, en): (String, String) =
            switch by {
            case .age: ("\(upTo) 个月以内", "up to \(upTo) months")
            case .odometer: ("\(grouped(upTo)) 公里以内", "up to \(grouped(upTo)) km")
            default: ("\(plainYuan(Money(fen: upTo))) 元以内", "up to \(plainYuan(Money(fen: upTo))) yuan")
            }
        return LocalizedText(zh: zh, en: en)
    }
}

/// One line of how a price came about. The lines of a price add up to it, to the fen.
package struct PriceLine: Sendable, Hashable {
    package let id: String
    package let label: LocalizedText
    /// What everything above it was multiplied by.
    package let rate: BasisPoints?
    package let amount: Money

    package var json: JSON {
        [
            "id": JSON(id), "label": ["zh": JSON(label.zh), "en": JSON(label.en)],
            "rate_bp": .optional(rate) { JSON($0) }, "amount": amount.json,
        ]
    }
}

extension RateRules {
    /// Base and factors, without what is granted for nothing.
    func lines(_ plan: WarrantyPlan, for sale: SaleFacts, deductible: Money) throws -> [PriceLine] {
        var running = plan.base
        var lines = [PriceLine(id: "base", label: RateRules.base(plan), rate: nil, amount: running)]
        for factor in factors {
            let (rate, reason) = factor.rate(for: sale, deductible: deductible)
            let next = try running.multiplied(by: rate, rounding: .halfUp)
            let label = LocalizedText(
                zh: "\(factor.name.zh)（\(reason.zh)）",
                en: "\(factor.name.en) (\(reason.en))"
            )
            lines.append(PriceLine(id: factor.id, label: label, rate: rate, amount: try next.subtracting(running)))
            running = next
        }
        return lines
    }

    private static func base(_ plan: WarrantyPlan) -> LocalizedText {
        LocalizedText(zh: "\(plan.name.zh)基准价", en: "\(plan.name.en), base")
    }

    /// What goes off for `included`, and what is rounded off then.
    func closing(_ lines: [PriceLine], included: (label: LocalizedText, worth: Money)?) throws -> [PriceLine] {
        var lines = lines
        var total = try PriceLine.total(lines)
        if let included {
            let credit = Money(fen: -min(included.worth.fen, total.fen))
            lines.append(PriceLine(id: "included", label: included.label, rate: nil, amount: credit))
            total = try total.adding(credit)
        }
        let excess = total.fen % roundingFen
        if excess > 0 {
            let label = LocalizedText(zh: "舍去零头", en: "Rounded down")
            lines.append(PriceLine(id: "rounding", label: label, rate: nil, amount: Money(fen: -excess)))
        }
        return lines
    }
}

extension PriceLine {
    package static func total(_ lines: [PriceLine]) throws -> Money {
        try lines.reduce(.zero) { try $0.adding($1.amount) }
    }
}
