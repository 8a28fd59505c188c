import Core

/// Writes a rule set as the document that people read and that is hashed.
struct RuleSetWriter {
    private var text = ""

    static let format = "chexin-pricing-rules/1"

    static func document(_ content: RuleSetContent) -> [UInt8] {
        var writer = RuleSetWriter()
        writer.write(content)
        return Array(writer.text.utf8)
    }

    private mutating func line(_ indent: Int, _ text: String) {
        self.text += String(repeating: "  ", count: indent) + text + "\n"
    }

    private mutating func write(_ content: RuleSetContent) {
        line(0, "# 定价规则。数值以自然对数的百万分之一为单位：10000 约为 +1 %。")
        line(0, "# Pricing rules. Effects are millionths of the natural logarithm: 10000 is about +1 %.")
        line(0, "format: \(RuleSetWriter.format)")
        line(0, "id: \(quoted(content.id))")
        line(0, "version: \(quoted(content.version))")
        line(0, "title: \(localized(content.title))")
        line(0, "effective_from: \(content.effectiveFrom)")
        line(0, "currency: \(content.currency)")
        line(0, "source: \(quoted(content.source))")
        line(0, "basis: \(content.basis.rawValue)")
        switch content.reference {
        case .level(let level): line(0, "reference: {level: \(level)}")
        case .newPrice: line(0, "reference: new_price")
        }
        line(0, "normal_km_in_year: \(content.normalKmInYear)")
        line(0, "rules:")
        for rule in content.baseRules { write(rule) }
        write(content.comparables)
        line(0, content.corrections.isEmpty ? "corrections: []" : "corrections:")
        for rule in content.corrections { write(rule) }
        write(content.confidence)
        line(0, content.values.isEmpty ? "values: []" : "values:")
        for value in content.values { write(value) }
        if let catalogue = content.newPrices { write(catalogue) }
    }

    private mutating func write(_ rule: Rule) {
        line(1, "- id: \(quoted(rule.id))")
        line(2, "group: \(rule.group.rawValue)")
        line(2, "title: \(localized(rule.title))")
        line(2, "source: \(quoted(rule.source))")
        switch rule.kind {
        case .curve(let input, let points, let values):
            line(2, "curve: \(quoted(input))")
            line(2, "points: \(list(points))")
            line(2, "values: \(list(values.dropLast()))")
            line(2, "missing: \(values.last ?? 0)")
        case .slope(let labels, let of, let origin, let unit, let values):
            line(2, "slope: \(quoted(of))")
            line(2, "origin: \(origin)")
            line(2, "unit: \(unit)")
            write(labels, values)
        case .table(let axes, let values):
            if axes.count == 1, case .labels = axes[0].cells { return write(axes[0], values) }
            line(2, "table:")
            for axis in axes { line(3, "- \(self.axis(axis))") }
            let width = axes.count == 1 ? values.count : axes[1].count
            line(2, "values:")
            for start in stride(from: 0, to: values.count, by: width) {
                line(3, "- \(list(values[start..<(start + width)]))")
            }
        }
    }

    /// One line for each label: what most people look for.
    private mutating func write(_ axis: Axis, _ values: [Int64]) {
        guard case .labels(let labels) = axis.cells else { return }
        line(2, "by: \(quoted(axis.input))")
        line(2, labels.isEmpty ? "effects: {}" : "effects:")
        for (label, value) in zip(labels, values) { line(3, "\(quoted(label)): \(value)") }
        line(2, "otherwise: \(values.last ?? 0)")
    }

    private func axis(_ axis: Axis) -> String {
        switch axis.cells {
        case .edges(let edges): "{input: \(quoted(axis.input)), edges: \(list(edges))}"
        case .labels(let labels):
            "{input: \(quoted(axis.input)), labels: [\(labels.map(quoted).joined(separator: ", "))]}"
        }
    }

    private mutating func write(_ rules: ComparableRules) {
        line(0, "comparables:")
        line(1, "model_year_weights: \(list(rules.modelYearWeights))")
        line(1, "month_weights: \(list(rules.monthWeights))")
        let agreement = rules.agreement.sorted { $0.key < $1.key }.map { "\(quoted($0.key)): \($0.value)" }
        line(1, "agreement: {\(agreement.joined(separator: ", "))}")
        line(1, "trim_prior: \(rules.trimPrior)")
        line(1, "series_prior: \(rules.seriesPrior)")
        line(1, "brand_prior: \(rules.brandPrior)")
        line(1, "market_prior: \(rules.marketPrior)")
        line(1, "outlier_distance: \(rules.outlierDistance)")
        line(1, "maximum_read: \(rules.maximumRead)")
    }

    private mutating func write(_ rules: ConfidenceRules) {
        line(0, "confidence:")
        line(1, "start: \(rules.start)")
        line(1, "class_limits_ppm: \(list(rules.classLimits))")
        line(1, "ranges:")
        for name in ConfidenceClass.allCases {
            guard let range = rules.ranges[name] else { continue }
            line(2, "\(name.rawValue): {low: \(range.low), high: \(range.high)}")
        }
        line(1, rules.rules.isEmpty ? "rules: []" : "rules:")
        for rule in rules.rules { write(rule) }
    }

    private mutating func write(_ value: ValueRule) {
        line(1, "- kind: \(value.kind.rawValue)")
        line(2, "prices_fen: \(list(value.prices))")
        line(2, "effects: \(list(value.effects))")
        line(2, "source: \(quoted(value.source))")
    }

    private mutating func write(_ catalogue: NewPriceCatalogue) {
        line(0, "new_prices_fen:")
        line(1, "otherwise: \(catalogue.otherwise)")
        for (name, prices) in [("brands", catalogue.brands), ("series", catalogue.series), ("trims", catalogue.trims)] {
            line(1, prices.isEmpty ? "\(name): {}" : "\(name):")
            for (key, fen) in prices.sorted(by: { $0.key < $1.key }) { line(2, "\(quoted(key)): \(fen)") }
        }
    }

    private func list(_ numbers: some Collection<Int64>) -> String {
        "[\(numbers.map(String.init).joined(separator: ", "))]"
    }

    private func localized(_ text: LocalizedText) -> String { "{zh: \(quoted(text.zh)), en: \(quoted(text.en))}" }

    /// JSON's way of quoting is YAML's, too.
    private func quoted(_ text: String) -> String { String(decoding: JSON(text).bytes, as: UTF8.self) }
}

extension RuleSet {
    /// The rule set of what calibration found.
    package init(writing content: RuleSetContent) {
        self.init(content: content, bytes: RuleSetWriter.document(content))
    }
}
