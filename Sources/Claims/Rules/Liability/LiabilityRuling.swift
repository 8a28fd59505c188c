package import Core

/// Who can be at fault.
package enum LiableParty: String, Sendable, Hashable, CaseIterable {
    case dealer
    case platformInspection = "platform_inspection"
    case manufacturer
    case buyer
    case thirdParty = "third_party"

    package var name: LocalizedText {
        switch self {
        case .dealer: LocalizedText(zh: "商家", en: "the dealer")
        case .platformInspection: LocalizedText(zh: "平台检测", en: "the platform's inspection")
        case .manufacturer: LocalizedText(zh: "生产者", en: "the maker")
        case .buyer: LocalizedText(zh: "买方", en: "the buyer")
        case .thirdParty: LocalizedText(zh: "第三方", en: "a third party")
        }
    }
}

/// Whose fault a loss is, in parts of ten thousand that add up.
package struct LiabilityRuling: Sendable, Hashable {
    package let basis: Basis
    /// In the order in which parties are declared; nobody without a share.
    package let shares: [Share]
    package let evidence: [Evidence]
    /// Who had to prove what, when it was ruled.
    package let burden: LiableParty?

    package enum Basis: String, Sendable, Hashable, CaseIterable {
        case evidence
        /// The dealer said nothing in time.
        case silence
        /// The dealer's own report said that what failed was sound.
        case ownReport = "own_report"
        /// The dealer had to prove that the car was sound, and did not.
        case burdenNotMet = "burden_not_met"
    }

    package struct Share: Sendable, Hashable {
        package let party: LiableParty
        package let rate: BasisPoints

        package init(_ party: LiableParty, _ rate: BasisPoints) {
            self.party = party
            self.rate = rate
        }
    }

    init(basis: Basis, shares: [Share], evidence: [Evidence], burden: LiableParty?) {
        self.basis = basis
        self.shares = shares
        self.evidence = evidence
        self.burden = burden
    }

    package func rate(of party: LiableParty) -> BasisPoints {
        shares.first { $0.party == party }?.rate ?? BasisPoints(0)
    }

    /// What each party bears of the loss: the parts add up to it, to the fen.
    ///
    /// - Throws: `Failure.invalidSplit` for a ruling without shares, which is none.
    package func amounts(of loss: Money) throws -> [(party: LiableParty, amount: Money)] {
        let parts = try Money.split(loss, weights: shares.map(\.rate.value))
        return zip(shares, parts).map { (party: $0.party, amount: $1) }
    }

    package func amount(of party: LiableParty, in loss: Money) throws -> Money {
        try amounts(of: loss).first { $0.party == party }?.amount ?? .zero
    }
}

/// When and how the car came to the buyer, as far as the law asks.
package struct DeliveryFacts: Sendable, Hashable {
    package let deliveredOn: CalendarDate
    /// A person who sells the own car bears no trader's burden.
    package let isSoldByTrader: Bool
    package let noticedOn: CalendarDate

    package init(deliveredOn: CalendarDate, isSoldByTrader: Bool, noticedOn: CalendarDate) {
        self.deliveredOn = deliveredOn
        self.isSoldByTrader = isSoldByTrader
        self.noticedOn = noticedOn
    }

    /// Consumer Protection Law, article 23: for a motor vehicle the trader proves for six months from delivery.
    private static let proofMonths = 6

    /// The corresponding day of the sixth month still counts (Civil Code, articles 201 and 202).
    package var burden: LiableParty? {
        guard isSoldByTrader, noticedOn >= deliveredOn else { return nil }
        return noticedOn <= deliveredOn.adding(months: DeliveryFacts.proofMonths) ? .dealer : nil
    }
}

