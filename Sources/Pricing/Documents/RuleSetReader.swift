import Core
import Yams

extension RuleSet {
    /// Reads a document, which may be a person's work: every fault is named with its line.
    ///
    /// - Throws: `Failure.invalidRuleSet`.
    package init(reading bytes: [UInt8]) throws {
        let faults = DocumentFaults()
        let root = try DocumentPlace.root(bytes, .invalidRuleSet, faults)
        let content = RuleSetReader.content(root)
        try faults.throwIfAny(.invalidRuleSet)
        guard let content else { throw Failure(.invalidRuleSet) }
        self.init(content: content, bytes: bytes)
    }
}

enum RuleSetReader {
    static func content(_ root: DocumentPlace) -> RuleSetContent? {
        root.allow([
            "format", "id", "version", "title", "effective_from", "currency", "source", "basis", "reference", "rules",
            "comparables", "corrections", "confidence", "values", "new_prices_fen", "normal_km_in_year",
        ])
        if let format = root.required("format"), format.text != RuleSetWriter.format {
            format.fail(
                "unknown_format",
                zh: "应为 \(RuleSetWriter.format)",
                en: "This has to be \(RuleSetWriter.format)"
            )
        }
        let id = root.required("id")?.text
        let version = root.required("version")?.text
        let title = root.required("title").flatMap(title)
        let effectiveFrom = root.required("effective_from")?.date
        let currency = root.required("currency")?.text
        let source = root.required("source")?.text
        let basis = root.required("basis")?.oneOf(ValueKind.self)
        let reference = root.required("reference").flatMap(reference)
        let rules = root.required("rules").map(self.rules) ?? []
        guard let id, let version, let title, let effectiveFrom, let currency, let source, let basis, let reference
        else {
            return nil
        }
        var content = RuleSetContent(
            id: id,
            version: version,
            title: title,
            effectiveFrom: effectiveFrom,
            currency: currency,
            source: source,
            basis: basis,
            reference: reference
        )
        content.normalKmInYear = root["normal_km_in_year"].flatMap(kilometres) ?? content.normalKmInYear
        content.baseRules = rules
        content.comparables = root["comparables"].map(comparables) ?? ComparableRules()
        content.corrections = root["corrections"].map(self.rules) ?? []
        content.confidence = root["confidence"].map(confidence) ?? ConfidenceRules()
        content.values = root["values"]?.items.compactMap(value) ?? []
        content.newPrices = root["new_prices_fen"].flatMap(catalogue)
        refuseTwins(root, content)
        return content
    }

    private static func refuseTwins(_ root: DocumentPlace, _ content: RuleSetContent) {
        var seen: Set<String> = []
        for rule in content.baseRules + content.corrections where !seen.insert(rule.id).inserted {
            root.fail("duplicate_rule", zh: "规则编号 \(rule.id) 重复", en: "The rule id \(rule.id) stands twice")
        }
    }

    private static func kilometres(_ place: DocumentPlace) -> Int64? {
        guard let km = place.integer else { return nil }
        guard (1000...200_000).contains(km) else {
            place.fail(
                "out_of_range",
                zh: "应在 1000 至 200000 之间",
                en: "This has to lie between 1,000 and 200,000"
            )
            return nil
        }
        return km
    }

    private static func title(_ place: DocumentPlace) -> LocalizedText? {
        guard let zh = place.required("zh")?.text, let en = place.required("en")?.text else { return nil }
        return LocalizedText(zh: zh, en: en)
    }

    private static func reference(_ place: DocumentPlace) -> RuleSetContent.Reference? {
        if place.node.scalar != nil {
            if place.text == "new_price" { return .newPrice }
            place.fail(
                "unknown_reference",
                zh: "应为 new_price 或 {level: 整数}",
                en: "This has to be new_price or {level: …}"
            )
            return nil
        }
        return place.required("level")?.integer.map { .level($0) }
    }

    // MARK: - Rules

    private static func rules(_ place: DocumentPlace) -> [Rule] { place.items.compactMap(rule) }

    private static func rule(_ place: DocumentPlace) -> Rule? {
        place.allow([
            "id", "group", "title", "source", "unit", "curve", "points", "values", "missing", "slope", "origin", "by",
            "effects", "otherwise", "table", "scale",
        ])
        let id = place.required("id")?.text
        let group = place.required("group")?.oneOf(LineGroup.self)
        let title = place.required("title").flatMap(title)
        let source = place.required("source")?.text
        let scale = place["scale"]?.oneOf(Scale.self) ?? .log
        guard let kind = kind(place, scale), let id, let group, let title, let source else { return nil }
        return Rule(id: id, group: group, title: title, source: source, kind: kind)
    }

