import Claims
import Core
import Support
import Testing

/// Every role, every action, every state: what the text says is done, and nothing else.
struct ClaimTableTests {
    /// S submitted, K acknowledged, A assessing, W waiting, P proposed, C accepted, D disputed, V approved,
    /// R repairing, Y paying, T settled, X closed, J rejected, L appealed, H withdrawn, O reopened. What has no line
    /// is refused.
    static let table = TextTable(
        """
        action          | role         | states
        confirm_receipt | system       | S
        answer          | junior       | SKAWPCDVRYTJLO
        answer          | intermediate | SKAWPCDVRYTJLO
        answer          | senior       | SKAWPCDVRYTJLO
        answer          | manager      | SKAWPCDVRYTJLO
        assign          | junior       | SKAWPCDVRYTJLO
        assign          | intermediate | SKAWPCDVRYTJLO
        assign          | senior       | SKAWPCDVRYTJLO
        assign          | manager      | SKAWPCDVRYTJLO
        assign          | system       | SKAWPCDVRYTJLO
        hand_over       | junior       | SKAWPCDVRYTJLO
        hand_over       | intermediate | SKAWPCDVRYTJLO
        hand_over       | senior       | SKAWPCDVRYTJLO
        hand_over       | manager      | SKAWPCDVRYTJLO
        take_over       | senior       | SKAWPCDVRYTJLO
        take_over       | manager      | SKAWPCDVRYTJLO
        assess          | junior       | KDLO
        assess          | intermediate | KDLO
        assess          | senior       | KDLO
        assess          | manager      | KDLO
        ask             | junior       | A
        ask             | intermediate | A
        ask             | senior       | A
        ask             | manager      | A
        reply           | buyer        | W
        reply           | dealer       | W
        reply           | junior       | W
        reply           | intermediate | W
        reply           | senior       | W
        reply           | manager      | W
        resume          | junior       | W
        resume          | intermediate | W
        resume          | senior       | W
        resume          | manager      | W
        resume          | system       | W
        rule            | senior       | AWPCDVRYT
        rule            | manager      | AWPCDVRYT
        rule            | system       | A
        contest_ruling  | dealer       | AWPCDVRYT
        propose         | junior       | A
        propose         | intermediate | A
        propose         | senior       | A
        propose         | manager      | A
        propose         | system       | A
        accept          | buyer        | P
        dispute         | buyer        | P
        send_back       | junior       | PC
        send_back       | intermediate | PC
        send_back       | senior       | PC
        send_back       | manager      | PC
        approve         | junior       | C
        approve         | intermediate | C
        approve         | senior       | C
        approve         | manager      | C
        start_repair    | junior       | V
        start_repair    | intermediate | V
        start_repair    | senior       | V
        start_repair    | manager      | V
        finish_repair   | junior       | R
        finish_repair   | intermediate | R
        finish_repair   | senior       | R
        finish_repair   | manager      | R
        start_payment   | junior       | V
        start_payment   | intermediate | V
        start_payment   | senior       | V
        start_payment   | manager      | V
        start_payment   | finance      | V
        pay             | finance      | Y
        pay             | system       | Y
        notify_result   | junior       | TJ
        notify_result   | intermediate | TJ
        notify_result   | senior       | TJ
        notify_result   | manager      | TJ
        notify_result   | system       | TJ
        close           | junior       | TJ
        close           | intermediate | TJ
        close           | senior       | TJ
        close           | manager      | TJ
        close           | system       | TJ
        reject          | intermediate | AL
        reject          | senior       | AL
        reject          | manager      | AL
        appeal          | buyer        | J
        withdraw        | buyer        | SKAWPCDLO
        reopen          | buyer        | H
        reopen          | senior       | XJH
        reopen          | manager      | XJH
        add_evidence    | buyer        | SKAWPCDVRYTJLO
        add_evidence    | dealer       | SKAWPCDVRYTJLO
        add_evidence    | junior       | SKAWPCDVRYTJLO
        add_evidence    | intermediate | SKAWPCDVRYTJLO
        add_evidence    | senior       | SKAWPCDVRYTJLO
        add_evidence    | manager      | SKAWPCDVRYTJLO
        note            | junior       | SKAWPCDVRYTXJLHO
        note            | intermediate | SKAWPCDVRYTXJLHO
        note            | senior       | SKAWPCDVRYTXJLHO
        note            | manager      | SKAWPCDVRYTXJLHO
        note            | finance      | SKAWPCDVRYTXJLHO
        note            | system       | SKAWPCDVRYTXJLHO
        message         | buyer        | SKAWPCDVRYTJLO
        message         | dealer       | SKAWPCDVRYTJLO
        message         | junior       | SKAWPCDVRYTJLO
        message         | intermediate | SKAWPCDVRYTJLO
        message         | senior       | SKAWPCDVRYTJLO
        message         | manager      | SKAWPCDVRYTJLO
        mark_clock      | system       | SKAWPCDVRYTXJLHO
        refuse          | system       | SKAWPCDVRYTXJLHO
        """
    )

