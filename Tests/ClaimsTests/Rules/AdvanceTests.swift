import Claims
import Core
import Support
import Testing

func advanceID(_ seed: UInt64 = 1) -> AdvanceID {
    var random = SeededRandom(seed: seed)
    return AdvanceID(at: Instant(milliseconds: 1_780_000_000_000), using: &random)
}

let rulingTime = china("2026-03-02 09:00")

extension AdvanceTerms {
    static func sample(
        _ yuan: Int64 = 3_000,
        head: LossHead = .repair,
        ground: Ground = .dealerInDefault
    ) -> AdvanceTerms {
        AdvanceTerms(
            id: advanceID(),
            claim: claimID(),
            head: head,
            dealer: "org_dealer",
            amount: fen(yuan: yuan),
            ground: ground,
            ruledAt: rulingTime
        )
    }
}

extension Advance {
    mutating func take(_ input: AdvanceInput, by caller: Caller, at: Instant? = nil) throws {
        let now = at ?? facts.last!.at.adding(seconds: 1)
        for fact in try apply(input, by: caller, at: now) { try record(fact) }
    }

    static func requested(_ terms: AdvanceTerms = .sample()) throws -> Advance {
        try Advance(facts: [Advance.request(terms, earlier: [], by: .system, at: terms.dueAt)])
    }

    /// Paid on 4 March.
    static func paid(_ yuan: Int64 = 3_000) throws -> Advance {
        var advance = try requested(.sample(yuan))
        try advance.take(.approve(signatures: 1), by: .senior)
        try advance.take(.pay(reference: "bank-1"), by: .finance)
        return advance
    }

    func expectBalance() {
        #expect(advanced.fen == recovered.fen + writtenOff.fen + outstanding.fen)
        #expect(recovered >= .zero && writtenOff >= .zero && outstanding >= .zero)
        #expect(advanced == .zero || advanced == terms.amount)
        #expect((stage == .settled) == (advanced > .zero && outstanding == .zero))
    }
}

