import Claims
import Core
import Support
import Testing

struct LiabilityTests {
    private typealias Ruling = LiabilityRuling

    static let shares = TextTable(
        """
        weights                            | rates
        dealer:1                           | dealer:10000
        dealer:1 manufacturer:1            | dealer:5000 manufacturer:5000
        dealer:1 manufacturer:1 third_party:1 | dealer:3334 manufacturer:3333 third_party:3333
        dealer:2 platform_inspection:1     | dealer:6667 platform_inspection:3333
        dealer:60 manufacturer:25 buyer:15   | dealer:6000 manufacturer:2500 buyer:1500
        dealer:7 buyer:0                   | dealer:10000
        dealer:1000000 buyer:1             | dealer:10000
        """
    )

    @Test(arguments: shares.rows) func `shares are parts of ten thousand that add up`(_ row: TextTable.Row) throws {
        let ruling = try Ruling.weighing(weights(row["weights"]), evidence: [diagnosis], delivery: .old)
        let text = ruling.shares.map { "\($0.party.rawValue):\($0.rate.value)" }.joined(separator: " ")
        #expect(text == row["rates"])
        #expect(ruling.shares.reduce(0) { $0 + $1.rate.value } == 10_000)
    }

    private func weights(_ text: String) -> [LiableParty: Int64] {
        Dictionary(
            uniqueKeysWithValues: text.split(separator: " ").map { pair in
                let parts = pair.split(separator: ":")
                return (LiableParty(rawValue: String(parts[0]))!, Int64(parts[1])!)
            }
        )
    }

    @Test func `a ruling without evidence, shares or with a negative one is none`() {
        let cases: [([LiableParty: Int64], [Evidence])] = [
            ([.dealer: 1], []), ([:], [photo]), ([.dealer: 0], [photo]), ([.dealer: 2, .buyer: -1], [photo]),
        ]
        for (weights, evidence) in cases {
            let type = failure { _ = try Ruling.weighing(weights, evidence: evidence, delivery: .old) }
            #expect(type == .rulingInvalid)
        }
    }

    static let burden = TextTable(
        """
        delivered  | noticed    | seller  | burden
        2026-01-10 | 2026-01-09 | trader  | -
        2026-01-10 | 2026-01-10 | trader  | dealer
        2026-01-10 | 2026-07-10 | trader  | dealer
        2026-01-10 | 2026-07-11 | trader  | -
        2025-08-31 | 2026-02-28 | trader  | dealer
        2025-08-31 | 2026-03-01 | trader  | -
        2023-08-29 | 2024-02-29 | trader  | dealer
        2026-01-10 | 2026-03-10 | private | -
        """
    )

    @Test(arguments: burden.rows) func `a trader proves for six months`(_ row: TextTable.Row) {
        let delivery = DeliveryFacts(
            deliveredOn: day(row["delivered"]),
            isSoldByTrader: row["seller"] == "trader",
            noticedOn: day(row["noticed"])
        )
        #expect((delivery.burden?.rawValue ?? "-") == row["burden"])
    }

    @Test func `nothing is the buyer's fault while the dealer proves nothing`() throws {
        let weights: [LiableParty: Int64] = [.dealer: 1, .buyer: 1]
        func rule(_ dealers: [Evidence], _ delivery: DeliveryFacts) throws -> Ruling {
            try Ruling.weighing(weights, evidence: [photo], dealerEvidence: dealers, delivery: delivery)
        }
        #expect(failure { _ = try rule([], .recent) } == .rulingInvalid)
        #expect(failure { _ = try rule([photo], .recent) } == .rulingInvalid)
        #expect(try rule([diagnosis], .recent).rate(of: .buyer) == BasisPoints(5_000))
        #expect(try rule([diagnosis], .recent).evidence == [photo, diagnosis])
        #expect(try rule([], .old).rate(of: .buyer) == BasisPoints(5_000))
    }

    @Test func `a ruling against the dealer alone shows what it rests on`() throws {
        let silence = Evidence(.silence, "note-1")
        #expect(try Ruling.againstDealer(.silence, evidence: [silence], delivery: .old).rate(of: .dealer) == .whole)
        #expect(try Ruling.againstDealer(.ownReport, evidence: [report], delivery: .old).basis == .ownReport)
        #expect(try Ruling.againstDealer(.burdenNotMet, evidence: [], delivery: .recent).burden == .dealer)
        for (basis, evidence, delivery) in [
            (Ruling.Basis.silence, [report], DeliveryFacts.recent), (.ownReport, [photo], .recent),
            (.burdenNotMet, [photo], .old), (.evidence, [], .recent),
        ] {
            let type = failure { _ = try Ruling.againstDealer(basis, evidence: evidence, delivery: delivery) }
            #expect(type == .rulingInvalid)
        }
    }

    @Test func `a dealer that says nothing in time bears it`() throws {
        var claim = Claim.filed()
        try claim.take(.answer, by: .junior)
        try claim.take(.assess, by: .junior)
        let dueAt = claim.facts.last!.at.adding(hours: 48)
        #expect(try claim.consequenceOfSilence(delivery: .recent, at: dueAt).isEmpty)
        var buyers = claim
        try buyers.take(.ask(Question(of: .buyer, dueAt: dueAt)), by: .junior)
        #expect(try buyers.consequenceOfSilence(delivery: .recent, at: dueAt).isEmpty)
        try claim.take(.ask(Question(of: .dealer, dueAt: dueAt)), by: .junior)
        #expect(try claim.consequenceOfSilence(delivery: .recent, at: dueAt.adding(seconds: -1)).isEmpty)
        let inputs = try claim.consequenceOfSilence(delivery: .recent, at: dueAt)
        #expect(inputs.map(\.action) == [.resume, .rule])
        for input in inputs { try claim.take(input, by: .system, why: "商家逾期未答复", at: dueAt) }
        #expect(claim.state == .assessing && claim.ruling?.basis == .silence)
        #expect(claim.ruling?.rate(of: .dealer) == .whole)
        #expect(claim.ruling?.evidence == [Evidence(.silence, "\(claim.id.text)#4")])
        // Asked again while its objection waits for a person, it is not ruled against a second time.
        try claim.take(.contestRuling([report]), by: .dealer)
        let again = dueAt.adding(hours: 48)
        try claim.take(.ask(Question(of: .dealer, dueAt: again)), by: .junior)
        #expect(try claim.consequenceOfSilence(delivery: .recent, at: again) == [.resume])
        try claim.take(.resume, by: .system, at: again)
        #expect(claim.state == .assessing && claim.isRulingContested)
    }

    @Test(arguments: UInt64(1)...8) func `what the parties bear is the loss, to the fen`(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        for _ in 0..<200 {
            var weights: [LiableParty: Int64] = [:]
            for party in LiableParty.allCases where Bool.random(using: &random) {
                weights[party] = .random(in: 1...1_000, using: &random)
            }
            guard !weights.isEmpty else { continue }
            let ruling = try Ruling.weighing(weights, evidence: [diagnosis], delivery: .old)
            #expect(ruling.shares.reduce(0) { $0 + $1.rate.value } == 10_000)
            let loss = Money(fen: .random(in: 1...99_999_999, using: &random))
            let amounts = try ruling.amounts(of: loss)
            #expect(amounts.reduce(0) { $0 + $1.amount.fen } == loss.fen)
            #expect(amounts.allSatisfy { $0.amount >= .zero })
            #expect(try LiabilityRuling(json: ruling.json) == ruling)
            for (party, amount) in amounts { #expect(try ruling.amount(of: party, in: loss) == amount) }
        }
    }
}
