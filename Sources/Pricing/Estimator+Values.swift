import Core

extension Estimator {
    /// A car with severe damage has a wholesale band only: from .40 to .65 of what it would be worth undamaged. No
    /// published figure was found; the shares are our own choice, and wide for that.
    private static let damagedLow: Int64 = -916_000
    private static let damagedHigh: Int64 = -431_000

    func values(_ quote: QuickEstimate, _ fen: Int64, _ confidence: ConfidenceClass, _ car: CarFacts) -> [QuotedValue] {
        let own = ruleSet.values.isEmpty ? [] : ValueKind.allCases.filter { $0 != ruleSet.basis }
        if !car.condition.damages.isEmpty || car.findings.contains(.severeDamageReported) {
            return damaged(quote, confidence, car)
        }
        let basis = quoted(ruleSet.basis, quote, fen, confidence)
        return [basis]
            + own.compactMap { kind in
                guard let rule = ruleSet.values.first(where: { $0.kind == kind }) else { return nil }
                let log = quote.log + rule.effect(atFen: fen)
                let other = QuickEstimate(log: log, expectedErrorPPM: quote.expectedErrorPPM)
                return quoted(kind, other, other.fen, confidence)
            }
    }

    private func quoted(_ kind: ValueKind, _ quote: QuickEstimate, _ fen: Int64, _ name: ConfidenceClass) -> QuotedValue
    {
        let (low, high) = ruleSet.confidence.range(name, quote)
        return QuotedValue(
            kind: kind,
            point: Money(fen: fen),
            low: Money(fen: min(low, fen)),
            high: Money(fen: max(high, fen)),
            confidence: name,
            refusal: nil
        )
    }

    private func damaged(_ quote: QuickEstimate, _ name: ConfidenceClass, _ car: CarFacts) -> [QuotedValue] {
        let names = car.condition.damages.map(\.rawValue).sorted().joined(separator: ", ")
        let reason = LocalizedText(
            zh: "重大事故、泡水或火烧车不提供零售估价，仅给出批发价区间",
            en:
                "A car with severe damage (\(names.isEmpty ? "reported" : names)) has a wholesale band only"
        )
        let low = Money(fen: LogScale.exp(quote.log + Estimator.damagedLow))
        let high = Money(fen: LogScale.exp(quote.log + Estimator.damagedHigh))
        return ValueKind.allCases.map { kind in
            let hasBand = kind == .wholesale
            return QuotedValue(
                kind: kind,
                point: nil,
                low: hasBand ? low : nil,
                high: hasBand ? high : nil,
                confidence: name,
                refusal: reason
            )
        }
    }
}

extension ValueRule {
    /// Straight between the prices that the rule names, level outside.
    func effect(atFen fen: Int64) -> Int64 {
        guard let first = prices.first, fen > first else { return effects.first ?? 0 }
        guard let next = prices.firstIndex(where: { $0 > fen }) else { return effects.last ?? 0 }
        let width = prices[next] - prices[next - 1]
        return effects[next - 1]
            + LogScale.scaled(effects[next] - effects[next - 1], fen - prices[next - 1], by: width)
    }
}