struct AdvanceTests {
    @Test func `the platform pays when the dealer has had its time, or at once`() throws {
        let terms = AdvanceTerms.sample()
        #expect(terms.dueAt == china("2026-03-04 09:00"))
        let early = terms.dueAt.adding(seconds: -1)
        #expect(
            failure { _ = try Advance.request(terms, earlier: [], by: .system, at: early) } == .advanceIllegal
        )
        for ground in [AdvanceTerms.Ground.law, .package] {
            let atOnce = AdvanceTerms.sample(ground: ground)
            #expect(try Advance.request(atOnce, earlier: [], by: .junior, at: rulingTime).body == .requested(atOnce))
        }
        #expect(failure { _ = try Advance.request(terms, earlier: [], by: .buyer, at: terms.dueAt) } == .advanceIllegal)
        let nothing = AdvanceTerms.sample(0)
        #expect(
            failure { _ = try Advance.request(nothing, earlier: [], by: .system, at: terms.dueAt) } == .advanceIllegal
        )
    }

    @Test func `a loss is advanced once, unless it was cancelled`() throws {
        var advance = try Advance.requested()
        func again(_ head: LossHead = .repair) throws {
            let terms = AdvanceTerms.sample(head: head)
            _ = try Advance.request(terms, earlier: [advance], by: .system, at: terms.dueAt)
        }
        #expect(failure { try again() } == .advanceExists)
        #expect(failure { try again(.towing) } == nil)
        try advance.take(.cancel, by: .finance)
        #expect(failure { try again() } == nil)
        var paid = try Advance.paid()
        try paid.take(.overturn(dealersPart: .zero), by: .manager)
        advance = paid
        #expect(failure { try again() } == .advanceExists)
    }

    @Test func `two people sign a large one`() throws {
        var advance = try Advance.requested(.sample(8_000))
        let signatures = AuthorityTable.proposal2026.signatures(for: fen(yuan: 8_000), .advance)
        try advance.take(.approve(signatures: signatures), by: .senior)
        #expect(advance.stage == .requested)
        #expect(failure { try advance.take(.pay(reference: "x"), by: .finance) } == .advanceIllegal)
        #expect(failure { try advance.take(.approve(signatures: signatures), by: .senior) } == .claimOtherPerson)
        try advance.take(.approve(signatures: signatures), by: .manager)
        #expect(advance.stage == .approved)
    }

    @Test func `it is paid once, however often that is told`() throws {
        var advance = try Advance.paid()
        let count = advance.facts.count
        try advance.take(.pay(reference: "bank-1"), by: .finance)
        #expect(advance.facts.count == count && advance.advanced == fen(yuan: 3_000))
        #expect(failure { try advance.take(.pay(reference: "bank-2"), by: .finance) } == .advanceIllegal)
        advance.expectBalance()
    }

    @Test func `deposit, invoice and transfers bring it back`() throws {
        var advance = try Advance.paid()
        try advance.take(.drawDeposit(Payment(reference: "d1", amount: fen(yuan: 1_000))), by: .system)
        try advance.take(.drawDeposit(Payment(reference: "d1", amount: fen(yuan: 1_000))), by: .system)
        #expect(advance.outstanding == fen(yuan: 2_000))
        try advance.take(.invoice(dueOn: day("2026-03-20")), by: .finance)
        #expect(advance.invoiced == fen(yuan: 2_000))
        let reused = AdvanceInput.receive(Payment(reference: "d1", amount: fen(yuan: 1)))
        #expect(failure { try advance.take(reused, by: .finance) } == .claimAmountWrong)
        let tooMuch = AdvanceInput.receive(Payment(reference: "r1", amount: fen(yuan: 2_001)))
        #expect(failure { try advance.take(tooMuch, by: .finance) } == .claimAmountWrong)
        try advance.take(.receive(Payment(reference: "r1", amount: fen(yuan: 2_000))), by: .finance)
        #expect(advance.stage == .settled && advance.recovered == fen(yuan: 3_000))
        advance.expectBalance()
    }

    static let ages = TextTable(
        """
        now              | age           | suspends
        2026-03-04 23:00 | current       | no
        2026-03-10 23:59 | current       | no
        2026-03-11 00:00 | reminded      | no
        2026-03-18 23:59 | reminded      | no
        2026-03-19 00:00 | suspendable   | yes
        2026-04-02 23:59 | suspendable   | yes
        2026-04-03 00:00 | for_the_court | yes
        """
    )

    @Test(arguments: ages.rows) func `a debt ages by days`(_ row: TextTable.Row) throws {
        var advance = try Advance.paid()
        let now = china(row["now"])
        #expect(advance.age(at: now)?.rawValue == row["age"])
        let suspends = row["suspends"] == "yes"
        #expect(advance.mustSuspend(at: now) == suspends)
        #expect(failure { try advance.take(.suspend, by: .system, at: now) } == (suspends ? nil : .advanceIllegal))
    }

    @Test func `listings come back when the debt is paid or a plan is kept`() throws {
        var advance = try Advance.paid()
        let late = china("2026-03-20 09:00")
        try advance.take(.suspend, by: .system, at: late)
        try advance.take(.suspend, by: .system, at: late)
        #expect(advance.isSuspended)
        #expect(failure { try advance.take(.lift, by: .system, at: late) } == .advanceIllegal)
        try advance.take(.agreePlan(parts: 3), by: .finance, at: late)
        try advance.take(.lift, by: .system, at: late)
        #expect(!advance.isSuspended)
        // The first of three was due on 19 April.
        #expect(!advance.mustSuspend(at: china("2026-04-19 23:00")))
        #expect(advance.mustSuspend(at: china("2026-04-20 00:00")))
        try advance.take(.receive(Payment(reference: "i1", amount: fen(yuan: 1_000))), by: .finance)
        #expect(!advance.mustSuspend(at: china("2026-04-20 00:00")))
        var other = try Advance.paid()
        try other.take(.suspend, by: .manager)
        try other.take(.receive(Payment(reference: "r", amount: fen(yuan: 3_000))), by: .finance)
        try other.take(.lift, by: .system, at: late)
        #expect(!other.isSuspended)
    }

    @Test func `instalments add up to the debt`() throws {
        let plan = try InstalmentPlan(Money(fen: 100_000), parts: 3, from: day("2026-03-20"), policy: .proposal2026)
        #expect(plan.parts.map(\.amount.fen) == [33_334, 33_333, 33_333])
        #expect(plan.parts.map(\.dueOn) == ["2026-04-19", "2026-05-19", "2026-06-18"].map(day))
        for parts in [Int64(0), 1, 13] {
            let type = failure {
                _ = try InstalmentPlan(Money(fen: 1), parts: parts, from: day("2026-03-20"), policy: .proposal2026)
            }
            #expect(type == .advanceIllegal)
        }
    }

    @Test func `a write-off by two is by two`() throws {
        var advance = try Advance.paid()
        #expect(
            failure { try advance.take(.writeOff(fen(yuan: 3_001), signatures: 1), by: .senior) } == .claimAmountWrong
        )
        try advance.take(.writeOff(fen(yuan: 1_000), signatures: 2), by: .senior)
        #expect(advance.writtenOff == .zero)
        let again = AdvanceInput.writeOff(fen(yuan: 1_000), signatures: 2)
        #expect(failure { try advance.take(again, by: .senior) } == .claimOtherPerson)
        try advance.take(again, by: .manager)
        #expect(advance.writtenOff == fen(yuan: 1_000) && advance.outstanding == fen(yuan: 2_000))
        advance.expectBalance()
    }

    static let overturns = TextTable(
        """
        recovered | written | part | refund | outstanding | written after
        0         | 0       | 0    | 0      | 0           | 3000
        0         | 0       | 1000 | 0      | 1000        | 2000
        2000      | 0       | 1000 | 1000   | 0           | 2000
        500       | 0       | 1000 | 0      | 500         | 2000
        500       | 300     | 1000 | 0      | 200         | 2300
        500       | 900     | 1000 | 0      | 0           | 2500
        3000      | 0       | 0    | 3000   | 0           | 3000
        3000      | 0       | 2999 | 1      | 0           | 1
        """
    )

    @Test(arguments: overturns.rows)
    func `a ruling that falls gives back what is too much`(_ row: TextTable.Row) throws {
        func amount(_ column: String) -> Money { fen(yuan: Int64(row[column])!) }
        var advance = try Advance.paid()
        if amount("recovered") > .zero {
            try advance.take(.receive(Payment(reference: "r", amount: amount("recovered"))), by: .finance)
        }
        if amount("written") > .zero { try advance.take(.writeOff(amount("written"), signatures: 1), by: .senior) }
        let before = advance
        try advance.take(.overturn(dealersPart: amount("part")), by: .manager)
        guard case .overturned(let overturn) = advance.facts.last?.body else {
            Issue.record("nothing was overturned")
            return
        }
        #expect(overturn.refundToDealer == amount("refund"))
        #expect(advance.outstanding == amount("outstanding"))
        #expect(advance.writtenOff == amount("written after"))
        #expect(advance.recovered.fen == before.recovered.fen - overturn.refundToDealer.fen)
        advance.expectBalance()
        let again = AdvanceInput.overturn(dealersPart: amount("part"))
        #expect(failure { try advance.take(again, by: .manager) } == .claimAmountWrong)
    }

    @Test func `a ruling may fall further, and what was written off counts once`() throws {
        var advance = try Advance.paid()
        try advance.take(.receive(Payment(reference: "r", amount: fen(yuan: 500))), by: .finance)
        try advance.take(.writeOff(fen(yuan: 900), signatures: 1), by: .senior)
        try advance.take(.overturn(dealersPart: fen(yuan: 2_000)), by: .manager)
        #expect(advance.writtenOff == fen(yuan: 1_900) && advance.outstanding == fen(yuan: 600))
        try advance.take(.overturn(dealersPart: fen(yuan: 400)), by: .manager)
        #expect(advance.recovered == fen(yuan: 400) && advance.writtenOff == fen(yuan: 2_600))
        #expect(advance.outstanding == .zero && advance.stage == .settled)
        advance.expectBalance()
    }

    @Test func `a ruling is overturned downwards only`() throws {
        var advance = try Advance.paid()
        for part in [Int64(-1), 3_000, 4_000] {
            let input = AdvanceInput.overturn(dealersPart: fen(yuan: part))
            #expect(failure { try advance.take(input, by: .manager) } == .claimAmountWrong)
        }
    }

    static let rights = TextTable(
        """
        action       | roles                               | stages
        approve      | junior intermediate senior manager  | requested
        cancel       | senior manager finance system       | requested approved
        pay          | finance system                      | approved
        draw_deposit | finance system                      | recovering
        invoice      | finance system                      | recovering
        agree_plan   | senior manager finance              | recovering
        receive      | finance system                      | recovering
        suspend      | manager system                      | recovering
        lift         | manager system                      | recovering settled
        write_off    | senior manager                      | recovering
        overturn     | senior manager                      | recovering settled
        """
    )

    @Test func `who may do what to an advance`() throws {
        var stages: [Advance] = [try .requested(), try .requested(), try .requested(), try .paid(), try .paid()]
        try stages[1].take(.approve(signatures: 1), by: .senior)
        try stages[2].take(.cancel, by: .finance)
        try stages[4].take(.receive(Payment(reference: "r", amount: fen(yuan: 3_000))), by: .finance)
        #expect(stages.map(\.stage) == [.requested, .approved, .cancelled, .recovering, .settled])
        for advance in stages {
            for role in CallerRole.allCases {
                let legal = Self.rights.rows.filter { row in
                    row["roles"].split(separator: " ").contains { $0 == role.rawValue }
                        && row["stages"].split(separator: " ").contains { $0 == advance.stage.rawValue }
                }
                #expect(Set(advance.legalActions(for: .of(role)).map(\.rawValue)) == Set(legal.map { $0["action"] }))
            }
        }
        #expect(Self.rights.rows.count == AdvanceAction.allCases.count)
        #expect(failure { try stages[3].take(.cancel, by: .buyer) } == .advanceIllegal)
    }

    @Test(arguments: UInt64(1)...10)
    func `advanced is recovered, written off and outstanding at every step`(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        for _ in 0..<25 {
            var advance = try Advance.requested(.sample(.random(in: 1...20_000, using: &random)))
            var payouts = 0
            for step in 0..<30 {
                let before = advance
                let input = AdvanceInput.random(advance, step, using: &random)
                let caller = Caller.of(CallerRole.allCases.randomElement(using: &random)!)
                let now = advance.facts.last!.at.adding(seconds: .random(in: -5_000...900_000, using: &random))
                if failure({ try advance.take(input, by: caller, at: now) }) != nil { #expect(advance == before) }
                payouts += advance.advanced > before.advanced ? 1 : 0
                advance.expectBalance()
                let stored = try advance.facts.map { try AdvanceFact(json: $0.json) }
                #expect(try Advance(facts: stored) == advance)
            }
            #expect(payouts <= 1)
        }
    }
}

