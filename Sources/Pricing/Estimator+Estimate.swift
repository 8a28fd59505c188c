package import Core

extension Estimator {
    /// What the car is worth on a day, with every reason.
    ///
    /// The same facts, day, evidence and rule set give the same fen for ever: nothing else is read.
    ///
    /// - Throws: `Failure.implausibleCar` where the facts contradict each other, `Failure.tooLittleToValue` where the
    ///   rules have nothing to start from.
    package func estimate(_ car: CarFacts, on day: CalendarDate, evidence: Evidence) throws -> Estimate {
        try Plausibility.check(car, on: day)
        var snapshot = inputs.snapshot(of: car, on: day)
        guard base(&snapshot, car) != nil, let reference = reference(snapshot) else {
            throw Failure(
                .tooLittleToValue,
                faults: [Fault("/new_price", "missing", zh: "需要新车指导价", en: "The price when new is needed")]
            )
        }
        fill(&snapshot, with: evidence)
        var trace = Trace()
        trace.start(reference, referenceReading(snapshot, car), ruleSet)
        addBase(&trace, snapshot, car)
        trace.addComparables(evidence)
        for (rule, compiled) in zip(ruleSet.corrections, corrections) {
            trace.add(rule, compiled.effect(snapshot), readings(rule, snapshot, car))
        }
        trace.addOptions(car, on: day)
        trace.addEnvelope(envelope(snapshot))
        let errorPPM = LogScale.exp(expectedError(snapshot), scale: 1_000_000)
        let warnings = Plausibility.warnings(car, on: day, evidence: evidence, self)
        let confidence = confidence(errorPPM, car, evidence)
        let quote = QuickEstimate(log: trace.log, expectedErrorPPM: errorPPM)
        return Estimate(
            ruleSet: name,
            valuedOn: day,
            currency: ruleSet.currency,
            basis: ruleSet.basis,
            lines: trace.lines,
            values: values(quote, trace.fen, confidence, car),
            confidence: confidence,
            expectedErrorPPM: errorPPM,
            evidence: evidence,
            warnings: warnings
        )
    }

    /// What kilometres do is told against normal use: that of the age is one line, and what the car has more or less is
    /// another. Together they are what the rules say.
    private func addBase(_ trace: inout Trace, _ snapshot: Snapshot, _ car: CarFacts) {
        let age = snapshot.numbers[slots.age]
        let normalKm = age == missing ? nil : LogScale.scaled(ruleSet.normalKmInYear, age, by: 365)
        var normal = snapshot
        if let normalKm { normal.numbers[slots.odometer] = normalKm }
        let rules = Array(zip(ruleSet.baseRules, baseRules))
        if let normalKm {
            let usual = rules.filter { $0.1.wears == .odometer }.reduce(0) { $0 + $1.1.effect(normal) }
            trace.addNormalUse(usual, km: normalKm, ageDays: age)
        }
        for (rule, compiled) in rules {
            let reads = readings(rule, snapshot, car)
            if normalKm != nil, compiled.wears == .odometer {
                let more = compiled.effect(snapshot) - compiled.effect(normal)
                trace.add(rule, more, reads + [EstimateLine.Reading(input: Input.ageDays, value: String(age))])
            } else {
                trace.add(rule, compiled.effect(snapshot), reads)
            }
        }
    }

    /// The price of one of the sales, made that of the car.
    package func adjustedFen(_ comparable: Evidence.Comparable, in estimate: Estimate) -> Int64 {
        let own = estimate.lines.filter { $0.rule != Trace.comparablesRule }.reduce(0) { $0 + $1.effectLog }
        return LogScale.exp(own + comparable.gap)
    }

    /// Where nothing of its series was ever sold the class is C at best; with a false odometer it is D.
    private func confidence(_ errorPPM: Int64, _ car: CarFacts, _ evidence: Evidence) -> ConfidenceClass {
        let own = ruleSet.confidence.classOf(expectedErrorPPM: errorPPM)
        if !car.findings.isDisjoint(with: [.odometerRollback, .contradictoryReports]) { return .d }
        if !car.condition.damages.isEmpty || car.findings.contains(.severeDamageReported) { return .d }
        switch evidence.standing {
        case .curve, .market: return max(own, .d)
        case .brand: return max(own, .c)
        case .series, .trim: return own
        }
    }

    private func referenceReading(_ snapshot: Snapshot, _ car: CarFacts) -> [EstimateLine.Reading] {
        guard case .newPrice = ruleSet.reference else { return [] }
        let fen = car.newPrice?.untaxedFen ?? ruleSet.newPrices?.fen(of: car) ?? 0
        let origin = car.newPrice?.origin.rawValue ?? "rule_set"
        return [EstimateLine.Reading(input: Input.newPriceFen, value: "\(fen) (\(origin))")]
    }

    private func readings(_ rule: Rule, _ snapshot: Snapshot, _ car: CarFacts) -> [EstimateLine.Reading] {
        rule.inputs.map { input in
            if let slot = inputs.numbers.firstIndex(of: input), isNumber(rule, input) {
                let value = snapshot.numbers[slot]
                return EstimateLine.Reading(input: input, value: value == missing ? "" : String(value))
            }
            return EstimateLine.Reading(input: input, value: car.label(input) ?? "")
        }
    }

