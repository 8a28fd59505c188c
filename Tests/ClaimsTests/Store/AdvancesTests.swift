import Accounts
import Claims
import Core
import Identity
import Jobs
import Listings
import Storage
import Support
import Testing

/// What the platform pays in a dealer's place, on both engines.
@Suite struct AdvancesTests {
    private static let yuan: Int64 = 4_000

    /// Requested by the program, once the dealer had its time.
    private func requested(_ world: ClaimsWorld, yuan: Int64 = Self.yuan) async throws -> (ClaimID, Advance) {
        let id = try await world.paying(yuan: yuan, isDealers: true)
        try await world.sleep(hours: 49)
        return (id, try await world.advance(of: id))
    }

    private func paid(_ world: ClaimsWorld) async throws -> (ClaimID, Advance) {
        let (id, advance) = try await requested(world)
        try await world.act(advance.id, .approve(signatures: 1), by: .manager)
        return (id, try await world.act(advance.id, .pay(reference: "bank-1"), by: .finance))
    }

    @Test(arguments: Engine.allCases)
    func `a dealer that does not pay in time is paid for, and owes it`(engine: Engine) async throws {
        let world = try await ClaimsWorld.open(engine)
        try await world.fund(yuan: 10_000)
        try await world.deposit(yuan: 1_500)
        let (id, advance) = try await paid(world)
        #expect(advance.terms.amount == fen(yuan: 4_000) && advance.terms.ground == .dealerInDefault)
        #expect(advance.recovered == fen(yuan: 1_500) && advance.outstanding == fen(yuan: 2_500))
        #expect(advance.invoiced == fen(yuan: 2_500))
        #expect(try await world.balance(.fund) == fen(yuan: 10_000 - 4_000 + 1_500))
        #expect(try await world.balance(.deposit(of: world.dealer.id.text)) == .zero)
        let claim = try await world.claim(id)
        #expect(claim.state == .settled && claim.payments.map(\.reference) == [advance.id.text])
        try await world.expectWhole(id)
    }

