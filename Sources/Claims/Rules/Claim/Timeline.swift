package import Core

/// A claim's facts as somebody sees them: staff everything, the buyer in plain words, the dealer what concerns it.
package struct TimelineEntry: Sendable, Hashable {
    package let number: Int64
    package let at: Instant
    package let who: LocalizedText
    package let what: LocalizedText
    /// The words of whoever did it, where the reader may see them.
    package let words: String?
    /// Who it was, by reference: for staff alone.
    package let actor: String?

    package var json: JSON {
        [
            "number": .integer(number), "at": JSON(at), "who": ["zh": JSON(who.zh), "en": JSON(who.en)],
            "what": ["zh": JSON(what.zh), "en": JSON(what.en)], "words": .optional(words) { JSON($0) },
            "actor": .optional(actor) { JSON($0) },
        ]
    }
}

package enum TimelineReader: String, Sendable, Hashable, CaseIterable {
    case staff
    case buyer
    case dealer
}

extension Claim {
    package func timeline(for reader: TimelineReader) -> [TimelineEntry] {
        facts.compactMap { fact in
            guard let sight = fact.sight(for: reader) else { return nil }
            return TimelineEntry(
                number: fact.number,
                at: fact.at,
                who: fact.by.name(for: reader),
                what: fact.text(for: reader),
                words: sight == .words ? fact.why : nil,
                actor: reader == .staff ? fact.by.id : nil
            )
        }
    }
}

extension ClaimFact {
    fileprivate enum Sight {
        case words
        /// That it happened, not what was said.
        case event
    }

    /// `nil` where it is none of the reader's business.
    fileprivate func sight(for reader: TimelineReader) -> Sight? {
        switch reader {
        case .staff: .words
        case .buyer: buyersSight
        case .dealer: dealersSight
        }
    }

    private var buyersSight: Sight? {
        switch body {
        case .noted, .attemptRefused, .signed, .handlerChanged, .sentBack, .clockMarked: nil
        case .messaged, .evidenceAdded: by.role == .dealer ? nil : .words
        // What is asked of the dealer and what it says are between it and the platform.
        case .asked(let question): question.of == .dealer ? .event : .words
        case .replied: by.role == .dealer ? .event : .words
        case .resumed, .rulingContested, .approved, .paymentStarted: .event
        case .filed, .receiptConfirmed, .answered, .assessmentBegun, .ruled, .proposed, .accepted, .disputed,
            .repairStarted, .repairFinished, .paid, .resultNotified, .closed, .rejected, .appealed, .withdrawn,
            .reopened:
            .words
        }
    }

    private var dealersSight: Sight? {
        switch body {
        case .filed, .assessmentBegun, .closed, .withdrawn, .reopened, .rejected, .appealed: .event
        case .asked(let question): question.of == .dealer ? .words : nil
        case .replied, .messaged, .evidenceAdded: by.role == .dealer ? .words : nil
        case .ruled, .rulingContested: .words
        case .resumed, .approved, .paid: .event
        case .receiptConfirmed, .answered, .handlerChanged, .proposed, .accepted, .disputed, .sentBack, .signed,
            .repairStarted, .repairFinished, .paymentStarted, .resultNotified, .noted, .clockMarked, .attemptRefused:
            nil
        }
    }

    fileprivate func text(for reader: TimelineReader) -> LocalizedText {
        switch body {
        case .asked(let question): question.text(for: reader)
        case .ruled(let ruling): ruling.text
        case .proposed(let offer): offer.text
        case .signed(let amount): amount.text(zh: "第一人审批", en: "First signature for")
        case .approved(let amount):
            reader == .dealer
                ? LocalizedText(zh: "方案已批准", en: "The solution was approved")
                : amount.text(zh: "方案已批准", en: "Approved:")
        case .paid(let payment): payment.text(for: reader)
        case .rejected(let rejection): rejection.text
        case .clockMarked(let mark): mark.text
        case .handlerChanged(let change): change.text
        case .attemptRefused(let attempt):
            LocalizedText(
                zh: "拒绝了一次操作：\(attempt.action.rawValue)（\(attempt.code)）",
                en: "An attempt was refused: \(attempt.action.rawValue) (\(attempt.code))"
            )
        default: body.plainText
        }
    }
}

extension ClaimFact.Body {
    /// What happened where the fact says nothing more.
    fileprivate var plainText: LocalizedText {
        switch self {
        case .filed: LocalizedText(zh: "提交理赔申请", en: "The claim was filed")
        case .receiptConfirmed: LocalizedText(zh: "系统已收到申请", en: "The system has received it")
        case .answered: LocalizedText(zh: "理赔专员已响应", en: "A claims officer has answered")
        case .assessmentBegun: LocalizedText(zh: "开始核定", en: "The assessment has begun")
        case .replied: LocalizedText(zh: "收到答复", en: "A reply came in")
        case .resumed: LocalizedText(zh: "未等到答复，继续核定", en: "No reply came; the assessment goes on")
        case .rulingContested: LocalizedText(zh: "商家对责任认定提出异议", en: "The dealer contests the ruling")
        case .accepted: LocalizedText(zh: "买方同意方案", en: "The buyer accepts")
        case .disputed: LocalizedText(zh: "买方对方案有异议", en: "The buyer disagrees")
        case .sentBack: LocalizedText(zh: "退回重新核定", en: "Sent back to be assessed again")
        case .repairStarted: LocalizedText(zh: "开始维修", en: "The repair has begun")
        case .repairFinished: LocalizedText(zh: "维修完成", en: "The repair is done")
        case .paymentStarted: LocalizedText(zh: "开始付款", en: "The payment is on its way")
        case .resultNotified: LocalizedText(zh: "已告知处理结果", en: "The result was told")
        case .closed: LocalizedText(zh: "结案", en: "Closed")
        case .appealed: LocalizedText(zh: "买方提出申诉", en: "The buyer appeals")
        case .withdrawn: LocalizedText(zh: "买方撤回申请", en: "The buyer withdrew it")
        case .reopened: LocalizedText(zh: "重新受理", en: "Reopened")
        case .evidenceAdded: LocalizedText(zh: "补充证据", en: "Evidence was added")
        case .noted: LocalizedText(zh: "内部备注", en: "Internal note")
        case .messaged: LocalizedText(zh: "留言", en: "Message")
        case .asked, .ruled, .proposed, .signed, .approved, .paid, .rejected, .clockMarked, .handlerChanged,
            .attemptRefused:
            LocalizedText(zh: "", en: "")
        }
    }
}

