/// An amount of renminbi in fen. Never a fraction: what is divided is divided with a rounding that the caller names.
package struct Money: Sendable, Hashable, Comparable {
    package static let zero = Money(fen: 0)
    /// Every amount that arithmetic here returns can be written as JSON and read again.
    package static let maximumFen = JSON.maximumInteger

    package let fen: Int64

    package init(fen: Int64) {
        self.fen = fen
    }

    package static func < (left: Money, right: Money) -> Bool {
        left.fen < right.fen
    }

    /// - Throws: `Failure.amountOutOfRange`.
    package func adding(_ other: Money) throws -> Money {
        try Money(checking: fen.addingReportingOverflow(other.fen))
    }

    /// - Throws: `Failure.amountOutOfRange`.
    package func subtracting(_ other: Money) throws -> Money {
        try Money(checking: fen.subtractingReportingOverflow(other.fen))
    }

    /// - Throws: `Failure.amountOutOfRange`.
    package func multiplied(by rate: BasisPoints, rounding: Rounding) throws -> Money {
        let magnitude = try rounding.quotient(
            of: fen.magnitude,
            times: rate.value.magnitude,
            by: BasisPoints.whole.value.magnitude
        )
        return try Money(magnitude: magnitude, isNegative: (fen < 0) != (rate.value < 0))
    }

    private init(checking result: (partialValue: Int64, overflow: Bool)) throws {
        guard !result.overflow, result.partialValue.magnitude <= Money.maximumFen.magnitude else {
            throw Failure(.amountOutOfRange)
        }
        fen = result.partialValue
    }

    private init(magnitude: UInt64, isNegative: Bool) throws {
        guard let fen = Int64(exactly: magnitude) else { throw Failure(.amountOutOfRange) }
        try self.init(checking: (isNegative ? -fen : fen, false))
    }
}

// MARK: - Splitting

extension Money {
    /// Parts in the proportion of `weights` that add up to `total` to the fen, by largest remainder: each part is
    /// rounded towards zero, and the fen left over go one each to the parts that lost most; of equals the first comes
    /// first, so that the same question always has the same answer. A part without weight gets nothing.
    ///
    /// - Throws: `Failure.invalidSplit` where there is no weight, or a negative one.
    package static func split(_ total: Money, weights: [Int64]) throws -> [Money] {
        let sum = try sum(of: weights)
        var parts: [(magnitude: UInt64, remainder: UInt64)] = weights.map { weight in
            // The quotient fits, because no weight is above the sum.
            let product = total.fen.magnitude.multipliedFullWidth(by: UInt64(weight))
            let (quotient, remainder) = sum.dividingFullWidth(product)
            return (quotient, remainder)
        }
        let leftOver = parts.reduce(total.fen.magnitude) { $0 - $1.magnitude }
        let byLoss = parts.indices.sorted { left, right in
            (parts[right].remainder, left) < (parts[left].remainder, right)
        }
        for index in byLoss.prefix(Int(leftOver)) { parts[index].magnitude += 1 }
        return try parts.map { try Money(magnitude: $0.magnitude, isNegative: total.fen < 0) }
    }

    private static func sum(of weights: [Int64]) throws -> UInt64 {
        var sum: UInt64 = 0
        for weight in weights {
            let (next, overflow) = sum.addingReportingOverflow(UInt64(clamping: weight))
            guard weight >= 0, !overflow else { throw Failure(.invalidSplit) }
            sum = next
        }
        guard sum > 0 else { throw Failure(.invalidSplit) }
        return sum
    }
}

// MARK: - JSON

extension Money {
    /// The only currency that amounts are kept in; it is written all the same, so that no reader has to assume it.
    package enum Currency: String, Sendable, Hashable, CaseIterable {
        case cny = "CNY"
    }

    package var json: JSON {
        ["amount": .integer(fen), "currency": JSON(Currency.cny.rawValue)]
    }
}

extension JSON {
    package init(_ money: Money) { self = money.json }
}

extension ObjectReader {
    /// Reads `{"amount": 12880000, "currency": "CNY"}`, the amount in fen.
    package mutating func money(
        _ name: String,
        fen range: ClosedRange<Int64> = 0...Money.maximumFen,
        required: Bool = true
    ) -> Money? {
        guard var object = object(name, required: required) else { return nil }
        let fen = object.integer("amount", in: range)
        let currency = object.oneOf("currency", Money.Currency.self)
        object.refuseUnknownMembers()
        guard let fen, currency != nil else { return nil }
        return Money(fen: fen)
    }
}

// MARK: - Problems

extension ProblemType {
    package static let amountOutOfRange = ProblemType(
        "amount_out_of_range",
        .invalid,
        zh: "金额超出可处理的范围",
        en: "The amount is beyond what can be handled"
    )
    package static let invalidSplit = ProblemType(
        "invalid_split",
        .invalid,
        zh: "无法按所给比例分摊金额",
        en: "The amount cannot be split in these proportions"
    )
}
