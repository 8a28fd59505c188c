package import Core
package import Pricing

/// How an estimate is told: each factor as a line, each comparable without a name, every word in both languages.
extension Estimate {
    package var answer: JSON {
        [
            "rule_set": [
                "id": JSON(ruleSet.id), "version": JSON(ruleSet.version), "hash": JSON(ruleSet.hash.hex),
            ],
            "valued_on": JSON(valuedOn),
            "currency": JSON(currency),
            "basis": JSON(basis.rawValue),
            "confidence": JSON(confidence.rawValue),
            "expected_error_ppm": .integer(expectedErrorPPM),
            "values": .array(values.map(\.answer)),
            "lines": .array(lines.map(\.answer)),
            "evidence": [
                "standing": JSON(evidence.standing.rawValue),
                "comparables": .array(shownComparables.map(comparable)),
            ],
            "warnings": .array(warnings.map(\.answer)),
        ]
    }

    /// What a reader looks through; the rest weighs next to nothing.
    package static let shownComparablesMaximum = 40

    private var shownComparables: [Pricing.Evidence.Comparable] {
        let ordered = evidence.comparables.enumerated().sorted {
            ($1.element.weight, $0.offset) < ($0.element.weight, $1.offset)
        }
        return ordered.prefix(Estimate.shownComparablesMaximum).map(\.element)
    }

    /// The month is all that a reader needs of the day, and less of what tells the car.
    private func comparable(_ comparable: Pricing.Evidence.Comparable) -> JSON {
        let month = comparable.soldOn.description.prefix(7)
        return [
            "level": JSON(comparable.level.rawValue),
            "sold_in": JSON(String(month)),
            "price_fen": .integer(comparable.priceFen),
            "adjusted_fen": .integer(adjustedFen(comparable)),
            "odometer_km": .optional(comparable.odometerKm, JSON.integer),
            "age_months": .optional(comparable.ageDays) { .integer($0 * 12 / 365) },
            "weight": .integer(comparable.weight),
        ]
    }
}

extension QuotedValue {
    fileprivate var answer: JSON {
        [
            "kind": JSON(kind.rawValue),
            "label": kind.label.json,
            "point_fen": .optional(point) { .integer($0.fen) },
            "low_fen": .optional(low) { .integer($0.fen) },
            "high_fen": .optional(high) { .integer($0.fen) },
            "confidence": JSON(confidence.rawValue),
            "refusal": .optional(refusal, \.json),
        ]
    }
}

extension EstimateLine {
    fileprivate var answer: JSON {
        [
            "rule": JSON(rule),
            "group": JSON(group.rawValue),
            "reads": .array(reads.map { ["input": JSON($0.input), "value": JSON($0.value)] }),
            "effect_log": .integer(effectLog),
            "effect_ppm": .integer(effectPPM),
            "amount_fen": .integer(amountFen),
            "reason": reason.json,
        ]
    }
}

extension EstimateWarning {
    fileprivate var answer: JSON {
        ["code": JSON(code), "pointer": JSON(pointer), "zh": JSON(detail.zh), "en": JSON(detail.en)]
    }
}

extension ValueKind {
    package var label: LocalizedText {
        switch self {
        case .retail: LocalizedText(zh: "零售价", en: "Retail price")
        case .dealerPurchase: LocalizedText(zh: "收车价", en: "Dealer purchase price")
        case .wholesale: LocalizedText(zh: "批发价", en: "Wholesale price")
        case .tradeIn: LocalizedText(zh: "置换价", en: "Trade-in price")
        case .private: LocalizedText(zh: "个人交易价", en: "Private sale price")
        }
    }
}
