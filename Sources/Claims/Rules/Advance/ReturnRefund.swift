package import Core

/// What a buyer gets who gives the car back within the days that were promised. The parts add up, to the fen.
package struct ReturnRefund: Sendable, Hashable {
    package let price: Money
    package let fees: Money
    /// For the use of the car; never above what the maker's rules would allow.
    package let usageFee: Money
    package let damage: Money

    package var total: Money { Money(fen: price.fen + fees.fen - usageFee.fen - damage.fen) }

    /// 0.5 % of the price for 1,000 km: the ceiling of the Provisions on the Repair, Replacement and Return of Family
    /// Cars (2021), article 27. They hold for makers; here they bind us by our own proposal.
    package static let usageRateMaximum = BasisPoints(50)
    static let kmMaximum: Int64 = 100_000

    /// - Parameters:
    ///   - usageRate: for 1,000 km, as it was agreed; what is above the ceiling is not taken.
    ///   - damage: that was not there at delivery.
    /// - Throws: `Failure.refundInvalid`.
    package init(price: Money, fees: Money, km: Int64, usageRate: BasisPoints, damage: Money) throws {
        let amounts = [price, fees, damage]
        guard amounts.allSatisfy({ (0...Money.maximumFen / 4).contains($0.fen) }), usageRate.value >= 0,
            (0...ReturnRefund.kmMaximum).contains(km)
        else { throw Failure(.refundInvalid) }
        let rate = min(usageRate, ReturnRefund.usageRateMaximum)
        let usage = ReturnRefund.usage(of: price, km: km, rate: rate)
        guard usage.fen + damage.fen <= price.fen + fees.fen else {
            throw Failure(.refundInvalid, zh: "扣除额超过购车款", en: "More would be taken off than was paid")
        }
        self.price = price
        self.fees = fees
        usageFee = usage
        self.damage = damage
    }

    /// `price × km ÷ 1000 × rate`, down to the fen: what is left of one is the buyer's.
    private static func usage(of price: Money, km: Int64, rate: BasisPoints) -> Money {
        let product = Int128(price.fen) * Int128(km) * Int128(rate.value)
        return Money(fen: Int64(clamping: product / (1000 * Int128(BasisPoints.whole.value))))
    }
}

/// 退一赔三: Consumer Protection Law, article 55.
package struct FraudRefund: Sendable, Hashable {
    package let price: Money
    package let increase: Money
    /// What the buyer lost besides.
    package let losses: Money

    package var total: Money { Money(fen: price.fen + increase.fen + losses.fen) }

    private static let times = BasisPoints(30_000)
    private static let floor = Money(fen: 500 * 100)

    /// - Throws: `Failure.amountOutOfRange` or `.refundInvalid`.
    package init(price: Money, losses: Money = .zero) throws {
        guard (1...Money.maximumFen / 8).contains(price.fen), (0...Money.maximumFen / 8).contains(losses.fen) else {
            throw Failure(.refundInvalid)
        }
        self.price = price
        increase = max(try price.multiplied(by: FraudRefund.times, rounding: .up), FraudRefund.floor)
        self.losses = losses
    }
}
