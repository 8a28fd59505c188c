package import Core

/// What the cells of a column are read as.
package enum FieldKind: Sendable, Hashable {
    /// Up to so many Unicode scalars, on one line.
    case text(maximumLength: Int)
    /// The same, on any number of lines.
    case lines(maximumLength: Int)
    case vin
    case plate
    case money
    case distance
    case date
    /// A whole number, behind which one of the words may stand: `2次`.
    case count(ClosedRange<Int64>, words: [String])

    var dimension: Unit.Dimension? {
        switch self {
        case .money: .money
        case .distance: .distance
        default: nil
        }
    }
}

package enum CellValue: Sendable, Hashable {
    case text(String)
    case vin(VIN)
    case plate(Plate)
    case money(Money)
    case odometer(OdometerKm)
    case date(WrittenDate)
    case count(Int64)

    package var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    package var vin: VIN? {
        if case .vin(let vin) = self { vin } else { nil }
    }

    package var plate: Plate? {
        if case .plate(let plate) = self { plate } else { nil }
    }

    package var money: Money? {
        if case .money(let money) = self { money } else { nil }
    }

    package var odometer: OdometerKm? {
        if case .odometer(let odometer) = self { odometer } else { nil }
    }

    package var date: WrittenDate? {
        if case .date(let date) = self { date } else { nil }
    }

    package var count: Int64? {
        if case .count(let count) = self { count } else { nil }
    }
}
