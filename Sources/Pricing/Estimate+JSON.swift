package import Core
import Cryptography

/// How an estimate is told: each factor as a line, each comparable without a name, every word in both languages.
extension Estimator {
    package func answer(_ estimate: Estimate) -> JSON {
        let rules = estimate.ruleSet
        return [
            "rule_set": ["id": JSON(rules.id), "version": JSON(rules.version), "hash": JSON(rules.hash.hex)],
            "valued_on": JSON(estimate.valuedOn),
            "currency": JSON(estimate.currency),
            "basis": JSON(estimate.basis.rawValue),
            "confidence": JSON(estimate.confidence.rawValue),
            "expected_error_ppm": .integer(estimate.expectedErrorPPM),
            "values": .array(estimate.values.map(\.json)),
            "lines": .array(estimate.lines.map(\.json)),
            "evidence": [
                "standing": JSON(estimate.evidence.standing.rawValue),
                "comparable_count": .integer(Int64(estimate.evidence.comparables.count)),
                "comparables": .array(shown(estimate.evidence).map { comparable($0, estimate) }),
            ],
            "warnings": .array(estimate.warnings.map(\.json)),
        ]
    }

    /// What a reader looks through; the rest weighs next to nothing.
    private static let shownComparables = 40

    private func shown(_ evidence: Evidence) -> [Evidence.Comparable] {
        let ordered = evidence.comparables.enumerated().sorted { left, right in
            let (one, other) = (left.element, right.element)
            return one.weight != other.weight ? one.weight > other.weight : left.offset < right.offset
        }
        return ordered.prefix(Estimator.shownComparables).map(\.element)
    }

    /// The month is all that a reader needs of the day, and less of what tells the car.
    private func comparable(_ comparable: Evidence.Comparable, _ estimate: Estimate) -> JSON {
        let month = comparable.soldOn.description.prefix(7)
        return [
            "level": JSON(comparable.level.rawValue),
            "sold_in": JSON(String(month)),
            "price_fen": .integer(comparable.priceFen),
            "adjusted_fen": .integer(adjustedFen(comparable, in: estimate)),
            "odometer_km": .optional(comparable.odometerKm, JSON.integer),
            "age_months": .optional(comparable.ageDays) { .integer($0 * 12 / 365) },
            "weight": .integer(comparable.weight),
        ]
    }
}

extension LocalizedText {
    fileprivate var json: JSON { ["zh": JSON(zh), "en": JSON(en)] }
}

extension QuotedValue {
    fileprivate var json: JSON {
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
    fileprivate var json: JSON {
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
    fileprivate var json: JSON {
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
