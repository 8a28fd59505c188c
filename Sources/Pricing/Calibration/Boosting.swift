/// Learns tables of one and two inputs for what is left of the prices: small steps, each a split by one input whose two
/// sides are split by one more, fitted to the median by weights that follow the distance. Steps over the same inputs
/// add up to one table.
struct Boosting {
    struct Settings {
        var steps = 5000
        /// Steps that find out which tables of two inputs there are.
        var trialSteps = 1250
        /// After so many steps, rising, the watched rows are judged.
        var marks: [Int] = []
        var rate = 0.05
        /// In sales: a side with so many is drawn half-way to nothing.
        var shrinkage = 1.0
        var leastSales = 8.0
        /// Below this distance all sales count alike.
        var robustDistance = 0.03
        var rowShare = 0.6
        var inputShare = 0.25
        /// How many tables of two inputs there may be.
        var pairs = 80
    }

    /// The inputs, each row's cell of each.
    struct Inputs {
        var axes: [Axis] = []
        var cells: [[UInt16]] = []
        var isLabel: [Bool] = []
    }

    struct Table {
        let first: Int
        /// The same as `first` in a table of one input.
        let second: Int
        var values: [Double]
    }

    let inputs: Inputs
    /// More sales than these teach a small step nothing more.
    private static let rowsInStep = 25_000.0

    private let settings: Settings
    private let target: [Double]
    private let rows: [Int32]
    /// Rows that teach nothing and are judged at the marks.
    private let watched: [Int32]
    private var random: SplitMix
    private var predicted: [Double]
    private var gradients: [Double]
    private var weights: [Double]
    private var gains: [Int: Double] = [:]
    private var allowed: [Bool]?
    private(set) var start = 0.0
    private(set) var tables: [Int: Table] = [:]
    /// For each mark what is left of the watched rows.
    private(set) var left: [[Double]] = []

    init(_ inputs: Inputs, target: [Double], rows: [Int], watching watched: [Int] = [], settings: Settings) {
        self.inputs = inputs
        self.settings = settings
        self.target = target
        self.rows = rows.map(Int32.init)
        self.watched = watched.map(Int32.init)
        random = SplitMix(state: 1)
        start = rows.map { target[$0] }.median
        predicted = Array(repeating: start, count: target.count)
        gradients = Array(repeating: 0, count: target.count)
        weights = gradients
        for _ in 0..<settings.trialSteps { step() }
        restrict()
        tables = [:]
        predicted = Array(repeating: start, count: target.count)
        for done in 1...max(settings.steps, 1) {
            step()
            if settings.marks.contains(done) { left.append(watched.map { target[$0] - predicted[$0] }) }
        }
    }

    private var count: Int { inputs.axes.count }

    /// Keeps the pairs that won most.
    private mutating func restrict() {
        var allowed = Array(repeating: false, count: count * count)
        for index in 0..<count { allowed[index * count + index] = true }
        let best = gains.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.prefix(settings.pairs)
        for (pair, _) in best {
            allowed[pair] = true
            allowed[pair % count * count + pair / count] = true
        }
        self.allowed = allowed
    }

    // MARK: - One step

    private struct Split {
        var input = -1
        var isLeft: [Bool] = []
        var gain = 1e-9
        var left = 0.0
        var right = 0.0
    }

    private mutating func step() {
        let picked = draw()
        guard let root = best(picked, { _ in self.random.unit() < self.settings.inputShare }) else { return }
        var left: [Int32] = []
        var right: [Int32] = []
        left.reserveCapacity(picked.count)
        right.reserveCapacity(picked.count)
        inputs.cells[root.input].withUnsafeBufferPointer { cells in
            for row in picked {
                if root.isLeft[Int(cells[Int(row)])] { left.append(row) } else { right.append(row) }
            }
        }
        let allowed = allowed
        let count = count
        let sides = [left, right].map { side in
            best(side) { allowed?[root.input * count + $0] ?? true }
        }
        add(root, isLeft: true, sides[0], otherwise: root.left)
        add(root, isLeft: false, sides[1], otherwise: root.right)
        advance(root, sides)
    }

    private mutating func draw() -> [Int32] {
        var picked: [Int32] = []
        picked.reserveCapacity(rows.count)
        let share = min(settings.rowShare, Boosting.rowsInStep / Double(max(rows.count, 1)))
        for row in rows where random.unit() < share {
            let index = Int(row)
            let left = target[index] - predicted[index]
            let weight = 1 / max(abs(left), settings.robustDistance)
            weights[index] = weight
            gradients[index] = weight * left
            picked.append(row)
        }
        return picked
    }

