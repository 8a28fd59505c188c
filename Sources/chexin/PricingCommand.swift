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

    @Option(name: .customLong("hold-out"), help: ArgumentHelp(HoldOut.help, valueName: "n"))
    var holdOut: Int?

    @Option(help: "Learns from sales up to this day alone.")
    var until: String?

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
        let holdOut = try HoldOut(asked: holdOut)
        let until = try Day.asked(until, "--until")
        for path in data {
            let file = try SalesFile.read(path, mapping)
            sales += file.sales.filter { !holdOut.holds($0) && $0.soldOn <= until ?? $0.soldOn }
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
        if let day = try Day.asked(effectiveFrom, "--effective-from") { settings.effectiveFrom = day }
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

    @Option(name: .customLong("hold-out"), help: ArgumentHelp(HoldOut.help, valueName: "n"))
    var holdOut: Int?

    @Option(help: "Judges by sales from this day on alone.")
    var since: String?

    @Flag(help: "Compares each car with earlier sales alone.")
    var forward = false

    @Flag(help: "Answers in JSON.")
    var json = false

    func run() async throws {
        let mapping = try SalesFile.mapping(mapping)
        let ruleSet = try SalesFile.named(rules) { try RuleSet(reading: $0) }
        let parts = try HoldOut(asked: holdOut)
        let since = try Day.asked(since, "--since")
        let known = try comparables.flatMap { try SalesFile.read($0, mapping).sales }.filter { !parts.holds($0) }
        let judged = try data.map { try SalesFile.read($0, mapping) }
        let sales = judged.flatMap(\.sales).filter {
            (holdOut == nil || parts.holds($0)) && $0.soldOn >= since ?? $0.soldOn
        }
        var backtest = Backtest()
        backtest.run(Estimator(ruleSet), comparables: known, sales: sales, isForward: forward) { done in
            Console.progress("backtest", Int64(done), of: Int64(sales.count))
        }
        backtest.addUnpriced(judged.reduce(0) { $0 + $1.skipped })
        let report = BacktestReport(ruleSet: ruleSet, backtest: backtest)
        Console.answer(json ? report.json : report.text)
    }
}

extension HoldOut {
    fileprivate static let help = "Keeps one vehicle in n apart: never learnt from nor compared with, alone judged."

    /// - Throws: `ValidationError`, where the number makes no parts.
    fileprivate init(asked parts: Int?) throws {
        guard let parts else {
            self = .nothing
            return
        }
        guard let holdOut = HoldOut(oneIn: parts) else { throw ValidationError("--hold-out has to be 2 or more.") }
        self = holdOut
    }
}

private enum Day {
    static func asked(_ text: String?, _ option: String) throws -> CalendarDate? {
        guard let text else { return nil }
        guard let day = CalendarDate(text) else { throw ValidationError("\(option) has to be a day, YYYY-MM-DD.") }
        return day
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
