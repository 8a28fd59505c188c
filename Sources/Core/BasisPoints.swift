/// A rate in hundredths of a per cent: 0.5 % is 50.
package struct BasisPoints: Sendable, Hashable, Comparable {
    /// 100 %.
    package static let whole = BasisPoints(10_000)

    package let value: Int64

    package init(_ value: Int64) {
        self.value = value
    }

    package static func < (left: BasisPoints, right: BasisPoints) -> Bool {
        left.value < right.value
    }
}

extension JSON {
    package init(_ rate: BasisPoints) { self = .integer(rate.value) }
}

/// What happens to the part of a fen that a division leaves. Always named by the caller: it is somebody's money.
package enum Rounding: Sendable, Hashable, CaseIterable {
    /// Towards zero.
    case down
    /// Away from zero.
    case up
    /// To the nearest, halves away from zero: 四舍五入.
    case halfUp
    /// To the nearest, halves to the even neighbour.
    case halfEven

    /// `number × factor ÷ divisor`, the product taken in full width so that it cannot overflow on the way.
    ///
    /// - Throws: `Failure.amountOutOfRange` where the result does not fit.
    func quotient(of number: UInt64, times factor: UInt64, by divisor: UInt64) throws -> UInt64 {
        let product = number.multipliedFullWidth(by: factor)
        guard product.high < divisor else { throw Failure(.amountOutOfRange) }
        let (quotient, remainder) = divisor.dividingFullWidth(product)
        guard roundsUp(quotient: quotient, remainder: remainder, divisor: divisor) else { return quotient }
        let (rounded, overflow) = quotient.addingReportingOverflow(1)
        guard !overflow else { throw Failure(.amountOutOfRange) }
        return rounded
    }

    private func roundsUp(quotient: UInt64, remainder: UInt64, divisor: UInt64) -> Bool {
        // Twice the remainder could overflow; what is missing to the divisor cannot.
        let missing = divisor - remainder
        return switch self {
        case .down: false
        case .up: remainder > 0
        case .halfUp: remainder >= missing
        case .halfEven: remainder > missing || remainder == missing && !quotient.isMultiple(of: 2)
        }
    }
}
