import Claims
import Core
import Support
import Testing

struct ClaimTests {
    private static func assessing() throws -> Claim {
        var claim = Claim.filed()
        try claim.take(.answer, by: .junior)
        try claim.take(.assess, by: .junior)
        return claim
    }

    private static func accepted(yuan: Int64 = 480, _ way: Offer.Way = .payment) throws -> Claim {
        var claim = try assessing()
        try claim.take(.propose(.sample(way, yuan: yuan)), by: .junior)
        try claim.take(.accept, by: .buyer)
        return claim
    }

    private static func rejected() throws -> Claim {
        var claim = try assessing()
        try claim.take(.reject(.sample), by: .senior)
        return claim
    }

    @Test func `a claim goes all the way to its end`() throws {
        var claim = try Self.accepted(.repair)
        try claim.take(.approve(fen(yuan: 480), signatures: 1), by: .intermediate)
        try claim.take(.startRepair(workshop: "org_shop"), by: .junior)
        try claim.take(.finishRepair([photo]), by: .junior)
        #expect(claim.state == .paying)
        try claim.take(.pay(BuyerPayment(reference: "p1", amount: fen(yuan: 400))), by: .finance)
        #expect(claim.state == .paying)
        try claim.take(.pay(BuyerPayment(reference: "p2", amount: fen(yuan: 80))), by: .finance)
        #expect(claim.state == .settled)
        try claim.take(.notifyResult, by: .system)
        try claim.take(.close, by: .system)
        #expect(claim.state == .closed && !claim.isOpen && claim.paid == fen(yuan: 480))
    }

    @Test func `an automatic receipt is no answer`() throws {
        var claim = Claim.filed()
        try claim.take(.confirmReceipt, by: .system)
        #expect(claim.state == .submitted)
        #expect(claim.clockRuns().first { $0.kind == .response }?.stoppedAt == nil)
    }

    @Test func `a stranger is told that there is no such claim`() throws {
        let claim = Claim.filed()
        for stranger in [Caller(.buyer, "usr_other"), Caller(.dealer, "org_other")] {
            #expect(failure { _ = try claim.apply(.withdraw, by: stranger, at: claim.facts[0].at) } == .claimNotYours)
            #expect(claim.legalActions(for: stranger).isEmpty)
        }
    }

    @Test func `what rests on somebody's words needs them`() throws {
        let claim = try Self.assessing()
        let now = claim.facts.last!.at
        #expect(failure { _ = try claim.apply(.reject(.sample), by: .senior, at: now) } == .claimReasonMissing)
        #expect(failure { _ = try claim.apply(.reject(.sample), by: .senior, why: "", at: now) } == .claimReasonMissing)
        let long = String(repeating: "长", count: 2001)
        #expect(failure { _ = try claim.apply(.note, by: .senior, why: long, at: now) } == .claimReasonMissing)
    }

    @Test func `a rejection names clause and evidence`() throws {
        let claim = try Self.assessing()
        let now = claim.facts.last!.at
        let bare = Rejection(code: .misuse, clause: "", evidence: [photo])
        let unproven = Rejection(code: .misuse, clause: "X-MISUSE", evidence: [])
        for rejection in [bare, unproven] {
            let type = failure { _ = try claim.apply(.reject(rejection), by: .senior, why: "理由", at: now) }
            #expect(type == .claimInputInvalid)
        }
    }

    @Test func `an appeal is heard by somebody else, once, and in time`() throws {
        var claim = try Self.rejected()
        let until = claim.appealableUntil!
        #expect(until == claim.facts.last!.at.adding(days: Int64(Claim.appealDays)))
        #expect(failure { try claim.take(.appeal([]), by: .buyer, at: until.adding(seconds: 1)) } == .claimAppealClosed)
        try claim.take(.appeal([]), by: .buyer, at: until)
        #expect(failure { try claim.take(.reject(.sample), by: .senior) } == .claimOtherPerson)
        try claim.take(.reject(.sample), by: .manager)
        #expect(claim.deniers == ["usr_senior", "usr_manager"])
        #expect(claim.appealableUntil == nil)
        #expect(failure { try claim.take(.appeal([photo]), by: .buyer) } == .claimAppealClosed)
    }

    @Test func `a rejected claim stays open while it can be appealed`() throws {
        var claim = try Self.rejected()
        #expect(failure { try claim.take(.close, by: .system) } == .claimTooEarly)
        try claim.take(.notifyResult, by: .system)
        #expect(failure { try claim.take(.notifyResult, by: .system) } == .claimInputInvalid)
        let until = claim.appealableUntil!
        #expect(failure { try claim.take(.close, by: .system, at: until) } == .claimTooEarly)
        try claim.take(.close, by: .system, at: until.adding(seconds: 1))
        #expect(claim.state == .closed)
    }

