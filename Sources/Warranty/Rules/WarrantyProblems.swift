package import Core

extension ProblemType {
    package static let notEligible = ProblemType(
        "not_eligible",
        .invalid,
        zh: "车辆不符合该方案的条件",
        en: "The car does not qualify for the plan"
    )
    package static let belowLegalFloor = ProblemType(
        "below_legal_floor",
        .invalid,
        zh: "保障低于法律规定，不能出售",
        en: "This would give less than the law does, and cannot be sold"
    )
    package static let quoteExpired = ProblemType(
        "quote_expired",
        .conflict,
        zh: "报价已过有效期，请重新报价",
        en: "The quote is no longer valid; ask for another"
    )
    package static let wordingNotAcknowledged = ProblemType(
        "wording_not_acknowledged",
        .invalid,
        zh: "买方确认的条款与所售方案的条款不是同一文本",
        en: "The wording that the buyer acknowledged is not that of the plan"
    )
    package static let unknownComponent = ProblemType(
        "unknown_component",
        .invalid,
        zh: "不认识这个部件",
        en: "This part is not known"
    )
    package static let contractEnded = ProblemType(
        "contract_ended",
        .conflict,
        zh: "合同已经结束",
        en: "The contract has ended"
    )
    package static let contractLapsed = ProblemType(
        "contract_lapsed",
        .conflict,
        zh: "价款逾期未付，合同已失效",
        en: "The price was not paid in time and the contract has lapsed"
    )
    package static let contractPaid = ProblemType(
        "contract_paid",
        .conflict,
        zh: "合同价款已付",
        en: "The contract has been paid"
    )
    package static let openClaims = ProblemType(
        "open_claims",
        .conflict,
        zh: "有未结的理赔，结案后再办理",
        en: "A claim is open; settle it first"
    )
    package static let notTransferable = ProblemType(
        "not_transferable",
        .conflict,
        zh: "合同不能这样转让",
        en: "The contract cannot be transferred like this"
    )
    package static let notRenewable = ProblemType(
        "not_renewable",
        .conflict,
        zh: "现在不能续保",
        en: "The contract cannot be renewed now"
    )
    package static let notAnUpgrade = ProblemType(
        "not_an_upgrade",
        .conflict,
        zh: "只能升级到更高的方案",
        en: "Only a higher plan is an upgrade"
    )
    package static let limitExceeded = ProblemType(
        "limit_exceeded",
        .conflict,
        zh: "超过合同剩余限额",
        en: "More than the contract's limits leave"
    )
    package static let notReserved = ProblemType(
        "not_reserved",
        .conflict,
        zh: "没有为此预留这么多",
        en: "Not as much was reserved for it"
    )
    package static let grantExhausted = ProblemType(
        "grant_exhausted",
        .conflict,
        zh: "次数已用完",
        en: "It has been used up"
    )
    package static let grantExpired = ProblemType(
        "grant_expired",
        .conflict,
        zh: "已过使用期限或里程",
        en: "Its time or distance has passed"
    )
    package static let quoteUsed = ProblemType(
        "quote_used",
        .conflict,
        zh: "这份报价已经签过合同",
        en: "A contract was issued from this quote before"
    )

    package static let invalidEdition = ProblemType(
        "invalid_edition",
        .invalid,
        zh: "方案版本有误",
        en: "The edition of the plans has faults"
    )
    package static let editionInThePast = ProblemType(
        "edition_in_the_past",
        .invalid,
        zh: "新版本不能早于今天生效",
        en: "A new edition cannot be effective from before today"
    )
    package static let editionTaken = ProblemType(
        "edition_taken",
        .conflict,
        zh: "已有同名的版本",
        en: "There is an edition of that name"
    )

    /// What the operations of this slice may answer with. Who reserves and pays by its limits answers with those of
    /// the limits, too.
    package static let warranty: [ProblemType] = [
        .notEligible, .belowLegalFloor, .quoteExpired, .quoteUsed, .wordingNotAcknowledged, .unknownComponent,
        .contractEnded, .contractLapsed, .contractPaid, .openClaims, .notTransferable, .notRenewable, .notAnUpgrade,
        .grantExhausted, .grantExpired, .invalidEdition, .editionInThePast, .editionTaken,
    ]
}
