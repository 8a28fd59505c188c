package import Core

/// Something that happened to an advance. Facts are only ever added.
package struct AdvanceFact: Sendable, Hashable {
    package let number: Int64
    package let at: Instant
    package let by: Caller
    package let why: String?
    package let body: Body

    package enum Body: Sendable, Hashable {
        case requested(AdvanceTerms)
        case signed
        case approved
        /// It is not needed any more, before it was paid.
        case cancelled
        case paid(reference: String)
        case depositDrawn(Payment)
        case invoiced(Money, dueOn: CalendarDate)
        case planAgreed(InstalmentPlan)
        case received(Payment)
        case suspended
        case lifted
        case writeOffSigned(Money)
        case writtenOff(Money)
        case overturned(Overturn)
    }

    package init(number: Int64, at: Instant, by: Caller, why: String?, body: Body) {
        self.number = number
        self.at = at
        self.by = by
        self.why = why
        self.body = body
    }
}

/// A ruling that did not stand: what of the advance is still the dealer's to bear, and what it gets back.
package struct Overturn: Sendable, Hashable {
    package let dealersPart: Money
    package let refundToDealer: Money

    init(dealersPart: Money, refundToDealer: Money) {
        self.dealersPart = dealersPart
        self.refundToDealer = refundToDealer
    }
}

package enum AdvanceAction: String, Sendable, Hashable, CaseIterable {
    case approve
    case cancel
    case pay
    case drawDeposit = "draw_deposit"
    case invoice
    case agreePlan = "agree_plan"
    case receive
    case suspend
    case lift
    case writeOff = "write_off"
    case overturn
}

package enum AdvanceInput: Sendable, Hashable {
    case approve(signatures: Int)
    case cancel
    case pay(reference: String)
    case drawDeposit(Payment)
    case invoice(dueOn: CalendarDate)
    case agreePlan(parts: Int64)
    case receive(Payment)
    case suspend
    case lift
    case writeOff(Money, signatures: Int)
    /// - Parameter dealersPart: of the advance, by the ruling that stands now.
    case overturn(dealersPart: Money)

    package var action: AdvanceAction {
        switch self {
        case .approve: .approve
        case .cancel: .cancel
        case .pay: .pay
        case .drawDeposit: .drawDeposit
        case .invoice: .invoice
        case .agreePlan: .agreePlan
        case .receive: .receive
        case .suspend: .suspend
        case .lift: .lift
        case .writeOff: .writeOff
        case .overturn: .overturn
        }
    }
}

package enum AdvanceStage: String, Sendable, Hashable, CaseIterable {
    case requested
    case approved
    case cancelled
    /// The platform has paid, and the dealer owes it.
    case recovering
    /// Nobody owes anything any more.
    case settled
}

/// Who may do what to an advance in which stage.
enum AdvanceRights {
    private static let chiefs: Set<CallerRole> = [.senior, .manager]
    private static let money: Set<CallerRole> = [.finance, .system]
    private static let staff: Set<CallerRole> = [.junior, .intermediate, .senior, .manager]

    static func roles(_ action: AdvanceAction) -> Set<CallerRole> {
        switch action {
        case .approve: staff
        case .cancel: chiefs.union(money)
        case .pay, .drawDeposit, .invoice, .receive: money
        case .agreePlan: chiefs.union([.finance])
        case .suspend: [.system, .manager]
        case .lift: [.system, .manager]
        case .writeOff, .overturn: chiefs
        }
    }

    static func stages(_ action: AdvanceAction) -> Set<AdvanceStage> {
        switch action {
        case .approve: [.requested]
        case .cancel: [.requested, .approved]
        case .pay: [.approved]
        case .drawDeposit, .invoice, .agreePlan, .receive, .suspend, .writeOff: [.recovering]
        case .lift, .overturn: [.recovering, .settled]
        }
    }

    static func allows(_ action: AdvanceAction, to role: CallerRole, in stage: AdvanceStage) -> Bool {
        roles(action).contains(role) && stages(action).contains(stage)
    }
}