    /// A text and a number of a car may have one name.
    private func isNumber(_ rule: Rule, _ input: String) -> Bool {
        switch rule.kind {
        case .curve: true
        case .slope(_, let of, _, _, _): of == input
        case .table(let axes, _): axes.contains { if $0.input == input, case .edges = $0.cells { true } else { false } }
        }
    }
}

/// The lines of an estimate as they come to be. Each line's fen is the price after it less the price before it, both
/// rounded to the nearest: so the lines add up to the price, whatever the rounding.
struct Trace {
    static let comparablesRule = "comparables"

    private(set) var lines: [EstimateLine] = []
    private(set) var log: Int64 = 0
    private(set) var fen: Int64 = 0

    mutating func start(_ reference: Int64, _ reads: [EstimateLine.Reading], _ ruleSet: RuleSetContent) {
        let reason =
            switch ruleSet.reference {
            case .newPrice: LocalizedText(zh: "以新车指导价（不含购置税）为起点", en: "from the new price without tax")
            case .level: LocalizedText(zh: "以所学市场的平均价位为起点", en: "from the level of the market learnt")
            }
        append("reference", .reference, reads, reference, reason)
    }

    mutating func add(_ rule: Rule, _ effect: Int64, _ reads: [EstimateLine.Reading]) {
        guard effect != 0 else { return }
        append(rule.id, rule.group, reads, effect, Trace.reason(rule, reads))
    }

    mutating func addNormalUse(_ effect: Int64, km: Int64, ageDays: Int64) {
        guard effect != 0 else { return }
        let use = InputWords.kilometres(km)
        append(
            "normal_use",
            .age,
            [EstimateLine.Reading(input: Input.ageDays, value: String(ageDays))],
            effect,
            LocalizedText(zh: "同龄车的正常里程：\(use.zh)", en: "normal use at this age: \(use.en)")
        )
    }

    mutating func addComparables(_ evidence: Evidence) {
        guard evidence.standing != .curve else { return }
        let count = evidence.comparables.count
        let standing = evidence.standing.words
        let zh = "与 \(count) 条可比成交对照（依据层级：\(standing.zh)），按证据多少折算"
        let en = "\(count) comparable sales at the level of \(standing.en), by the weight of their evidence"
        append(
            Trace.comparablesRule,
            .comparables,
            [EstimateLine.Reading(input: Trace.comparablesRule, value: String(count))],
            evidence.gap,
            LocalizedText(zh: zh, en: en)
        )
    }

    /// What options cost new passes through by age.
    mutating func addOptions(_ car: CarFacts, on day: CalendarDate) {
        guard !car.options.isEmpty, fen > 0 else { return }
        let worth = OptionWorth.fen(car, on: day)
        guard worth > 0 else { return }
        let names = car.options.map(\.name).joined(separator: ", ")
        append(
            "options",
            .equipment,
            [EstimateLine.Reading(input: "options", value: names)],
            LogScale.ln(fen + worth, over: fen),
            LocalizedText(zh: "选装按车龄折价后计入", en: "options, by what is left of their price at this age")
        )
    }

    mutating func addEnvelope(_ effect: Int64) {
        guard effect != 0 else { return }
        append(
            "never_dearer",
            .correction,
            [EstimateLine.Reading(input: Input.ageDays, value: ""), .init(input: Input.odometerKm, value: "")],
            effect,
            LocalizedText(zh: "车龄越长、里程越多，价格只降不升", en: "never dearer with age or kilometres")
        )
    }

    private mutating func append(
        _ rule: String,
        _ group: LineGroup,
        _ reads: [EstimateLine.Reading],
        _ effect: Int64,
        _ reason: LocalizedText
    ) {
        log += effect
        let after = LogScale.exp(log)
        lines.append(
            EstimateLine(
                rule: rule,
                group: group,
                reads: reads,
                effectLog: effect,
                effectPPM: lines.isEmpty ? 0 : LogScale.ppm(effect),
                amountFen: after - fen,
                reason: reason
            )
        )
        fen = after
    }

    private static func reason(_ rule: Rule, _ reads: [EstimateLine.Reading]) -> LocalizedText {
        let words = reads.map { InputWords.value($0.value, of: $0.input) }
        let zh = words.map(\.zh).joined(separator: " × ")
        return LocalizedText(
            zh: "\(rule.title.zh)：\(zh)",
            en: "\(rule.title.en): \(words.map(\.en).joined(separator: " × "))"
        )
    }
}

/// What is left of an option's price: read in a public valuation service's coefficients (evaluation-api, 2019), for
/// automatic cars, by full years of age.
enum OptionWorth {
    private static let permille: [Int64] = [890, 722, 661, 482, 450, 418, 386, 354, 322, 290, 258]
    /// At 17 years a thirtieth is left, and between the line is straight: 22.4 a year.
    private static let lastAge = 17
    private static let lastPermille: Int64 = 34

    static func fen(_ car: CarFacts, on day: CalendarDate) -> Int64 {
        let years = Int((car.ageDays(on: day) ?? 0) / 365)
        let share =
            years < permille.count
            ? permille[years]
            : max(lastPermille, 258 - LogScale.scaled(Int64(years - 10), 224, by: 7))
        return car.options.reduce(0) { $0 + LogScale.scaled(max($1.newPriceFen, 0), share, by: 1000) }
    }
}
