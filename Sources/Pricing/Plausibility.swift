import Core

/// What cannot be is refused, and what is unusual is said: never a number without a warning.
enum Plausibility {
    // The bounds without a source are our own choice: wide enough that no true car is refused.

    /// A car may be registered up to two years before its model year: new models come early. Our own choice.
    private static let yearsBeforeModelYear = 2
    /// Nobody drives more in a year: 820 km a day, drivers taking turns. Our own choice.
    private static let mostKmInYear: Int64 = 300_000
    /// Below so many kilometres in a year, from this age on, an odometer is doubted. Our own choice, well below the
    /// 7,000 km that nine of ten of 29,959 store cars exceed (public data, 2020-01 to 2021-07).
    private static let leastKmInYear: Int64 = 500
    private static let doubtedFromDays: Int64 = 3 * 365
    /// Refused outright: ten years without leaving the yard. Our own choice.
    private static let leastKmAtTenYears: Int64 = 100
    /// More than so much a year is hard use: 2.8 % of the same store cars exceed it.
    private static let hardKmInYear: Int64 = 30_000

    static func check(_ car: CarFacts, on day: CalendarDate) throws {
        let faults = FaultCollector()
        if let registered = car.registeredOn {
            if registered > day {
                faults.add(
                    "/registered_on",
                    "in_the_future",
                    zh: "上牌日期晚于估价日期",
                    en: "This is after the day of valuation"
                )
            }
            if let built = car.builtOn, registered < built {
                faults.add(
                    "/registered_on",
                    "before_built",
                    zh: "上牌日期早于出厂日期",
                    en: "The car was registered before it was built"
                )
            }
            if let year = car.modelYear, registered.year < year - yearsBeforeModelYear {
                faults.add(
                    "/model_year",
                    "after_registration",
                    zh: "年款晚于上牌年份",
                    en: "The model year is after the registration"
                )
            }
        }
        if let km = car.odometerKm { check(km, car.ageDays(on: day), faults) }
        if let price = car.newPrice, price.fen <= 0 {
            faults.add("/new_price", "not_positive", zh: "新车价必须大于零", en: "A new price is above zero")
        }
        if let transfers = car.transfers, !(0...100).contains(transfers) {
            faults.add("/transfers", "out_of_range", zh: "过户次数不合理", en: "So many transfers there cannot be")
        }
        if let score = car.condition.score, !(0...100).contains(score) {
            faults.add("/condition/score", "out_of_range", zh: "车况评分应为 0 至 100", en: "The score is 0 to 100")
        }
        if let grade = car.condition.grade, !(1...5).contains(grade) {
            faults.add("/condition/grade", "out_of_range", zh: "车况等级应为 1 至 5", en: "The grade is 1 to 5")
        }
        try faults.throwIfAny(.implausibleCar)
    }

    private static func check(_ km: Int64, _ age: Int64?, _ faults: FaultCollector) {
        guard OdometerKm.range.contains(km) else {
            return faults.add("/odometer_km", "out_of_range", zh: "里程超出合理范围", en: "No odometer shows this")
        }
        guard let age else { return }
        if km > (age + 31) * mostKmInYear / 365 + 1000 {
            faults.add("/odometer_km", "too_much", zh: "以车龄计，里程不可能这么高", en: "So far at this age")
        }
        if age >= 3650, km < leastKmAtTenYears {
            faults.add(
                "/odometer_km",
                "too_little",
                zh: "十年车里程不足 100 公里，不合常理",
                en: "A ten-year-old with so few kilometres"
            )
        }
    }