    @Test func `an offer runs out`() throws {
        var claim = try Self.assessing()
        let until = claim.facts.last!.at.adding(days: 3)
        try claim.take(.propose(.sample(validUntil: until)), by: .junior)
        #expect(failure { try claim.take(.accept, by: .buyer, at: until.adding(seconds: 1)) } == .claimOfferExpired)
        try claim.take(.accept, by: .buyer, at: until)
        #expect(claim.state == .accepted)
    }

    @Test func `an offer has an amount, a time and its own author`() throws {
        let claim = try Self.assessing()
        let now = claim.facts.last!.at
        let offers: [(Offer, Caller)] = [
            (Offer(way: .payment, lines: [], validUntil: now.adding(days: 1)), .junior),
            (.sample(yuan: 0), .junior),
            (.sample(validUntil: now), .junior),
            (.sample(isAutomatic: true), .junior),
            (.sample(isAutomatic: false), .system),
        ]
        for (offer, caller) in offers {
            #expect(failure { _ = try claim.apply(.propose(offer), by: caller, at: now) } == .claimInputInvalid)
        }
    }

    @Test func `two signatures are two people's`() throws {
        var claim = try Self.accepted(yuan: 60_000)
        let amount = fen(yuan: 60_000)
        #expect(failure { try claim.take(.approve(fen(yuan: 1), signatures: 2), by: .manager) } == .claimAmountWrong)
        try claim.take(.approve(amount, signatures: 2), by: .manager)
        #expect(claim.state == .accepted)
        #expect(failure { try claim.take(.approve(amount, signatures: 2), by: .manager) } == .claimOtherPerson)
        try claim.take(.approve(amount, signatures: 2), by: Caller(.manager, "usr_manager_2"))
        #expect(claim.state == .approved && claim.signers == ["usr_manager", "usr_manager_2"])
    }

    @Test func `what is sent back has to be signed again`() throws {
        var claim = try Self.accepted(yuan: 60_000)
        try claim.take(.approve(fen(yuan: 60_000), signatures: 2), by: .manager)
        try claim.take(.sendBack, by: Caller(.manager, "usr_manager_2"))
        #expect(claim.state == .assessing && claim.signers.isEmpty && claim.offer == nil)
    }

    @Test func `a payment told twice is one, and no more than approved is paid`() throws {
        var claim = try Self.accepted()
        try claim.take(.approve(fen(yuan: 480), signatures: 1), by: .intermediate)
        try claim.take(.startPayment, by: .finance)
        let payment = BuyerPayment(reference: "p1", amount: fen(yuan: 300))
        try claim.take(.pay(payment), by: .finance)
        let count = claim.facts.count
        try claim.take(.pay(payment), by: .finance)
        #expect(claim.facts.count == count && claim.paid == fen(yuan: 300))
        for wrong in [("p1", Int64(100)), ("p2", 181), ("p3", 0)] {
            let input = ClaimInput.pay(BuyerPayment(reference: wrong.0, amount: fen(yuan: wrong.1)))
            #expect(failure { try claim.take(input, by: .finance) } == .claimAmountWrong)
        }
        try claim.take(.pay(BuyerPayment(reference: "p2", amount: fen(yuan: 180))), by: .finance)
        try claim.take(.pay(payment), by: .finance)
        #expect(claim.state == .settled && claim.facts.count == count + 1)
    }

    @Test func `a payment made before it was reopened is known afterwards`() throws {
        var claim = try Self.accepted()
        try claim.take(.approve(fen(yuan: 480), signatures: 1), by: .intermediate)
        try claim.take(.startPayment, by: .finance)
        let payment = BuyerPayment(reference: "p1", amount: fen(yuan: 480))
        try claim.take(.pay(payment), by: .finance)
        try claim.take(.notifyResult, by: .system)
        try claim.take(.close, by: .system)
        try claim.take(.reopen, by: .manager)
        try claim.take(.assess, by: .junior)
        try claim.take(.propose(.sample()), by: .junior)
        try claim.take(.accept, by: .buyer)
        try claim.take(.approve(fen(yuan: 480), signatures: 1), by: .intermediate)
        try claim.take(.startPayment, by: .finance)
        let count = claim.facts.count
        try claim.take(.pay(payment), by: .finance)
        #expect(claim.facts.count == count && claim.state == .paying && claim.paid == .zero)
        try claim.take(.pay(BuyerPayment(reference: "p2", amount: fen(yuan: 480))), by: .finance)
        #expect(claim.state == .settled && claim.payments.map(\.amount) == [fen(yuan: 480), fen(yuan: 480)])
    }

