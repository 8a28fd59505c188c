import Claims
import Core
import Support

/// What people make of a claim or an advance as it stands: mostly what leads on, sometimes anything.
struct SimulatedPeople {
    private static let until = day("2031-12-31")
    private static let junior = ClaimActor(.junior, certifiedUntil: until)
    private static let intermediate = ClaimActor(.intermediate, certifiedUntil: until)
    private static let senior = ClaimActor(.senior, certifiedUntil: until)
    private static let managers = [Caller.manager, Caller(.manager, "usr_manager_2")].map {
        ClaimActor($0, certifiedUntil: until)
    }
    /// Whose certificate runs out on the way.
    private static let lapsing = ClaimActor(Caller(.senior, "usr_senior_2"), certifiedUntil: day("2026-07-31"))
    private static let finance = ClaimActor(.finance)
    private static let buyer = ClaimActor(.buyer)
    static let staff = [junior, intermediate, senior, lapsing] + managers
    static let clerk = junior

    var random: SeededRandom

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    mutating func one<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: elements.indices, using: &random)]
    }

    private mutating func reference(_ letter: String) -> String { "\(letter)\(Int.random(in: 1...40, using: &random))" }

    /// Somebody who may sign so much, where everybody keeps to the rules.
    private mutating func signer(of amount: Money) -> ClaimActor {
        if chance(15) { return one(Self.staff) }
        switch amount.fen / 100 {
        case ...500: return one([Self.junior, Self.intermediate, Self.senior])
        case ...3_000: return one([Self.intermediate, Self.senior, Self.managers[0]])
        case ...10_000: return one([Self.senior, Self.lapsing] + Self.managers)
        default: return one(Self.managers)
        }
    }

    // MARK: Claims

    /// - Returns: `nil` where nobody does anything.
    mutating func step(on claim: Claim, at now: Instant) -> (ClaimInput, ClaimActor)? {
        guard chance(16) else { return onward(claim, now) }
        let everybody = Self.staff + [Self.finance, Self.buyer, ClaimActor(Caller(.dealer, claim.filing.dealer))]
        let choices = everybody.flatMap { actor in claim.legalActions(for: actor.caller).map { (actor, $0) } }
        let likely = choices.filter {
            ![.note, .message, .addEvidence, .assign, .takeOver].contains($0.1) || chance(30)
        }
        guard !likely.isEmpty else { return nil }
        let (actor, action) = one(likely)
        return input(action, claim, now).map { ($0, actor) }
    }

    private mutating func onward(_ claim: Claim, _ now: Instant) -> (ClaimInput, ClaimActor)? {
        let action: ClaimAction
        var actor = Self.junior
        switch claim.state {
        case .submitted: action = .answer
        case .acknowledged, .disputed, .appealed, .reopened: action = .assess
        case .assessing where claim.ruling == nil && chance(70): (action, actor) = (.rule, Self.senior)
        case .assessing where chance(12): action = .reject
        case .assessing: action = chance(80) ? .propose : .ask
        case .waiting:
            guard let of = claim.question?.of, chance(of == .dealer ? 25 : 60) else { return nil }
            let dealer = ClaimActor(Caller(.dealer, claim.filing.dealer))
            (action, actor) = (.reply, of == .buyer ? Self.buyer : of == .dealer ? dealer : Self.junior)
        case .proposed where claim.offer.map { $0.validUntil < now } == true: action = .sendBack
        case .proposed: (action, actor) = (chance(85) ? .accept : .dispute, Self.buyer)
        case .accepted: (action, actor) = (.approve, signer(of: claim.offer?.total ?? .zero))
        case .approved where claim.offer?.way == .repair: action = .startRepair
        case .approved: (action, actor) = (.startPayment, Self.finance)
        case .repairing: action = .finishRepair
        case .paying: (action, actor) = (.pay, Self.finance)
        case .rejected where chance(60): (action, actor) = (.appeal, Self.buyer)
        case .settled, .rejected: action = claim.isResultNotified ? .close : .notifyResult
        case .closed, .withdrawn: (action, actor) = (.reopen, Self.senior)
        }
        return input(action, claim, now).map { ($0, actor) }
    }

    private mutating func input(_ action: ClaimAction, _ claim: Claim, _ now: Instant) -> ClaimInput? {
        let later = now.adding(seconds: .random(in: 3_600...300_000, using: &random))
        switch action {
        case .ask: return .ask(Question(of: one([.dealer, .dealer, .buyer, .appraisal]), dueAt: later))
        case .reply: return .reply([photo])
        case .rule: return .rule(ruling())
        case .contestRuling: return .contestRuling([report])
        case .propose:
            let yuan: Int64 = one([400, 2_500, 8_000, 60_000, 60_000])
            let validUntil = later.adding(days: 10)
            return .propose(.sample(one([.payment, .payment, .repair, .refund]), yuan: yuan, validUntil: validUntil))
        case .approve: return .approve(claim.offer?.total ?? .zero, signatures: 1)
        case .startRepair: return .startRepair(workshop: "org_w1")
        case .finishRepair: return .finishRepair([photo])
        case .pay:
            let unpaid = (claim.approved?.fen ?? 0) - claim.paid.fen
            let amount = Money(fen: max(1, chance(50) ? unpaid : unpaid / 2))
            return .pay(BuyerPayment(reference: reference("p"), amount: amount, by: one([.platform, .dealer])))
        case .reject: return .reject(.sample)
        case .appeal: return .appeal([photo])
        case .addEvidence: return .addEvidence([photo])
        case .assign, .handOver:
            let to = one(Self.staff).caller.id
            return action == .assign ? .assign(to: to) : .handOver(to: to)
        case .confirmReceipt, .markClock, .refuse: return nil
        default: return plain(action)
        }
    }

    private func plain(_ action: ClaimAction) -> ClaimInput? {
        let inputs: [ClaimInput] = [
            .answer, .assess, .resume, .accept, .dispute, .sendBack, .startPayment, .notifyResult, .close, .withdraw,
            .reopen, .note, .message, .takeOver,
        ]
        return inputs.first { $0.action == action }
    }

    private mutating func ruling() -> LiabilityRuling {
        let weights: [[LiableParty: Int64]] = [[.dealer: 2, .manufacturer: 1], [.dealer: 1, .buyer: 3], [.buyer: 1]]
        let delivery: DeliveryFacts = chance(50) ? .recent : .old
        let weighed = try? LiabilityRuling.weighing(one(weights), evidence: [diagnosis], delivery: delivery)
        return chance(70) ? .dealer : weighed ?? .dealer
    }

    // MARK: Advances

    mutating func request(for claim: Claim) -> SimulatedRequest {
        let head = one([LossHead.other, .other, .repair, .refund, .towing])
        let amount = chance(75) ? nil : claim.approved.map { Money(fen: $0.fen / 3) }
        let ground: AdvanceTerms.Ground = one([.law, .package, .dealerInDefault])
        return .ask(claim.id, head, amount, ground, one([Self.junior, Self.senior, Self.managers[0]]))
    }

    mutating func step(on advance: Advance) -> (AdvanceInput, ClaimActor) {
        switch advance.stage {
        case .requested:
            let amount = max(advance.terms.amount, fen(yuan: 501))
            return chance(88) ? (.approve(signatures: 1), signer(of: amount)) : one([pay(), (.cancel, Self.senior)])
        case .approved:
            return chance(88) ? pay() : one([(.cancel, Self.finance), (.pay(reference: "b"), Self.senior)])
        case .recovering: return recovery(advance)
        case .settled, .cancelled:
            let choices: [(AdvanceInput, ClaimActor)] = [
                overturn(advance), (.lift, Self.managers[0]), pay(), receive(fen(yuan: 1)), (.cancel, Self.senior),
            ]
            return one(choices)
        }
    }

    private mutating func recovery(_ advance: Advance) -> (AdvanceInput, ClaimActor) {
        let all = advance.outstanding
        let isLarge = all > fen(yuan: 50_000)
        if isLarge, chance(40) { return (.writeOff(all, signatures: 1), one(Self.managers)) }
        switch Int.random(in: 0..<100, using: &random) {
        case ..<15: return receive(all)
        case ..<52: return receive(Money(fen: max(1, all.fen / .random(in: 2...4, using: &random))))
        case ..<64: return (.agreePlan(parts: .random(in: 1...5, using: &random)), Self.finance)
        case ..<72:
            return (.writeOff(all, signatures: 1), signer(of: all))
        case ..<78:
            let part = Money(fen: max(1, all.fen / 5))
            return (.writeOff(part, signatures: 1), one([Self.senior, Self.managers[0], Self.intermediate]))
        case ..<86: return overturn(advance)
        case ..<90: return (.suspend, Self.managers[0])
        case ..<93: return (.lift, one([Self.managers[1], Self.senior]))
        case ..<96: return (.drawDeposit(Payment(reference: reference("d"), amount: Money(fen: 1))), Self.finance)
        default: return receive(Money(fen: all.fen + 1))
        }
    }

    private mutating func pay() -> (AdvanceInput, ClaimActor) { (.pay(reference: reference("b")), Self.finance) }

    private mutating func receive(_ amount: Money) -> (AdvanceInput, ClaimActor) {
        (.receive(Payment(reference: reference("r"), amount: amount)), Self.finance)
    }

    private mutating func overturn(_ advance: Advance) -> (AdvanceInput, ClaimActor) {
        let part = Money(fen: advance.terms.amount.fen / .random(in: 2...5, using: &random))
        return (.overturn(dealersPart: chance(30) ? .zero : part), one([Self.senior, Self.managers[1]]))
    }
}