extension LiabilityRuling {
    /// - Parameters:
    ///   - weights: in whatever unit; they become parts of ten thousand by largest remainder.
    ///   - dealerEvidence: what the dealer brought for itself.
    /// - Throws: `Failure.rulingInvalid`.
    package static func weighing(
        _ weights: [LiableParty: Int64],
        evidence: [Evidence],
        dealerEvidence: [Evidence] = [],
        delivery: DeliveryFacts
    ) throws -> LiabilityRuling {
        guard !evidence.isEmpty else { throw invalid("evidence_missing", zh: "须有证据", en: "Evidence is needed") }
        let parties = LiableParty.allCases.filter { (weights[$0] ?? 0) != 0 }
        guard !parties.isEmpty, parties.allSatisfy({ (weights[$0] ?? 0) > 0 }) else {
            throw invalid("no_weights", zh: "责任比例须大于零", en: "Shares must be above zero")
        }
        if delivery.burden == .dealer, (weights[.buyer] ?? 0) > 0, !dealerEvidence.contains(where: \.kind.isStrong) {
            throw invalid(
                "burden_on_dealer",
                zh: "交付之日起六个月内由商家举证（《消费者权益保护法》第二十三条）；商家没有举证，不得认定买方承担责任",
                en: "For six months the dealer has to prove it (Consumer Protection Law, article 23): without its "
                    + "proof nothing is the buyer's fault"
            )
        }
        let rates = try Money.split(
            Money(fen: BasisPoints.whole.value),
            weights: parties.map { weights[$0] ?? 0 }
        )
        let shares = zip(parties, rates).map { Share($0, BasisPoints($1.fen)) }
        return LiabilityRuling(
            basis: .evidence,
            // A share that rounds to nothing is none.
            shares: shares.filter { $0.rate.value > 0 },
            evidence: evidence + dealerEvidence,
            burden: delivery.burden
        )
    }

    /// The dealer alone.
    ///
    /// - Throws: `Failure.rulingInvalid` where the basis does not hold.
    package static func againstDealer(
        _ basis: Basis,
        evidence: [Evidence],
        delivery: DeliveryFacts
    ) throws -> LiabilityRuling {
        let holds =
            switch basis {
            case .evidence: !evidence.isEmpty
            case .silence: evidence.contains { $0.kind == .silence }
            case .ownReport: evidence.contains { $0.kind == .inspectionReport }
            case .burdenNotMet: delivery.burden == .dealer
            }
        guard holds else {
            throw invalid("basis_unproven", zh: "认定依据没有证据支持", en: "Nothing shows what the ruling rests on")
        }
        return LiabilityRuling(
            basis: basis,
            shares: [Share(.dealer, .whole)],
            evidence: evidence,
            burden: delivery.burden
        )
    }

    private static func invalid(_ code: String, zh: String, en: String) -> Failure {
        Failure(.rulingInvalid, zh: zh, en: en, faults: [Fault("", code, zh: zh, en: en)])
    }
}

extension LiabilityRuling: Stored {
    package var json: JSON {
        [
            "basis": JSON(basis.rawValue),
            "shares": shares.json,
            "evidence": evidence.json,
            "burden": .optional(burden) { JSON($0.rawValue) },
        ]
    }

    package init?(stored reader: inout ObjectReader) {
        let basis = reader.oneOf("basis", Basis.self)
        let shares = reader.storedList("shares", Share.self)
        let evidence = reader.storedList("evidence", Evidence.self)
        let burden = reader.oneOf("burden", LiableParty.self, required: false)
        guard let basis, let shares, let evidence else { return nil }
        let isWhole = shares.reduce(0) { $0 + $1.rate.value } == BasisPoints.whole.value
        guard isWhole, Set(shares.map(\.party)).count == shares.count else {
            reader.fault("shares", "not_whole", zh: "比例之和须为 10000", en: "The shares must add up to 10000")
            return nil
        }
        self.init(basis: basis, shares: shares, evidence: evidence, burden: burden)
    }
}

extension LiabilityRuling.Share: Stored {
    private static let rates: ClosedRange<Int64> = 1...BasisPoints.whole.value

    package var json: JSON { ["party": JSON(party.rawValue), "rate_bp": JSON(rate)] }

    package init?(stored reader: inout ObjectReader) {
        let party = reader.oneOf("party", LiableParty.self)
        guard let rate = reader.integer("rate_bp", in: LiabilityRuling.Share.rates), let party else { return nil }
        self.init(party, BasisPoints(rate))
    }
}
