package import Core
import Identity
import Storage
package import Watches

/// Something that a dealer has to be told: what happened, and by when it has to answer or to pay.
package struct DealerNotice: Sendable, Hashable {
    package let dealer: String
    /// What it is told for: the same is told once.
    package let cause: String
    package let kind: Kind
    package let claim: ClaimID
    package let advance: AdvanceID?
    package let at: Instant
    /// `nil` where nothing is asked of the dealer.
    package let dueAt: Instant?
    package let amount: Money?

    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case claimFiled = "claim.filed"
        case questionAsked = "claim.question_asked"
        case liabilityRuled = "claim.liability_ruled"
        /// There is an amount now, and a part of it is the dealer's.
        case paymentDue = "claim.payment_due"
        case claimEnded = "claim.ended"
        /// The platform is about to pay in the dealer's place.
        case advanceRequested = "advance.requested"
        case advancePaid = "advance.paid"
        case depositDrawn = "advance.deposit_drawn"
        case invoiced = "advance.invoiced"
        case planAgreed = "advance.plan_agreed"
        case received = "advance.received"
        case reminded = "advance.reminded"
        case listingsSuspended = "advance.listings_suspended"
        case listingsRestored = "advance.listings_restored"
        case forTheCourt = "advance.for_the_court"
        case writtenOff = "advance.written_off"
        case overturned = "advance.overturned"

        package var text: LocalizedText {
            switch self {
            case .claimFiled: LocalizedText(zh: "买方提交了理赔申请", en: "A claim was filed for a car that you sold")
            case .questionAsked:
                LocalizedText(zh: "请在期限内答复，逾期将直接认定责任", en: "Answer in time; silence is ruled against you")
            case .liabilityRuled:
                LocalizedText(zh: "认定您承担责任，逾期未付由平台先行赔付", en: "You are liable; in default the platform pays first")
            case .paymentDue: LocalizedText(zh: "请支付您应承担的部分", en: "Pay your part")
            case .claimEnded: LocalizedText(zh: "理赔已结束", en: "The claim is over")
            case .advanceRequested: LocalizedText(zh: "平台将先行赔付", en: "The platform is about to pay in your place")
            case .advancePaid: LocalizedText(zh: "平台已先行赔付，您欠付此款", en: "The platform paid in your place; you owe it")
            case .depositDrawn: LocalizedText(zh: "已从保证金扣划", en: "Taken from your deposit")
            case .invoiced: LocalizedText(zh: "请按账单付款", en: "Pay the invoice")
            case .planAgreed: LocalizedText(zh: "已同意分期偿还", en: "Instalments were agreed")
            case .received: LocalizedText(zh: "已收到还款", en: "A payment came in")
            case .reminded: LocalizedText(zh: "欠款已满七日，请尽快偿还", en: "The debt is seven days old")
            case .listingsSuspended:
                LocalizedText(zh: "因欠款未还，车源暂停展示", en: "Your offers are off the market until it is paid")
            case .listingsRestored: LocalizedText(zh: "车源恢复展示", en: "Your offers are back on the market")
            case .forTheCourt:
                LocalizedText(zh: "欠款已满三十日，将提起仲裁或诉讼", en: "The debt is thirty days old and goes to court")
            case .writtenOff: LocalizedText(zh: "欠款已核销", en: "The debt was written off")
            case .overturned: LocalizedText(zh: "责任认定已改判", en: "The ruling did not stand")
            }
        }

        var noticeType: NoticeType { NoticeType(rawValue, zh: text.zh, en: text.en) }
    }

    /// What webhooks may be subscribed to.
    package static var noticeTypes: [NoticeType] { Kind.allCases.map(\.noticeType) }

    /// What somebody reads, or a program is sent.
    package var json: JSON {
        [
            "cause": JSON(cause),
            "kind": JSON(kind.rawValue),
            "text": ["zh": JSON(kind.text.zh), "en": JSON(kind.text.en)],
            "claim": JSON(claim),
            "advance": .optional(advance) { JSON($0) },
            "at": JSON(at),
            "due_at": .optional(dueAt) { JSON($0) },
            "amount": .optional(amount, \.json),
        ]
    }
}

/// The one place where dealers are told something, in the transaction that makes it so: it stands in their own view,
/// and goes to those of their webhooks that want it.
enum DealerNotices {
    static func tell(_ tx: any Transaction, _ notice: DealerNotice) throws {
        guard try DealerNoticeStore.insert(tx, notice) else { return }
        guard let dealer = OrganizationID(notice.dealer) else { throw StoredDataError("a claim names no dealer") }
        try Notices.enqueue(tx, organization: dealer, type: notice.kind.noticeType, data: notice.json)
    }

