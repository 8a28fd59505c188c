import Claims
import Core
import Support
import Testing

/// Facts are written and read again exactly; what is not a fact is refused.
struct FactCodingTests {
    static let bodies: [ClaimFact.Body] = [
        .filed(.sample(isUrgent: true)),
        .filed(
            Filing(
                claim: claimID(7),
                vin: sampleVIN,
                buyer: "b",
                dealer: "d",
                kind: .fraud,
                odometerKm: 0,
                noticedOn: day("2024-02-29"),
                symptom: "车况与报告不符"
            )
        ),
        .receiptConfirmed, .answered,
        .handlerChanged(HandlerChange(.assigned, from: nil, to: "a")),
        .handlerChanged(HandlerChange(.takenOver, from: "a", to: "b")),
        .assessmentBegun,
        .asked(Question(of: .appraisal, dueAt: china("2026-03-05 12:30:59"))),
        .replied([photo, report]), .replied([]), .resumed,
        .ruled(.dealer),
        .ruled(
            try! LiabilityRuling.weighing(
                [.dealer: 1, .manufacturer: 1, .thirdParty: 1],
                evidence: [diagnosis],
                delivery: .old
            )
        ),
        .rulingContested([report]),
        .proposed(.sample(.refund, isAutomatic: true)),
        .accepted, .disputed, .sentBack, .signed(fen(yuan: 1)), .approved(fen(yuan: 2)),
        .repairStarted(workshop: "org_shop"), .repairFinished([photo]), .paymentStarted,
        .paid(BuyerPayment(reference: "银行流水 1", amount: Money(fen: 1))),
        .paid(BuyerPayment(reference: "银行流水 2", amount: Money(fen: 1), by: .dealer)),
        .resultNotified, .closed, .rejected(.sample), .appealed([photo]), .withdrawn, .reopened,
        .evidenceAdded([photo]), .noted, .messaged,
        .clockMarked(
            ClockMark(clock: .solution, run: 2, percent: 80, level: .senior, reachedAt: china("2026-03-05 00:00"))
        ),
        .attemptRefused(RefusedAttempt(who: .dealer, action: .approve, code: "own_customer")),
    ]

    @Test func `every kind of fact is read as it was written`() throws {
        #expect(Set(Self.bodies.map(\.kind)) == Set(ClaimFact.Kind.allCases))
        for (index, body) in Self.bodies.enumerated() {
            let fact = ClaimFact(
                number: Int64(index) + 1,
                at: china("2026-03-02 09:00:01"),
                by: Caller.of(CallerRole.allCases[index % CallerRole.allCases.count]),
                why: index.isMultiple(of: 2) ? nil : "原因“\(index)”\n第二行",
                body: body
            )
            let bytes = fact.json.canonicalBytes
            let read = try ClaimFact(json: JSONParser.parse(bytes))
            #expect(read == fact)
            #expect(read.json.canonicalBytes == bytes)
        }
    }

    @Test func `a fact with anything else in it is refused`() throws {
        let fact = ClaimFact(
            number: 1,
            at: china("2026-03-02 09:00"),
            by: .buyer,
            why: nil,
            body: .signed(fen(yuan: 1))
        )
        let members = fact.json.members!
        for index in members.indices {
            var less = members
            less.remove(at: index)
            let isOptional = members[index].name == "why"
            #expect((try? ClaimFact(json: .object(less))) == (isOptional ? fact : nil), "\(members[index].name)")
        }
        #expect(throws: Failure.self) { try ClaimFact(json: .object(members + [.init("extra", 1)])) }
        #expect(throws: Failure.self) { try ClaimFact(json: .array([])) }
        let other = members.map { $0.name == "kind" ? JSON.Member("kind", "paid") : $0 }
        #expect(throws: Failure.self) { try ClaimFact(json: .object(other)) }
    }

    @Test func `a payment of which it was not said who made it is known by its number`() throws {
        let advance = AdvanceID(at: china("2026-03-02 09:00")).text
        for (reference, payer) in [("bank-1", BuyerPayment.Payer.platform), (advance, .advance)] {
            let old: JSON = ["reference": JSON(reference), "amount": fen(yuan: 1).json]
            #expect(try BuyerPayment(json: old).payer == payer)
        }
    }

    @Test func `a ruling that is not whole is refused`() {
        let share: JSON = ["party": "dealer", "rate_bp": 9_999]
        let ruling: JSON = ["basis": "evidence", "shares": [share], "evidence": [], "burden": nil]
        #expect(throws: Failure.self) { try LiabilityRuling(json: ruling) }
        let twice: JSON = ["party": "dealer", "rate_bp": 5_000]
        #expect(throws: Failure.self) {
            try LiabilityRuling(json: ["basis": "evidence", "shares": [twice, twice], "evidence": [], "burden": nil])
        }
    }
}
