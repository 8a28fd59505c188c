package import Core

extension ProblemType {
    package static let journalRefused = ProblemType(
        "journal_refused",
        .invalid,
        zh: "凭证不符合记账规则",
        en: "The journal breaks a rule of the book"
    )
    package static let journalDiffers = ProblemType(
        "journal_differs",
        .conflict,
        zh: "同一业务已按其他内容入账",
        en: "The same event was posted before, with other content"
    )
    package static let journalNotFound = ProblemType(
        "journal_not_found",
        .notFound,
        zh: "没有这张凭证",
        en: "There is no such journal"
    )
    package static let fundExhausted = ProblemType(
        "fund_exhausted",
        .conflict,
        zh: "先行赔付资金余额不足",
        en: "The advance fund does not suffice"
    )
    package static let depositShort = ProblemType(
        "deposit_short",
        .conflict,
        zh: "商家保证金余额不足",
        en: "The dealer's deposit does not suffice"
    )
    package static let receivableExceeded = ProblemType(
        "receivable_exceeded",
        .conflict,
        zh: "金额超过商家尚欠的款项",
        en: "More than the dealer still owes"
    )
    package static let accountShort = ProblemType(
        "account_short",
        .conflict,
        zh: "科目余额不足",
        en: "The balance of an account does not suffice"
    )

    /// What this target raises.
    package static let accounts: [ProblemType] = [
        .journalRefused, .journalDiffers, .journalNotFound, .fundExhausted, .depositShort, .receivableExceeded,
        .accountShort,
    ]
}

extension AccountKind {
    /// What it means that a balance does not suffice.
    var shortage: ProblemType {
        switch self {
        case .fund: .fundExhausted
        case .deposit: .depositShort
        case .receivable: .receivableExceeded
        case .custody, .advance, .writeOffs, .borne, .payable, .fees, .owner: .accountShort
        }
    }
}
