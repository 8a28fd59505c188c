import Claims
import Core
import Support
import Testing

/// Thousands of claims, each done to by everybody at random: sound input, illegal input, input twice, input late. After
/// every step everything that must hold is looked at again.
struct SimulationTests {
    private static let claimsEach = 260
    private static let stepsEach = 22

    @Test(arguments: UInt64(1)...8) func `whatever anybody does, what must hold holds`(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var reached: Set<ClaimState> = []
        for number in 0..<Self.claimsEach {
            let start = china("2023-01-03 08:00").adding(seconds: .random(in: 0...95_000_000, using: &random))
            var run = ClaimRun(.filed(.sample(UInt64(number), isUrgent: .random(using: &random)), at: start))
            for _ in 0..<Self.stepsEach {
                try run.step(using: &random)
                reached.insert(run.claim.state)
            }
            try run.expectEnd()
        }
        #expect(reached.count >= 15, "\(Set(ClaimState.allCases).subtracting(reached))")
    }
}

/// A claim that is done to, with what was seen so far.
private struct ClaimRun {
    var claim: Claim
    private var lastInput: (input: ClaimInput, caller: Caller)?

    init(_ claim: Claim) {
        self.claim = claim
    }

    mutating func step(using random: inout SeededRandom) throws {
        let before = claim
        let now = claim.facts.last!.at.adding(seconds: .random(in: -3_600...130_000, using: &random))
        let isAgain = Int.random(in: 0...9, using: &random) == 0
        let (input, caller) = isAgain ? lastInput ?? random.input(for: claim, now) : random.input(for: claim, now)
        lastInput = (input, caller)
        do {
            let facts = try claim.apply(input, by: caller, why: "原因", at: now)
            #expect(facts.isEmpty || ClaimTableTests.isLegal(input.action, caller.role, before.state))
            for fact in facts { try claim.record(fact) }
            expectFact(facts, after: before)
        } catch let failure as Failure {
            #expect(claim == before)
            let isLegal = ClaimTableTests.isLegal(input.action, caller.role, before.state)
            if failure.type == .claimActionIllegal, input.action != .rule { #expect(!isLegal) }
            if failure.type != .claimActionIllegal, failure.type != .claimNotYours { #expect(isLegal) }
        }
        // What did not change was looked at before.
        guard claim.facts.count > before.facts.count else { return }
        expectMoney()
        expectClocks(at: now)
    }

    private func expectFact(_ facts: [ClaimFact], after before: Claim) {
        guard let fact = facts.first else { return #expect(claim == before) }
        #expect(claim.facts.count == before.facts.count + 1)
        #expect(fact.at >= before.facts.last!.at && fact.number == Int64(claim.facts.count))
        #expect((try? ClaimFact(json: fact.json)) == fact)
        switch fact.body {
        case .approved(let amount):
            #expect(amount == before.offer?.total && Set(claim.signers).count == claim.signers.count)
        case .rejected: #expect(!before.deniers.contains(fact.by.id) && fact.by.role != .junior)
        case .answered: #expect(fact.by.role.level != nil)
        case .closed: #expect(before.isResultNotified)
        default: break
        }
    }

    private func expectMoney() {
        let isBounded = claim.paid >= .zero && claim.paid <= claim.approved ?? .zero
        let isWhole = claim.state != .settled || claim.paid == claim.approved
        let isOnce = Set(claim.payments.map(\.reference)).count == claim.payments.count
        let isUnderWay = [.approved, .repairing, .paying].contains(claim.state)
        #expect(isBounded && isWhole && isOnce && (!isUnderWay || claim.approved == claim.offer?.total))
    }

    /// One expectation for all of it: they are many, and each costs more than what it looks at.
    private func expectClocks(at now: Instant) {
        let readings = claim.clocks(at: now)
        let ceiling = readings.last { $0.run.kind == .legalCeiling }
        let areSound = readings.allSatisfy { reading in
            let marks = reading.marks.map(\.at)
            let paused = reading.pausedFor.reduce(0) { $0 + $1.countedSeconds }
            let isWithin = reading.run.startedAt != ceiling?.run.startedAt || reading.isWithin(ceiling)
            return marks == marks.sorted() && paused <= 5 * 86_400 && isWithin
                && (paused == 0 || reading.run.kind == .solution)
                && reading.run.stoppedAt.map { $0 >= reading.run.startedAt } != false
        }
        let running = readings.filter { $0.run.stoppedAt == nil }.map(\.run.kind)
        // Whoever is turned down is still to be told.
        let left = running.filter { claim.state != .rejected || $0 != .resultNotice }
        let areOver = !claim.isOpen || claim.state == .rejected
        #expect(areSound && Set(running).count == running.count && !(areOver && !left.isEmpty))
    }

    /// The claim is its facts, as they are stored, and nothing besides; a sweep finds every mark once.
    mutating func expectEnd() throws {
        let stored = try claim.facts.map { try ClaimFact(json: JSONParser.parse($0.json.canonicalBytes)) }
        let again = try Claim(facts: stored)
        #expect(again == claim && again.state == claim.state && again.offer == claim.offer)
        #expect(again.signers == claim.signers && again.paid == claim.paid && again.handler == claim.handler)
        let late = claim.facts.last!.at.adding(days: 40)
        for mark in claim.unrecordedMarks(at: late) { try claim.take(.markClock(mark), by: .system, at: late) }
        #expect(claim.unrecordedMarks(at: late).isEmpty)
        for reader in TimelineReader.allCases { #expect(claim.timeline(for: reader).count <= claim.facts.count) }
        #expect(claim.timeline(for: .staff).count == claim.facts.count)
    }
}

extension SeededRandom {
    /// Mostly what moves the claim on, sometimes anything by anybody.
    fileprivate mutating func input(for claim: Claim, _ now: Instant) -> (ClaimInput, Caller) {
        let isWild = Int.random(in: 0...4, using: &self) == 0
        let moves = CallerRole.allCases.flatMap { role in
            claim.legalActions(for: .of(role)).map { (role, $0) }
        }
        let chosen = moves.filter { self.moves($0.1) }
        let anything = (
            CallerRole.allCases.randomElement(using: &self)!, ClaimAction.allCases.randomElement(using: &self)!
        )
        let (role, action) = isWild ? anything : chosen.randomElement(using: &self) ?? anything
        var caller = Caller.of(role)
        if role.level != nil { caller = Caller(role, "\(caller.id)_\(Int.random(in: 1...2, using: &self))") }
        if isWild, Int.random(in: 0...9, using: &self) == 0 { caller = Caller(role, "usr_stranger") }
        return (input(action, claim, caller, now), caller)
    }

    private mutating func moves(_ action: ClaimAction) -> Bool {
        switch action {
        case .addEvidence, .note, .message, .refuse, .assign, .handOver, .takeOver, .markClock, .answer:
            Int.random(in: 0...9, using: &self) == 0
        case .withdraw, .reject, .sendBack, .rule, .contestRuling: Int.random(in: 0...4, using: &self) == 0
        default: true
        }
    }

    private mutating func input(
        _ action: ClaimAction,
        _ claim: Claim,
        _ caller: Caller,
        _ now: Instant
    ) -> ClaimInput {
        let far = now.adding(seconds: .random(in: -1_000...900_000, using: &self))
        let evidence = Int.random(in: 0...4, using: &self) > 0 ? [photo] : []
        switch action {
        case .ask: return .ask(Question(of: Question.WaitedFor.allCases.randomElement(using: &self)!, dueAt: far))
        case .rule: return .rule(ruling())
        case .contestRuling: return .contestRuling(evidence)
        case .propose: return .propose(offer(by: caller, until: far))
        case .approve:
            let total = claim.offer?.total ?? fen(yuan: 1)
            let signatures = AuthorityTable.proposal2026.signatures(for: total, .approval)
            return .approve(Int.random(in: 0...9, using: &self) == 0 ? fen(yuan: 1) : total, signatures: signatures)
        case .pay: return .pay(payment(claim))
        case .reject:
            return .reject(Rejection(code: .misuse, clause: evidence.isEmpty ? "" : "X-MISUSE", evidence: evidence))
        case .markClock:
            let mark = claim.unrecordedMarks(at: now).randomElement(using: &self)
            return mark.map { .markClock($0) } ?? .note
        default: return (try? claim.soundInput(action, by: caller).0) ?? .note
        }
    }

    private mutating func ruling() -> LiabilityRuling {
        let weights: [LiableParty: Int64] = [
            .dealer: .random(in: 1...9, using: &self), .manufacturer: .random(in: 0...9, using: &self),
        ]
        let ruling = try? LiabilityRuling.weighing(weights, evidence: [diagnosis], delivery: .recent)
        return ruling ?? .dealer
    }

    private mutating func offer(by caller: Caller, until: Instant) -> Offer {
        Offer.sample(
            Bool.random(using: &self) ? .repair : .payment,
            yuan: [0, 480, 480, 4_800, 60_000].randomElement(using: &self)!,
            validUntil: until,
            isAutomatic: caller.role == .system
        )
    }

    private mutating func payment(_ claim: Claim) -> BuyerPayment {
        let open = (claim.approved?.fen ?? 0) - claim.paid.fen
        if Bool.random(using: &self), let known = claim.payments.randomElement(using: &self) { return known }
        let amount = [open, open / 2, open + 1].randomElement(using: &self)!
        return BuyerPayment(reference: "p\(Int.random(in: 1...40, using: &self))", amount: Money(fen: max(0, amount)))
    }
}

extension ClockReading {
    fileprivate func isWithin(_ ceiling: ClockReading?) -> Bool {
        guard run.kind == .solution, let due = dueAt, let last = ceiling?.dueAt else { return true }
        return due <= last
    }
}