extension AdvanceInput {
    /// Sound ones, ones that are too much, and ones that were told before.
    static func random(_ advance: Advance, _ step: Int, using random: inout SeededRandom) -> AdvanceInput {
        let amount = Money(fen: .random(in: 0...(max(advance.outstanding.fen, 100) * 5 / 4), using: &random))
        let known = advance.receipts.randomElement(using: &random)
        let payment =
            Bool.random(using: &random)
            ? known ?? Payment(reference: "x\(step)", amount: amount)
            : Payment(reference: "r\(step)", amount: amount)
        let signatures = Int.random(in: 1...2, using: &random)
        switch Int.random(in: 0...13, using: &random) {
        case 0, 1: return .approve(signatures: signatures)
        case 2: return Int.random(in: 0...9, using: &random) == 0 ? .cancel : .approve(signatures: 1)
        case 3, 4: return .pay(reference: "bank-\(Int.random(in: 1...2, using: &random))")
        case 5, 6: return .drawDeposit(payment)
        case 7: return .invoice(dueOn: day("2026-05-01"))
        case 8: return .agreePlan(parts: .random(in: 0...14, using: &random))
        case 9, 10: return .receive(payment)
        case 11: return Bool.random(using: &random) ? .suspend : .lift
        case 12: return .writeOff(amount, signatures: signatures)
        default: return Int.random(in: 0...3, using: &random) == 0 ? .overturn(dealersPart: amount) : .receive(payment)
        }
    }
}
