import Core
import Cryptography

/// What a back-test found, for a program and for a person.
package struct BacktestReport {
    private let ruleSet: RuleSet
    private let backtest: Backtest

    package init(ruleSet: RuleSet, backtest: Backtest) {
        self.ruleSet = ruleSet
        self.backtest = backtest
    }

    private var classes: [(name: String, tally: BacktestTally)] {
        ConfidenceClass.allCases.map { ($0.rawValue, backtest.byClass[$0] ?? BacktestTally()) }
    }

    private var groups: [(name: String, tallies: [(name: String, tally: BacktestTally)])] {
        [
            ("by_class", classes),
            ("by_energy", backtest.byEnergy.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }),
            (
                "by_age",
                backtest.byAge.sorted { (Int($0.key) ?? 999) < (Int($1.key) ?? 999) }.map { ($0.key, $0.value) }
            ),
            ("by_price", backtest.byPrice.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }),
        ]
    }

    // MARK: - JSON

    /// Shares as decimal fractions, which `Core.JSON` does not have.
    package var json: String {
        let overall = backtest.overall.figures
        var members = [
            "\"rule_set\": {\"id\": \(quoted(ruleSet.name.id)), \"version\": \(quoted(ruleSet.name.version)), "
                + "\"hash\": \"\(ruleSet.name.hash.hex)\"}",
            "\"currency\": \(quoted(ruleSet.currency))",
            "\"overall\": \(object(overall))",
            "\"unpriced\": \(overall.unpriced)",
        ]
        for group in groups {
            let tallies = group.tallies.map { "\(quoted($0.name)): \(object($0.tally.figures))" }
            members.append("\"\(group.name)\": {\(tallies.joined(separator: ", "))}")
        }
        return "{\(members.joined(separator: ", "))}"
    }

    private func object(_ figures: BacktestFigures) -> String {
        let shares: [(String, Int64)] = [
            ("median_abs_error", figures.medianAbsErrorPPM), ("mean_abs_error", figures.meanAbsErrorPPM),
            ("within_5", figures.within5PPM), ("within_10", figures.within10PPM), ("within_20", figures.within20PPM),
            ("bias", figures.biasPPM), ("range_coverage", figures.rangeCoveragePPM),
            ("range_width", figures.rangeWidthPPM),
        ]
        let members = shares.map { "\"\($0)\": \(fraction($1))" }.joined(separator: ", ")
        return "{\"n\": \(figures.count), \(members), \"unpriced\": \(figures.unpriced)}"
    }

    private func quoted(_ text: String) -> String { String(decoding: JSON(text).bytes, as: UTF8.self) }

    private func fraction(_ ppm: Int64) -> String {
        let digits = String(ppm.magnitude % 1_000_000)
        let padded = String(repeating: "0", count: 6 - digits.count) + digits
        return "\(ppm < 0 ? "-" : "")\(ppm.magnitude / 1_000_000).\(padded)"
    }

    // MARK: - A table

    package var text: String {
        var rows = [
            ["", "n", "median", "mean", "≤ 5 %", "≤ 10 %", "≤ 20 %", "bias", "in range", "width", "unpriced"]
        ]
        rows.append(row("overall", backtest.overall))
        for group in groups {
            for (name, tally) in group.tallies where tally.figures.count > 0 {
                rows.append(row("\(group.name.dropFirst(3)) \(name)", tally))
            }
        }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            row.enumerated().map { column, cell in
                let blank = String(repeating: " ", count: widths[column] - cell.count)
                return column == 0 ? cell + blank : blank + cell
            }
            .joined(separator: "  ")
        }
        .joined(separator: "\n")
    }

    private func row(_ name: String, _ tally: BacktestTally) -> [String] {
        let figures = tally.figures
        let shares = [
            figures.medianAbsErrorPPM, figures.meanAbsErrorPPM, figures.within5PPM, figures.within10PPM,
            figures.within20PPM, figures.biasPPM, figures.rangeCoveragePPM, figures.rangeWidthPPM,
        ]
        return [name, String(figures.count)] + shares.map(percent) + [String(figures.unpriced)]
    }

    private func percent(_ ppm: Int64) -> String {
        let hundredths = LogScale.scaled(ppm, 1, by: 100)
        let digits = hundredths.magnitude % 100
        return "\(hundredths < 0 ? "-" : "")\(hundredths.magnitude / 100).\(digits < 10 ? "0" : "")\(digits)"
    }
}
