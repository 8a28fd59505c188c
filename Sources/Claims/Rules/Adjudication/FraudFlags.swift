package import Core

/// Facts about a claim that are cheap to look up, and that somebody should see before money goes out.
package struct FraudFacts: Sendable, Hashable {
    /// The same picture, by its hash, on another claim.
    package var isPhotoReused = false
    /// The same invoice number with another total.
    package var isInvoiceReused = false
    package var earlierClaimsOfPart: Int64 = 0
    package var daysSinceStart: Int64?
    /// What is left of the term, by time or distance, whichever is less.
    package var termLeft: BasisPoints?
    /// This workshop's share of replacing instead of repairing, and what is usual.
    package var replaceShare: BasisPoints?
    package var usualReplaceShare: BasisPoints?
    /// Within a year, claims with the same address, telephone or account as this one.
    package var claimsOfContact: Int64 = 0
    /// Of this workshop's claims, those that the same person decided.
    package var sameAdjusterShare: BasisPoints?
    package var kmPerMonth: Int64?
    package var claimsOfVehicleInYear: Int64 = 0
    package var contactChangesInMonth: Int64 = 0
    /// The words of the diagnosis stand on another claim.
    package var isDiagnosisCopied = false
    package var isWorkOutOfHours = false
    /// The lot of the part was never bought by the workshop.
    package var isPartLotUnknown = false
    package var isDealerTheWorkshop = false

    package init() {}
}

package enum FraudFlag: String, Sendable, Hashable, CaseIterable {
    case photoReused = "photo_reused"
    case invoiceReused = "invoice_reused"
    case partClaimedBefore = "part_claimed_before"
    case nearStart = "near_start"
    case nearEnd = "near_end"
    case odometer
    case replacedTooOften = "replaced_too_often"
    case hoursAboveGuide = "hours_above_guide"
    case quantityAboveNeed = "quantity_above_need"
    case sharedContact = "shared_contact"
    case samePair = "same_pair"
    case serialClaims = "serial_claims"
    case contactChanged = "contact_changed"
    case diagnosisCopied = "diagnosis_copied"
    case outOfHours = "out_of_hours"
    case partLotUnknown = "part_lot_unknown"
    case dealerIsWorkshop = "dealer_is_workshop"
}

/// What each flag weighs, and from where on it is one: all of it our own proposal.
package struct FraudRules: Sendable, Hashable {
    package let version: String
    package let points: [FraudFlag: Int64]
    package let startDays: Int64
    package let endShare: BasisPoints
    package let replaceMargin: BasisPoints
    package let contactClaims: Int64
    package let pairShare: BasisPoints
    package let lowKmPerMonth: Int64
    package let serialClaims: Int64
    package let contactChanges: Int64
    /// From here on a senior looks at it.
    package let referAtScore: Int64
    package let source: RuleSource

    package static let proposal2026 = FraudRules(
        version: "fraud-2026-1",
        points: [
            .photoReused: 60, .invoiceReused: 60, .partClaimedBefore: 25, .nearStart: 10, .nearEnd: 10, .odometer: 40,
            .replacedTooOften: 10, .hoursAboveGuide: 5, .quantityAboveNeed: 10, .sharedContact: 25, .samePair: 15,
            .serialClaims: 20, .contactChanged: 10, .diagnosisCopied: 20, .outOfHours: 5, .partLotUnknown: 40,
            .dealerIsWorkshop: 5,
        ],
        startDays: 7,
        endShare: BasisPoints(1_000),
        replaceMargin: BasisPoints(1_500),
        contactClaims: 3,
        pairShare: BasisPoints(5_000),
        lowKmPerMonth: 200,
        serialClaims: 3,
        contactChanges: 2,
        referAtScore: 30,
        source: .ownProposal
    )

    /// - Parameters:
    ///   - reasons: what adjudication itself has found on the lines.
    ///   - hasOdometerDoubt: what the history says against the odometer.
    package func flags(_ facts: FraudFacts, reasons: Set<ReasonCode>, hasOdometerDoubt: Bool) -> [FraudFlag] {
        FraudFlag.allCases.filter { isRaised($0, facts, reasons, hasOdometerDoubt) }
    }

    package func score(_ flags: [FraudFlag]) -> Int64 { flags.reduce(0) { $0 + (points[$1] ?? 0) } }

    private func isRaised(
        _ flag: FraudFlag,
        _ facts: FraudFacts,
        _ reasons: Set<ReasonCode>,
        _ hasOdometerDoubt: Bool
    ) -> Bool {
        switch flag {
        case .photoReused: facts.isPhotoReused
        case .invoiceReused: facts.isInvoiceReused
        case .partClaimedBefore: facts.earlierClaimsOfPart > 0
        case .nearStart: facts.daysSinceStart.map { (0...startDays).contains($0) } ?? false
        case .nearEnd: facts.termLeft.map { $0 <= endShare } ?? false
        case .odometer: hasOdometerDoubt
        case .replacedTooOften: isReplacedTooOften(facts)
        case .hoursAboveGuide: reasons.contains(.labourHours)
        case .quantityAboveNeed: reasons.contains(.partQuantity)
        case .sharedContact: facts.claimsOfContact >= contactClaims
        case .samePair: facts.sameAdjusterShare.map { $0 > pairShare } ?? false
        case .serialClaims: facts.claimsOfVehicleInYear >= serialClaims && isLittleDriven(facts)
        case .contactChanged: facts.contactChangesInMonth >= contactChanges
        case .diagnosisCopied: facts.isDiagnosisCopied
        case .outOfHours: facts.isWorkOutOfHours
        case .partLotUnknown: facts.isPartLotUnknown
        case .dealerIsWorkshop: facts.isDealerTheWorkshop
        }
    }

    private func isReplacedTooOften(_ facts: FraudFacts) -> Bool {
        guard let share = facts.replaceShare, let usual = facts.usualReplaceShare else { return false }
        return share.value > usual.value + replaceMargin.value
    }

    private func isLittleDriven(_ facts: FraudFacts) -> Bool {
        facts.kmPerMonth.map { $0 < lowKmPerMonth } ?? false
    }
}