    static let letters: [ClaimState: Character] = [
        .submitted: "S", .acknowledged: "K", .assessing: "A", .waiting: "W", .proposed: "P", .accepted: "C",
        .disputed: "D", .approved: "V", .repairing: "R", .paying: "Y", .settled: "T", .closed: "X", .rejected: "J",
        .appealed: "L", .withdrawn: "H", .reopened: "O",
    ]

    static let legal: [String: String] = Dictionary(
        uniqueKeysWithValues: table.rows.map { ("\($0["action"]) \($0["role"])", $0["states"]) }
    )

    static func isLegal(_ action: ClaimAction, _ role: CallerRole, _ state: ClaimState) -> Bool {
        legal["\(action.rawValue) \(role.rawValue)"]?.contains(letters[state]!) == true
    }

    @Test func `the table of the program says what the text says`() {
        for action in ClaimAction.allCases {
            for role in CallerRole.allCases {
                for state in ClaimState.allCases {
                    #expect(
                        ClaimPolicy.allows(action, to: role, in: state) == Self.isLegal(action, role, state),
                        "\(action) by \(role) in \(state)"
                    )
                }
            }
        }
        #expect(Self.table.rows.allSatisfy { ClaimAction(rawValue: $0["action"]) != nil })
        #expect(Self.table.rows.allSatisfy { CallerRole(rawValue: $0["role"]) != nil })
    }

    @Test(arguments: ClaimState.allCases)
    func `what is legal is done, and what is not is refused with what would be`(_ state: ClaimState) throws {
        for action in ClaimAction.allCases {
            for role in CallerRole.allCases {
                let caller = Caller.of(role)
                let claim = try Claim.in(state, for: caller, action)
                #expect(claim.state == state)
                let (input, now) = try claim.soundInput(action, by: caller)
                if Self.isLegal(action, role, state) {
                    #expect(
                        throws: Never.self,
                        "\(action) by \(role) in \(state)"
                    ) { try claim.apply(input, by: caller, why: "说明", at: now).count == 1 }
                } else {
                    expectRefusal(claim, input, caller, now)
                }
            }
        }
    }

    private func expectRefusal(_ claim: Claim, _ input: ClaimInput, _ caller: Caller, _ now: Instant) {
        do {
            _ = try claim.apply(input, by: caller, why: "说明", at: now)
            Issue.record("\(input.action) by \(caller.role) in \(claim.state) was done")
        } catch let failure as Failure {
            #expect(failure.type == .claimActionIllegal)
            #expect(failure.faults.map(\.code) == ["illegal_now"])
            for action in ClaimAction.allCases {
                let isNamed = failure.detail.en.split { !($0.isLetter || $0 == "_") }.dropFirst(5)
                    .drop { $0 != "only" }.contains { $0 == action.rawValue }
                #expect(isNamed == Self.isLegal(action, caller.role, claim.state), "\(failure.detail.en)")
            }
        } catch {
            Issue.record(error)
        }
    }
}

