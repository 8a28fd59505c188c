package import Core

extension ProblemType {
    package static let invalidRuleSet = ProblemType(
        "invalid_rule_set",
        .invalid,
        zh: "定价规则文档有误",
        en: "The rule set has faults"
    )
    package static let invalidMapping = ProblemType(
        "invalid_pricing_mapping",
        .invalid,
        zh: "数据映射文档有误",
        en: "The mapping has faults"
    )
    package static let mappingMismatch = ProblemType(
        "pricing_mapping_mismatch",
        .invalid,
        zh: "数据表与映射不符",
        en: "The table does not fit the mapping"
    )
    package static let implausibleCar = ProblemType(
        "implausible_car",
        .invalid,
        zh: "车辆信息不合常理，无法估价",
        en: "What is said of the car cannot be, so it is not valued"
    )
    package static let tooLittleToValue = ProblemType(
        "too_little_to_value",
        .invalid,
        zh: "信息不足，无法估价",
        en: "Too little is known of the car to value it"
    )
    package static let tooFewSales = ProblemType(
        "too_few_sales",
        .invalid,
        zh: "成交数据太少，无法校准",
        en: "There are too few sales to learn from"
    )

    /// Every type that this target raises.
    package static let pricing: [ProblemType] = [
        .invalidRuleSet, .invalidMapping, .mappingMismatch, .implausibleCar, .tooLittleToValue, .tooFewSales,
    ]
}
