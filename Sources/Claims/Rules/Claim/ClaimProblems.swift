package import Core

extension ProblemType {
    package static let claimActionIllegal = ProblemType(
        "claim_action_illegal",
        .conflict,
        zh: "理赔在当前状态下不能这样办理",
        en: "This cannot be done to the claim as it stands"
    )
    package static let claimNotYours = ProblemType(
        "claim_not_found",
        .notFound,
        zh: "没有这件理赔",
        en: "There is no such claim"
    )
    package static let claimReasonMissing = ProblemType(
        "claim_reason_missing",
        .invalid,
        zh: "须说明理由",
        en: "A reason has to be given"
    )
    package static let claimInputInvalid = ProblemType(
        "claim_input_invalid",
        .invalid,
        zh: "所办事项的内容有误",
        en: "What was asked for is not sound"
    )
    package static let claimOfferExpired = ProblemType(
        "claim_offer_expired",
        .conflict,
        zh: "方案已过有效期，请等待新的方案",
        en: "The offer is no longer valid; another will follow"
    )
    package static let claimAppealClosed = ProblemType(
        "claim_appeal_closed",
        .conflict,
        zh: "已不能再向平台申诉，可以向 12315 投诉、申请仲裁或者提起诉讼",
        en: "The platform hears no further appeal; 12315, arbitration and the courts remain open"
    )
    package static let claimTooEarly = ProblemType(
        "claim_too_early",
        .conflict,
        zh: "时候未到",
        en: "It is too early for this"
    )
    package static let claimOtherPerson = ProblemType(
        "claim_other_person_needed",
        .conflict,
        zh: "须由另一人办理",
        en: "Another person has to do this"
    )
    package static let claimAmountWrong = ProblemType(
        "claim_amount_wrong",
        .conflict,
        zh: "金额与理赔记录不符",
        en: "The amount does not agree with the claim"
    )
    package static let claimFactsBroken = ProblemType(
        "claim_facts_broken",
        .conflict,
        zh: "理赔记录不连贯",
        en: "The facts of the claim do not follow from each other"
    )
    package static let rulingInvalid = ProblemType(
        "ruling_invalid",
        .invalid,
        zh: "责任认定不成立",
        en: "The ruling on liability does not stand"
    )
    package static let adjudicationInvalid = ProblemType(
        "adjudication_invalid",
        .invalid,
        zh: "核定所需的内容有误",
        en: "What is to be adjudicated is not sound"
    )
    package static let advanceIllegal = ProblemType(
        "advance_illegal",
        .conflict,
        zh: "先行赔付在当前状态下不能这样办理",
        en: "This cannot be done to the advance as it stands"
    )
    package static let advanceExists = ProblemType(
        "advance_exists",
        .conflict,
        zh: "该项损失已经先行赔付，不能重复",
        en: "This loss has been advanced already"
    )
    package static let refundInvalid = ProblemType(
        "refund_invalid",
        .invalid,
        zh: "退款不能这样计算",
        en: "The refund cannot be worked out like this"
    )

    /// Every type that the rules of claims raise.
    package static let claimRules: [ProblemType] = [
        .claimActionIllegal, .claimNotYours, .claimReasonMissing, .claimInputInvalid, .claimOfferExpired,
        .claimAppealClosed, .claimTooEarly, .claimOtherPerson, .claimAmountWrong, .claimFactsBroken, .rulingInvalid,
        .adjudicationInvalid, .advanceIllegal, .advanceExists, .refundInvalid,
    ]
}
