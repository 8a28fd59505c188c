import Core

extension PlanBook {
    /// What a payer says: once, or for each promise that it has given.
    func payers(
        _ payer: Payer,
        _ question: CoverageQuestion,
        _ contract: Contract,
        _ accounts: [String: LimitAccount]
    ) -> [PayerAnswer] {
        switch payer {
        case .recall: return [recall(question)]
        case .manufacturer: return [manufacturer(question, contract.terms)]
        case .goodwill: return [goodwill(question, contract)]
        case .legalFloor, .platform, .insurer:
            let layers = contract.terms.layers(of: payer)
            let answers = layers.map { answer($0, question, contract, accounts[$0.id]) }
            return answers.isEmpty ? [PayerAnswer(payer, .excluded, .noSuchPromise)] : answers
        }
    }

    // MARK: Before the contract

    private func recall(_ question: CoverageQuestion) -> PayerAnswer {
        let isAbout = question.openRecalls.contains { recall in
            guard let part = recall.component else { return false }
            return part == question.component || tree.ancestors(of: part.id).dropLast().contains(question.component.id)
                || tree.ancestors(of: question.component.id).contains(part.id)
        }
        if isAbout { return PayerAnswer(.recall, .covered, .clause, [clause(PlanBook.openRecallClause)]) }
        if question.openRecalls.contains(where: { $0.component == nil }) {
            return PayerAnswer(.recall, .assess, .clause, [clause(PlanBook.possibleRecallClause)])
        }
        return PayerAnswer(.recall, .excluded, .noSuchPromise)
    }

    private func manufacturer(_ question: CoverageQuestion, _ terms: ContractTerms) -> PayerAnswer {
        guard let cover = terms.manufacturer else { return PayerAnswer(.manufacturer, .excluded, .noSuchPromise) }
        let period = cover.period
        let reason: PayerAnswer.Reason
        switch period.place(of: question.date, question.odometerKm) {
        case .before: reason = .notYet
        case .pastDate: reason = .expiredByDate
        case .pastOdometer: reason = .expiredByOdometer
        case .inside:
            let ruling = manufacturer.ruling(on: question.component)
            let assumed = cover.isStartAssumed ? clause(manufacturer.assumedStartClause) : nil
            let clauses = [clause(ruling.clause), clause(manufacturer.transferClause), assumed]
            return PayerAnswer(.manufacturer, ruling.cover, .clause, clauses, until: period)
        }
        return PayerAnswer(.manufacturer, .excluded, reason, [clause(manufacturer.clause)], until: period)
    }

    // MARK: By the contract

    private func answer(
        _ layer: CoverLayer,
        _ question: CoverageQuestion,
        _ contract: Contract,
        _ account: LimitAccount?
    ) -> PayerAnswer {
        if let refusal = refusal(layer, question, contract) {
            return answer(layer, .excluded, refusal.reason, [refusal.clause.flatMap { clause($0) }])
        }
        let (ruling, exceptions) = ruling(layer, question.component)
        let isMixed = ruling.cover == .excluded && exceptions.contains { $0.cover != .excluded }
        var answer = answer(
            layer,
            isMixed ? .assess : ruling.cover,
            isMixed ? .dependsOnPart : .clause,
            clauses(ruling, layer),
            exceptions
        )
        guard let limits = layer.limits, answer.cover != .excluded else { return answer }
        let unit = tree.limitUnit(of: question.component.id)
        let left = (account ?? LimitAccount(limits)).left(for: "", unit)
        answer = answer.with(deductible: layer.deductible, left: left)
        return answer
    }

    /// Why a layer does not answer at all. What the law grants only ever ends by time and distance.
    private func refusal(
        _ layer: CoverLayer,
        _ question: CoverageQuestion,
        _ contract: Contract
    ) -> (reason: PayerAnswer.Reason, clause: String?)? {
        if layer.payer != .legalFloor {
            switch contract.status(on: question.date, odometerKm: question.odometerKm) {
            case .cancelled: return (.cancelled, PlanBook.cancelClause)
            case .upgraded: return (.upgraded, nil)
            case .lapsed: return (.lapsed, PlanBook.lapseClause)
            case .notYet, .unpaid, .waiting, .active, .expired: break
            }
        }
        switch contract.standing(of: layer, on: question.date, question.odometerKm) {
        case .inForce: return nil
        case .notYet: return (.notYet, PlanBook.termClause)
        case .waiting: return (.waiting, PlanBook.waitingClause)
        case .expiredByDate: return (.expiredByDate, PlanBook.termClause)
        case .expiredByOdometer: return (.expiredByOdometer, PlanBook.termClause)
        }
    }

    private func ruling(_ layer: CoverLayer, _ component: Component) -> (Ruling, [PayerAnswer.Exception]) {
        let promise: Promise = layer.payer == .legalFloor ? .floor(layer.id) : .plan(layer.id)
        let own = ruling(promise, component)
        let exceptions = tree.descendants(of: component.id).compactMap { part -> PayerAnswer.Exception? in
            let ruling = ruling(promise, part)
            guard ruling.cover != own.cover, let clause = clause(ruling.clause) else { return nil }
            return PayerAnswer.Exception(component: part, cover: ruling.cover, clause: clause)
        }
        return (own, exceptions)
    }

    private func clauses(_ ruling: Ruling, _ layer: CoverLayer) -> [Clause?] {
        let capacity = plan(layer.id)?.capacity
        return [clause(ruling.clause)]
            + (ruling.clause == capacity?.clause ? [clause(capacity?.methodClause ?? "")] : [])
    }

    private func answer(
        _ layer: CoverLayer,
        _ cover: Cover,
        _ reason: PayerAnswer.Reason,
        _ clauses: [Clause?],
        _ exceptions: [PayerAnswer.Exception] = []
    ) -> PayerAnswer {
        PayerAnswer(
            payer: layer.payer,
            layer: layer,
            cover: cover,
            reason: reason,
            clauses: clauses.compactMap { $0 },
            exceptions: exceptions,
            until: layer.period,
            deductible: .zero,
            left: nil
        )
    }

    // MARK: Behind the contract

    private func goodwill(_ question: CoverageQuestion, _ contract: Contract) -> PayerAnswer {
        let none = PayerAnswer(.goodwill, .excluded, .noSuchPromise)
        guard contract.ending == nil, let tier = contract.terms.tier else { return none }
        let ruling = ruling(.plan(tier.id), question.component)
        let isJustOver =
            tier.period.place(of: question.date, question.odometerKm) == .pastDate
            && question.date <= tier.period.end.adding(days: life.goodwillDays)
            && question.odometerKm <= tier.period.endKm
        guard isJustOver, ruling.cover == .covered,
            contract.status(on: tier.period.end, odometerKm: tier.period.startKm) != .lapsed
        else { return none }
        return PayerAnswer(.goodwill, .assess, .clause, [clause(PlanBook.goodwillClause)])
    }
}

extension PayerAnswer {
    fileprivate func with(deductible: Money, left: Money) -> PayerAnswer {
        PayerAnswer(
            payer: payer,
            layer: layer,
            cover: cover,
            reason: reason,
            clauses: clauses,
            exceptions: exceptions,
            until: until,
            deductible: deductible,
            left: left
        )
    }
}
