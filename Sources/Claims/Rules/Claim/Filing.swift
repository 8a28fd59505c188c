package import Core

package enum ClaimTag: IDTag {
    package static let prefix = "clm"
}

package typealias ClaimID = ID<ClaimTag>

/// What a claim says when it comes in, and what was known then about who stands behind it.
package struct Filing: Sendable, Hashable {
    package let claim: ClaimID
    package let vin: VIN
    /// The contract that it is made under; `nil` where the buyer relies on the law alone.
    package let contract: String?
    /// Opaque references; no name of a person is ever kept here.
    package let buyer: String
    package let dealer: String
    /// The customer's own adviser, who decides nothing about this claim.
    package let adviser: String?
    /// Who inspected the car before the sale, and decides nothing either.
    package let inspector: String?
    package let kind: Kind
    /// A car that has broken down on the road.
    package let isUrgent: Bool
    package let component: String?
    package let odometerKm: Int64
    package let noticedOn: CalendarDate
    package let symptom: String
    package let evidence: [Evidence]

    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case warranty
        /// The car is not what it was said to be.
        case description
        /// The car is given back.
        case `return`
        case fraud
    }

    package init(
        claim: ClaimID,
        vin: VIN,
        contract: String? = nil,
        buyer: String,
        dealer: String,
        adviser: String? = nil,
        inspector: String? = nil,
        kind: Kind = .warranty,
        isUrgent: Bool = false,
        component: String? = nil,
        odometerKm: Int64,
        noticedOn: CalendarDate,
        symptom: String,
        evidence: [Evidence] = []
    ) {
        self.claim = claim
        self.vin = vin
        self.contract = contract
        self.buyer = buyer
        self.dealer = dealer
        self.adviser = adviser
        self.inspector = inspector
        self.kind = kind
        self.isUrgent = isUrgent
        self.component = component
        self.odometerKm = odometerKm
        self.noticedOn = noticedOn
        self.symptom = symptom
        self.evidence = evidence
    }
}

/// Something that a statement rests on: kept elsewhere, named here by its hash or its number.
package struct Evidence: Sendable, Hashable {
    package let kind: Kind
    /// A file's SHA-256, an entry's number on the ledger, a report's number.
    package let reference: String

    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case photo
        case video
        case document
        case diagnosis
        case inspectionReport = "inspection_report"
        case appraisal
        case ledgerEntry = "ledger_entry"
        case invoice
        case conversation
        /// That somebody was asked and said nothing.
        case silence

        /// What proves more than what one side says: made by a third party, or by a machine.
        package var isStrong: Bool {
            [.diagnosis, .inspectionReport, .appraisal, .ledgerEntry, .video].contains(self)
        }
    }

    package init(_ kind: Kind, _ reference: String) {
        self.kind = kind
        self.reference = reference
    }
}
