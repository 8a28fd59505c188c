package import Core

extension ProblemType {
    package static let ruleSetForeign = ProblemType(
        "rule_set_foreign_currency",
        .invalid,
        zh: "规则集的币种不是人民币，不能用于本平台",
        en: "The rule set is not in renminbi, so it cannot be used here"
    )
    package static let pricingWarming = ProblemType(
        "pricing_warming",
        .unavailable,
        zh: "估价所用的成交数据正在准备，请稍后重试",
        en: "The sales that estimates compare with are not loaded yet; try again shortly"
    )
    package static let mappingUnknown = ProblemType(
        "pricing_mapping_unknown",
        .invalid,
        zh: "没有这个数据映射，请先提交映射",
        en: "There is no such mapping; send the mapping first"
    )

    /// Every type that this target raises.
    package static let valuation: [ProblemType] = [.ruleSetForeign, .pricingWarming, .mappingUnknown]
}