    static func warnings(
        _ car: CarFacts,
        on day: CalendarDate,
        evidence: Evidence,
        _ estimator: Estimator
    ) -> [EstimateWarning] {
        var warnings: [EstimateWarning] = []
        func warn(_ code: String, _ pointer: String, _ zh: String, _ en: String) {
            warnings.append(EstimateWarning(code: code, pointer: pointer, detail: LocalizedText(zh: zh, en: en)))
        }
        warnAboutEvidence(car, evidence, estimator, warn)
        warnAboutUse(car, on: day, warn)
        warnAboutStatements(car, estimator, warn)
        if car.findings.contains(.odometerRollback) {
            warn(
                "odometer_rollback",
                "/odometer_km",
                "历史记录显示里程曾被回调，估价仅供参考",
                "The ledger found that the odometer was turned back"
            )
        }
        for finding in car.findings.subtracting([.odometerRollback]).sorted(by: { $0.rawValue < $1.rawValue }) {
            warn(finding.rawValue, "", "历史记录存在疑点：\(finding.rawValue)", "The ledger found: \(finding.rawValue)")
        }
        return warnings
    }

    private static func warnAboutUse(
        _ car: CarFacts,
        on day: CalendarDate,
        _ warn: (_ code: String, _ pointer: String, _ zh: String, _ en: String) -> Void
    ) {
        if car.registeredOn == nil {
            warn("age_unknown", "/registered_on", "缺少上牌日期，按平均车龄估算", "Its age counts as usual")
        }
        if car.odometerKm == nil {
            warn(
                "odometer_unknown",
                "/odometer_km",
                "缺少里程，按平均里程估算",
                "Without an odometer reading its use counts as usual"
            )
        }
        if let km = car.odometerKm, let age = car.ageDays(on: day) {
            if age >= doubtedFromDays, km < leastKmInYear * age / 365 {
                warn(
                    "odometer_implausible",
                    "/odometer_km",
                    "里程远低于同龄车，请核实",
                    "So few kilometres at this age should be checked"
                )
            }
            if age >= 365, km > hardKmInYear * age / 365 {
                warn("hard_use", "/odometer_km", "年均里程超过 3 万公里", "More than 30,000 km a year")
            }
        }
    }

    private static func warnAboutStatements(
        _ car: CarFacts,
        _ estimator: Estimator,
        _ warn: (_ code: String, _ pointer: String, _ zh: String, _ en: String) -> Void
    ) {
        if car.newPrice?.origin == .caller {
            warn(
                "new_price_from_caller",
                "/new_price",
                "新车价由查询者提供，未经核对",
                "The price when new is the caller's own, and unchecked"
            )
        }
        if car.newPrice == nil, estimator.ruleSet.newPrices != nil {
            warn("new_price_assumed", "/new_price", "新车价取同款常见值", "The new price is that of its like")
        }
        if let battery = car.battery, !battery.isMeasured {
            warn(
                "battery_not_measured",
                "/battery",
                "电池健康度缺少检测方法、日期或检测方，未计入",
                "Unmeasured battery health does not count"
            )
        }
    }

    private static func warnAboutEvidence(
        _ car: CarFacts,
        _ evidence: Evidence,
        _ estimator: Estimator,
        _ warn: (String, String, String, String) -> Void
    ) {
        let isKnown = estimator.knows(Input.trimLine, car) || evidence.trim.weight > 0
        if !isKnown {
            let standing = evidence.standing.words
            warn(
                "unknown_trim",
                "/trim",
                "未收录该车型，改按\(standing.zh)估算",
                "The trim is unknown: valued by \(standing.en)"
            )
        }
        if !estimator.knows(Input.series, car), evidence.series.weight == 0 {
            warn("unknown_series", "/series", "未收录该车系", "The series is unknown")
        }
        if evidence.standing != .trim, evidence.standing != .series {
            warn("no_comparables", "", "没有同车系的可比成交", "There are no comparable sales of its series")
        }
    }
}

extension Estimator {
    /// Whether any rule names the car's own label.
    func knows(_ input: String, _ car: CarFacts) -> Bool {
        guard let slot = inputs.labels.firstIndex(of: input), let label = car.label(input) else { return false }
        return inputs.labelNumbers[slot][label] != nil
    }
}
