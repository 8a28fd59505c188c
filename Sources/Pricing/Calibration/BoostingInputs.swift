import Core

extension Boosting.Inputs {
    /// How finely a number is cut, and how many labels of a text have a cell of their own.
    private static let edgeCount = 40
    private static let labelCount = 16
    /// What the wear of a car is cut into: every estimate looks at each of these cells.
    static let wearEdgeCount = 24
    /// A label has a cell of its own from so many sales on.
    private static let leastInLabel = 40

    mutating func addNumber(_ input: String, _ values: [Int64], rows: [Int]) {
        let count = Input.wearing.contains(input) ? Self.wearEdgeCount : Self.edgeCount
        let edges = quantileEdges(rows.map { values[$0] }, count: count)
        guard !edges.isEmpty else { return }
        add(Axis(input: input, cells: .edges(edges)), isLabel: false) { compiled in
            values.map { UInt16(compiled.cell(of: $0)) }
        }
    }

    mutating func addLabel(_ input: String, _ texts: [String?], rows: [Int]) {
        var counts: [String: Int] = [:]
        for row in rows { if let text = texts[row] { counts[text, default: 0] += 1 } }
        let common = counts.filter { $0.value >= Self.leastInLabel }
            .sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(Self.labelCount).map(\.key).sorted()
        guard !common.isEmpty, counts.count > 1 else { return }
        var cellOf: [String: UInt16] = [:]
        for (cell, label) in common.enumerated() { cellOf[label] = UInt16(cell) }
        add(Axis(input: input, cells: .labels(common)), isLabel: true) { _ in
            texts.map { text in text.flatMap { cellOf[$0] } ?? UInt16(common.count) }
        }
    }

    private mutating func add(_ axis: Axis, isLabel: Bool, _ cells: (CompiledAxis) -> [UInt16]) {
        var table = InputTable()
        let compiled = CompiledAxis(axis, &table)
        axes.append(axis)
        self.isLabel.append(isLabel)
        self.cells.append(cells(compiled))
    }
}

extension Boosting {
    /// The tables as rules; what is nothing everywhere is left out.
    func rules(prefix: String) -> [Rule] {
        // A text and a number of a car may have one name.
        var seen: Set<String> = []
        return tables.keys.sorted().compactMap { key in
            guard let table = tables[key] else { return nil }
            let first = inputs.axes[table.first]
            let second = inputs.axes[table.second]
            let values = table.values.map(Written.log)
            guard values.contains(where: { $0 != 0 }) else { return nil }
            let isSingle = table.first == table.second
            var id = isSingle ? "\(prefix).\(first.input)" : "\(prefix).\(first.input).\(second.input)"
            while !seen.insert(id).inserted { id += "'" }
            let words = (isSingle ? [first] : [first, second]).map { InputWords.name($0.input) }
            return Rule(
                id: id,
                group: .correction,
                title: LocalizedText(
                    zh: "修正：" + words.map(\.zh).joined(separator: " × "),
                    en: "correction: " + words.map(\.en).joined(separator: " × ")
                ),
                source: "fitted on the sales of this rule set",
                kind: .table(isSingle ? [first] : [first, second], values: values)
            )
        }
    }
}