extension Claim {
    /// A claim in this state, such that what the table allows can be done.
    static func `in`(_ state: ClaimState, for caller: Caller, _ action: ClaimAction) throws -> Claim {
        var claim = Claim.filed()
        if action == .handOver, caller.role.level != nil { try claim.take(.assign(to: caller.id), by: .system) }
        if state == .submitted { return claim }
        if state == .withdrawn || state == .reopened {
            try claim.take(.withdraw, by: .buyer)
            if state == .reopened { try claim.take(.reopen, by: .senior) }
            return claim
        }
        try claim.take(.answer, by: .junior)
        if state == .acknowledged { return claim }
        try claim.take(.assess, by: .junior)
        if action == .contestRuling || action == .rule && state != .assessing {
            try claim.take(.rule(.dealer), by: Caller(.senior, "usr_ruler"))
        }
        if action == .rule, state != .assessing { try claim.take(.contestRuling([report]), by: .dealer) }
        if state == .assessing { return claim }
        switch state {
        case .waiting: try claim.wait(for: caller)
        case .rejected, .appealed:
            try claim.take(.reject(.sample), by: Caller(.senior, "usr_denier"))
            if state == .appealed { try claim.take(.appeal([photo]), by: .buyer) }
            if state == .rejected, action == .close { try claim.take(.notifyResult, by: .system) }
        default: try claim.settle(until: state, action)
        }
        return claim
    }

    private mutating func wait(for caller: Caller) throws {
        let of: Question.WaitedFor =
            switch caller.role {
            case .buyer: .buyer
            case .dealer: .dealer
            default: .appraisal
            }
        try take(.ask(Question(of: of, dueAt: facts.last!.at.adding(hours: 48))), by: .junior)
    }

    private mutating func settle(until state: ClaimState, _ action: ClaimAction) throws {
        let isRepair = state == .repairing || state == .approved && action == .startRepair
        try take(.propose(.sample(isRepair ? .repair : .payment)), by: .junior)
        if state == .proposed { return }
        try take(state == .disputed ? .dispute : .accept, by: .buyer)
        if state == .accepted || state == .disputed { return }
        try take(.approve(fen(yuan: 480), signatures: 1), by: Caller(.intermediate, "usr_approver"))
        if state == .approved { return }
        try take(isRepair ? .startRepair(workshop: "org_shop") : .startPayment, by: .junior)
        if state == .repairing || state == .paying { return }
        try take(.pay(BuyerPayment(reference: "p1", amount: fen(yuan: 480))), by: .finance)
        if state == .closed || state == .settled && action == .close { try take(.notifyResult, by: .system) }
        if state == .closed { try take(.close, by: .system) }
    }

    /// An input that only the table can refuse, and when.
    func soundInput(_ action: ClaimAction, by caller: Caller) throws -> (ClaimInput, Instant) {
        let now = facts.last!.at.adding(seconds: 1)
        let later = facts.last!.at.adding(days: 16)
        let mark = ClockMark(clock: .response, run: 1, percent: 50, level: .senior, reachedAt: now)
        switch action {
        case .confirmReceipt: return (.confirmReceipt, now)
        case .answer: return (.answer, now)
        case .assign: return (.assign(to: "usr_other"), now)
        case .handOver: return (.handOver(to: "usr_other"), now)
        case .takeOver: return (.takeOver, now)
        case .assess: return (.assess, now)
        case .ask: return (.ask(Question(of: .buyer, dueAt: later)), now)
        case .reply: return (.reply([photo]), now)
        case .resume: return (.resume, later)
        case .rule: return (.rule(.dealer), now)
        case .contestRuling: return (.contestRuling([report]), now)
        case .propose: return (.propose(.sample(isAutomatic: caller.role == .system)), now)
        case .accept: return (.accept, now)
        case .dispute: return (.dispute, now)
        case .sendBack: return (.sendBack, now)
        case .approve: return (.approve(fen(yuan: 480), signatures: 1), now)
        case .startRepair: return (.startRepair(workshop: "org_shop"), now)
        case .finishRepair: return (.finishRepair([photo]), now)
        case .startPayment: return (.startPayment, now)
        case .pay: return (.pay(BuyerPayment(reference: "new", amount: fen(yuan: 480))), now)
        case .notifyResult: return (.notifyResult, now)
        case .close: return (.close, later)
        case .reject: return (.reject(.sample), now)
        case .appeal: return (.appeal([photo]), now)
        case .withdraw: return (.withdraw, now)
        case .reopen: return (.reopen, now)
        case .addEvidence: return (.addEvidence([photo]), now)
        case .note: return (.note, now)
        case .message: return (.message, now)
        case .markClock: return (.markClock(mark), now)
        case .refuse: return (.refuse(RefusedAttempt(who: .buyer, action: .close, code: "x")), now)
        }
    }
}
