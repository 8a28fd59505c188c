package import Core
package import Cryptography
import Identity
package import Pricing
package import Storage
import Web

package enum EstimateTag: IDTag {
    package static let prefix = "est"
}

package typealias EstimateID = ID<EstimateTag>

/// An estimate as it was given, with everything that it depends on: it can be made again for ever.
package struct StoredEstimate: Sendable {
    package let id: EstimateID
    package let ruleSet: Digest
    /// Who may look at it; `nil` for everybody who knows its number.
    package let organization: String?
    package let vin: String?
    package let listing: String?
    package let valuedOn: CalendarDate
    package let car: CarFacts
    package let evidence: Pricing.Evidence
    /// What was answered.
    package let answer: JSON
    package let createdAt: Instant
}

/// Whom an estimate is about, and for.
package struct EstimateContext: Sendable, Hashable {
    package var organization: String?
    package var vin: String?
    package var listing: String?

    package init(organization: String? = nil, vin: String? = nil, listing: String? = nil) {
        self.organization = organization
        self.vin = vin
        self.listing = listing
    }
}

/// The verbs on estimates.
package enum Estimates {
    /// Keeps an estimate, and the rules that it was made by.
    package static func keep(
        _ tx: any Transaction,
        _ appraised: Appraised,
        _ context: EstimateContext
    ) throws -> StoredEstimate {
        try RuleSets.keep(tx, appraised.ruleSet)
        let stored = StoredEstimate(
            id: EstimateID(at: tx.now),
            ruleSet: appraised.ruleSet.name.hash,
            organization: context.organization,
            vin: context.vin,
            listing: context.listing,
            valuedOn: appraised.estimate.valuedOn,
            car: appraised.car,
            evidence: appraised.evidence,
            answer: appraised.answer,
            createdAt: tx.now
        )
        try EstimateStore.insert(tx, stored)
        return stored
    }

    /// - Throws: `notFound` also where there is one that he may not see.
    package static func get(
        _ tx: any Transaction,
        _ id: EstimateID,
        where isVisible: (_ organization: String) -> Bool
    ) throws -> (estimate: StoredEstimate, ruleSet: RuleSet) {
        guard let estimate = try EstimateStore.find(tx, id), estimate.organization.map(isVisible) ?? true else {
            throw Failure(.notFound)
        }
        guard let kept = try RuleSetStore.find(tx, estimate.ruleSet) else {
            throw StoredDataError("the rules of an estimate are gone")
        }
        return (estimate, kept.ruleSet)
    }
}

extension StoredEstimate {
    /// Made again from what is kept.
    package func replayed(by estimator: Estimator) throws -> JSON {
        estimator.answer(try estimator.estimate(car, on: valuedOn, evidence: evidence))
    }

    /// - Parameter isVerified: whether it was made again, and came to the same; `nil` where nobody tried.
    package func json(isVerified: Bool?) -> JSON {
        [
            "id": JSON(id),
            "vin": .optional(vin, JSON.string),
            "listing": .optional(listing, JSON.string),
            "created_at": JSON(createdAt),
            "verified": .optional(isVerified, JSON.bool),
            "car": car.statement,
            "estimate": answer,
        ]
    }
}

/// Every statement about estimates.
enum EstimateStore {
    static func find(_ tx: any Transaction, _ id: EstimateID) throws -> StoredEstimate? {
        try tx.first(
            """
            SELECT id, rule_set, organization, vin, listing, valued_on, car, evidence, answer, created_at
            FROM pricing_estimate
            WHERE id = \(id.text)
            """
        ).map(estimate)
    }

    static func insert(_ tx: any Transaction, _ estimate: StoredEstimate) throws {
        try tx.execute(
            """
            INSERT INTO pricing_estimate (
                id, rule_set, organization, vin, listing, valued_on, car, evidence, answer, created_at
            )
            VALUES (
                \(estimate.id.text),
                \(estimate.ruleSet.bytes),
                \(estimate.organization),
                \(estimate.vin),
                \(estimate.listing),
                \(estimate.valuedOn.description),
                \(text(estimate.car.statement)),
                \(text(estimate.evidence.json)),
                \(text(estimate.answer)),
                \(estimate.createdAt.microseconds)
            )
            """
        )
    }

    private static func text(_ json: JSON) -> String { String(decoding: json.bytes, as: UTF8.self) }

    private static func json(_ row: Row, _ column: Int) throws -> JSON {
        try JSONParser.parse(Array(try row.text(column).utf8))
    }

    private static func estimate(_ row: Row) throws -> StoredEstimate {
        guard let id = EstimateID(try row.text(0)), let hash = Digest(bytes: try row.blob(1)),
            let valuedOn = CalendarDate(try row.text(5)), let evidence = Pricing.Evidence(json: try json(row, 7))
        else { throw StoredDataError("an estimate cannot be read") }
        return StoredEstimate(
            id: id,
            ruleSet: hash,
            organization: try row.optionalText(2),
            vin: try row.optionalText(3),
            listing: try row.optionalText(4),
            valuedOn: valuedOn,
            car: try CarStatement.car(stored: try json(row, 6)),
            evidence: evidence,
            answer: try json(row, 8),
            createdAt: Instant(microseconds: try row.integer(9))
        )
    }
}
