import Core
import Cryptography

/// What a rule set says, as tables that a person looks through after calibration.
package enum RuleSetSummary {
    /// As many of the strongest effects of a rule are shown.
    private static let shown = 8

    package static func text(_ ruleSet: RuleSet) -> String {
        let content = ruleSet.content
        var lines = ["\(ruleSet.name.id) \(ruleSet.name.version)  \(ruleSet.name.hash.hex)"]
        for rule in content.baseRules { lines += describe(rule) }
        lines.append("\(content.corrections.count) tables of what is left; the strongest by mean size:")
        let strongest = content.corrections.map { ($0.id, size($0)) }.sorted { $0.1 > $1.1 }.prefix(shown * 2)
        lines += strongest.map { "  \($0.0): \(percent($0.1))" }
        lines.append("classes by expected median error: \(content.confidence.classLimits.map(percent))")
        for (name, range) in content.confidence.ranges.sorted(by: { $0.key < $1.key }) {
            lines.append("  \(name.rawValue): range from \(range.low) to \(range.high) thousandths of it")
        }
        return lines.joined(separator: "\n")
    }

    private static func describe(_ rule: Rule) -> [String] {
        switch rule.kind {
        case .curve(_, let points, let values):
            return ["\(rule.id):"] + zip(points, values).map { "  \($0): \(percent($1))" }
        case .slope(let axis, _, _, _, let values):
            return ["\(rule.id):"] + extremes(axis, values)
        case .table(let axes, let values):
            return ["\(rule.id):"] + (axes.count == 1 ? cells(axes[0], values) : grid(axes[0], axes[1], values))
        }
    }

    private static func cells(_ axis: Axis, _ values: [Int64]) -> [String] {
        guard case .edges = axis.cells else { return extremes(axis, values) }
        return values.indices.map { "  \(axis.words(ofCell: $0)): \(percent(values[$0]))" }
    }

    /// The cells that move prices most, both ways.
    private static func grid(_ rows: Axis, _ columns: Axis, _ values: [Int64]) -> [String] {
        let sorted = values.indices.filter { values[$0] != 0 }.sorted { values[$0] > values[$1] }
        let picked = sorted.count <= shown * 2 ? sorted : Array(sorted.prefix(shown) + sorted.suffix(shown))
        let cells = picked.map { cell in
            let row = rows.words(ofCell: cell / columns.count)
            let column = columns.words(ofCell: cell % columns.count)
            return "  \(row) × \(column): \(percent(values[cell]))"
        }
        return ["  \(sorted.count) cells of \(values.count) say something; the strongest:"] + cells
    }

    private static func extremes(_ axis: Axis, _ values: [Int64]) -> [String] {
        guard case .labels(let labels) = axis.cells else { return [] }
        let sorted = zip(labels, values).sorted { $0.1 > $1.1 }
        let picked = sorted.count <= shown * 2 ? sorted : sorted.prefix(shown) + sorted.suffix(shown)
        return picked.map { "  \($0.0): \(percent($0.1))" }
    }

    private static func size(_ rule: Rule) -> Int64 {
        guard case .table(_, let values) = rule.kind, !values.isEmpty else { return 0 }
        return values.reduce(0) { $0 + abs($1) } / Int64(values.count)
    }

    private static func percent(_ log: Int64) -> String {
        let hundredths = LogScale.scaled(log, 1, by: 100)
        let digits = hundredths.magnitude % 100
        return "\(hundredths < 0 ? "-" : "")\(hundredths.magnitude / 100).\(digits < 10 ? "0" : "")\(digits) %"
    }
}

extension Axis {
    /// What a cell holds, for a person.
    fileprivate func words(ofCell cell: Int) -> String {
        switch cells {
        case .labels(let labels): return cell < labels.count ? labels[cell] : "otherwise"
        case .edges(let edges):
            func edge(_ place: Int) -> String { InputWords.value(String(edges[place]), of: input).en }
            if cell > edges.count { return "unknown" }
            if edges.isEmpty { return "all" }
            if cell == 0 { return "below \(edge(0))" }
            return cell == edges.count ? "from \(edge(cell - 1))" : "\(edge(cell - 1)) to \(edge(cell))"
        }
    }
}