    // MARK: What follows from what happened

    static func tell(
        _ tx: any Transaction,
        _ facts: [ClaimFact],
        of claim: Claim,
        _ policy: AdvancePolicy
    ) throws {
        for fact in facts {
            guard let (kind, dueAt, amount) = try content(fact, claim, policy) else { continue }
            let notice = DealerNotice(
                dealer: claim.filing.dealer,
                cause: "\(claim.id)/\(fact.number)",
                kind: kind,
                claim: claim.id,
                advance: nil,
                at: fact.at,
                dueAt: dueAt,
                amount: amount
            )
            try tell(tx, notice)
        }
    }

    private typealias Content = (DealerNotice.Kind, Instant?, Money?)

    private static func content(_ fact: ClaimFact, _ claim: Claim, _ policy: AdvancePolicy) throws -> Content? {
        switch fact.body {
        case .filed: return (.claimFiled, nil, nil)
        case .asked(let question): return question.of == .dealer ? (.questionAsked, question.dueAt, nil) : nil
        case .ruled(let ruling):
            guard ruling.rate(of: .dealer).value > 0 else { return nil }
            return (.liabilityRuled, policy.dueAt(ruledAt: fact.at, ground: .dealerInDefault), nil)
        case .approved(let amount):
            guard let part = try claim.ruling?.amount(of: .dealer, in: amount), part > .zero,
                let ruledAt = claim.ruledAt
            else { return nil }
            return (.paymentDue, max(fact.at, policy.dueAt(ruledAt: ruledAt, ground: .dealerInDefault)), part)
        case .closed, .withdrawn: return (.claimEnded, nil, nil)
        case .receiptConfirmed, .answered, .handlerChanged, .assessmentBegun, .replied, .resumed, .rulingContested,
            .proposed, .accepted, .disputed, .sentBack, .signed, .repairStarted, .repairFinished, .paymentStarted,
            .paid, .resultNotified, .rejected, .appealed, .reopened, .evidenceAdded, .noted, .messaged, .clockMarked,
            .attemptRefused:
            return nil
        }
    }

    static func tell(_ tx: any Transaction, _ facts: [AdvanceFact], of advance: Advance) throws {
        for fact in facts {
            guard let (kind, dueAt, amount) = content(fact) else { continue }
            try tell(tx, notice(kind, "\(fact.number)", advance, fact.at, dueAt, amount ?? advance.outstanding))
        }
    }

    private static func content(_ fact: AdvanceFact) -> Content? {
        switch fact.body {
        case .requested(let terms): (.advanceRequested, nil, terms.amount)
        case .paid: (.advancePaid, nil, nil)
        case .depositDrawn(let payment): (.depositDrawn, nil, payment.amount)
        // The whole of the last day is in time.
        case .invoiced(let amount, let dueOn): (.invoiced, dueOn.adding(days: 1).startInChina, amount)
        case .planAgreed(let plan):
            (.planAgreed, plan.parts.first?.dueOn.adding(days: 1).startInChina, plan.parts.first?.amount)
        case .received(let payment): (.received, nil, payment.amount)
        case .suspended: (.listingsSuspended, nil, nil)
        case .lifted: (.listingsRestored, nil, nil)
        case .writtenOff(let amount): (.writtenOff, nil, amount)
        case .overturned(let overturn): (.overturned, nil, overturn.refundToDealer)
        case .signed, .approved, .cancelled, .writeOffSigned: nil
        }
    }

    /// That a debt has come to an age is told once, however often it is looked at.
    static func remind(_ tx: any Transaction, _ advance: Advance, at now: Instant, _ policy: AdvancePolicy) throws {
        guard let age = advance.age(at: now, policy: policy), let paidAt = advance.paidAt else { return }
        let due: [(DealerNotice.Kind, Int64)] = [
            (.reminded, policy.reminderDays), (.forTheCourt, policy.courtDays),
        ]
        for (kind, days) in due where age != .current {
            let at = paidAt.dateInChina.adding(days: Int(days)).startInChina
            guard at <= now else { continue }
            try tell(tx, notice(kind, kind.rawValue, advance, at, nil, advance.outstanding))
        }
    }

    private static func notice(
        _ kind: DealerNotice.Kind,
        _ what: String,
        _ advance: Advance,
        _ at: Instant,
        _ dueAt: Instant?,
        _ amount: Money?
    ) -> DealerNotice {
        DealerNotice(
            dealer: advance.terms.dealer,
            cause: "\(advance.id)/\(what)",
            kind: kind,
            claim: advance.terms.claim,
            advance: advance.id,
            at: at,
            dueAt: dueAt,
            amount: amount
        )
    }
}
