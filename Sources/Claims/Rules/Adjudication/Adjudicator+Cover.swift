import Core
import Warranty

// Whether anything is paid at all, and by whom: checks 1 to 7.
extension Adjudicator {
    private static let identityClause = "X-ODOMETER"
    private static let proofClause = "F-PROOF"

    func identity(_ work: inout AdjudicationWork) {
        let claim = work.claim
        if claim.vin != claim.contract.terms.sale.vin { return work.note(.identity, .denied, .vinDiffers) }
        if let plates = claim.plates, plates.claimed != plates.registered {
            return work.note(.identity, .referred, .plateDiffers)
        }
        for flag in work.answer.flags {
            switch flag {
            case .odometerBelowHistory, .odometerBelowSale:
                return work.note(.identity, .referred, .odometerBelowLedger, clause: Adjudicator.identityClause)
            case .odometerImplausible:
                return work.note(.identity, .referred, .odometerImplausible, clause: Adjudicator.identityClause)
            case .beforeSale: return work.note(.identity, .denied, .beforeSale)
            case .manufacturerStartAssumed: continue
            }
        }
        work.note(.identity, .passed)
    }

    /// None of the contract's promises is in force on the day; others may still pay.
    func contract(_ work: inout AdjudicationWork) {
        let own = work.answer.payers.filter {
            [.legalFloor, .platform, .insurer].contains($0.payer) && $0.layer != nil
        }
        let refusals = own.compactMap { answer in answer.reason.code.map { (answer, $0) } }
        guard let (answer, code) = refusals.first(where: { $0.0.payer == .platform }) ?? refusals.first,
            refusals.count == own.count
        else { return work.note(.contract, .passed) }
        let canOthersPay = work.answer.firstPayer != nil
        work.note(.contract, canOthersPay ? .noted : .denied, code, clause: answer.clauses.first?.id)
    }

    /// A recall, then the maker: what they do is not paid for twice.
    func otherPayer(_ work: inout AdjudicationWork) {
        let others = work.answer.payers.filter { [.recall, .manufacturer].contains($0.payer) }
        if let payer = others.first(where: { $0.cover == .covered || $0.cover == .conditional }) {
            work.payer = payer
            work.isOtherPayer = true
            return work.note(.otherPayer, .noted, .otherPayer, clause: payer.clauses.first?.id)
        }
        if let payer = others.first(where: { $0.cover == .assess }) {
            return work.note(.otherPayer, .referred, .otherPayer, clause: payer.clauses.first?.id)
        }
        work.note(.otherPayer, .passed)
    }

    /// Cover follows the part that has failed; what it broke and what the repair takes go with it.
    func cover(_ work: inout AdjudicationWork) {
        let own = work.answer.payers.filter { ![.recall, .manufacturer].contains($0.payer) }
        guard let payer = own.first(where: { $0.cover != .excluded }) else {
            let refusal = own.first { $0.payer == .platform } ?? own.first
            return work.note(.cover, .denied, .partNotCovered, clause: refusal?.clauses.first?.id)
        }
        work.payer = payer
        let clause = payer.clauses.first?.id
        switch payer.cover {
        case .assess: work.note(.cover, .referred, .partUndetermined, clause: clause)
        case .conditional where !work.claim.isConditionShown:
            work.note(.cover, .referred, .conditionUnproven, clause: clause)
        case .covered, .conditional, .excluded: unrelatedLines(&work, clause)
        }
    }

    private func unrelatedLines(_ work: inout AdjudicationWork, _ clause: String?) {
        let unrelated = work.lines.indices.filter { work.lines[$0].line.role == .unrelated }
        for index in unrelated { work.cut(index, to: .zero, .lineUnrelated) }
        let ids = unrelated.map { work.lines[$0].line.id }
        work.note(
            .cover,
            ids.isEmpty ? .passed : .adjusted,
            ids.isEmpty ? nil : .lineUnrelated,
            clause: clause,
            lines: ids
        )
    }

    func authorization(_ work: inout AdjudicationWork) throws {
        switch work.claim.authorization {
        case .given, .notNeeded: work.note(.authorization, .passed)
        // What the law grants does not depend on having asked the platform first.
        case .missing where work.isByLaw: work.note(.authorization, .noted, .notAuthorized)
        case .missing: work.note(.authorization, .denied, .notAuthorized)
        case .emergency:
            let over = Money(fen: work.payable.fen - policy.emergencyMaximum.fen)
            guard over > .zero, !work.isByLaw else { return work.note(.authorization, .passed) }
            let parts = try Money.split(over, weights: work.lines.map(\.payable.fen))
            for (index, part) in parts.enumerated() where part > .zero {
                work.cut(index, to: Money(fen: work.lines[index].adjusted.fen - part.fen), .emergencyCap)
            }
            work.note(.authorization, .adjusted, .emergencyCap)
        }
    }

    /// A dealer whose own report called the part sound does not point at the buyer afterwards.
    func preExisting(_ work: inout AdjudicationWork) {
        let sold = work.claim.contract.terms.sale.soldOn
        let isOlder = work.claim.faultSince.map { $0 < sold } ?? false
        switch work.claim.deliveryItem {
        case .disclosedDefect where !work.isByLaw: work.note(.preExisting, .denied, .preExistingDisclosed)
        case .disclosedDefect: work.note(.preExisting, .referred, .preExistingDisclosed)
        case .sound, .notChecked, .notInspected:
            guard isOlder else { return work.note(.preExisting, .passed) }
            work.isDealerLiable = true
            work.note(.preExisting, .noted, .dealerBears, clause: Adjudicator.proofClause)
        }
    }

    func maintenance(_ work: inout AdjudicationWork) {
        guard let maintenance = work.claim.maintenance, isMissed(maintenance) else {
            return work.note(.maintenance, .passed)
        }
        guard maintenance.isCausal else { return work.note(.maintenance, .noted, .maintenanceMissed) }
        work.note(.maintenance, work.isByLaw ? .referred : .denied, .maintenanceCausal)
    }

    private func isMissed(_ maintenance: AdjudicationCase.Maintenance) -> Bool {
        let (late, overflow) = maintenance.kmSinceService.multipliedReportingOverflow(by: BasisPoints.whole.value)
        return overflow || late > maintenance.intervalKm * policy.maintenanceTolerance.value
    }
}

extension PayerAnswer.Reason {
    /// Why a promise that was given does not answer; `nil` where it does.
    fileprivate var code: ReasonCode? {
        switch self {
        case .notYet: .notYetInForce
        case .waiting: .waitingPeriod
        case .expiredByDate: .expiredByDate
        case .expiredByOdometer: .expiredByOdometer
        case .lapsed: .contractLapsed
        case .cancelled: .contractCancelled
        case .upgraded: .contractUpgraded
        case .clause, .dependsOnPart, .noSuchPromise, .notFitted: nil
        }
    }
}
