package import Core
package import Cryptography
package import Identity

package enum WarrantyQuoteTag: IDTag {
    package static let prefix = "wqt"
}

package typealias WarrantyQuoteID = ID<WarrantyQuoteTag>
package typealias WarrantyID = ID<WarrantyTag>

/// What was asked by whom, and by which edition it is answered.
package struct StoredQuote: Sendable, Hashable {
    package let id: WarrantyQuoteID
    package let dealer: OrganizationID
    package let edition: Digest
    package let request: QuoteRequest
    package let createdAt: Instant
}

/// A contract with what the store knows of it besides.
package struct StoredWarranty: Sendable, Hashable {
    package let id: WarrantyID
    package let dealer: OrganizationID
    package let quote: WarrantyQuoteID?
    package var contract: Contract
    package let contractHash: Digest
    /// The entry of the car's history.
    package let entry: Digest
    package var version: Int64
    package var limitVersion: Int64
    package let createdAt: Instant

    package var terms: ContractTerms { contract.terms }
}

/// Something that was done to a contract.
struct WarrantyChange: Sendable, Hashable {
    enum Kind: String, Sendable, Hashable, CaseIterable {
        case issued
        case paid
        case transferred
        case cancelled
        case upgraded
        case redeemed
        case reversed
    }

    let seq: Int64
    let at: Instant
    let organization: String?
    let credential: String?
    let kind: Kind
    let detail: JSON
}

/// One use of a service.
package struct Redemption: Sendable, Hashable {
    package let kind: String
    /// From 1.
    package let number: Int64
    package let at: Instant
    package let by: String
    package let place: String
    package let odometerKm: Int64?
    package let reversal: Reversal?

    package struct Reversal: Sendable, Hashable {
        package let at: Instant
        package let by: String
        package let reason: String
    }

    package var json: JSON {
        [
            "number": .integer(number), "redeemed_at": JSON(at), "redeemed_by": JSON(by), "place": JSON(place),
            "odometer_km": .optional(odometerKm, JSON.integer),
            "reversed": .optional(reversal) { reversal in
                ["at": JSON(reversal.at), "by": JSON(reversal.by), "reason": JSON(reversal.reason)]
            },
        ]
    }
}

extension QuoteRequest {
    var json: JSON {
        [
            "sale": sale.json, "deductible": deductible.json, "with_package": .bool(isWithPackage),
            "market_value_from": ["source": JSON(value.name), "estimate": .optional(value.estimate, JSON.string)],
        ]
    }

    /// What `json` wrote.
    ///
    /// - Throws: `Failure.invalidRequest` for anything else.
    init(json: JSON) throws {
        var reader = try ObjectReader(json)
        let sale = reader.object("sale").flatMap { SaleFacts(stored: $0) }
        let deductible = reader.money("deductible")
        let isWithPackage = reader.bool("with_package")
        let value = reader.object("market_value_from").flatMap { MarketValueSource($0) }
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        guard let sale, let deductible, let isWithPackage, let value else { throw Failure(.invalidRequest) }
        self.init(sale: sale, deductible: deductible, isWithPackage: isWithPackage, value: value)
    }
}

extension MarketValueSource {
    fileprivate init?(_ stored: ObjectReader) {
        var reader = stored
        let (source, estimate) = (reader.string("source"), reader.string("estimate", required: false))
        reader.refuseUnknownMembers()
        switch (source, estimate) {
        case ("estimate", let id?): self = .estimate(id)
        case ("caller", nil): self = .caller
        case ("price", nil): self = .price
        default: return nil
        }
    }
}

extension Contract.Ending {
    var json: JSON {
        [
            "kind": JSON(kind.rawValue), "date": JSON(date), "odometer_km": .integer(odometerKm),
            "refunds": .array(refunds.map(\.json)),
        ]
    }

    private static let refundCount = 0...20

    init(json: JSON) throws {
        var reader = try ObjectReader(json)
        let kind = reader.oneOf("kind", Kind.self)
        let date = reader.date("date")
        let odometer = reader.integer("odometer_km", in: OdometerKm.range)
        let refunds = reader.objects("refunds", count: Self.refundCount).compactMap { Refund(stored: $0) }
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        guard let kind, let date, let odometer else { throw Failure(.invalidRequest) }
        self.init(kind: kind, date: date, odometerKm: odometer, refunds: refunds)
    }
}

extension Refund {
    fileprivate init?(stored: ObjectReader) {
        var reader = stored
        let layer = reader.string("layer")
        let paid = reader.money("paid")
        let unused = reader.money("unused")
        let claims = reader.money("claims")
        let refund = reader.money("refund")
        let earned = reader.money("earned")
        reader.refuseUnknownMembers()
        guard let layer, let paid, let unused, let claims, let refund, earned != nil else { return nil }
        self.init(layer: layer, paid: paid, unused: unused, claims: claims, refund: refund)
    }
}
