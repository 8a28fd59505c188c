import Core

/// The curves of a rule set, drawn: each rule that reads one number, with what it does to the price.
package enum RuleSetCurves {
    private static let width: Int64 = 720
    private static let height: Int64 = 300
    private static let left: Int64 = 70
    private static let right: Int64 = 20
    private static let top: Int64 = 40
    private static let bottom: Int64 = 40
    private static let ticks: Int64 = 4

    package static func svg(_ content: RuleSetContent) -> String {
        let curves = (content.baseRules + content.corrections).compactMap(Curve.init)
        let drawn = curves.enumerated().map { place, curve in
            "<g transform=\"translate(0 \(Int64(place) * height))\">\(draw(curve))</g>"
        }
        let total = Int64(curves.count) * height
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(total)\" width=\"\(width)\" "
            + "height=\"\(total)\" font-family=\"sans-serif\" font-size=\"12\">"
            + "<rect width=\"\(width)\" height=\"\(total)\" fill=\"#fff\"/>\(drawn.joined())</svg>\n"
    }

    /// Points to be joined by straight lines.
    private struct Curve {
        let rule: Rule
        let input: String
        var points: [(x: Int64, effect: Int64)] = []
        /// What moves no price by a fifth of a per cent is not drawn.
        private static let leastEffect: Int64 = 2000

        init?(_ rule: Rule) {
            self.rule = rule
            switch rule.kind {
            case .curve(let input, let points, let values):
                self.input = input
                self.points = zip(points, values).map { ($0, $1) }
            case .table(let axes, let values):
                guard axes.count == 1, let axis = axes.first, case .edges(let edges) = axis.cells else { return nil }
                input = axis.input
                // A step at each edge. The first and the last cell have no end of their own.
                for (place, edge) in edges.enumerated() {
                    points.append((edge, values[place]))
                    points.append((edge, values[place + 1]))
                }
            case .slope: return nil
            }
            let effects = points.map(\.effect)
            guard let low = effects.min(), let high = effects.max(), high - low >= Curve.leastEffect else { return nil }
        }
    }

    private static func draw(_ curve: Curve) -> String {
        let low = min(0, curve.points.map(\.effect).min() ?? 0)
        let high = max(0, curve.points.map(\.effect).max() ?? 0)
        let first = curve.points.first?.x ?? 0
        let last = curve.points.last?.x ?? 0
        func across(_ x: Int64) -> Int64 {
            left + LogScale.scaled(x - first, width - left - right, by: max(last - first, 1))
        }
        func down(_ effect: Int64) -> Int64 {
            top + LogScale.scaled(high - effect, height - top - bottom, by: max(high - low, 1))
        }
        var parts = ["<text x=\"\(left)\" y=\"20\" font-size=\"14\">\(title(curve))</text>"]
        for tick in 0...ticks {
            let effect = low + LogScale.scaled(high - low, tick, by: ticks)
            let x = first + LogScale.scaled(last - first, tick, by: ticks)
            parts.append(line(left, down(effect), width - right, down(effect), "#ddd"))
            parts.append(text(left - 6, down(effect) + 4, "end", percent(effect)))
            let anchor = tick == 0 ? "start" : tick == ticks ? "end" : "middle"
            parts.append(text(across(x), height - bottom + 18, anchor, words(x, curve.input)))
        }
        parts.append(line(left, down(0), width - right, down(0), "#888"))
        let joined = curve.points.map { "\(across($0.x)),\(down($0.effect))" }.joined(separator: " ")
        parts.append("<polyline fill=\"none\" stroke=\"#0a58ca\" stroke-width=\"2\" points=\"\(joined)\"/>")
        return parts.joined()
    }

    private static func title(_ curve: Curve) -> String {
        escaped("\(curve.rule.title.zh)  \(curve.rule.title.en)  (\(curve.rule.id))")
    }

    private static func words(_ x: Int64, _ input: String) -> String {
        escaped(InputWords.value(String(x), of: input).zh)
    }

    private static func percent(_ effect: Int64) -> String {
        InputWords.decimal(LogScale.ppm(effect), digits: 4, kept: 1) + " %"
    }

    private static func line(_ x1: Int64, _ y1: Int64, _ x2: Int64, _ y2: Int64, _ colour: String) -> String {
        "<line x1=\"\(x1)\" y1=\"\(y1)\" x2=\"\(x2)\" y2=\"\(y2)\" stroke=\"\(colour)\"/>"
    }

    private static func text(_ x: Int64, _ y: Int64, _ anchor: String, _ words: String) -> String {
        "<text x=\"\(x)\" y=\"\(y)\" text-anchor=\"\(anchor)\">\(words)</text>"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
    }
}