    private func best(_ rows: [Int32], _ isPicked: (Int) -> Bool) -> Split? {
        var best = Split()
        for input in 0..<count where isPicked(input) { improve(&best, input, rows) }
        return best.input < 0 ? nil : best
    }

    private func improve(_ best: inout Split, _ input: Int, _ rows: [Int32]) {
        let cellCount = inputs.axes[input].count
        withUnsafeTemporaryAllocation(of: Double.self, capacity: cellCount * 2) { sums in
            sums.initialize(repeating: 0)
            inputs.cells[input].withUnsafeBufferPointer { cells in
                gradients.withUnsafeBufferPointer { gradients in
                    weights.withUnsafeBufferPointer { weights in
                        for row in rows {
                            let cell = Int(cells[Int(row)])
                            sums[cell * 2] += gradients[Int(row)]
                            sums[cell * 2 + 1] += weights[Int(row)]
                        }
                    }
                }
            }
            split(&best, input, UnsafeBufferPointer(sums), cellCount)
        }
    }

    /// Labels are put in the order of what they say; numbers keep theirs.
    private func split(_ best: inout Split, _ input: Int, _ sums: UnsafeBufferPointer<Double>, _ cellCount: Int) {
        let shrinkage = settings.shrinkage / settings.robustDistance * 0.5
        let least = settings.leastSales / settings.robustDistance * 0.3
        var order = Array(0..<cellCount)
        if inputs.isLabel[input] {
            let keys = order.map { sums[$0 * 2] / (sums[$0 * 2 + 1] + shrinkage * 2) }
            order.sort { (keys[$0], $0) < (keys[$1], $1) }
        }
        var total = 0.0
        var totalWeight = 0.0
        for cell in 0..<cellCount {
            total += sums[cell * 2]
            totalWeight += sums[cell * 2 + 1]
        }
        let whole = total * total / (totalWeight + shrinkage)
        var left = 0.0
        var leftWeight = 0.0
        var found: (place: Int, left: Double, right: Double)?
        for place in 0..<(cellCount - 1) {
            left += sums[order[place] * 2]
            leftWeight += sums[order[place] * 2 + 1]
            let right = total - left
            let rightWeight = totalWeight - leftWeight
            guard leftWeight >= least, rightWeight >= least else { continue }
            let gain = left * left / (leftWeight + shrinkage) + right * right / (rightWeight + shrinkage) - whole
            guard gain > best.gain else { continue }
            best.gain = gain
            best.input = input
            found = (place, left / (leftWeight + shrinkage), right / (rightWeight + shrinkage))
        }
        guard let found else { return }
        best.left = found.left
        best.right = found.right
        best.isLeft = Array(repeating: false, count: cellCount)
        for cell in order[...found.place] { best.isLeft[cell] = true }
    }

    // MARK: - Adding up

    private mutating func add(_ root: Split, isLeft: Bool, _ side: Split?, otherwise: Double) {
        let other = side?.input ?? root.input
        let low = min(root.input, other)
        let high = max(root.input, other)
        if let side { gains[root.input * count + side.input, default: 0] += side.gain }
        let highCount = low == high ? 1 : inputs.axes[high].count
        let lowCount = inputs.axes[low].count
        let key = low * count + high
        var values = tables.removeValue(forKey: key)?.values ?? Array(repeating: 0, count: lowCount * highCount)
        for lowCell in 0..<lowCount {
            for highCell in 0..<highCount {
                let rootCell = low == root.input ? lowCell : highCell
                guard root.isLeft[rootCell] == isLeft else { continue }
                let sideCell = low == high ? lowCell : (low == root.input ? highCell : lowCell)
                let value = side.map { $0.isLeft[sideCell] ? $0.left : $0.right } ?? otherwise
                values[lowCell * highCount + highCell] += settings.rate * value
            }
        }
        tables[key] = Table(first: low, second: high, values: values)
    }

    private mutating func advance(_ root: Split, _ sides: [Split?]) {
        let rate = settings.rate
        let leftCells = sides[0].map { inputs.cells[$0.input] }
        let rightCells = sides[1].map { inputs.cells[$0.input] }
        let rootCells = inputs.cells[root.input]
        for row in [rows, watched].joined() {
            let index = Int(row)
            let value: Double
            if root.isLeft[Int(rootCells[index])] {
                value =
                    leftCells.map {
                        sides[0]?.isLeft[Int($0[index])] == true ? sides[0]?.left ?? 0 : sides[0]?.right ?? 0
                    } ?? root.left
            } else {
                value =
                    rightCells.map {
                        sides[1]?.isLeft[Int($0[index])] == true ? sides[1]?.left ?? 0 : sides[1]?.right ?? 0
                    } ?? root.right
            }
            predicted[index] += rate * value
        }
    }
}

/// The same numbers on every machine.
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }

    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
