import Claims
import Core
import Support
import Testing

struct TimelineTests {
    /// One claim in which everything happens that a reader may or may not see.
    private static func eventful() throws -> Claim {
        var claim = Claim.filed()
        let mark = ClockMark(
            clock: .solution,
            run: 1,
            percent: 80,
            level: .senior,
            reachedAt: china("2026-03-05 09:36")
        )
        let dueAt = claim.facts[0].at.adding(days: 3)
        let steps: [(ClaimInput, Caller, String?)] = [
            (.confirmReceipt, .system, nil),
            (.assign(to: "usr_junior"), .system, nil),
            (.answer, .junior, "已收到，今天安排检测"),
            (.assess, .junior, nil),
            (.note, .junior, "买方多次来电"),
            (.ask(Question(of: .dealer, dueAt: dueAt)), .junior, "请说明交付检测结果"),
            (.reply([report]), .dealer, "交付时正常"),
            (.message, .dealer, "我们会配合"),
            (.markClock(mark), .system, nil),
            (.refuse(RefusedAttempt(who: .junior, action: .approve, code: "above_claim_limit")), .system, nil),
            (.rule(.dealer), .senior, "商家自己的报告为正常"),
            (.propose(.sample()), .junior, "按定损金额赔付"),
            (.accept, .buyer, nil),
            (.approve(fen(yuan: 480), signatures: 1), .intermediate, "同意"),
            (.startPayment, .finance, nil),
            (.pay(BuyerPayment(reference: "p0", amount: fen(yuan: 80), by: .dealer)), .finance, nil),
            (.pay(BuyerPayment(reference: "p1", amount: fen(yuan: 400))), .finance, nil),
            (.notifyResult, .system, nil),
            (.close, .system, nil),
        ]
        for (input, caller, why) in steps { try claim.take(input, by: caller, why: why) }
        return claim
    }

    private func lines(_ reader: TimelineReader, _ text: (TimelineEntry) -> String) throws -> [String] {
        try Self.eventful().timeline(for: reader).map(text)
    }

    @Test func `the buyer reads plain words, and nothing that is not for him`() throws {
        #expect(
            try lines(.buyer) { "\($0.who.zh) \($0.what.zh)\($0.words.map { "：\($0)" } ?? "")" } == [
                "买方 提交理赔申请", "系统 系统已收到申请", "理赔专员 理赔专员已响应：已收到，今天安排检测", "理赔专员 开始核定", "理赔专员 已要求商家答复",
                "商家 收到答复", "理赔专员 责任认定：商家 100%：商家自己的报告为正常", "理赔专员 赔付方案，金额 480.00 元：按定损金额赔付", "买方 买方同意方案",
                "理赔专员 方案已批准 480.00 元", "财务 开始付款", "财务 商家已付款 80.00 元", "财务 已付款 400.00 元", "系统 已告知处理结果", "系统 结案",
            ]
        )
        #expect(
            try lines(.buyer) { $0.what.en } == [
                "The claim was filed", "The system has received it", "A claims officer has answered",
                "The assessment has begun", "The dealer has been asked", "A reply came in",
                "Liability: the dealer 100%",
                "Payment of 480.00 yuan", "The buyer accepts", "Approved: 480.00 yuan", "The payment is on its way",
                "Paid by the dealer: 80.00 yuan", "Paid: 400.00 yuan", "The result was told", "Closed",
            ]
        )
    }

    @Test func `the dealer reads what concerns it, and no amount of the buyer's`() throws {
        #expect(
            try lines(.dealer) { "\($0.what.zh)\($0.words.map { "：\($0)" } ?? "")" } == [
                "提交理赔申请", "开始核定", "请商家答复：请说明交付检测结果", "收到答复：交付时正常", "留言：我们会配合", "责任认定：商家 100%：商家自己的报告为正常",
                "方案已批准", "商家已向买方付款", "已向买方赔付", "结案",
            ]
        )
    }

    @Test func `staff read everything, and who it was`() throws {
        let claim = try Self.eventful()
        let entries = claim.timeline(for: .staff)
        #expect(entries.map(\.number) == claim.facts.map(\.number))
        #expect(entries.map(\.words) == claim.facts.map(\.why))
        #expect(entries.map(\.actor) == claim.facts.map(\.by.id))
        #expect(entries[3].who.zh == "理赔专员（初级）")
        #expect(entries[9].what.zh == "给出解决方案已用 80%，提醒高级")
        #expect(entries[10].what.en == "An attempt was refused: approve (above_claim_limit)")
        #expect(entries.allSatisfy { !$0.what.zh.isEmpty && !$0.what.en.isEmpty })
    }

    @Test func `nobody else is told who it was`() throws {
        for reader in [TimelineReader.buyer, .dealer] {
            for entry in try Self.eventful().timeline(for: reader) {
                #expect(entry.actor == nil && !entry.what.zh.contains("usr_") && !entry.who.zh.contains("级"))
            }
        }
    }

    @Test func `every kind of fact has words in both languages`() {
        for body in FactCodingTests.bodies.dropFirst(2) {
            let filed = Claim.filed()
            let fact = ClaimFact(number: 2, at: filed.facts[0].at, by: .junior, why: "x", body: body)
            guard let claim = try? Claim(facts: filed.facts + [fact]) else { continue }
            for reader in TimelineReader.allCases {
                for entry in claim.timeline(for: reader) { #expect(!entry.what.zh.isEmpty && !entry.what.en.isEmpty) }
            }
        }
    }
}
