package import Core
package import Warranty

/// A line of what is asked for. Amounts include tax: that is how repairs are invoiced to people.
package struct ClaimLine: Sendable, Hashable {
    package let id: String
    package let kind: Kind
    /// Of the tree of parts.
    package let component: String
    package let role: Role
    /// Of the time guide.
    package let operation: String?
    /// In thousandths: of a piece, a litre, an hour.
    package let quantityMilli: Int64
    package let unitPrice: Money
    package let grade: RepairGuide.Grade?

    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case part
        case labour
        case diagnosis
        case other

        var isWork: Bool { self == .labour || self == .diagnosis }
    }

    /// What the line has to do with the failure. Cover follows the part that failed.
    package enum Role: String, Sendable, Hashable, CaseIterable {
        case failed
        /// Broken by what failed.
        case consequence
        /// Oil, gaskets, bolts: what the repair takes.
        case auxiliary
        case unrelated
    }

    package init(
        id: String,
        kind: Kind,
        component: String,
        role: Role = .failed,
        operation: String? = nil,
        quantityMilli: Int64 = 1000,
        unitPrice: Money,
        grade: RepairGuide.Grade? = nil
    ) {
        self.id = id
        self.kind = kind
        self.component = component
        self.role = role
        self.operation = operation
        self.quantityMilli = quantityMilli
        self.unitPrice = unitPrice
        self.grade = grade
    }
}

/// Everything that is known when a claim is adjudicated. Whoever asks looks it up; nothing here looks anything up.
package struct AdjudicationCase: Sendable, Hashable {
    package var claim: String
    package var contract: Contract
    package var vin: VIN
    /// What the claim and the registration say; not compared where one is missing.
    package var plates: Plates?
    package var question: CoverageQuestion
    package var accounts: [String: LimitAccount] = [:]
    package var isConditionShown = false
    package var authorization: Authorization
    package var deliveryItem: DeliveryItem = .notInspected
    /// The day from which the car's own memory has the fault.
    package var faultSince: CalendarDate?
    package var maintenance: Maintenance?
    package var lines: [ClaimLine]
    /// What the car is worth now.
    package var marketValue: Money?
    /// Of this visit to the workshop, already taken by another claim.
    package var deductibleTaken: Money = .zero
    /// The betterment table that the buyer was shown at the sale.
    package var disclosedBetterment: String?
    /// By component, how far and how long a part has been in use.
    package var used: [String: BettermentTable.Life] = [:]
    package var taxRate: BasisPoints?
    package var fraud: FraudFacts
    package var evidence: [Evidence]

    package struct Plates: Sendable, Hashable {
        package let claimed: String
        package let registered: String

        package init(claimed: String, registered: String) {
            self.claimed = claimed
            self.registered = registered
        }
    }

    package enum Authorization: String, Sendable, Hashable, CaseIterable {
        case given
        /// Nothing has been taken apart yet.
        case notNeeded = "not_needed"
        case missing
        /// Repaired on the road, where nobody could be asked.
        case emergency
    }

    /// What the report at delivery says of the part that has failed.
    package enum DeliveryItem: String, Sendable, Hashable, CaseIterable {
        /// 正常
        case sound
        /// Told to the buyer in writing.
        case disclosedDefect = "disclosed_defect"
        case notChecked = "not_checked"
        /// There is no report.
        case notInspected = "not_inspected"
    }

    package struct Maintenance: Sendable, Hashable {
        package let intervalKm: Int64
        package let kmSinceService: Int64
        /// Whether somebody has shown that this is why the part failed.
        package let isCausal: Bool

        package init(intervalKm: Int64, kmSinceService: Int64, isCausal: Bool) {
            self.intervalKm = intervalKm
            self.kmSinceService = kmSinceService
            self.isCausal = isCausal
        }
    }

    package init(
        claim: String,
        contract: Contract,
        vin: VIN,
        question: CoverageQuestion,
        authorization: Authorization,
        lines: [ClaimLine],
        fraud: FraudFacts = FraudFacts(),
        evidence: [Evidence] = []
    ) {
        self.claim = claim
        self.contract = contract
        self.vin = vin
        self.question = question
        self.authorization = authorization
        self.lines = lines
        self.fraud = fraud
        self.evidence = evidence
    }
}
