import Accounts
import Claims
import Core
import Identity
import Storage
import Support
import Testing

/// A hundred people at once, on one claim.
@Suite struct AtOnceTests {
    private static let yuan: Int64 = 4_000

    private func senior(_ number: Int) -> ClaimActor {
        ClaimActor(Caller(.senior, "usr_\(number)"), certifiedUntil: day("2027-12-31"))
    }

    private func kinds(_ advance: Advance) -> [AdvanceFact.Kind: Int] {
        advance.facts.reduce(into: [:]) { $0[$1.body.kind, default: 0] += 1 }
    }

    @Test(.timeLimit(.minutes(10)), arguments: Engine.allCases)
    func `of a hundred who sign an advance that takes two, two do`(engine: Engine) async throws {
        let world = try await ClaimsWorld.open(engine, in: .disk)
        let id = try await world.paying(yuan: 6_000, isDealers: true)
        try await world.sleep(hours: 49)
        let advance = try await world.advance(of: id)
        let outcomes = try await race { number in
            try await world.act(advance.id, .approve(signatures: 1), by: senior(number))
        }
        #expect(outcomes == ["done": 2, "advance_illegal": 98])
        let signed = try await world.advance(of: id)
        #expect(kinds(signed) == [.requested: 1, .signed: 1, .approved: 1] && Set(signed.signers).count == 2)
        try await world.expectWhole(id)
    }

    /// Nobody waits for anybody: what one has asked for another signs, a third one pays, and all recover at once.
    @Test(.timeLimit(.minutes(10)), arguments: Engine.allCases)
    func `of a hundred who do everything at once each step happens once`(engine: Engine) async throws {
        let world = try await ClaimsWorld.open(engine, in: .disk)
        try await world.fund(yuan: 100_000)
        let id = try await world.paying(yuan: Self.yuan, isDealers: true)
        world.clock.advance(seconds: 49 * 3600)
        let part = fen(yuan: Self.yuan / 100)
        let outcomes = try await race { number in
            try await race(count: 1) { _ in
                _ = try await world.write { try world.advances.request($0, id, .other, by: senior(number)).id }
            }
            let advance = try await world.advance(of: id)
            let steps: [(AdvanceInput, ClaimActor)] = [
                (.approve(signatures: 1), senior(number)), (.pay(reference: "bank-\(number)"), .finance),
            ]
            for (input, actor) in steps {
                try await race(count: 1) { _ in try await world.act(advance.id, input, by: actor) }
            }
            let payment = Payment(reference: "r\(number)", amount: part)
            for _ in 0..<2 { try await world.act(advance.id, .receive(payment), by: .finance) }
        }
        #expect(outcomes == ["done": 100])
        let all = try await world.database.read { try world.advances.all($0, of: id) }
        let advance = try #require(all.first)
        let once: [AdvanceFact.Kind: Int] = [.requested: 1, .approved: 1, .paid: 1, .invoiced: 1, .received: 100]
        #expect(all.count == 1 && kinds(advance) == once && advance.stage == .settled)
        #expect(try await world.claim(id).payments.map(\.reference) == [advance.id.text])
        #expect(try await world.balance(.fund) == fen(yuan: 100_000))
        let receivable = AccountName.receivable(from: world.dealer.id.text, for: advance.loss)
        #expect(try await world.database.read { try Book.account($0, receivable)?.postingCount } == 101)
        try await world.expectWhole(id)
    }
}
