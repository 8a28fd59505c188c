package import Core
package import Warranty

/// The checks of a claim, in the order in which they are made.
package enum ClaimCheck: String, Sendable, Hashable, CaseIterable {
    case identity
    case contract
    case otherPayer = "other_payer"
    case cover
    case authorization
    case preExisting = "pre_existing"
    case maintenance
    case parts
    case labour
    case betterment
    case deductible
    case limits
    case tax
    case fraud
    case authority
    case offer

    /// From 1.
    package var number: Int { (ClaimCheck.allCases.firstIndex(of: self) ?? 0) + 1 }
}

package struct CheckFinding: Sendable, Hashable {
    package let check: ClaimCheck
    package let outcome: Outcome
    package let code: ReasonCode?
    /// Of the contract or the law, by which it was found.
    package let clause: String?
    package let evidence: [Evidence]
    /// Of the lines that it changed.
    package let lines: [String]

    package enum Outcome: String, Sendable, Hashable, CaseIterable {
        case passed
        /// Said, without consequence for the amount.
        case noted
        case adjusted
        /// A person has to look.
        case referred
        case denied
    }

    init(
        _ check: ClaimCheck,
        _ outcome: Outcome,
        _ code: ReasonCode? = nil,
        clause: String? = nil,
        evidence: [Evidence] = [],
        lines: [String] = []
    ) {
        self.check = check
        self.outcome = outcome
        self.code = code
        self.clause = clause
        self.evidence = evidence
        self.lines = lines
    }

    package var json: JSON {
        [
            "number": .integer(Int64(check.number)),
            "check": JSON(check.rawValue),
            "outcome": JSON(outcome.rawValue),
            "code": .optional(code) { JSON($0.rawValue) },
            "reason": .optional(code) { $0.text.json },
            "clause": .optional(clause) { JSON($0) },
            "evidence": evidence.json,
            "lines": .array(lines.map { JSON($0) }),
        ]
    }
}

/// A line from what was asked to what is paid. `asked` is `cut`, `betterment`, `deductible`, `overLimit` and `payable`
/// together, to the fen.
package struct AssessedLine: Sendable, Hashable {
    package let line: ClaimLine
    package let asked: Money
    package internal(set) var cut = Money.zero
    package internal(set) var betterment = Money.zero
    package internal(set) var deductible = Money.zero
    package internal(set) var overLimit = Money.zero
    package internal(set) var reasons: [ReasonCode] = []

    /// What is right for it, before the contract takes something off.
    package var adjusted: Money { Money(fen: asked.fen - cut.fen) }
    package var payable: Money { Money(fen: adjusted.fen - betterment.fen - deductible.fen - overLimit.fen) }

    package var offerLine: Offer.Line {
        Offer.Line(id: line.id, asked: asked, approved: payable, reasons: reasons.map(\.rawValue))
    }

    package var json: JSON {
        [
            "id": JSON(line.id),
            "kind": JSON(line.kind.rawValue),
            "component": JSON(line.component),
            "asked": asked.json,
            "adjusted": adjusted.json,
            "betterment": betterment.json,
            "deductible": deductible.json,
            "over_limit": overLimit.json,
            "payable": payable.json,
            "reasons": .array(
                reasons.map { ["code": JSON($0.rawValue), "zh": JSON($0.text.zh), "en": JSON($0.text.en)] }
            ),
        ]
    }
}

package struct Assessment: Sendable, Hashable {
    package let disposition: Disposition
    /// In order; the checks after a denial are not made.
    package let findings: [CheckFinding]
    package let lines: [AssessedLine]
    package let payer: Payer?
    /// Of the contract, where it is one of its promises that pays.
    package let layer: String?
    /// By which limits count: reserve under this name.
    package let limitUnit: String
    /// What of the payable amount is tax.
    package let tax: Money
    package let fraudFlags: [FraudFlag]
    package let fraudScore: Int64
    /// Who decides; `nil` for two managers together.
    package let level: AuthorityLevel?
    package let signatures: Int
    /// Small and clean: offered without a person's work, and approved by one all the same.
    package let isAutomatic: Bool
    /// Whether the dealer bears it, by its own report or because it hid the defect.
    package let isDealerLiable: Bool
    /// What it was worked out by.
    package let policyVersion: String
    package let guideVersion: String

    package enum Disposition: String, Sendable, Hashable, CaseIterable {
        case payAsIs = "pay_as_is"
        case payWithChanges = "pay_with_changes"
        case deny
        case otherPayer = "other_payer"
        case manual
    }

    package var asked: Money { Money(fen: lines.reduce(0) { $0 + $1.asked.fen }) }
    package var payable: Money { Money(fen: lines.reduce(0) { $0 + $1.payable.fen }) }

    /// The first reason for which nothing is paid, in a form in which it can be told to the buyer.
    package var rejection: Rejection? {
        guard disposition == .deny, let finding = findings.first(where: { $0.outcome == .denied }),
            let code = finding.code
        else { return nil }
        return Rejection(code: code, clause: finding.clause ?? code.rawValue, evidence: finding.evidence)
    }

    /// `nil` where there is nothing to be offered.
    package func offer(_ way: Offer.Way, validUntil: Instant) -> Offer? {
        guard [.payAsIs, .payWithChanges].contains(disposition) else { return nil }
        return Offer(
            way: way,
            lines: lines.map(\.offerLine),
            validUntil: validUntil,
            isAutomatic: isAutomatic
        )
    }

    package var json: JSON {
        [
            "disposition": JSON(disposition.rawValue),
            "findings": .array(findings.map(\.json)),
            "lines": .array(lines.map(\.json)),
            "asked": asked.json,
            "payable": payable.json,
            "tax_included": tax.json,
            "payer": .optional(payer) { JSON($0.rawValue) },
            "layer": .optional(layer) { JSON($0) },
            "fraud_flags": .array(fraudFlags.map { JSON($0.rawValue) }),
            "fraud_score": .integer(fraudScore),
            "level": .optional(level) { JSON($0.rawValue) },
            "signatures": JSON(signatures),
            "is_automatic": .bool(isAutomatic),
            "is_dealer_liable": .bool(isDealerLiable),
            "policy": JSON(policyVersion),
            "guide": JSON(guideVersion),
        ]
    }
}
