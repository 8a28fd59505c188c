import Testing

@testable import Pricing

@Suite struct BackfittingTests {
    /// The year of each car, and an age that nearly follows from it: what one tells the other tells, too.
    private static let market: (terms: [Backfitting.Term], prices: [Double]) = {
        var market = SyntheticMarket()
        var years: [Int32] = []
        var ages: [Double] = []
        var prices: [Double] = []
        for _ in 0..<600 {
            let year = market.number(0...11)
            let age = Double(year) + Double(market.number(-25...25)) / 100
            years.append(Int32(year))
            ages.append(age - 5.5)
            prices.append(-0.1 * age + Double(market.number(-20...20)) / 1000)
        }
        let terms = [
            Backfitting.Term(codes: years, count: 12, factor: nil, shrinkage: 2),
            Backfitting.Term(codes: ages.map { _ in 0 }, count: 1, factor: ages, shrinkage: 20),
        ]
        return (terms, prices)
    }()

    @Test func `terms that nearly tell the same are fitted until they stand`() {
        let (terms, prices) = BackfittingTests.market
        let fit = Backfitting(terms: terms, target: prices, rows: Array(prices.indices))
        // Where nothing is far off, each cell's sum of what is left is what its shrinkage holds back.
        let left = prices.indices.map { row in
            terms.indices.reduce(prices[row] - fit.mean) { sum, term in
                sum - fit.values[term][Int(terms[term].codes[row])] * (terms[term].factor?[row] ?? 1)
            }
        }
        for (index, term) in terms.enumerated() {
            for cell in 0..<term.count {
                let rows = prices.indices.filter { term.codes[$0] == Int32(cell) }
                let sum = rows.reduce(0) { $0 + left[$1] * (term.factor?[$1] ?? 1) }
                let total = rows.reduce(term.shrinkage) { sum, row in
                    let factor = term.factor?[row] ?? 1
                    return sum + factor * factor
                }
                #expect(abs(sum - term.shrinkage * fit.values[index][cell]) / total < 0.0005)
            }
        }
    }

    @Test func `half a dozen wild prices do not move a cell`() {
        var prices = Array(repeating: 0.0, count: 60) + Array(repeating: 0.3, count: 60)
        for row in 0..<6 { prices[row] = 2 }
        let codes = (0..<120).map { Int32($0 / 60) }
        let terms = [Backfitting.Term(codes: codes, count: 2, factor: nil, shrinkage: 0.01)]
        let fit = Backfitting(terms: terms, target: prices, rows: Array(prices.indices))
        #expect(abs(fit.mean + fit.values[0][0]) < 0.03)
        #expect(abs(fit.mean + fit.values[0][1] - 0.3) < 0.03)
    }
}