extension Caller {
    fileprivate func name(for reader: TimelineReader) -> LocalizedText {
        if let level = role.level {
            guard reader == .staff else { return LocalizedText(zh: "理赔专员", en: "claims officer") }
            return LocalizedText(zh: "理赔专员（\(level.name.zh)）", en: "claims officer (\(level.name.en))")
        }
        return switch role {
        case .buyer: LocalizedText(zh: "买方", en: "buyer")
        case .dealer: LocalizedText(zh: "商家", en: "dealer")
        case .finance: LocalizedText(zh: "财务", en: "finance")
        case .auditor: LocalizedText(zh: "审计", en: "auditor")
        case .junior, .intermediate, .senior, .manager, .system: LocalizedText(zh: "系统", en: "system")
        }
    }
}

extension BuyerPayment {
    /// The dealer is told of no amount that is the buyer's.
    fileprivate func text(for reader: TimelineReader) -> LocalizedText {
        switch (payer, reader) {
        case (.dealer, .dealer): LocalizedText(zh: "商家已向买方付款", en: "The dealer paid the buyer")
        case (_, .dealer): LocalizedText(zh: "已向买方赔付", en: "The buyer was paid")
        case (.dealer, _): amount.text(zh: "商家已付款", en: "Paid by the dealer:")
        case (.platform, _), (.advance, _): amount.text(zh: "已付款", en: "Paid:")
        }
    }
}

extension Money {
    fileprivate func text(zh: String, en: String) -> LocalizedText {
        LocalizedText(zh: "\(zh) \(yuan) 元", en: "\(en) \(yuan) yuan")
    }

    /// `1288.05`
    var yuan: String {
        let cents = fen.magnitude % 100
        return (fen < 0 ? "-" : "") + "\(fen.magnitude / 100)" + (cents < 10 ? ".0\(cents)" : ".\(cents)")
    }
}

extension Question {
    fileprivate func text(for reader: TimelineReader) -> LocalizedText {
        switch of {
        case .buyer: LocalizedText(zh: "请买方补充", en: "The buyer is asked for something")
        case .dealer where reader == .buyer: LocalizedText(zh: "已要求商家答复", en: "The dealer has been asked")
        case .dealer: LocalizedText(zh: "请商家答复", en: "The dealer is asked to reply")
        case .appraisal: LocalizedText(zh: "委托第三方鉴定", en: "A third party appraises it")
        }
    }
}

extension LiabilityRuling {
    fileprivate var text: LocalizedText {
        let zh = shares.map { "\($0.party.name.zh) \(percent($0.rate))" }.joined(separator: "、")
        let en = shares.map { "\($0.party.name.en) \(percent($0.rate))" }.joined(separator: ", ")
        return LocalizedText(zh: "责任认定：\(zh)", en: "Liability: \(en)")
    }

    private func percent(_ rate: BasisPoints) -> String {
        let cents = rate.value % 100
        return "\(rate.value / 100)" + (cents == 0 ? "" : cents < 10 ? ".0\(cents)" : ".\(cents)") + "%"
    }
}

extension Offer {
    fileprivate var text: LocalizedText {
        let (zh, en) =
            switch way {
            case .repair: ("维修方案，平台承担", "Repair; the platform bears")
            case .payment: ("赔付方案，金额", "Payment of")
            case .refund: ("退车退款，金额", "Refund of")
            }
        return total.text(zh: zh, en: en)
    }
}

extension Rejection {
    fileprivate var text: LocalizedText {
        LocalizedText(
            zh: "不予赔付：\(code.text.zh)（依据 \(clause)）",
            en: "Rejected: \(code.text.en) (by \(clause))"
        )
    }
}

extension ClockMark {
    fileprivate var text: LocalizedText {
        let isOver = percent >= ClockPolicy.breachPercent
        return LocalizedText(
            zh: isOver
                ? "超时：\(clock.name.zh)，升级至\(level.name.zh)" : "\(clock.name.zh)已用 \(percent)%，提醒\(level.name.zh)",
            en: isOver
                ? "Breached: \(clock.name.en); goes to the \(level.name.en)"
                : "\(percent)% of \(clock.name.en) gone; the \(level.name.en) is told"
        )
    }
}

extension HandlerChange {
    fileprivate var text: LocalizedText {
        switch kind {
        case .assigned: LocalizedText(zh: "分派给 \(to)", en: "Assigned to \(to)")
        case .handedOver: LocalizedText(zh: "移交给 \(to)", en: "Handed over to \(to)")
        case .takenOver: LocalizedText(zh: "由 \(to) 接手", en: "Taken over by \(to)")
        }
    }
}
