package import Core

/// A rule set ready to be asked. It is compiled once and kept; asking does no work but the rules'.
package struct Estimator: Sendable {
    package let ruleSet: RuleSetContent
    package let name: RuleSetName
    let inputs: InputTable
    let baseRules: [CompiledRule]
    let corrections: [CompiledRule]
    let confidenceRules: [CompiledRule]
    private let envelope: WearEnvelope
    let slots: DerivedSlots

    package init(_ ruleSet: RuleSet) {
        self.init(content: ruleSet.content, name: ruleSet.name)
    }

    /// Of rules that were not written down yet: for trying them.
    package init(content: RuleSetContent) {
        self.init(content: content, name: Calibration.draft)
    }

    init(content: RuleSetContent, name: RuleSetName) {
        ruleSet = content
        self.name = name
        var table = InputTable()
        baseRules = content.baseRules.map { CompiledRule($0, &table) }
        corrections = content.corrections.map { CompiledRule($0, &table) }
        confidenceRules = content.confidence.rules.map { CompiledRule($0, &table) }
        slots = DerivedSlots(&table)
        envelope = WearEnvelope(
            rules: baseRules + corrections,
            age: slots.age,
            lag: slots.lag,
            odometer: slots.odometer
        )
        inputs = table
    }

    /// What the rules before the comparable sales say: the logarithm of fen. `nil` where the reference is missing.
    func base(_ snapshot: inout Snapshot, _ car: CarFacts) -> Int64? {
        if let market = car.marketValueFen, market > 0 {
            snapshot.numbers[slots.marketLog] = LogScale.ln(market)
        }
        if let catalogue = ruleSet.newPrices, snapshot.numbers[slots.newPrice] == missing {
            snapshot.numbers[slots.newPrice] = catalogue.fen(of: car)
        }
        let newPrice = snapshot.numbers[slots.newPrice]
        if newPrice != missing, newPrice > 0 { snapshot.numbers[slots.newPriceLog] = LogScale.ln(newPrice) }
        guard let reference = reference(snapshot) else { return nil }
        var sum = reference
        var model = reference
        for rule in baseRules {
            let effect = rule.effect(snapshot)
            sum += effect
            if rule.isOfModel { model += effect }
        }
        snapshot.numbers[slots.modelLevel] = model
        let market = snapshot.numbers[slots.marketLog]
        if market != missing { snapshot.numbers[slots.marketGap] = market - model }
        return sum
    }

    func reference(_ snapshot: Snapshot) -> Int64? {
        switch ruleSet.reference {
        case .level(let level): return level
        case .newPrice:
            let fen = snapshot.numbers[slots.newPrice]
            return fen == missing || fen <= 0 ? nil : LogScale.ln(fen)
        }
    }

    /// The logarithm of a sale's price above what the rules before the comparable sales say.
    package func gap(of sale: Sale) -> Int64? {
        guard sale.priceFen > 0 else { return nil }
        var snapshot = inputs.snapshot(of: sale.car, on: sale.soldOn)
        return base(&snapshot, sale.car).map { LogScale.ln(sale.priceFen) - $0 }
    }

    func fill(_ snapshot: inout Snapshot, with evidence: Evidence) {
        snapshot.numbers[slots.pooledGap] = evidence.gap
        snapshot.numbers[slots.trimGap] = evidence.trim.gap
        snapshot.numbers[slots.trimWeight] = evidence.trim.weight
        snapshot.numbers[slots.trimDispersion] = evidence.trim.dispersion ?? missing
        snapshot.numbers[slots.seriesGap] = evidence.series.gap
        snapshot.numbers[slots.seriesWeight] = evidence.series.weight
        snapshot.numbers[slots.seriesDispersion] = evidence.series.dispersion ?? missing
    }

    /// What has to be added so that no younger and less driven car like it is worth less.
    func envelope(_ snapshot: Snapshot) -> Int64 { envelope.shift(snapshot) }

    /// The logarithm of the expected median error.
    func expectedError(_ snapshot: Snapshot) -> Int64 {
        confidenceRules.reduce(ruleSet.confidence.start) { $0 + $1.effect(snapshot) }
    }

    /// The price of the basis in fen and the expected error in millionths, without the reasons: for back-tests and
    /// bulk.
    package func quick(_ car: CarFacts, on day: CalendarDate, evidence: Evidence) -> QuickEstimate? {
        var snapshot = inputs.snapshot(of: car, on: day)
        guard let base = base(&snapshot, car) else { return nil }
        fill(&snapshot, with: evidence)
        let corrected = corrections.reduce(base + evidence.gap) { $0 + $1.effect(snapshot) }
        let log = corrected + envelope(snapshot)
        let error = LogScale.exp(expectedError(snapshot), scale: 1_000_000)
        return QuickEstimate(log: log, expectedErrorPPM: error)
    }
}

package struct QuickEstimate: Sendable, Hashable {
    package let log: Int64
    package let expectedErrorPPM: Int64

    package var fen: Int64 { LogScale.exp(log) }
}

/// Where what is derived stands among the numbers.
struct DerivedSlots: Sendable {
    let age: Int
    let lag: Int
    let odometer: Int
    let newPrice: Int
    let modelLevel: Int
    let marketLog: Int
    let newPriceLog: Int
    let marketGap: Int
    let pooledGap: Int
    let trimGap: Int
    let trimWeight: Int
    let trimDispersion: Int
    let seriesGap: Int
    let seriesWeight: Int
    let seriesDispersion: Int

    init(_ table: inout InputTable) {
        age = table.number(Input.ageDays)
        lag = table.number(Input.lagDays)
        odometer = table.number(Input.odometerKm)
        newPrice = table.number(Input.newPriceFen)
        modelLevel = table.number(Input.modelLevel)
        marketLog = table.number(Input.marketValueLog)
        newPriceLog = table.number(Input.newPriceLog)
        marketGap = table.number(Input.marketValueGap)
        pooledGap = table.number(Input.pooledGap)
        trimGap = table.number(Input.trimGap)
        trimWeight = table.number(Input.trimWeight)
        trimDispersion = table.number(Input.trimDispersion)
        seriesGap = table.number(Input.seriesGap)
        seriesWeight = table.number(Input.seriesWeight)
        seriesDispersion = table.number(Input.seriesDispersion)
    }
}
