import Core
import Identity

/// Reads what is asked of a claim. Every fault is named.
enum StepReading {
    private static let nameLength = 1...100
    private static let referenceLength = 1...40
    private static let clauseLength = 1...200
    private static let lines = 1...200
    private static let weights: ClosedRange<Int64> = 1...1_000_000

    static func plain(_ reader: inout ObjectReader, _ input: ClaimInput, why required: Bool = false) -> AskedStep? {
        AskedStep(input: input, why: reader.why(required: required))
    }

    static func question(_ reader: inout ObjectReader) -> AskedStep? {
        let of = reader.oneOf("of", Question.WaitedFor.self)
        let dueAt = reader.instant("due_at")
        let why = reader.why()
        guard let of, let dueAt else { return nil }
        return AskedStep(input: .ask(Question(of: of, dueAt: dueAt)), why: why)
    }

    static func reply(_ reader: inout ObjectReader) -> AskedStep? {
        let evidence = reader.evidence(required: false)
        let why = reader.why()
        return evidence.map { AskedStep(input: .reply($0), why: why) }
    }

    static func contest(_ reader: inout ObjectReader) -> AskedStep? {
        let evidence = reader.evidence()
        let why = reader.why()
        return evidence.map { AskedStep(input: .contestRuling($0), why: why) }
    }

    static func appeal(_ reader: inout ObjectReader) -> AskedStep? {
        let evidence = reader.evidence(required: false)
        let why = reader.why()
        return evidence.map { AskedStep(input: .appeal($0), why: why) }
    }

    static func evidence(_ reader: inout ObjectReader) -> AskedStep? {
        let evidence = reader.evidence()
        let why = reader.why(required: false)
        return evidence.map { AskedStep(input: .addEvidence($0), why: why) }
    }

    static func repaired(_ reader: inout ObjectReader) -> AskedStep? {
        let evidence = reader.evidence(required: false)
        let why = reader.why(required: false)
        return evidence.map { AskedStep(input: .finishRepair($0), why: why) }
    }

    static func repair(_ reader: inout ObjectReader) -> AskedStep? {
        let workshop = reader.line("workshop", length: nameLength)
        let why = reader.why(required: false)
        return workshop.map { AskedStep(input: .startRepair(workshop: $0), why: why) }
    }

    /// The signatures that it takes are found where it is done.
    static func approval(_ reader: inout ObjectReader) -> AskedStep? {
        let amount = reader.money("amount")
        let why = reader.why(required: false)
        return amount.map { AskedStep(input: .approve($0, signatures: 1), why: why) }
    }

    /// Who can have paid where no advance did: whatever the platform pays in the dealer's place goes by an advance.
    private enum AskedPayer: String, CaseIterable {
        case platform
        case dealer

        var payer: BuyerPayment.Payer { self == .platform ? .platform : .dealer }
    }

    static func payment(_ reader: inout ObjectReader) -> AskedStep? {
        let reference = reader.line("reference", length: referenceLength)
        let amount = reader.money("amount")
        let payer = reader.oneOf("paid_by", AskedPayer.self)
        let why = reader.why(required: false)
        guard let reference, let amount, let payer else { return nil }
        // A number of ours would be taken for what was paid in the dealer's place.
        guard AdvanceID(reference) == nil else {
            reader.fault("reference", "reserved", zh: "不能使用先行赔付编号", en: "Must not be the number of an advance")
            return nil
        }
        return AskedStep(input: .pay(BuyerPayment(reference: reference, amount: amount, by: payer.payer)), why: why)
    }

    static func rejection(_ reader: inout ObjectReader) -> AskedStep? {
        let code = reader.oneOf("code", ReasonCode.self)
        let clause = reader.line("clause", length: clauseLength)
        let evidence = reader.evidence()
        let why = reader.why()
        guard let code, let clause, let evidence else { return nil }
        return AskedStep(input: .reject(Rejection(code: code, clause: clause, evidence: evidence)), why: why)
    }

    // MARK: Liability

    struct Liability: Sendable {
        let basis: LiabilityRuling.Basis
        let weights: [LiableParty: Int64]
        let evidence: [Evidence]
        /// What the dealer brought for itself.
        let dealerEvidence: [Evidence]
        let why: String?

        /// - Throws: `rulingInvalid` where the basis does not hold, or the dealer had to prove something and did not.
        func ruling(_ delivery: DeliveryFacts) throws -> LiabilityRuling {
            guard basis == .evidence else {
                return try .againstDealer(basis, evidence: evidence, delivery: delivery)
            }
            return try .weighing(weights, evidence: evidence, dealerEvidence: dealerEvidence, delivery: delivery)
        }
    }

    static func liability(_ reader: inout ObjectReader) -> Liability? {
        let basis = reader.oneOf("basis", LiabilityRuling.Basis.self)
        let shares = reader.array("shares", count: 0...LiableParty.allCases.count, required: false) ?? []
        let weights = shares.enumerated().compactMap { share($1, at: $0, in: reader) }
        let evidence = reader.evidence()
        let dealerEvidence = reader.evidence(named: "dealer_evidence", required: false)
        let why = reader.why()
        guard let basis, let evidence, let dealerEvidence else { return nil }
        return Liability(
            basis: basis,
            weights: Dictionary(weights) { $0 + $1 },
            evidence: evidence,
            dealerEvidence: dealerEvidence,
            why: why
        )
    }

    private static func share(_ element: JSON, at index: Int, in outer: ObjectReader) -> (LiableParty, Int64)? {
        var reader = ObjectReader(
            members: element.members ?? [],
            pointer: "\(outer.pointer(to: "shares"))/\(index)",
            faults: outer.faults
        )
        let party = reader.oneOf("party", LiableParty.self)
        let weight = reader.integer("weight", in: weights)
        reader.refuseUnknownMembers()
        guard let party, let weight else { return nil }
        return (party, weight)
    }

    // MARK: Offers

    struct Proposal: Sendable {
        let way: Offer.Way
        let validUntil: Instant
        /// `nil` for what the last assessment came to.
        let lines: [Offer.Line]?
        let why: String?
    }

    static func proposal(_ reader: inout ObjectReader) -> Proposal? {
        let way = reader.oneOf("way", Offer.Way.self)
        let validUntil = reader.instant("valid_until")
        let why = reader.why(required: false)
        let elements = reader.array("lines", count: lines, required: false)
        let own = elements.map { offered($0, reader) }
        guard let way, let validUntil else { return nil }
        return Proposal(way: way, validUntil: validUntil, lines: own, why: why)
    }

    private static func offered(_ elements: [JSON], _ outer: ObjectReader) -> [Offer.Line] {
        elements.enumerated().compactMap { index, element in
            var reader = ObjectReader(
                members: element.members ?? [],
                pointer: "\(outer.pointer(to: "lines"))/\(index)",
                faults: outer.faults
            )
            let line = Offer.Line(stored: &reader)
            reader.refuseUnknownMembers()
            return line
        }
    }
}
