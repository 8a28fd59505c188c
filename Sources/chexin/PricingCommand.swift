import ArgumentParser
import Core
import Pricing

struct PricingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pricing",
        abstract: "Prices: learning rules from sales, and judging them.",
        subcommands: [PricingCalibrate.self, PricingBacktest.self]
    )
}

struct PricingCalibrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calibrate",
        abstract: "Learns a rule set from sales.",
        discussion: SourceMapping.help
    )

    @Option(help: "How the columns of the data become sales.")
    var mapping: String

    @Option(parsing: .upToNextOption, help: "Tables of sales, plain or packed with gzip.")
    var data: [String]

    @Option(help: "Where the rule set is written.")
    var out: String

    @Option(help: "Where the curves are drawn, as SVG.")
    var svg: String?

    @Option(name: .customLong("rule-set-id"), help: "The rule set's name; the source's where none is given.")
    var id: String?

    @Option(name: .customLong("rule-set-version"), help: "The rule set's version.")
    var version = "1"

    @Option(
        name: .customLong("effective-from"),
        help: "The first day of the rule set; the last sale's where none is given."
    )
    var effectiveFrom: String?

    func run() async throws {
        let mapping = try SalesFile.mapping(mapping)
        var sales: [Sale] = []
        var skipped = 0
        for path in data {
            let file = try SalesFile.read(path, mapping)
            sales += file.sales
            skipped += file.skipped
        }
        let settings = try settings(mapping, sales)
        let content: RuleSetContent
        do {
            content = try Calibration.ruleSet(of: sales, settings: settings) { done, total in
                Console.progress("calibrate", Int64(done), of: Int64(total))
            }
        } catch let failure as Failure {
            throw Refused(message: failure.detail.en)
        }
        let ruleSet = RuleSet(writing: content)
        try OutputFile.write(ruleSet.bytes, to: out)
        if let svg { try OutputFile.write(Array(RuleSetCurves.svg(content).utf8), to: svg) }
        Console.answer(RuleSetSummary.text(ruleSet))
        Console.note("\(sales.count) sales, \(skipped) rows without a price or a day.")
    }

    private func settings(_ mapping: SourceMapping, _ sales: [Sale]) throws -> Calibration.Settings {
        var settings = Calibration.Settings()
        settings.id = id ?? mapping.source
        settings.version = version
        settings.currency = mapping.currency
        settings.basis = mapping.kind.basis
        settings.source = "calibrated on \(sales.count) sales of \(mapping.source)"
        settings.effectiveFrom = sales.map(\.soldOn).max() ?? settings.effectiveFrom
        if settings.currency == "CNY", settings.basis == .retail {
            let market = try RuleSet.market().content
            settings.companions = market.baseRules
            settings.values = market.values
        }
        if let effectiveFrom {
            guard let day = CalendarDate(effectiveFrom) else {
                throw ValidationError("--effective-from has to be a day, YYYY-MM-DD.")
            }
            settings.effectiveFrom = day
        }
        return settings
    }
}

struct PricingBacktest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backtest",
        abstract: "Values cars by a rule set and compares with what they were sold for.",
        discussion: SourceMapping.help
    )

    @Option(help: "The rule set.")
    var rules: String

    @Option(help: "How the columns of both tables become sales.")
    var mapping: String

    @Option(parsing: .upToNextOption, help: "Sales to compare with. A car's own are never used.")
    var comparables: [String]

    @Option(parsing: .upToNextOption, help: "Sales to judge by.")
    var data: [String]

    @Flag(help: "Compares each car with earlier sales alone.")
    var forward = false

    @Flag(help: "Answers in JSON.")
    var json = false

    func run() async throws {
        let mapping = try SalesFile.mapping(mapping)
        let ruleSet = try SalesFile.named(rules) { try RuleSet(reading: $0) }
        let known = try comparables.flatMap { try SalesFile.read($0, mapping).sales }
        let judged = try data.map { try SalesFile.read($0, mapping) }
        let sales = judged.flatMap(\.sales)
        var backtest = Backtest()
        backtest.run(Estimator(ruleSet), comparables: known, sales: sales, isForward: forward) { done in
            Console.progress("backtest", Int64(done), of: Int64(sales.count))
        }
        backtest.addUnpriced(judged.reduce(0) { $0 + $1.skipped })
        let report = BacktestReport(ruleSet: ruleSet, backtest: backtest)
        Console.answer(json ? report.json : report.text)
    }
}

extension SaleKind {
    /// Which value its prices stand for.
    fileprivate var basis: ValueKind {
        switch self {
        case .retail, .asking: .retail
        case .auction, .wholesale: .wholesale
        case .tradeIn: .tradeIn
        case .private: .private
        }
    }
}
