package import Core
import Cryptography

/// Learns a rule set from sales: base rules, comparables, tables for what is left, and how far all of it is off, judged
/// by sales that it had not seen.
package struct Calibration {
    package struct Settings: Sendable {
        package var id = "calibrated"
        package var version = "1"
        package var effectiveFrom = CalendarDate(daysSinceEpoch: 0)
        package var currency = "CNY"
        package var basis = ValueKind.retail
        package var source = ""
        /// What other rules say of what these sales do not tell, such as the state of a battery.
        package var companions: [Rule] = []
        /// What the other kinds of value are of the basis.
        package var values: [ValueRule] = []
        /// How many small steps the tables are fitted in at most.
        package var tableSteps = 5000
        /// The same of the tables that say how far off estimates are.
        package var errorSteps = 400

        package init() {}
    }

    /// So many sales, judged by tables that had not seen them, tell how far off estimates are. The widest class has one
    /// sale in fifty: of 30,000 it has 600, and its range holds 80 in 100 to within two.
    private static let enoughJudged = 30_000
    /// Of the most steps.
    private static let markPercents = [5, 10, 20, 30, 40, 60, 80, 100]
    /// In logarithms: what is further off says no more, or a few wild prices would tell how many steps there are.
    private static let widestError = 0.2
    /// Fewer teach nothing that holds.
    package static let leastSales = 300

    /// A base and its tables for each fold and for all, and the confidence.
    private static let stages = 2 * (Frame.folds + 1) + 1

    private let frame: Frame
    private let settings: Settings
    private let catalogue: NewPriceCatalogue?
    private let columns: BaseColumns
    private let report: (Int, Int) -> Void

    /// - Parameter report: is told what is being done.
    package static func ruleSet(
        of sales: [Sale],
        settings: Settings,
        report: (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws -> RuleSetContent {
        guard sales.count >= leastSales else {
            throw Failure(
                .tooFewSales,
                zh: "只有 \(sales.count) 条可用数据，至少需要 \(leastSales) 条",
                en: "There are \(sales.count) usable sales; at least \(leastSales) are needed"
            )
        }
        return try withoutActuallyEscaping(report) { report in
            try Calibration(Frame(sales), settings, report).run()
        }
    }

    private init(_ frame: Frame, _ settings: Settings, _ report: @escaping (Int, Int) -> Void) {
        self.frame = frame
        self.settings = settings
        self.report = report
        catalogue = NewPriceCatalogue(frame.sales)
        columns = BaseColumns(frame, catalogue: catalogue)
    }

    // MARK: - In order

    private func run() throws -> RuleSetContent {
        var unseen = Unseen(frame.count)
        for fold in 0..<Frame.folds {
            report(fold, Calibration.stages)
            let content = base(rows: rows { frame.folds[$0] != fold })
            judge(content, fold, &unseen)
        }
        report(Frame.folds, Calibration.stages)
        var content = base(rows: rows { _ in true })
        let inputs = inputs(unseen, Estimator(content: content, name: Calibration.draft))
        let trials = trials(inputs, unseen)
        report(2 * Frame.folds + 1, Calibration.stages)
        content.baseRules += settings.companions.filter(isUntold)
        content.values = settings.values
        content.corrections = rules(corrections(inputs, unseen, rows { _ in true }, steps: trials.steps))
        report(2 * Frame.folds + 2, Calibration.stages)
        let errors = trials.errors
        content.confidence = ConfidenceFit(inputs: inputs, errors: errors, steps: settings.errorSteps).rules()
        report(Calibration.stages, Calibration.stages)
        return content
    }

    /// Whether a rule reads something that can be told only by one who has it, and that no sale has: it moves no sale.
    private func isUntold(_ rule: Rule) -> Bool {
        let own = rule.inputs.filter { !Input.wearing.contains($0) }
        let telling: Set = [
            Input.conditionScore, Input.conditionGrade, Input.batteryHealth, Input.use, Input.supplyIndex,
            Input.registrationBarred,
        ]
        guard own.contains(where: telling.contains) else { return false }
        return own.allSatisfy { input in
            frame.sales.allSatisfy { sale in
                sale.car.number(input, on: sale.soldOn) == missing && sale.car.label(input) == nil
            }
        }
    }

    private func rows(_ isIn: (Int) -> Bool) -> [Int] { (0..<frame.count).filter(isIn) }

    static let draft = RuleSetName(id: "draft", version: "0", hash: .zero)

    private func base(rows: [Int]) -> RuleSetContent {
        let (level, rules) = BaseModel.fit(frame, columns, rows: rows)
        var content = RuleSetContent(
            id: settings.id,
            version: settings.version,
            title: LocalizedText(zh: "由成交数据校准的定价规则", en: "Pricing rules calibrated on sales"),
            effectiveFrom: settings.effectiveFrom,
            currency: settings.currency,
            source: settings.source,
            basis: settings.basis,
            reference: .level(level)
        )
        content.newPrices = catalogue
        content.normalKmInYear = frame.normalKmInYear ?? content.normalKmInYear
        content.baseRules = rules
        content.comparables.trimPrior = Calibration.trimPrior
        for name in frame.textNames where Calibration.placesAndColours[name] != nil {
            content.comparables.agreement[name] = Calibration.placesAndColours[name]
        }
        return content
    }

    /// What makes a sale a nearer one, where the source has it.
    private static let placesAndColours: [String: Int64] = [
        "city": 4000, "region": 1600, "state": 1600, "seller": 1600, "colour": 1150,
    ]
    /// The rules know much of a trim from its own sales already; what comparable sales of it add is told by more of
    /// them.
    private static let trimPrior: Int64 = 6000

    /// What the sales of all other parts say of each sale of one.
    private struct Unseen {
        var base: [Double]
        var snapshots: [Snapshot]
        var evidence: [Evidence]

        init(_ count: Int) {
            base = Array(repeating: 0, count: count)
            snapshots = Array(repeating: Snapshot(), count: count)
            evidence = Array(repeating: .none, count: count)
        }
    }

    private func judge(_ content: RuleSetContent, _ fold: Int, _ unseen: inout Unseen) {
        let estimator = Estimator(content: content, name: Calibration.draft)
        var index = ComparableIndex(estimator)
        for row in rows({ frame.folds[$0] != fold }) { index.add(frame.sales[row]) }
        for row in rows({ frame.folds[$0] == fold }) {
            let sale = frame.sales[row]
            let evidence = index.evidence(for: sale.car, on: sale.soldOn, excluding: sale.vehicle, isForward: false)
            var snapshot = estimator.inputs.snapshot(of: sale.car, on: sale.soldOn)
            guard let base = estimator.base(&snapshot, sale.car) else { continue }
            estimator.fill(&snapshot, with: evidence)
            unseen.base[row] = Double(base + evidence.gap) / Double(LogScale.one)
            unseen.snapshots[row] = snapshot
            unseen.evidence[row] = evidence
            unseen.evidence[row].comparables = []
        }
    }

    // MARK: - Tables

    private func inputs(_ unseen: Unseen, _ estimator: Estimator) -> Boosting.Inputs {
        var inputs = Boosting.Inputs()
        let all = rows { _ in true }
        let derived = estimator.inputs.numbers
        let named = [
            Input.modelYear, Input.ageDays, Input.lagDays, Input.odometerKm, Input.newPriceFen, Input.saleDay,
            Input.transfers, Input.conditionScore, Input.conditionGrade, Input.batteryHealth, Input.marketValueGap,
            Input.modelLevel, Input.trimGap, Input.trimWeight, Input.trimDispersion, Input.seriesGap,
            Input.seriesWeight, Input.seriesDispersion, Input.pooledGap,
        ]
        for name in named + frame.numberNames where name != Input.saleDay || columns.hasTime {
            if let slot = derived.firstIndex(of: name) {
                inputs.addNumber(name, unseen.snapshots.map { $0.numbers[slot] }, rows: all)
            } else {
                inputs.addNumber(name, frame.numbers(name), rows: all)
            }
        }
        for name in [Input.brand, Input.series, Input.energy, Input.use] + frame.textNames {
            inputs.addLabel(name, frame.sales.map { $0.car.label(name) }, rows: all)
        }
        return inputs
    }

    /// Numbers of steps that are tried.
    private var marks: [Int] {
        Set(Calibration.markPercents.map { max(1, settings.tableSteps * $0 / 100) }).sorted()
    }

    /// Tables for each part by what the others taught: after how many steps they are least off on sales that they had
    /// not seen, and how far off they are then. Few sales bear fewer steps than many.
    private func trials(_ inputs: Boosting.Inputs, _ unseen: Unseen) -> (steps: Int, errors: [Int: Double]) {
        var judged: [Int] = []
        var left = Array(repeating: [Double](), count: marks.count)
        for fold in 0..<Frame.folds where judged.count < Calibration.enoughJudged {
            report(Frame.folds + 1 + fold, Calibration.stages)
            let watched = rows { frame.folds[$0] == fold }
            let others = rows { frame.folds[$0] != fold }
            let trial = corrections(inputs, unseen, others, watching: watched, steps: settings.tableSteps)
            judged += watched
            for mark in marks.indices { left[mark] += trial.left[mark] }
        }
        let sizes = left.map { errors in errors.reduce(0) { $0 + min(abs($1), Calibration.widestError) } }
        let best = sizes.indices.min { (sizes[$0], $0) < (sizes[$1], $1) } ?? 0
        var errors: [Int: Double] = [:]
        for (row, error) in zip(judged, left[best]) { errors[row] = error }
        return (marks[best], errors)
    }

    private func corrections(
        _ inputs: Boosting.Inputs,
        _ unseen: Unseen,
        _ rows: [Int],
        watching watched: [Int] = [],
        steps: Int
    ) -> Boosting {
        let target = frame.logPrices.indices.map { frame.logPrices[$0] - unseen.base[$0] }
        var settings = Boosting.Settings()
        settings.steps = steps
        settings.trialSteps = self.settings.tableSteps / 4
        if !watched.isEmpty { settings.marks = marks }
        return Boosting(inputs, target: target, rows: rows, watching: watched, settings: settings)
    }

    private func rules(_ boosting: Boosting) -> [Rule] {
        let middle = Rule(
            id: "table.middle",
            group: .correction,
            title: LocalizedText(zh: "修正：中位", en: "correction: the middle"),
            source: "fitted on the sales of this rule set",
            kind: .table(
                [Axis(input: Input.saleDay, cells: .edges([]))],
                values: [Written.log(boosting.start), 0]
            )
        )
        return boosting.rules(prefix: "table") + [middle]
    }
}
