import Claims
import Core
import History
import Identity
import Jobs
import Storage
import Support
import Testing
import Warranty

/// Claims on both engines. It is 2026-03-01, a Sunday.
@Suite struct ClaimsTests {
    private func entries(_ world: ClaimsWorld) async throws -> [String] {
        try await world.database.read { tx in try Histories.rows(tx, vin: sampleVIN).map(\.payload) }.compactMap { $0 }
    }

    @Test(arguments: Engine.allCases)
    func `a claim is filed with its deadline and an entry on the car`(engine: Engine) async throws {
        let world = try await ClaimsWorld.open(engine)
        let id = try await world.file()
        let claim = try await world.claim(id)
        #expect(claim.state == .submitted && claim.facts.count == 2)
        #expect(claim.filing.buyer == "usr_buyer" && claim.filing.dealer == world.dealer.id.text)
        let job = try await world.database.read { try Jobs.find($0, ClaimDeadlines.clock, key: "\(id)/2") }
        // Half of the 24 hours for an answer.
        #expect(job?.dueAt == world.clock.now().adding(hours: 12))
        #expect(try await entries(world).count { $0.contains(id.text) } == 1)
        try await world.expectWhole(id)
    }

    @Test(arguments: Engine.allCases)
    func `only who holds the contract, sold it or works for the platform files under it`(
        engine: Engine
    ) async throws {
        let world = try await ClaimsWorld.open(engine)
        let draft = world.draft()
        for actor in [ClaimsWorld.buyer, world.dealerActor, .junior] {
            _ = try await world.write { try world.claims.file($0, draft, by: actor).id }
        }
        let strangers = [Caller(.buyer, "usr_other"), Caller(.dealer, "org_other"), .finance, .auditor]
        for stranger in strangers {
            await #expect(throws: Failure.self) {
                try await world.write { try world.claims.file($0, draft, by: ClaimActor(stranger)).id }
            }
        }
    }

    @Test(arguments: Engine.allCases)
    func `a claim goes from filing to settlement, and the car's history says so`(engine: Engine) async throws {
        let world = try await ClaimsWorld.open(engine)
        let id = try await world.paying()
        try await world.act(id, .pay(BuyerPayment(reference: "p1", amount: fen(yuan: 480))), by: .finance)
        // Told twice.
        try await world.act(id, .pay(BuyerPayment(reference: "p1", amount: fen(yuan: 480))), by: .finance)
        let claim = try await world.claim(id)
        #expect(claim.state == .settled && claim.payments.count == 1)
        let settled = try await entries(world).filter { $0.contains("partly_paid") }
        #expect(settled.count == 1 && settled.first?.contains("48000") == true)
        try await world.act(id, .notifyResult, by: .junior)
        try await world.act(id, .close, by: .junior)
        #expect(try await entries(world).count { $0.contains(id.text) } == 2)
        let waiting = try await world.database.read { tx in
            try tx.rows("SELECT key FROM job WHERE kind = \(ClaimDeadlines.clock) AND state = 'waiting'").count
        }
        #expect(waiting == 0)
        try await world.expectWhole(id)
    }

    // MARK: Authority

    @Test(arguments: Engine.allCases)
    func `who may not approve is refused, and that he tried is on record`(engine: Engine) async throws {
        let world = try await ClaimsWorld.open(engine)
        let id = try await world.accepted(yuan: 700)
        let claims = world.claims
        await #expect(throws: Failure.self) {
            try await claims.attempt(world.database, id, .approve, by: .junior) { tx in
                try claims.act(tx, id, .approve(fen(yuan: 700), signatures: 1), by: .junior).version
            }
        }
        let claim = try await world.claim(id)
        #expect(claim.state == .accepted)
        let attempt = RefusedAttempt(who: .junior, action: .approve, code: "above_claim_limit")
        #expect(claim.facts.last?.body == .attemptRefused(attempt))
        try await world.act(id, .approve(fen(yuan: 700), signatures: 1), by: .intermediate)
        #expect(try await world.claim(id).state == .approved)
    }

    @Test(arguments: Engine.allCases)
    func `a day's limit holds over all claims of a day, and not longer`(engine: Engine) async throws {
        let world = try await ClaimsWorld.open(engine)
        // 2,000 yuan a day at 500 yuan each.
        for _ in 0..<4 {
            let id = try await world.accepted(yuan: 500)
            try await world.act(id, .approve(fen(yuan: 500), signatures: 1), by: .junior)
        }
        let last = try await world.accepted(yuan: 1)
        let input = ClaimInput.approve(fen(yuan: 1), signatures: 1)
        #expect(try await world.refusal(last, input, by: .junior) == .claimAuthority)
        world.clock.advance(seconds: 86_400)
        #expect(try await world.refusal(last, input, by: .junior) == nil)
    }

    @Test(arguments: Engine.allCases)
    func `above every limit two managers sign, whatever the caller says of it`(engine: Engine) async throws {
        let world = try await ClaimsWorld.open(engine)
        let id = try await world.accepted(yuan: 60_000)
        let input = ClaimInput.approve(fen(yuan: 60_000), signatures: 1)
        #expect(try await world.refusal(id, input, by: .senior) == .claimAuthority)
        try await world.act(id, input, by: .manager)
        #expect(try await world.claim(id).state == .accepted)
        #expect(try await world.refusal(id, input, by: .manager) == .claimAuthority)
        try await world.act(id, input, by: .secondManager)
        #expect(try await world.claim(id).state == .approved)
    }

    // MARK: Deadlines

    @Test(arguments: Engine.allCases)
    func `what fell due while the server was down is recorded once, with its own time`(
        engine: Engine
    ) async throws {
        let world = try await ClaimsWorld.open(engine)
        let id = try await world.file()
        let filedAt = world.clock.now()
        try await world.sleep(hours: 24 * 40)
        try await world.drain()
        let marks = try await world.claim(id).facts.compactMap { fact -> ClockMark? in
            guard case .clockMarked(let mark) = fact.body else { return nil }
            return mark
        }
        let response = marks.filter { $0.clock == .response }
        #expect(response.map(\.percent) == [50, 80, 100])
        #expect(response.last?.reachedAt == filedAt.adding(hours: 24))
        #expect(response.last?.level == .manager)
        #expect(Set(marks.map(\.key)).count == marks.count)
        // The last mark is that of the law's ceiling: nothing is left to wait for.
        #expect(marks.contains { $0.clock == .legalCeiling && $0.percent == 100 })
        try await world.expectWhole(id)
    }

    @Test(arguments: Engine.allCases)
    func `a dealer that says nothing bears it as of when it should have answered`(engine: Engine) async throws {
        let world = try await ClaimsWorld.open(engine)
        let id = try await world.assessing()
        let dueAt = world.clock.now().adding(hours: 48)
        try await world.act(id, .ask(Question(of: .dealer, dueAt: dueAt)), by: .junior)
        try await world.sleep(hours: 47)
        #expect(try await world.claim(id).state == .waiting)
        try await world.sleep(hours: 100)
        let claim = try await world.claim(id)
        #expect(claim.state == .assessing && claim.ruling?.basis == .silence)
        let ruled = claim.facts.last { $0.body.kind == .ruled }
        #expect(ruled?.at == dueAt && ruled?.by == .system)
        #expect(claim.facts.count { $0.body.kind == .ruled } == 1)
        try await world.expectWhole(id)
    }

    @Test(arguments: Engine.allCases)
    func `a dealer that answers in time is not ruled against`(engine: Engine) async throws {
        let world = try await ClaimsWorld.open(engine)
        let id = try await world.assessing()
        let dueAt = world.clock.now().adding(hours: 48)
        try await world.act(id, .ask(Question(of: .dealer, dueAt: dueAt)), by: .junior)
        try await world.sleep(hours: 47)
        try await world.act(id, .reply([report]), by: world.dealerActor)
        try await world.sleep(hours: 100)
        #expect(try await world.claim(id).ruling == nil)
    }

    // MARK: The contract

    private static let lines = [
        ClaimLine(
            id: "1",
            kind: .part,
            component: "engine.crank.crankshaft",
            operation: "crank",
            unitPrice: fen(yuan: 200),
            grade: .original
        )
    ]

    /// Assessed and offered by the platform's own plan, after the law's floor.
    private func covered(_ world: ClaimsWorld) async throws -> (ClaimID, layer: String, payable: Money) {
        world.clock.advance(seconds: 60 * 86_400)
        let id = try await world.assessing()
        let draft = AssessmentDraft(lines: Self.lines, authorization: .given)
        let assessment = try await world.write { tx in
            try world.claims.assess(tx, id, draft, by: .junior).assessment
        }
        if try await world.claim(id).state == .assessing {
            try await world.write { tx in
                let offer = try world.claims.offer(tx, id, .repair, validUntil: tx.now.adding(days: 7))
                return try world.claims.act(tx, id, .propose(offer), by: .junior).version
            }
        }
        return (id, try #require(assessment.layer), assessment.payable)
    }

    private func use(_ world: ClaimsWorld, _ layer: String, _ id: ClaimID) async throws -> LimitAccount.Use? {
        try await world.database.read { tx in
            try world.warranties.claimed(tx, world.warranty).accounts[layer]?.uses.first { $0.claim == id.text }
        }
    }

    @Test(arguments: Engine.allCases)
    func `what is offered is held of the contract's limits, and given back when it falls through`(
        engine: Engine
    ) async throws {
        let world = try await ClaimsWorld.open(engine)
        let (id, layer, payable) = try await covered(world)
        func use() async throws -> LimitAccount.Use? { try await self.use(world, layer, id) }
        #expect(try await use()?.reserved == payable)
        try await world.act(id, .dispute, by: ClaimsWorld.buyer)
        #expect(try await use()?.reserved == Money.zero)
        try await world.act(id, .assess, by: .junior)
        try await world.act(id, .propose(world.offer(.payment, yuan: 200)), by: .junior)
        try await world.act(id, .accept, by: ClaimsWorld.buyer)
        try await world.act(id, .approve(fen(yuan: 200), signatures: 1), by: .junior)
        try await world.act(id, .startPayment, by: .finance)
        try await world.act(id, .pay(BuyerPayment(reference: "p1", amount: fen(yuan: 150))), by: .finance)
        #expect(try await use()?.reserved == fen(yuan: 50))
        #expect(try await use()?.paid == fen(yuan: 150))
        try await world.act(id, .pay(BuyerPayment(reference: "p2", amount: fen(yuan: 50))), by: .finance)
        #expect(try await use()?.reserved == Money.zero)
        #expect(try await use()?.paid == fen(yuan: 200))
    }

    @Test(arguments: Engine.allCases)
    func `what a dealer pays its buyer itself is nothing of the contract's limits`(engine: Engine) async throws {
        let world = try await ClaimsWorld.open(engine)
        let (id, layer, _) = try await covered(world)
        try await world.act(id, .dispute, by: ClaimsWorld.buyer)
        try await world.act(id, .assess, by: .junior)
        try await world.act(id, .propose(world.offer(.payment, yuan: 200)), by: .junior)
        try await world.act(id, .accept, by: ClaimsWorld.buyer)
        try await world.act(id, .approve(fen(yuan: 200), signatures: 1), by: .junior)
        try await world.act(id, .startPayment, by: .finance)
        let own = BuyerPayment(reference: "d1", amount: fen(yuan: 150), by: .dealer)
        try await world.act(id, .pay(own), by: .finance)
        #expect(try await use(world, layer, id)?.reserved == fen(yuan: 50))
        #expect(try await use(world, layer, id)?.paid == Money.zero)
        // The same transfer told as another's is no other transfer.
        let other = ClaimInput.pay(BuyerPayment(reference: "d1", amount: fen(yuan: 150)))
        #expect(try await world.refusal(id, other, by: .finance) == .claimAmountWrong)
        try await world.act(id, .pay(BuyerPayment(reference: "p1", amount: fen(yuan: 50))), by: .finance)
        #expect(try await use(world, layer, id)?.reserved == Money.zero)
        #expect(try await use(world, layer, id)?.paid == fen(yuan: 50))
        #expect(try await world.claim(id).state == .settled)
    }

    // MARK: At once

    @Test(.timeLimit(.minutes(10)), arguments: Engine.allCases)
    func `of a hundred who approve one claim one does`(engine: Engine) async throws {
        let world = try await ClaimsWorld.open(engine, in: .disk)
        let id = try await world.accepted()
        let outcomes = try await race { number in
            let actor = ClaimActor(Caller(.junior, "usr_\(number)"), certifiedUntil: day("2027-12-31"))
            try await world.act(id, .approve(fen(yuan: 480), signatures: 1), by: actor)
        }
        #expect(outcomes == ["done": 1, "claim_action_illegal": 99])
        let claim = try await world.claim(id)
        #expect(claim.signers.count == 1 && claim.state == .approved)
        try await world.expectWhole(id)
    }

    @Test(.timeLimit(.minutes(10)), arguments: Engine.allCases)
    func `whoever approves a hundred claims at once passes no day's limit`(engine: Engine) async throws {
        let world = try await ClaimsWorld.open(engine, in: .disk)
        var ids: [ClaimID] = []
        for _ in 0..<20 { ids.append(try await world.accepted(yuan: 400)) }
        let all = ids
        let outcomes = try await race(count: 20) { number in
            try await world.act(all[number], .approve(fen(yuan: 400), signatures: 1), by: .junior)
        }
        #expect(outcomes == ["done": 5, "claim_authority": 15])
    }
}

/// How many calls ended how: `done`, or with the code of a refusal. Whoever is told that the store is busy comes again.
@discardableResult
func race(
    count: Int = 100,
    _ call: @escaping @Sendable (Int) async throws -> Void
) async throws -> [String: Int] {
    try await withThrowingTaskGroup(of: String.self) { group in
        for number in 0..<count {
            group.addTask {
                while true {
                    do {
                        try await call(number)
                        return "done"
                    } catch let failure as Failure where failure.type != .storeBusy {
                        return failure.type.code
                    } catch is Failure {
                        continue
                    }
                }
            }
        }
        return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }
}