    /// How a person writes effects.
    enum Scale: String, CaseIterable {
        /// Millionths of the natural logarithm.
        case log
        /// Per cent of the price before: -5 is a twentieth less.
        case percent
        /// What the price is multiplied by.
        case factor

        func read(_ place: DocumentPlace) -> Int64? {
            switch self {
            case .log: return place.integer
            case .percent:
                guard let percent = place.fixedPoint(digits: 4) else { return nil }
                return checked(1_000_000 + percent, place)
            case .factor:
                guard let factor = place.fixedPoint(digits: 6) else { return nil }
                return checked(factor, place)
            }
        }

        private func checked(_ factor: Int64, _ place: DocumentPlace) -> Int64? {
            guard factor > 0 else {
                place.fail("not_a_factor", zh: "价格不能乘以零或负数", en: "This is zero or less")
                return nil
            }
            return LogScale.ln(factor, over: 1_000_000)
        }
    }

    private static func kind(_ place: DocumentPlace, _ scale: Scale) -> Rule.Kind? {
        if place["curve"] != nil { return curve(place, scale) }
        if place["slope"] != nil { return slope(place, scale) }
        if place["by"] != nil {
            guard let (axis, values) = effects(place, scale) else { return nil }
            return .table([axis], values: values)
        }
        guard let table = place.required("table") else { return nil }
        let axes = table.items.compactMap(axis)
        guard axes.count == table.items.count, (1...2).contains(axes.count) else {
            table.fail("bad_table", zh: "表需要一个或两个输入", en: "A table has one input or two")
            return nil
        }
        let rows = place.required("values")?.items ?? []
        let values = rows.map { $0.items.compactMap(scale.read) }
        let width = axes.count == 1 ? axes[0].count : axes[1].count
        let height = axes.count == 1 ? 1 : axes[0].count
        guard values.count == height, values.allSatisfy({ $0.count == width }) else {
            place["values"]?.fail(
                "wrong_size",
                zh: "应有 \(height) 行，每行 \(width) 个数（最后一格为缺失值）",
                en: "There have to be \(height) rows of \(width) numbers, the last for what is missing"
            )
            return nil
        }
        return .table(axes, values: Array(values.joined()))
    }

    private static func curve(_ place: DocumentPlace, _ scale: Scale) -> Rule.Kind? {
        guard let input = place["curve"]?.text, let points = place.required("points"),
            let values = place.required("values")
        else { return nil }
        let numbers = points.integers
        let effects = values.items.compactMap(scale.read)
        guard !numbers.isEmpty, numbers.count == effects.count else {
            values.fail("wrong_size", zh: "点与数值的个数不同", en: "There have to be as many values as points")
            return nil
        }
        refuseUnordered(points, numbers)
        let wears = Input.wearing.contains(input) && input != Input.lagDays
        if wears, zip(effects, effects.dropFirst()).contains(where: { $0 < $1 }) {
            values.fail("rises", zh: "随车龄或里程增加，价格不得上升", en: "With wear a price never rises")
        }
        return .curve(input: input, points: numbers, values: effects + [place["missing"].flatMap(scale.read) ?? 0])
    }

    private static func slope(_ place: DocumentPlace, _ scale: Scale) -> Rule.Kind? {
        guard let input = place["slope"]?.text, let origin = place.required("origin")?.integer,
            let unit = place.required("unit"), let by = unit.integer, let (axis, values) = effects(place, scale)
        else { return nil }
        guard by > 0 else {
            unit.fail("not_positive", zh: "单位必须大于零", en: "The unit has to be above zero")
            return nil
        }
        if Input.wearing.contains(input), values.contains(where: { $0 > 0 }) {
            place.fail("rises", zh: "随车龄或里程增加，价格不得上升", en: "With wear a price never rises")
        }
        return .slope(labels: axis, of: input, origin: origin, unit: by, values: values)
    }

