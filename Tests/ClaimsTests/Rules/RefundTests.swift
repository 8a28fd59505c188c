import Claims
import Core
import Support
import Testing

struct RefundTests {
    static let returns = TextTable(
        """
        price fen | fees fen | km    | rate | damage fen | usage fen | total fen
        15000000  | 0        | 12000 | 50   | 0          | 900000    | 14100000
        15000000  | 0        | 12000 | 80   | 0          | 900000    | 14100000
        9800000   | 0        | 850   | 30   | 0          | 24990     | 9775010
        9800000   | 120000   | 850   | 30   | 50000      | 24990     | 9845010
        9800001   | 0        | 1     | 50   | 0          | 49        | 9799952
        12880000  | 0        | 0     | 50   | 0          | 0         | 12880000
        """
    )

    @Test(arguments: returns.rows) func `a car that is given back`(_ row: TextTable.Row) throws {
        func number(_ column: String) -> Int64 { Int64(row[column])! }
        let refund = try ReturnRefund(
            price: Money(fen: number("price fen")),
            fees: Money(fen: number("fees fen")),
            km: number("km"),
            usageRate: BasisPoints(number("rate")),
            damage: Money(fen: number("damage fen"))
        )
        #expect(refund.usageFee.fen == number("usage fen"))
        #expect(refund.total.fen == number("total fen"))
        #expect(refund.total.fen + refund.usageFee.fen + refund.damage.fen == refund.price.fen + refund.fees.fen)
    }

    @Test func `what cannot be is refused`() {
        func refund(_ price: Int64, _ km: Int64, _ rate: Int64, _ damage: Int64) -> ProblemType? {
            failure {
                _ = try ReturnRefund(
                    price: Money(fen: price),
                    fees: .zero,
                    km: km,
                    usageRate: BasisPoints(rate),
                    damage: Money(fen: damage)
                )
            }
        }
        #expect(refund(100, 0, 50, 100) == nil)
        #expect(refund(100, 0, 50, 101) == .refundInvalid)
        #expect(refund(-1, 0, 50, 0) == .refundInvalid)
        #expect(refund(100, -1, 50, 0) == .refundInvalid)
        #expect(refund(100, 0, -1, 0) == .refundInvalid)
        #expect(refund(100, 100_001, 50, 0) == .refundInvalid)
        #expect(refund(.max, 0, 50, 0) == .refundInvalid)
    }

    static let fraud = TextTable(
        """
        price fen | losses fen | increase fen | total fen
        12800000  | 0          | 38400000     | 51200000
        8680050   | 0          | 26040150     | 34720200
        12000     | 0          | 50000        | 62000
        16666     | 0          | 50000        | 66666
        16667     | 0          | 50001        | 66668
        12800000  | 35000      | 38400000     | 51235000
        """
    )

    @Test(arguments: fraud.rows) func `fraud gives back the price and three times as much`(_ row: TextTable.Row) throws
    {
        let refund = try FraudRefund(
            price: Money(fen: Int64(row["price fen"])!),
            losses: Money(fen: Int64(row["losses fen"])!)
        )
        #expect("\(refund.increase.fen)" == row["increase fen"])
        #expect("\(refund.total.fen)" == row["total fen"])
    }

    @Test func `no price is no purchase`() {
        #expect(failure { _ = try FraudRefund(price: .zero) } == .refundInvalid)
        #expect(failure { _ = try FraudRefund(price: Money(fen: .max)) } == .refundInvalid)
        #expect(failure { _ = try FraudRefund(price: Money(fen: 1), losses: Money(fen: -1)) } == .refundInvalid)
    }
}
