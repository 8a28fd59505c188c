import Core
import Pricing
import Valuation

/// A car that stands longer than its dealer wants, with what it would be worth today.
struct StockAlert: Sendable {
    let car: StockCar
    /// What a buyer pays.
    let total: Money
    /// `nil` where the car cannot be priced.
    let estimate: Estimate?

    private var retail: QuotedValue? { estimate?[.retail] }

    var json: JSON {
        [
            "listing": JSON(car.id),
            "vin": JSON(car.vin),
            "title": JSON(car.title),
            "status": JSON(car.status.rawValue),
            "number": .optional(car.number, JSON.string),
            "since": JSON(car.since),
            "days": JSON(car.days),
            "level": JSON(car.band.rawValue),
            "price_fen": .integer(total.fen),
            "point_fen": .optional(retail?.point) { .integer($0.fen) },
            "low_fen": .optional(retail?.low) { .integer($0.fen) },
            "high_fen": .optional(retail?.high) { .integer($0.fen) },
            "confidence": .optional(estimate) { JSON($0.confidence.rawValue) },
            "zh": JSON(sentence.zh),
            "en": JSON(sentence.en),
        ]
    }

    var sentence: LocalizedText {
        let line = car.band == .overdue ? car.lines.overdueFromDays : car.lines.slowFromDays
        let zh = "已在库 \(car.days) 天，超过 \(line) 天的\(car.band == .overdue ? "处置" : "提醒")线"
        let en = "In stock for \(car.days) days, past the line of \(line)"
        return LocalizedText(zh: "\(zh)；\(advice.zh)。", en: "\(en); \(advice.en).")
    }

    private var advice: LocalizedText {
        guard let point = retail?.point, let low = retail?.low, point.fen > 0, estimate?.confidence != .d else {
            return LocalizedText(zh: "没有可靠的今日估价，请人工定价", en: "there is no reliable estimate today: price it by hand")
        }
        let difference = Int64(clamping: (Int128(total.fen) - Int128(point.fen)) * 1_000_000 / Int128(point.fen))
        if difference <= 0 {
            return LocalizedText(
                zh: "标价不高于今日估价 \(plainWan(point)) 万元，卖得慢未必是价格的原因",
                en: "the price is not above today's estimate, so it may not be the price that keeps it here"
            )
        }
        return LocalizedText(
            zh: "标价比今日估价高 \(plainPercent(difference))，可考虑调到 \(plainWan(low))–\(plainWan(point)) 万元",
            en: "\(plainPercent(difference)) above today's estimate: "
                + "consider \(low.fen / 100) to \(point.fen / 100) yuan"
        )
    }
}
