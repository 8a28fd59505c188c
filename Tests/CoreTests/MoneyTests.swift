import Core
import Testing

@Suite struct MoneyTests {
    private static let most = Money(fen: Money.maximumFen)
    private static let least = Money(fen: -Money.maximumFen)

    @Test func `sums and differences are exact`() throws {
        #expect(try Money(fen: 12_880_000).adding(Money(fen: -1)) == Money(fen: 12_879_999))
        #expect(try Money.zero.subtracting(Money(fen: 5)) == Money(fen: -5))
        #expect(try Self.most.adding(Self.least) == .zero)
        #expect(Money(fen: -1) < .zero)
    }

    @Test func `what cannot be written as JSON is refused`() {
        #expect(problem { _ = try Self.most.adding(Money(fen: 1)) } == "amount_out_of_range")
        #expect(problem { _ = try Self.least.subtracting(Money(fen: 1)) } == "amount_out_of_range")
        #expect(problem { _ = try Money(fen: .max).adding(Money(fen: 1)) } == "amount_out_of_range")
        #expect(problem { _ = try Money(fen: .min).subtracting(Money(fen: 1)) } == "amount_out_of_range")
        let twice = BasisPoints(20_000)
        #expect(problem { _ = try Self.most.multiplied(by: twice, rounding: .down) } == "amount_out_of_range")
        #expect(
            problem { _ = try Money(fen: .min).multiplied(by: BasisPoints(.min), rounding: .up) }
                == "amount_out_of_range"
        )
    }

    @Test(
        arguments: rows(
            """
            # fen  rate    down  up   halfUp  halfEven
            100    50      0     1    1       0
            300    50      1     2    2       2
            301    50      1     2    2       2
            299    50      1     2    1       1
            -100   50      0     -1   -1      0
            -300   50      -1    -2   -2      -2
            100    -50     0     -1   -1      0
            -100   -50     0     1    1       0
            200    50      1     1    1       1
            7      10000   7     7    7       7
            0      9999    0     0    0       0
            9007199254740991  10000  9007199254740991  9007199254740991  9007199254740991  9007199254740991
            """
        )
    )
    func `a rate is applied with the rounding that is named`(row: [String]) throws {
        let numbers = try row.map { try #require(Int64($0)) }
        for (rounding, expected) in zip([Rounding.down, .up, .halfUp, .halfEven], numbers[2...]) {
            let product = try Money(fen: numbers[0]).multiplied(by: BasisPoints(numbers[1]), rounding: rounding)
            #expect(product == Money(fen: expected), "\(rounding)")
        }
    }

    @Test func `a product is taken in full width before it is divided`() throws {
        let product = try Self.most.multiplied(by: BasisPoints(9_999), rounding: .halfEven)
        #expect(product == Money(fen: 9_006_298_534_815_517))
    }

    @Test(
        arguments: rows(
            """
            # total  weights  parts
            100      1,1,1    34,33,33
            101      1,1,1    34,34,33
            -100     1,1,1    -34,-33,-33
            10       3,3,4    3,3,4
            1        1,1      1,0
            0        5,5      0,0
            5        0,1,0    0,5,0
            7        2,1      5,2
            1000     7        1000
            9007199254740991  9223372036854775807,9223372036854775807  4503599627370496,4503599627370495
            """
        )
    )
    func `a split gives the fen left over to those who lost most`(row: [String]) throws {
        let total = Money(fen: try #require(Int64(row[0])))
        let weights = row[1].split(separator: ",").compactMap { Int64($0) }
        let parts = try Money.split(total, weights: weights)
        #expect(parts.map { String($0.fen) }.joined(separator: ",") == row[2])
    }

    @Test func `a split always sums, follows the weights and is the same twice`() throws {
        var random = SeededRandom(seed: 20_261_121)
        for _ in 0..<2_000 {
            // Shifted by a random number of bits, so that small amounts and weights are as frequent as large ones.
            let fen = Int64.random(in: -Money.maximumFen...Money.maximumFen, using: &random)
            let total = Money(fen: fen >> Int64.random(in: 0...52, using: &random))
            var weights = (0..<Int.random(in: 1...12, using: &random)).map { _ in
                Int64.random(in: 0...(Int64.max / 12), using: &random) >> Int64.random(in: 0...59, using: &random)
            }
            weights[0] += 1
            let parts = try Money.split(total, weights: weights)
            #expect(parts.reduce(0) { $0 + $1.fen } == total.fen)
            #expect(try Money.split(total, weights: weights) == parts)
            for (part, weight) in zip(parts, weights) {
                #expect(part.fen.signum() * total.fen.signum() >= 0)
                if weight == 0 { #expect(part == .zero) }
            }
            for left in parts.indices {
                for right in parts.indices where weights[left] > weights[right] {
                    #expect(parts[left].fen.magnitude >= parts[right].fen.magnitude)
                }
            }
        }
    }

    @Test(arguments: [[], [0], [0, 0], [1, -1], [-1]])
    func `a split without weight, or with a negative one, is refused`(weights: [Int64]) {
        #expect(problem { _ = try Money.split(Money(fen: 100), weights: weights) } == "invalid_split")
    }

    @Test func `three of the largest weights overflow nothing`() throws {
        let parts = try Money.split(Money(fen: 10), weights: [.max, .max])
        #expect(parts == [Money(fen: 5), Money(fen: 5)])
        #expect(problem { _ = try Money.split(Money(fen: 10), weights: [.max, .max, .max]) } == "invalid_split")
    }

    @Test func `an amount is written with its currency and read again`() throws {
        let text = #"{"amount":12880000,"currency":"CNY"}"#
        #expect(JSON(Money(fen: 12_880_000)).bytes == Array(text.utf8))
        #expect(try read(#"{"price": \#(text)}"#) == Money(fen: 12_880_000))
    }

    @Test(arguments: [
        (#"{"price": 128}"#, ["/price wrong_type"]),
        (#"{}"#, ["/price required"]),
        (#"{"price": {}}"#, ["/price/amount required", "/price/currency required"]),
        (
            #"{"price": {"amount": -1, "currency": "USD"}}"#,
            ["/price/amount out_of_range", "/price/currency not_allowed"]
        ),
        (#"{"price": {"amount": "1", "currency": "CNY"}}"#, ["/price/amount wrong_type"]),
        (#"{"price": {"amount": 1, "currency": "CNY", "fen": 1}}"#, ["/price/fen unknown_member"]),
    ])
    func `an amount that is not one is refused member by member`(text: String, expected: [String]) {
        #expect(faults { _ = try read(text) } == expected)
    }

    @Test func `amounts may be negative only where the reader says so`() throws {
        var reader = try ObjectReader(JSONParser.parse(#"{"price": {"amount": -1, "currency": "CNY"}}"#.utf8))
        let money = reader.money("price", fen: -1...0)
        #expect(money == Money(fen: -1))
        #expect(reader.faults.faults.isEmpty)
    }

    private func read(_ text: String) throws -> Money? {
        var reader = try ObjectReader(JSONParser.parse(text.utf8))
        let money = reader.money("price")
        try reader.faults.throwIfAny()
        return money
    }
}
