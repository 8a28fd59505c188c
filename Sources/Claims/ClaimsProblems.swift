import Accounts
package import Core
import Jobs
import Warranty

extension ProblemType {
    package static let claimAuthority = ProblemType(
        "claim_authority",
        .forbidden,
        zh: "无权决定此事，已转有权限的人",
        en: "Not within this person's authority; it goes to whoever has it"
    )
    package static let claimUnassessed = ProblemType(
        "claim_unassessed",
        .conflict,
        zh: "尚未核定，不能按核定结果提出方案",
        en: "It has not been assessed, so nothing can be offered by the assessment"
    )

    package static let complaintNotFound = ProblemType(
        "complaint_not_found",
        .notFound,
        zh: "没有这件投诉",
        en: "There is no such complaint"
    )
    package static let complaintClosed = ProblemType(
        "complaint_closed",
        .conflict,
        zh: "投诉已经结案",
        en: "The complaint is closed"
    )

    package static let holderCodeRefused = ProblemType(
        "holder_code_refused",
        .invalid,
        zh: "凭证码无效、已过期或已使用",
        en: "The code is no good, too old or used"
    )
    package static let contractHeld = ProblemType(
        "contract_held",
        .conflict,
        zh: "此合同已有人登记持有",
        en: "Somebody holds this contract already"
    )

    /// What the operations of this slice may answer with, those of the book and of a contract's limits included.
    package static let claims: [ProblemType] = [
        .claimActionIllegal, .claimNotYours, .claimReasonMissing, .claimInputInvalid, .claimOfferExpired,
        .claimAppealClosed, .claimTooEarly, .claimOtherPerson, .claimAmountWrong, .rulingInvalid, .adjudicationInvalid,
        .advanceIllegal, .advanceExists, .claimAuthority, .claimUnassessed, .fundExhausted, .limitExceeded,
        .complaintNotFound, .complaintClosed, .holderCodeRefused, .contractHeld, .journalDiffers, .jobNotFound,
        .jobState,
    ]
}

extension Failure {
    static func authority(_ refusal: AuthorityRefusal) -> Failure {
        let text = refusal.code.text
        let zh = refusal.routedTo.map { "\(text.zh)；须由\($0.name.zh)决定" } ?? text.zh
        let en = refusal.routedTo.map { "\(text.en); the \($0.name.en) can decide" } ?? text.en
        return Failure(
            .claimAuthority,
            zh: zh,
            en: en,
            faults: [Fault("", refusal.code.rawValue, zh: text.zh, en: text.en)]
        )
    }

    static func involved(_ code: AuthorityRefusal.Code) -> Failure {
        Failure(
            .claimAuthority,
            zh: code.text.zh,
            en: code.text.en,
            faults: [Fault("", code.rawValue, zh: code.text.zh, en: code.text.en)]
        )
    }
}
