package import Core

/// One rule of a rule set: it reads one or two inputs and moves the price by a factor.
package struct Rule: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// A value for each cell of one or two axes.
        case table([Axis], values: [Int64])
        /// Between the points of a numeric input the line is straight, outside it is level.
        case curve(input: String, points: [Int64], values: [Int64])
        /// A slope for each label: value × (input − origin) ÷ unit.
        case slope(labels: Axis, of: String, origin: Int64, unit: Int64, values: [Int64])
    }

    package let id: String
    package let group: LineGroup
    package let title: LocalizedText
    /// Where the numbers come from.
    package let source: String
    package let kind: Kind

    package init(id: String, group: LineGroup, title: LocalizedText, source: String, kind: Kind) {
        self.id = id
        self.group = group
        self.title = title
        self.source = source
        self.kind = kind
    }

    package var inputs: [String] {
        switch kind {
        case .table(let axes, _): axes.map(\.input)
        case .curve(let input, _, _): [input]
        case .slope(let labels, let of, _, _, _): [labels.input, of]
        }
    }
}

/// How an input is cut into cells. The last cell is for what is missing or not named.
package struct Axis: Sendable, Hashable {
    package enum Cells: Sendable, Hashable {
        case labels([String])
        /// Rising. A number belongs to the cell whose index is the count of edges at or below it.
        case edges([Int64])
    }

    package let input: String
    package let cells: Cells

    package init(input: String, cells: Cells) {
        self.input = input
        self.cells = cells
    }

    package var count: Int {
        switch cells {
        case .labels(let labels): labels.count + 1
        case .edges(let edges): edges.count + 2
        }
    }
}

/// How sales are compared: everything in thousandths of a sale that is like the car in everything.
package struct ComparableRules: Sendable, Hashable {
    /// By the difference of model years: 0, 1, 2, … years. Beyond the last nothing counts.
    package var modelYearWeights: [Int64] = [1000, 287, 82]
    /// By months since the sale; the last holds for ever.
    package var monthWeights: [Int64] = [1000, 882, 779, 687, 607, 535, 472, 417, 368, 325, 287, 253, 223]
    /// Texts whose agreement makes a sale count for more, such as colour and city.
    package var agreement: [String: Int64] = [:]
    /// How many sales of its own an estimate has to have, in thousandths, until they count for as much as the wider
    /// level: of trim against series, series against brand, brand against market.
    package var trimPrior: Int64 = 3000
    package var seriesPrior: Int64 = 5000
    package var brandPrior: Int64 = 20_000
    package var marketPrior: Int64 = 10_000
    /// Beyond this distance from their middle, in millionths of the logarithm, sales lose weight.
    package var outlierDistance: Int64 = 60_000
    /// How many sales of a level are read at most.
    package var maximumRead = 60

    package init() {}
}

/// What the classes and ranges are made of.
package struct ConfidenceRules: Sendable, Hashable {
    /// The logarithm of the expected median error (as a share of 1), to which `rules` add.
    package var start: Int64 = -2_500_000
    package var rules: [Rule] = []
    /// Up to which expected error, in millionths, a car belongs to A, B and C; what is above is D.
    package var classLimits: [Int64] = [45_000, 70_000, 110_000]
    /// How many expected errors below and above the point the range of each class ends, in thousandths.
    package var ranges: [ConfidenceClass: Range] = [:]
    /// Added to the expected error's logarithm where no sale of the series is known.
    package struct Range: Sendable, Hashable {
        package let low: Int64
        package let high: Int64

        package init(low: Int64, high: Int64) {
            self.low = low
            self.high = high
        }
    }

    package init() {}
}

/// What the other kinds of value are of the basis: a factor, or for a dealer's purchase his margin by price.
package struct ValueRule: Sendable, Hashable {
    package let kind: ValueKind
    /// Of the basis, by its price: rising prices in fen, and the effect at each, straight between them.
    package let prices: [Int64]
    package let effects: [Int64]
    package let source: String

    package init(kind: ValueKind, prices: [Int64], effects: [Int64], source: String) {
        self.kind = kind
        self.prices = prices
        self.effects = effects
        self.source = source
    }
}
