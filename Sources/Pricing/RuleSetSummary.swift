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
            return ["\(rule.id):"] + (axes.count == 1 ? extremes(axes[0], values) : [])
        }
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

/// The curves of a rule set, drawn.
package enum RuleSetCurves {
    private static let width: Int64 = 640
    private static let height: Int64 = 240
    private static let margin: Int64 = 40

    package static func svg(_ content: RuleSetContent) -> String {
        let curves = content.baseRules.filter { if case .curve = $0.kind { true } else { false } }
        let total = Int64(curves.count) * height
        let drawn = curves.enumerated().map { "<g transform=\"translate(0 \(Int64($0) * height))\">\(draw($1))</g>" }
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(total)\" font-family=\"sans-serif\" "
            + "font-size=\"12\">\(drawn.joined())</svg>\n"
    }

    private static func draw(_ rule: Rule) -> String {
        guard case .curve(let input, let points, let values) = rule.kind, let first = points.first,
            let last = points.last
        else { return "" }
        let own = values.prefix(points.count)
        let low = own.min() ?? 0
        let high = own.max() ?? 0
        let line = zip(points, own).map { point, value in
            let across = LogScale.scaled(point - first, width - 2 * margin, by: max(last - first, 1)) + margin
            let down = LogScale.scaled(high - value, height - 2 * margin, by: max(high - low, 1)) + margin
            return "\(across),\(down)"
        }
        return "<text x=\"\(margin)\" y=\"20\">\(rule.title.zh) \(rule.title.en) (\(input)): "
            + "\(low / 10_000) % … \(high / 10_000) %</text>"
            + "<polyline fill=\"none\" stroke=\"#0a58ca\" points=\"\(line.joined(separator: " "))\"/>"
            + "<text x=\"\(margin)\" y=\"\(height - 10)\">\(first)</text>"
            + "<text x=\"\(width - margin)\" y=\"\(height - 10)\" text-anchor=\"end\">\(last)</text>"
    }
}