    @Test func `only who is waited for replies`() throws {
        var claim = try Self.assessing()
        let question = Question(of: .dealer, dueAt: claim.facts.last!.at.adding(hours: 48))
        try claim.take(.ask(question), by: .junior)
        #expect(failure { try claim.take(.reply([photo]), by: .buyer) } == .claimOtherPerson)
        #expect(failure { try claim.take(.reply([photo]), by: .junior) } == .claimOtherPerson)
        #expect(failure { try claim.take(.resume, by: .system) } == .claimTooEarly)
        var silent = claim
        try silent.take(.resume, by: .system, at: question.dueAt)
        #expect(silent.state == .assessing)
        try claim.take(.reply([report]), by: .dealer)
        #expect(claim.state == .assessing && claim.question == nil)
    }

    @Test func `a question has time to be answered`() throws {
        let claim = try Self.assessing()
        let now = claim.facts.last!.at
        let question = ClaimInput.ask(Question(of: .buyer, dueAt: now))
        #expect(failure { _ = try claim.apply(question, by: .junior, why: "补充照片", at: now) } == .claimInputInvalid)
    }

    @Test func `a contested ruling is reviewed by somebody else`() throws {
        var claim = try Self.assessing()
        #expect(failure { try claim.take(.contestRuling([report]), by: .dealer) } == .claimInputInvalid)
        try claim.take(.rule(.dealer), by: .senior)
        try claim.take(.propose(.sample()), by: .junior)
        #expect(failure { try claim.take(.rule(.dealer), by: .manager) } == .claimActionIllegal)
        #expect(failure { try claim.take(.contestRuling([]), by: .dealer) } == .claimInputInvalid)
        try claim.take(.contestRuling([report]), by: .dealer)
        #expect(failure { try claim.take(.contestRuling([report]), by: .dealer) } == .claimInputInvalid)
        #expect(failure { try claim.take(.rule(.dealer), by: .senior) } == .claimOtherPerson)
        let shared = try LiabilityRuling.weighing(
            [.dealer: 1, .manufacturer: 1],
            evidence: [diagnosis],
            delivery: .recent
        )
        try claim.take(.rule(shared), by: .manager)
        #expect(claim.ruling == shared && !claim.isRulingContested && claim.state == .proposed)
    }

    @Test func `only whoever handles a claim hands it over`() throws {
        var claim = Claim.filed()
        try claim.take(.assign(to: "usr_junior"), by: .system)
        #expect(failure { try claim.take(.assign(to: "usr_junior"), by: .system) } == .claimInputInvalid)
        #expect(failure { try claim.take(.handOver(to: "usr_x"), by: .intermediate) } == .claimOtherPerson)
        try claim.take(.handOver(to: "usr_x"), by: .junior)
        try claim.take(.takeOver, by: .manager)
        #expect(claim.handler == "usr_manager")
    }

    @Test func `a repair is not paid before it is done`() throws {
        var claim = try Self.accepted(.repair)
        try claim.take(.approve(fen(yuan: 480), signatures: 1), by: .intermediate)
        #expect(failure { try claim.take(.startPayment, by: .finance) } == .claimInputInvalid)
    }

    @Test func `a clock that was set back reorders nothing`() throws {
        var claim = Claim.filed()
        try claim.take(.answer, by: .junior, at: china("2026-03-02 10:00"))
        try claim.take(.note, by: .junior, at: china("2026-03-01 10:00"))
        #expect(claim.facts.last?.at == china("2026-03-02 10:00"))
    }

    @Test func `facts that do not follow are refused`() throws {
        let claim = try Self.accepted()
        let facts = claim.facts
        #expect(failure { _ = try Claim(facts: []) } == .claimFactsBroken)
        #expect(failure { _ = try Claim(facts: Array(facts.dropFirst())) } == .claimFactsBroken)
        #expect(failure { _ = try Claim(facts: [facts[0], facts[2]]) } == .claimFactsBroken)
        #expect(failure { _ = try Claim(facts: [facts[0], facts[0]]) } == .claimFactsBroken)
        let twice = ClaimFact(number: 2, at: facts[0].at, by: .buyer, why: nil, body: facts[0].body)
        #expect(failure { _ = try Claim(facts: [facts[0], twice]) } == .claimFactsBroken)
        let early = ClaimFact(number: 2, at: facts[0].at.adding(seconds: -1), by: .junior, why: "x", body: .answered)
        #expect(failure { _ = try Claim(facts: [facts[0], early]) } == .claimFactsBroken)
        #expect(try Claim(facts: facts) == claim)
    }

    @Test func `each problem has a code of its own`() {
        #expect(Set(ProblemType.claimRules.map(\.code)).count == ProblemType.claimRules.count)
        for type in ProblemType.claimRules { #expect(!type.title.zh.isEmpty && !type.title.en.isEmpty) }
    }
}