    @Test(arguments: Engine.allCases)
    func `nothing is advanced before the dealer had its time, or where it has paid`(engine: Engine) async throws {
        let world = try await ClaimsWorld.open(engine)
        let id = try await world.paying(yuan: Self.yuan, isDealers: true)
        await #expect(throws: Failure.self) {
            try await world.write { try world.advances.request($0, id, .other, by: .junior).id }
        }
        try await world.act(
            id,
            .pay(BuyerPayment(reference: "dealer-1", amount: fen(yuan: 4_000), by: .dealer)),
            by: .finance
        )
        try await world.sleep(hours: 49)
        #expect(try await world.database.read { try world.advances.all($0, of: id) }.isEmpty)
    }

    @Test(arguments: Engine.allCases)
    func `a dealer that has paid its part is not paid for with what others bear`(engine: Engine) async throws {
        let world = try await ClaimsWorld.open(engine)
        let id = try await world.assessing()
        try await world.act(id, .rule(.halfDealers), by: .senior)
        try await world.offered(id, yuan: Self.yuan)
        try await world.approved(id, yuan: Self.yuan)
        let own = BuyerPayment(reference: "dealer-1", amount: fen(yuan: 2_000), by: .dealer)
        try await world.act(id, .pay(own), by: .finance)
        try await world.sleep(hours: 49)
        #expect(try await world.database.read { try world.advances.all($0, of: id) }.isEmpty)
        await #expect(throws: Failure.self) {
            try await world.write { try world.advances.request($0, id, .other, by: .junior).id }
        }
    }

    @Test(arguments: Engine.allCases)
    func `a ruling whose loss gets its amount late is looked at with the approval`(engine: Engine) async throws {
        let world = try await ClaimsWorld.open(engine)
        let id = try await world.assessing()
        try await world.act(id, .rule(.dealer), by: .senior)
        try await world.sleep(hours: 50)
        try await world.offered(id, yuan: Self.yuan)
        try await world.sleep(hours: 1)
        #expect(try await world.database.read { try world.advances.all($0, of: id) }.isEmpty)
        try await world.approved(id, yuan: Self.yuan)
        try await world.drain()
        #expect(try await world.advance(of: id).terms.amount == fen(yuan: Self.yuan))
        try await world.expectWhole(id)
    }

    @Test(arguments: Engine.allCases)
    func `what was paid before a claim was reopened is nothing of what comes after`(engine: Engine) async throws {
        let world = try await ClaimsWorld.open(engine)
        try await world.fund(yuan: 10_000)
        let (id, first) = try await paid(world)
        try await world.act(id, .notifyResult, by: .junior)
        try await world.act(id, .close, by: .junior)
        world.clock.advance(seconds: 3600)
        try await world.act(id, .reopen, by: .senior)
        try await world.act(id, .assess, by: .junior)
        try await world.act(id, .propose(world.offer(.repair, yuan: 3_000)), by: .junior)
        try await world.act(id, .accept, by: ClaimsWorld.buyer)
        try await world.act(id, .approve(fen(yuan: 3_000), signatures: 1), by: .manager)
        try await world.drain()
        let second = try await world.advance(of: id)
        #expect(second.id != first.id && second.terms.amount == fen(yuan: 3_000))
        // A review of what stands now leaves alone what was paid then.
        try await world.act(id, .contestRuling([report]), by: world.dealerActor)
        try await world.act(id, .rule(.makers), by: .manager)
        #expect(try await world.advance(of: id).stage == .cancelled)
        let kept = try await world.database.read { try world.advances.get($0, first.id, for: ClaimActor.system.caller) }
        #expect(!kept.isOverturned && kept.outstanding == first.outstanding)
        try await world.expectWhole(id)
    }

    // MARK: A ruling that does not stand

    /// Paid in the dealer's place, and contested by it.
    private func contested(_ engine: Engine) async throws -> (ClaimsWorld, ClaimID, Advance) {
        let world = try await ClaimsWorld.open(engine)
        try await world.fund(yuan: 10_000)
        try await world.deposit(yuan: 1_500)
        let (id, advance) = try await paid(world)
        try await world.act(id, .contestRuling([report]), by: world.dealerActor)
        return (world, id, advance)
    }

    @Test(arguments: Engine.allCases)
    func `a review that leaves the dealer less overturns what was advanced`(engine: Engine) async throws {
        let (world, id, _) = try await contested(engine)
        try await world.act(id, .rule(.halfDealers), by: .manager)
        let half = try await world.advance(of: id)
        #expect(half.isOverturned && half.facts.last?.by == ClaimActor.manager.caller)
        // Of 2,000 yuan 1,500 came from the deposit.
        #expect(half.recovered == fen(yuan: 1_500) && half.outstanding == fen(yuan: 500))
        #expect(try await world.balance(.borne) == fen(yuan: 2_000))
        try await world.expectWhole(id)
        // Once more, and nothing of it is left.
        try await world.act(id, .contestRuling([report]), by: world.dealerActor)
        try await world.act(id, .rule(.makers), by: .senior)
        let none = try await world.advance(of: id)
        #expect(none.recovered == .zero && none.outstanding == .zero && none.stage == .settled)
        #expect(try await world.balance(.deposit(of: world.dealer.id.text)) == fen(yuan: 1_500))
        #expect(try await world.balance(.borne) == fen(yuan: 4_000))
        #expect(try await world.balance(.fund) == fen(yuan: 10_000 - 4_000))
        try await world.expectWhole(id)
    }

    @Test(arguments: Engine.allCases)
    func `a review that leaves the dealer as much overturns nothing`(engine: Engine) async throws {
        let (world, id, advance) = try await contested(engine)
        let before = try await world.advance(of: id)
        try await world.act(id, .rule(.dealer), by: .manager)
        #expect(try await world.advance(of: id) == before && before.id == advance.id)
    }

    @Test(arguments: Engine.allCases)
    func `a review without the money to give back does not happen`(engine: Engine) async throws {
        let world = try await ClaimsWorld.open(engine)
        try await world.fund(yuan: 4_000)
        try await world.deposit(yuan: 1_500)
        let (id, advance) = try await paid(world)
        // What came back was paid out to somebody else.
        try await world.write { tx in
            let occasion = Occasion("other", reason: "另案", by: "usr_1")
            try Book.drawAdvance(tx, for: "other", fen(yuan: 1_500), occasion)
        }
        try await world.act(id, .contestRuling([report]), by: world.dealerActor)
        #expect(try await world.refusal(id, .rule(.makers), by: .manager) == .fundExhausted)
        #expect(try await world.claim(id).isRulingContested)
        #expect(try await world.advance(of: id).outstanding == advance.outstanding)
        try await world.expectWhole(id)
    }

    @Test(arguments: Engine.allCases)
    func `what was asked for and is too much is asked for anew`(engine: Engine) async throws {
        let world = try await ClaimsWorld.open(engine)
        try await world.fund(yuan: 10_000)
        let (id, first) = try await requested(world)
        try await world.act(first.id, .approve(signatures: 1), by: .manager)
        try await world.act(id, .contestRuling([report]), by: world.dealerActor)
        try await world.act(id, .rule(.halfDealers), by: .manager)
        #expect(try await world.advance(of: id).stage == .cancelled)
        try await world.sleep(hours: 49)
        let second = try await world.advance(of: id)
        #expect(second.id != first.id && second.terms.amount == fen(yuan: 2_000))
        try await world.expectWhole(id)
    }

    @Test(arguments: Engine.allCases)
    func `without money in the fund nothing is paid, and nothing of it stays`(engine: Engine) async throws {
        let world = try await ClaimsWorld.open(engine)
        try await world.fund(yuan: 3_999)
        let (id, advance) = try await requested(world)
        try await world.act(advance.id, .approve(signatures: 1), by: .manager)
        await #expect(throws: Failure.self) {
            try await world.act(advance.id, .pay(reference: "bank-1"), by: .finance)
        }
        #expect(try await world.advance(of: id).stage == .approved)
        #expect(try await world.claim(id).payments.isEmpty)
        #expect(try await world.balance(.fund) == fen(yuan: 3_999))
        try await world.expectWhole(id)
    }

    @Test(arguments: Engine.allCases)
    func `an advance above 5,000 yuan takes two people`(engine: Engine) async throws {
        let world = try await ClaimsWorld.open(engine)
        let (id, advance) = try await requested(world, yuan: 6_000)
        try await world.act(advance.id, .approve(signatures: 1), by: .senior)
        #expect(try await world.advance(of: id).stage == .requested)
        await #expect(throws: Failure.self) { try await world.act(advance.id, .approve(signatures: 1), by: .senior) }
        try await world.act(advance.id, .approve(signatures: 1), by: .manager)
        #expect(try await world.advance(of: id).stage == .approved)
    }

    @Test(arguments: Engine.allCases)
    func `a debt ages by days in China, stops the dealer's offers, and lets them go when it is paid`(
        engine: Engine
    ) async throws {
        let world = try await ClaimsWorld.open(engine)
        try await world.fund(yuan: 10_000)
        let (id, advance) = try await paid(world)
        let dealer = world.dealer.id.text
        func isSuspended() async throws -> Bool {
            try await world.database.read { try DealerSuspensions.isSuspended($0, dealer: dealer) }
        }
        let fifteenth = try #require(advance.paidAt).dateInChina.adding(days: 15).startInChina
        world.clock.set(fifteenth.adding(seconds: -60))
        try await world.drain()
        #expect(try await !isSuspended())
        // The server sleeps over midnight: it counts from there all the same.
        world.clock.set(fifteenth.adding(hours: 30))
        try await world.drain()
        #expect(try await isSuspended())
        #expect(try await world.advance(of: id).facts.last?.at == fifteenth)
        let half = Payment(reference: "r1", amount: fen(yuan: 2_000))
        try await world.act(advance.id, .receive(half), by: .finance)
        try await world.act(advance.id, .receive(half), by: .finance)
        #expect(try await isSuspended())
        try await world.act(advance.id, .receive(Payment(reference: "r2", amount: fen(yuan: 2_000))), by: .finance)
        #expect(try await !isSuspended())
        #expect(try await world.advance(of: id).stage == .settled)
        #expect(try await world.balance(.fund) == fen(yuan: 10_000))
        try await world.expectWhole(id)
    }

    @Test(arguments: Engine.allCases)
    func `a ruling that did not stand gives the dealer back what it paid`(engine: Engine) async throws {
        let world = try await ClaimsWorld.open(engine)
        try await world.fund(yuan: 10_000)
        try await world.deposit(yuan: 1_500)
        let (id, advance) = try await paid(world)
        try await world.act(advance.id, .overturn(dealersPart: fen(yuan: 1_000)), by: .senior)
        let after = try await world.advance(of: id)
        #expect(after.outstanding == .zero && after.recovered == fen(yuan: 1_000))
        #expect(try await world.balance(.deposit(of: world.dealer.id.text)) == fen(yuan: 500))
        #expect(try await world.balance(.borne) == fen(yuan: 3_000))
        try await world.expectWhole(id)
    }

    @Test(arguments: Engine.allCases)
    func `what is written off is within somebody's authority`(engine: Engine) async throws {
        let world = try await ClaimsWorld.open(engine)
        try await world.fund(yuan: 10_000)
        let (id, advance) = try await paid(world)
        let all = AdvanceInput.writeOff(fen(yuan: 4_000), signatures: 1)
        await #expect(throws: Failure.self) { try await world.act(advance.id, all, by: .intermediate) }
        try await world.act(advance.id, all, by: .senior)
        #expect(try await world.balance(.writeOffs) == fen(yuan: 4_000))
        #expect(try await world.advance(of: id).stage == .settled)
        try await world.expectWhole(id)
    }

    // MARK: At once

    @Test(.timeLimit(.minutes(10)), arguments: Engine.allCases)
    func `of a hundred who ask for, pay and recover an advance each happens once`(engine: Engine) async throws {
        let world = try await ClaimsWorld.open(engine, in: .disk)
        try await world.fund(yuan: 100_000)
        let id = try await world.paying(yuan: Self.yuan, isDealers: true)
        world.clock.advance(seconds: 49 * 3600)
        let asked = try await race { _ in
            _ = try await world.write { try world.advances.request($0, id, .other, by: .senior).id }
        }
        #expect(asked == ["done": 1, "advance_exists": 99])
        let advance = try await world.advance(of: id)
        try await world.act(advance.id, .approve(signatures: 1), by: .manager)
        let paid = try await race { number in
            try await world.act(advance.id, .pay(reference: "bank-\(number)"), by: .finance)
        }
        #expect(paid == ["done": 1, "advance_illegal": 99])
        #expect(try await world.balance(.fund) == fen(yuan: 96_000))
        let recovered = try await race { number in
            // Ten transfers, each told ten times.
            let payment = Payment(reference: "r\(number % 10)", amount: fen(yuan: 300))
            try await world.act(advance.id, .receive(payment), by: .finance)
        }
        #expect(recovered == ["done": 100])
        #expect(try await world.advance(of: id).outstanding == fen(yuan: 1_000))
        #expect(try await world.balance(.fund) == fen(yuan: 99_000))
        try await world.expectWhole(id)
    }
}