    private static func effects(_ place: DocumentPlace, _ scale: Scale) -> (Axis, [Int64])? {
        guard let input = place.required("by")?.text, let effects = place.required("effects") else { return nil }
        let members = effects.members
        let values = members.compactMap { scale.read($0.place) }
        guard values.count == members.count else { return nil }
        let otherwise = place["otherwise"].flatMap(scale.read) ?? 0
        return (Axis(input: input, cells: .labels(members.map(\.key))), values + [otherwise])
    }

    private static func axis(_ place: DocumentPlace) -> Axis? {
        guard let input = place.required("input")?.text else { return nil }
        if let labels = place["labels"] { return Axis(input: input, cells: .labels(labels.texts)) }
        guard let edges = place.required("edges") else { return nil }
        let numbers = edges.integers
        refuseUnordered(edges, numbers)
        return Axis(input: input, cells: .edges(numbers))
    }

    private static func refuseUnordered(_ place: DocumentPlace, _ numbers: [Int64]) {
        guard zip(numbers, numbers.dropFirst()).contains(where: { $0 >= $1 }) else { return }
        place.fail("not_rising", zh: "数值必须递增", en: "These numbers have to rise")
    }

    // MARK: - The rest

    private static func comparables(_ place: DocumentPlace) -> ComparableRules {
        var rules = ComparableRules()
        func natural(_ key: String, _ value: inout Int64) {
            guard let member = place[key], let number = member.integer else { return }
            guard number > 0 else { return member.fail("not_positive", zh: "必须大于零", en: "This is not above zero") }
            value = number
        }
        if let weights = place["model_year_weights"]?.integers, !weights.isEmpty { rules.modelYearWeights = weights }
        if let weights = place["month_weights"]?.integers, !weights.isEmpty { rules.monthWeights = weights }
        for (key, member) in place["agreement"]?.members ?? [] { rules.agreement[key] = member.integer }
        natural("trim_prior", &rules.trimPrior)
        natural("series_prior", &rules.seriesPrior)
        natural("brand_prior", &rules.brandPrior)
        natural("market_prior", &rules.marketPrior)
        natural("outlier_distance", &rules.outlierDistance)
        var read = Int64(rules.maximumRead)
        natural("maximum_read", &read)
        rules.maximumRead = Int(min(read, 1000))
        return rules
    }

    private static func confidence(_ place: DocumentPlace) -> ConfidenceRules {
        var rules = ConfidenceRules()
        if let start = place["start"]?.integer { rules.start = start }
        if let limits = place["class_limits_ppm"] {
            rules.classLimits = limits.integers
            if rules.classLimits.count != 3 {
                limits.fail("wrong_size", zh: "需要三个界限", en: "There have to be three limits")
            }
            refuseUnordered(limits, rules.classLimits)
        }
        for (key, range) in place["ranges"]?.members ?? [] {
            guard let name = ConfidenceClass(rawValue: key) else {
                range.fail("unknown_class", zh: "等级只有 A 至 D", en: "The classes are A to D")
                continue
            }
            guard let low = range.required("low")?.integer, let high = range.required("high")?.integer else { continue }
            rules.ranges[name] = ConfidenceRules.Range(low: low, high: high)
        }
        rules.rules = place["rules"].map(self.rules) ?? []
        return rules
    }

    private static func value(_ place: DocumentPlace) -> ValueRule? {
        let scale = place["scale"]?.oneOf(Scale.self) ?? .log
        guard let kind = place.required("kind")?.oneOf(ValueKind.self), let prices = place.required("prices_fen"),
            let effects = place.required("effects"), let source = place.required("source")?.text
        else { return nil }
        let values = effects.items.compactMap(scale.read)
        refuseUnordered(prices, prices.integers)
        guard !values.isEmpty, prices.integers.count == values.count else {
            effects.fail("wrong_size", zh: "价格与数值的个数不同", en: "There have to be as many effects as prices")
            return nil
        }
        return ValueRule(kind: kind, prices: prices.integers, effects: values, source: source)
    }

    private static func catalogue(_ place: DocumentPlace) -> NewPriceCatalogue? {
        guard let otherwise = place.required("otherwise")?.integer else { return nil }
        var catalogue = NewPriceCatalogue(otherwise: otherwise)
        func prices(_ key: String) -> [String: Int64] {
            var prices: [String: Int64] = [:]
            for (label, member) in place[key]?.members ?? [] { prices[label] = member.integer }
            return prices
        }
        catalogue.trims = prices("trims")
        catalogue.series = prices("series")
        catalogue.brands = prices("brands")
        return catalogue
    }
}
