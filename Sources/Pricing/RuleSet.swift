package import Core
import Cryptography

/// The rules by which prices are made, as one document that people read: versioned, hashed over its exact bytes, and
/// in force from a day on.
package struct RuleSet: Sendable {
    package let name: RuleSetName
    package let content: RuleSetContent
    /// The document itself, to be kept: it is what the hash is of.
    package let bytes: [UInt8]

    package var title: LocalizedText { content.title }
    package var effectiveFrom: CalendarDate { content.effectiveFrom }
    package var currency: String { content.currency }

    init(content: RuleSetContent, bytes: [UInt8]) {
        self.content = content
        self.bytes = bytes
        name = RuleSetName(id: content.id, version: content.version, hash: SHA256.hash(bytes))
    }

    /// Of several versions the one in force on a day.
    package static func effective(of ruleSets: [RuleSet], on day: CalendarDate) -> RuleSet? {
        ruleSets.filter { $0.effectiveFrom <= day }.max { $0.effectiveFrom < $1.effectiveFrom }
    }
}

/// What a rule set says. Calibration makes one, or a person writes it.
package struct RuleSetContent: Sendable, Hashable {
    package enum Reference: Sendable, Hashable {
        /// A price level learnt from sales, as logarithm of fen; the rules lead from there.
        case level(Int64)
        /// The car's new price without purchase tax.
        case newPrice
    }

    package var id: String
    package var version: String
    package var title: LocalizedText
    package var effectiveFrom: CalendarDate
    package var currency: String
    package var source: String
    package var basis: ValueKind
    package var reference: Reference
    /// How far a car is usually driven in a year: what kilometres do is told against it. 13,100 km is the median of
    /// 29,959 Chinese store sales of 2020 and 2021.
    package var normalKmInYear: Int64 = 13_100
    /// Before the comparable sales: each sale is compared by what these say of it and of the car.
    /// What cars cost new, for those of which it is not known.
    package var newPrices: NewPriceCatalogue?
    package var baseRules: [Rule] = []
    package var comparables = ComparableRules()
    /// After them, for what is left.
    package var corrections: [Rule] = []
    package var confidence = ConfidenceRules()
    package var values: [ValueRule] = []

    package init(
        id: String,
        version: String,
        title: LocalizedText,
        effectiveFrom: CalendarDate,
        currency: String,
        source: String,
        basis: ValueKind,
        reference: Reference
    ) {
        self.id = id
        self.version = version
        self.title = title
        self.effectiveFrom = effectiveFrom
        self.currency = currency
        self.source = source
        self.basis = basis
        self.reference = reference
    }
}
