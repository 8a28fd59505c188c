import Core
import Warranty

// What the contract takes off, and who decides: checks 10 to 16.
extension Adjudicator {
    func betterment(_ work: inout AdjudicationWork) throws {
        let table = policy.betterment
        var changed: [String] = []
        var isUndisclosed = false
        for index in work.lines.indices where !work.isByLaw && work.lines[index].line.kind == .part {
            let line = work.lines[index].line
            guard book.tree[line.component]?.kind == .wear, let used = work.claim.used[line.component] else { continue }
            let share = table.buyersShare(of: line.component, used: used)
            guard share.value > 0, work.lines[index].payable > .zero else { continue }
            guard work.claim.disclosedBetterment == table.version else {
                work.lines[index].reasons.append(.bettermentUndisclosed)
                isUndisclosed = true
                continue
            }
            let weights = [share.value, BasisPoints.whole.value - share.value]
            work.lines[index].betterment = try Money.split(work.lines[index].payable, weights: weights)[0]
            work.lines[index].reasons.append(.betterment)
            changed.append(line.id)
        }
        let code: ReasonCode? = changed.isEmpty ? (isUndisclosed ? .bettermentUndisclosed : nil) : .betterment
        let outcome: CheckFinding.Outcome = changed.isEmpty ? (isUndisclosed ? .noted : .passed) : .adjusted
        work.note(.betterment, outcome, code, lines: changed)
    }

    /// Once a visit, however many claims are made of it.
    func deductible(_ work: inout AdjudicationWork) throws {
        let agreed = work.isByLaw ? Money.zero : work.payer?.deductible ?? .zero
        let due = Money(fen: max(0, agreed.fen - work.claim.deductibleTaken.fen))
        let taken = min(due, work.payable)
        guard taken > .zero else { return work.note(.deductible, .passed) }
        try work.allot(taken, to: \.deductible, .deductible)
        work.note(.deductible, .adjusted, .deductible)
    }

    /// The limits of the contract, and never more than the car is worth now.
    func limits(_ work: inout AdjudicationWork) throws {
        guard !work.isByLaw, let layer = work.payer?.layer, let limits = layer.limits else {
            return work.note(.limits, .passed)
        }
        let unit = book.tree.limitUnit(of: work.claim.question.component.id)
        let account = work.claim.accounts[layer.id] ?? LimitAccount(limits)
        let left = account.left(for: work.claim.claim, unit, marketValue: work.claim.marketValue)
        let over = Money(fen: work.payable.fen - left.fen)
        guard over > .zero else { return work.note(.limits, .passed) }
        try work.allot(over, to: \.overLimit, .limit)
        work.note(.limits, .adjusted, .limit)
    }

    /// Amounts include it; what of them it is goes into the books.
    func tax(_ work: inout AdjudicationWork) throws {
        guard let rate = work.claim.taxRate else { return work.note(.tax, .passed) }
        guard policy.taxRates.contains(rate) else { return work.note(.tax, .referred, .taxRate) }
        work.tax = try Money.split(work.payable, weights: [BasisPoints.whole.value, rate.value])[1]
        work.note(.tax, .passed)
    }

    func fraud(_ work: inout AdjudicationWork) {
        let hasDoubt = work.findings.contains { [.odometerBelowLedger, .odometerImplausible].contains($0.code) }
        work.flags = policy.fraud.flags(work.claim.fraud, reasons: work.reasons, hasOdometerDoubt: hasDoubt)
        work.score = policy.fraud.score(work.flags)
        let isReferred = work.score >= policy.fraud.referAtScore
        let outcome: CheckFinding.Outcome = isReferred ? .referred : work.flags.isEmpty ? .passed : .noted
        work.note(.fraud, outcome, work.flags.isEmpty ? nil : .fraudSuspected)
    }

    /// Who decides. What looks odd is for a senior at the least.
    func authority(_ work: inout AdjudicationWork) {
        let byAmount = policy.authority.level(for: work.payable)
        let isOdd = work.score >= policy.fraud.referAtScore
        work.level = byAmount.map { isOdd ? max($0, .senior) : $0 }
        work.signatures = policy.authority.signatures(for: work.payable, .approval)
        work.note(.authority, .passed)
    }

    func offer(_ work: inout AdjudicationWork) {
        guard work.payable > .zero else { return work.note(.offer, .denied, .nothingToPay) }
        work.note(.offer, .passed)
    }
}
