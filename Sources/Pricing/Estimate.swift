package import Core
package import Cryptography

/// What a car is worth on a day, and why: the lines lead from the reference to the price, to the fen.
package struct Estimate: Sendable, Hashable {
    package let ruleSet: RuleSetName
    package let valuedOn: CalendarDate
    package let currency: String
    /// The kind of price that the lines lead to; `values` has the others.
    package let basis: ValueKind
    /// In the order in which they apply. The first is the reference and has the whole of it in `amountFen`; the sum of
    /// all `amountFen` is the price of `basis`.
    package let lines: [EstimateLine]
    package let values: [QuotedValue]
    package let confidence: ConfidenceClass
    /// The median error to be expected, in millionths of the price.
    package let expectedErrorPPM: Int64
    package let evidence: Evidence
    package let warnings: [EstimateWarning]

    /// `nil` where the car has no such value; `QuotedValue.refusal` says why.
    package subscript(kind: ValueKind) -> QuotedValue? { values.first { $0.kind == kind } }
}

/// Which rules said it. The hash is over the exact bytes of the document.
package struct RuleSetName: Sendable, Hashable {
    package let id: String
    package let version: String
    package let hash: Digest

    package init(id: String, version: String, hash: Digest) {
        self.id = id
        self.version = version
        self.hash = hash
    }
}

/// One factor: what was read, and what it does to the price.
package struct EstimateLine: Sendable, Hashable {
    package let rule: String
    /// What belongs together when a person looks at it.
    package let group: LineGroup
    /// The inputs that the rule reads, as it read them. Where none of them changes, the effect does not.
    package let reads: [Reading]
    /// In millionths of the natural logarithm. These add up.
    package let effectLog: Int64
    /// In millionths of the price before this line: 1.5 % dearer is 15,000.
    package let effectPPM: Int64
    /// What the price moves by. These add up, too.
    package let amountFen: Int64
    package let reason: LocalizedText

    package struct Reading: Sendable, Hashable {
        package let input: String
        package let value: String
    }
}

package enum LineGroup: String, Sendable, Hashable, CaseIterable {
    case reference
    case model
    case age
    case mileage
    case condition
    case equipment
    case market
    case comparables
    case correction
    case history
}

package enum ValueKind: String, Sendable, Hashable, CaseIterable {
    /// What a consumer pays a dealer.
    case retail
    /// What a dealer pays for the car: 收车价.
    case dealerPurchase = "dealer_purchase"
    case wholesale
    case tradeIn = "trade_in"
    /// Between two consumers.
    case `private`
}

/// One kind of value: a point with the range that holds four of five, or the reason why there is none.
package struct QuotedValue: Sendable, Hashable {
    package let kind: ValueKind
    /// `nil` for a band without a point, and where the value is refused.
    package let point: Money?
    package let low: Money?
    package let high: Money?
    package let confidence: ConfidenceClass
    package let refusal: LocalizedText?
}

/// What may be expected of an estimate; the thresholds stand in the rule set.
package enum ConfidenceClass: String, Sendable, Hashable, CaseIterable, Comparable {
    case a = "A"
    case b = "B"
    case c = "C"
    case d = "D"

    /// A is the lowest: it has the least error.
    package static func < (left: ConfidenceClass, right: ConfidenceClass) -> Bool { left.rawValue < right.rawValue }
}

/// Something that the reader of a price has to know before he relies on it.
package struct EstimateWarning: Sendable, Hashable {
    /// Stable, `snake_case`: `unknown_trim`, `no_comparables`, `new_price_from_caller`, `odometer_implausible`, …
    package let code: String
    /// JSON pointer to the fact that it is about.
    package let pointer: String
    package let detail: LocalizedText
}
