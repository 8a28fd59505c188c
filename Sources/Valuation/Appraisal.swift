package import Core
package import Pricing
import Storage

/// What a car was estimated at when it was offered: it stays beside the offer, whatever the market does.
package struct Appraisal: Sendable, Hashable {
    package let estimate: EstimateID
    package let valuedOn: CalendarDate
    package let confidence: ConfidenceClass
    /// `nil` where the car has no retail price: severe damage, for one.
    package let point: Money?
    package let low: Money?
    package let high: Money?

    package init(_ stored: StoredEstimate, _ estimate: Estimate) {
        let retail = estimate[.retail]
        self.estimate = stored.id
        valuedOn = estimate.valuedOn
        confidence = retail?.confidence ?? estimate.confidence
        point = retail?.point
        low = retail?.low
        high = retail?.high
    }

    /// As it is stored.
    package var stored: JSON {
        [
            "estimate": JSON(estimate),
            "valued_on": JSON(valuedOn),
            "confidence": JSON(confidence.rawValue),
            "point_fen": .optional(point) { .integer($0.fen) },
            "low_fen": .optional(low) { .integer($0.fen) },
            "high_fen": .optional(high) { .integer($0.fen) },
        ]
    }

    /// - Throws: where it cannot be read: the store is damaged.
    package init(stored json: JSON) throws {
        guard let id = json["estimate"]?.stringValue.flatMap({ EstimateID($0) }),
            let valuedOn = json["valued_on"]?.stringValue.flatMap({ CalendarDate($0) }),
            let confidence = json["confidence"]?.stringValue.flatMap(ConfidenceClass.init)
        else { throw StoredDataError("an appraisal cannot be read") }
        estimate = id
        self.valuedOn = valuedOn
        self.confidence = confidence
        point = json["point_fen"]?.integerValue.map(Money.init(fen:))
        low = json["low_fen"]?.integerValue.map(Money.init(fen:))
        high = json["high_fen"]?.integerValue.map(Money.init(fen:))
    }

    /// What a price is beside it.
    package func verdict(on price: Money) -> PriceVerdict { PriceVerdict(price, self) }

    /// - Parameter price: everything that a buyer pays.
    package func json(of price: Money) -> JSON {
        let verdict = verdict(on: price)
        return .object(
            (stored.members ?? []) + [
                .init("verdict", JSON(verdict.code.rawValue)),
                .init("difference_ppm", .optional(verdict.differencePPM, JSON.integer)),
                .init("zh", JSON(verdict.sentence.zh)),
                .init("en", JSON(verdict.sentence.en)),
            ]
        )
    }
}

/// What is asked for a car, against what it was estimated at, in one plain sentence.
package struct PriceVerdict: Sendable, Hashable {
    package enum Code: String, Sendable, Hashable, CaseIterable {
        case belowRange = "below_range"
        case below
        case fair
        case above
        case aboveRange = "above_range"
        /// The estimate is too uncertain to judge by.
        case uncertain
        /// The car has no retail price.
        case noEstimate = "no_estimate"
    }

    /// What is nearer than that is the same price to anybody who bargains (platform rule).
    package static let fairPPM: Int64 = 30_000

    package let code: Code
    /// Above the estimate, in millionths of it.
    package let differencePPM: Int64?
    package let sentence: LocalizedText

    init(_ price: Money, _ appraisal: Appraisal) {
        guard let point = appraisal.point, let low = appraisal.low, let high = appraisal.high, point.fen > 0 else {
            code = .noEstimate
            differencePPM = nil
            sentence = LocalizedText(
                zh: "发布时无法给出零售估价，标价没有可对照的参考。",
                en: "There was no retail estimate when it was offered, so nothing to hold the price against."
            )
            return
        }
        let difference = PriceVerdict.difference(price, from: point)
        differencePPM = difference
        code = PriceVerdict.code(price, difference, low, high, appraisal.confidence)
        sentence = PriceVerdict.sentence(code, difference, low, high, appraisal.confidence)
    }

    private static func difference(_ price: Money, from point: Money) -> Int64 {
        // A quotient of two amounts of up to 2^53 fen, each a million times: wider than 64 bits.
        Int64(clamping: (Int128(price.fen) - Int128(point.fen)) * 1_000_000 / Int128(point.fen))
    }

    private static func code(
        _ price: Money,
        _ difference: Int64,
        _ low: Money,
        _ high: Money,
        _ confidence: ConfidenceClass
    ) -> Code {
        if confidence == .d { return .uncertain }
        if price < low { return .belowRange }
        if price > high { return .aboveRange }
        if abs(difference) <= fairPPM { return .fair }
        return difference < 0 ? .below : .above
    }

    private static func sentence(
        _ code: Code,
        _ difference: Int64,
        _ low: Money,
        _ high: Money,
        _ confidence: ConfidenceClass
    ) -> LocalizedText {
        let percent = plainPercent(abs(difference))
        let zhRange = "估价区间 \(plainWan(low))–\(plainWan(high)) 万元，可信度 \(confidence.rawValue)"
        let enRange = "estimated range \(low.yuanText)–\(high.yuanText) yuan, confidence \(confidence.rawValue)"
        let isBelow = difference < 0
        let (zh, en): (String, String) =
            switch code {
            case .belowRange:
                (
                    "标价比估价低 \(percent)，低于正常区间，请问清原因",
                    "\(percent) below the estimate and below the usual range: ask why"
                )
            case .below:
                ("标价比估价低 \(percent)，在正常区间内", "\(percent) below the estimate, within the usual range")
            case .fair: ("标价与估价相当", "In line with the estimate")
            case .above:
                ("标价比估价高 \(percent)，在正常区间内", "\(percent) above the estimate, within the usual range")
            case .aboveRange:
                ("标价比估价高 \(percent)，高于正常区间", "\(percent) above the estimate and above the usual range")
            case .uncertain, .noEstimate:
                (
                    "可对照的成交太少，估价只供参考（标价\(isBelow ? "低" : "高") \(percent)）",
                    "Too little to compare with, so the estimate is only a hint "
                        + "(\(percent) \(isBelow ? "below" : "above"))"
                )
            }
        return LocalizedText(zh: "\(zh)（\(zhRange)）。", en: "\(en) (\(enRange)).")
    }
}

/// 31,400 millionths are 3.1 %.
package func plainPercent(_ ppm: Int64) -> String {
    let tenths = (ppm + 500) / 1000
    return "\(tenths / 10).\(tenths % 10)%"
}

/// In ten thousands of yuan, to the hundredth: as prices of cars are spoken of in China.
package func plainWan(_ money: Money) -> String {
    let hundredths = (money.fen + 5000) / 10_000
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
}

extension Money {
    fileprivate var yuanText: String { "\((fen + 50) / 100)" }
}
