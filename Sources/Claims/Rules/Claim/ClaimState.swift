package import Core

/// How a claim stands. Never stored: it follows from the facts.
package enum ClaimState: String, Sendable, Hashable, CaseIterable {
    case submitted
    /// A person has answered.
    case acknowledged
    case assessing
    case waiting
    case proposed
    case accepted
    case disputed
    case approved
    case repairing
    case paying
    case settled
    case closed
    case rejected
    case appealed
    case withdrawn
    case reopened

    package var name: LocalizedText {
        switch self {
        case .submitted: LocalizedText(zh: "已提交", en: "submitted")
        case .acknowledged: LocalizedText(zh: "已响应", en: "acknowledged")
        case .assessing: LocalizedText(zh: "核定中", en: "being assessed")
        case .waiting: LocalizedText(zh: "等待补充", en: "waiting")
        case .proposed: LocalizedText(zh: "方案待确认", en: "proposed")
        case .accepted: LocalizedText(zh: "买方已同意", en: "accepted")
        case .disputed: LocalizedText(zh: "买方有异议", en: "disputed")
        case .approved: LocalizedText(zh: "已批准", en: "approved")
        case .repairing: LocalizedText(zh: "维修中", en: "being repaired")
        case .paying: LocalizedText(zh: "付款中", en: "being paid")
        case .settled: LocalizedText(zh: "已赔付", en: "settled")
        case .closed: LocalizedText(zh: "已结案", en: "closed")
        case .rejected: LocalizedText(zh: "不予赔付", en: "rejected")
        case .appealed: LocalizedText(zh: "申诉中", en: "appealed")
        case .withdrawn: LocalizedText(zh: "已撤回", en: "withdrawn")
        case .reopened: LocalizedText(zh: "重新受理", en: "reopened")
        }
    }
}

/// What somebody may do to a claim.
package enum ClaimAction: String, Sendable, Hashable, CaseIterable {
    case confirmReceipt = "confirm_receipt"
    case answer
    case assign
    case handOver = "hand_over"
    case takeOver = "take_over"
    case assess
    case ask
    case reply
    case resume
    case rule
    case contestRuling = "contest_ruling"
    case propose
    case accept
    case dispute
    case sendBack = "send_back"
    case approve
    case startRepair = "start_repair"
    case finishRepair = "finish_repair"
    case startPayment = "start_payment"
    case pay
    case notifyResult = "notify_result"
    case close
    case reject
    case appeal
    case withdraw
    case reopen
    case addEvidence = "add_evidence"
    case note
    case message
    case markClock = "mark_clock"
    case refuse
}

/// As whom somebody acts on a claim.
package enum CallerRole: String, Sendable, Hashable, CaseIterable {
    case buyer
    case dealer
    case junior
    case intermediate
    case senior
    case manager
    case finance
    case auditor
    /// The program itself.
    case system

    /// The level of somebody who works on claims.
    package var level: AuthorityLevel? { AuthorityLevel(rawValue: rawValue) }
}

package struct Caller: Sendable, Hashable {
    package let role: CallerRole
    /// An opaque reference; no name of a person is ever kept here.
    package let id: String

    package static let system = Caller(.system, "system")

    package init(_ role: CallerRole, _ id: String) {
        self.role = role
        self.id = id
    }
}
