import Core

/// The inputs of a rule set by number, so that an estimate looks each of them up once.
struct InputTable: Sendable {
    private(set) var numbers: [String] = []
    private var readers: [NumberReader] = []
    private(set) var labels: [String] = []
    /// For each text the numbers of all its labels.
    private(set) var labelNumbers: [[String: Int32]] = []

    mutating func number(_ input: String) -> Int {
        if let slot = numbers.firstIndex(of: input) { return slot }
        numbers.append(input)
        readers.append(NumberReader(input))
        return numbers.count - 1
    }

    mutating func label(_ input: String) -> Int {
        if let slot = labels.firstIndex(of: input) { return slot }
        labels.append(input)
        labelNumbers.append([:])
        return labels.count - 1
    }

    mutating func labelNumber(_ label: String, slot: Int) -> Int {
        if let number = labelNumbers[slot][label] { return Int(number) }
        let number = labelNumbers[slot].count
        labelNumbers[slot][label] = Int32(number)
        return number
    }

    /// The facts as numbers. What depends on rules or evidence is filled in later.
    func snapshot(of car: CarFacts, on day: CalendarDate) -> Snapshot {
        var snapshot = Snapshot()
        snapshot.numbers.reserveCapacity(numbers.count)
        for reader in readers { snapshot.numbers.append(reader.read(car, on: day)) }
        snapshot.labels.reserveCapacity(labels.count)
        for (slot, name) in labels.enumerated() {
            let number = car.label(name).flatMap { labelNumbers[slot][$0] }
            snapshot.labels.append(number ?? -1)
        }
        return snapshot
    }
}

struct Snapshot: Sendable {
    var numbers: [Int64] = []
    var labels: [Int32] = []
}

struct CompiledAxis: Sendable {
    let slot: Int
    let isLabel: Bool
    let edges: [Int64]
    /// For each label of the input its cell.
    let cellOfLabel: [Int32]
    let count: Int

    init(_ axis: Axis, _ table: inout InputTable) {
        count = axis.count
        switch axis.cells {
        case .edges(let edges):
            slot = table.number(axis.input)
            isLabel = false
            self.edges = edges
            cellOfLabel = []
        case .labels(let labels):
            slot = table.label(axis.input)
            isLabel = true
            edges = []
            var cells: [Int32] = []
            for (cell, label) in labels.enumerated() {
                let number = table.labelNumber(label, slot: slot)
                while cells.count <= number { cells.append(Int32(labels.count)) }
                cells[number] = Int32(cell)
            }
            cellOfLabel = cells
        }
    }

    func cell(_ snapshot: Snapshot) -> Int {
        if isLabel {
            let number = Int(snapshot.labels[slot])
            return number >= 0 && number < cellOfLabel.count ? Int(cellOfLabel[number]) : count - 1
        }
        return cell(of: snapshot.numbers[slot])
    }

    func cell(of value: Int64) -> Int {
        guard value != missing else { return count - 1 }
        var low = 0
        var high = edges.count
        while low < high {
            let middle = (low + high) / 2
            if edges[middle] <= value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// A rule ready to be applied.
struct CompiledRule: Sendable {
    private enum Kind: Sendable {
        case one(CompiledAxis)
        case two(CompiledAxis, CompiledAxis)
        case curve(slot: Int, points: [Int64])
        case slope(CompiledAxis, slot: Int, origin: Int64, unit: Int64)
    }

    private let kind: Kind
    private let values: [Int64]
    let wears: Wear
    let isOfModel: Bool

    /// Which of the inputs that grow with use a rule reads.
    struct Wear: OptionSet, Sendable {
        let rawValue: UInt8
        static let age = Wear(rawValue: 1)
        static let odometer = Wear(rawValue: 2)
    }

    private static let modelInputs: Set<String> = [
        Input.brand, Input.series, Input.seriesEngine, Input.trim, Input.trimLine, Input.newPriceFen, Input.newPriceLog,
    ]

    init(_ rule: Rule, _ table: inout InputTable) {
        switch rule.kind {
        case .table(let axes, let values):
            self.values = values
            let compiled = axes.map { CompiledAxis($0, &table) }
            kind = compiled.count == 1 ? .one(compiled[0]) : .two(compiled[0], compiled[1])
        case .curve(let input, let points, let values):
            self.values = values
            kind = .curve(slot: table.number(input), points: points)
        case .slope(let labels, let input, let origin, let unit, let values):
            self.values = values
            kind = .slope(
                CompiledAxis(labels, &table),
                slot: table.number(input),
                origin: origin,
                unit: unit
            )
        }
        var wears: Wear = []
        if rule.inputs.contains(Input.ageDays) || rule.inputs.contains(Input.lagDays) { wears.insert(.age) }
        if rule.inputs.contains(Input.odometerKm) { wears.insert(.odometer) }
        self.wears = wears
        isOfModel = Set(rule.inputs).isSubset(of: CompiledRule.modelInputs)
    }

    /// In millionths of the logarithm.
    func effect(_ snapshot: Snapshot) -> Int64 {
        switch kind {
        case .one(let axis): values[axis.cell(snapshot)]
        case .two(let first, let second): values[first.cell(snapshot) * second.count + second.cell(snapshot)]
        case .curve(let slot, let points): interpolated(snapshot.numbers[slot], points)
        case .slope(let axis, let slot, let origin, let unit):
            snapshot.numbers[slot] == missing
                ? 0 : LogScale.scaled(values[axis.cell(snapshot)], snapshot.numbers[slot] - origin, by: unit)
        }
    }

    /// Where a step may lie: the last value of `slot` inside each cell.
    func steps(slot: Int) -> [Int64] {
        switch kind {
        case .one(let axis): axis.isLabel || axis.slot != slot ? [] : axis.edges
        case .two(let first, let second):
            [first, second].flatMap { $0.isLabel || $0.slot != slot ? [] : $0.edges }
        case .curve, .slope: []
        }
    }

    /// The last value stands for what is missing.
    private func interpolated(_ value: Int64, _ points: [Int64]) -> Int64 {
        guard value != missing else { return values[points.count] }
        guard let first = points.first, value > first else { return values[0] }
        var low = 0
        var high = points.count
        while low < high {
            let middle = (low + high) / 2
            if points[middle] <= value { low = middle + 1 } else { high = middle }
        }
        guard low < points.count else { return values[points.count - 1] }
        let width = points[low] - points[low - 1]
        return values[low - 1]
            + LogScale.scaled(values[low] - values[low - 1], value - points[low - 1], by: width)
    }
}
