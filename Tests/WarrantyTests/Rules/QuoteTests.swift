import Core
import Cryptography
import Support
import Testing
import Warranty

struct QuoteTests {
    /// Prices in whole yuan without package, as a person would work them out by the table; `-` may not have it.
    static let prices = TextTable(
        """
        registered  km     yuan   energy  segment region deductible basic plus premium
        # 600 × 1 × 1 × 1.25 × 0.85 × 0.95 = 605.6, and nothing of it is charged below the floor.
        2024-06-01  30000  128800 petrol  compact CN-JS  0          0     1392 6258
        # The same car of a private buyer's: the law gives nothing, so that everything is charged.
        2022-06-01  61000  128800 petrol  compact CN-JS  0          1035  3415 11730
        2022-06-01  61000  128800 petrol  compact CN-JS  500        1035  2800 9618
        2022-06-01  61000  128800 petrol  compact CN-JS  1000       1035  2390 8211
        2022-06-01  61000  128800 petrol  compact CN-JS  700        1035  2800 9618
        2022-06-01  61000  128800 petrol  compact CN-XZ  0          1190  3927 13489
        2022-06-01  61000  128800 petrol  suv     CN-JS  0          1190  3927 13489
        2022-06-01  61000  128800 battery compact CN-JS  0          1086  3586 12316
        2022-06-01  61000  50000  petrol  compact CN-JS  0          703   2322 7976
        2022-06-01  61000  50001  petrol  compact CN-JS  0          828   2732 9384
        2022-06-01  61000  100000 petrol  compact CN-JS  0          828   2732 9384
        2022-06-01  61000  100001 petrol  compact CN-JS  0          1035  3415 11730
        2022-06-01  80000  128800 petrol  compact CN-JS  0          1035  3415 11730
        2022-06-01  80001  128800 petrol  compact CN-JS  0          1164  3842 13196
        2022-05-31  61000  128800 petrol  compact CN-JS  0          1215  4009 13770
        """
    )

    @Test(arguments: prices.rows) func `a price is base times every factor, less what is granted for nothing`(
        _ row: TextTable.Row
    ) throws {
        let sale = SaleFacts.sample(
            registered: row["registered"],
            km: Int64(row["km"])!,
            yuan: Int64(row["yuan"])!,
            energy: SaleFacts.Energy(rawValue: row["energy"])!,
            segment: SaleFacts.Segment(rawValue: row["segment"])!,
            grade: 1,
            region: row["region"]
        )
        let deductible = fen(yuan: Int64(row["deductible"])!)
        let quote = try shipped.quote(QuoteRequest(sale: sale, deductible: deductible, isWithPackage: false))
        for tier in shipped.tiers {
            let offer = try #require(quote.offer(tier.id))
            #expect(String(offer.price.fen / 100) == row[tier.id], "\(tier.id)")
            #expect(offer.price.fen % 100 == 0)
        }
    }

    @Test func `the lines add up to the price, to the fen`() throws {
        var random = SeededRandom(seed: 6)
        for _ in 0..<300 {
            let quote = try shipped.quote(.random(using: &random))
            for offer in quote.offers {
                #expect(try PriceLine.total(offer.lines) == offer.price)
                #expect(offer.price >= .zero)
                #expect(offer.lines.first?.id == "base")
            }
        }
    }

    @Test func `the floor is never sold`() throws {
        var random = SeededRandom(seed: 7)
        var seen = 0
        for _ in 0..<400 {
            let request = QuoteRequest.random(using: &random)
            guard !shipped.floors(for: request.sale).isEmpty else { continue }
            seen += 1
            let offer = try #require(shipped.quote(request).offer("basic"))
            #expect(offer.price == .zero)
            #expect(offer.eligibility.isEligible)
        }
        #expect(seen > 50)
    }

    @Test func `what comes with the package costs nothing, what is above it the difference`() throws {
        let sale = SaleFacts.sample(yuan: 320_000, segment: .large)
        let quote = try shipped.quote(QuoteRequest(sale: sale))
        #expect(quote.includedTier == "premium")
        #expect(quote.offers.filter { $0.plan.kind == .tier }.allSatisfy { $0.price == .zero })
        let cheaper = try shipped.quote(QuoteRequest(sale: .sample(yuan: 200_000)))
        #expect(cheaper.includedTier == "plus")
        #expect(cheaper.offer("plus")?.price == .zero)
        #expect(try #require(cheaper.offer("premium")).price > .zero)
    }

    @Test func `the same question has the same quote`() throws {
        var random = SeededRandom(seed: 8)
        let request = QuoteRequest.random(using: &random)
        #expect(try shipped.quote(request) == ShippedPlans.book().quote(request))
    }

    @Test func `limits never go above what the car is worth`() throws {
        var random = SeededRandom(seed: 9)
        for _ in 0..<100 {
            let request = QuoteRequest.random(using: &random)
            for offer in try shipped.quote(request).offers {
                #expect(offer.limits.total <= request.sale.marketValue)
                #expect(offer.limits.claim <= offer.limits.total && offer.limits.component <= offer.limits.total)
            }
        }
    }

    @Test func `a quote holds for a week`() throws {
        #expect(try shipped.quote(QuoteRequest(sale: .sample())).validUntil == day("2026-06-08"))
    }

    @Test func `the wording shown is every clause of the plan, with its source`() throws {
        let premium = try #require(shipped.plan("premium"))
        let text = shipped.wording(of: premium).text
        for id in [
            "F-NATIONAL", "I-ALL", "C-CASE", "C-SEAL", "C-CAPACITY", "C-CAPACITY-METHOD", "X-CONSUMABLE", "G-CANCEL",
            "W-DIAGNOSIS",
        ] {
            #expect(text.contains("\n\(id) "), "\(id)")
        }
        #expect(text.contains("低于 70 %"))
        #expect(text.contains("《二手车交易规范》（商务部 2006 年第 22 号公告）第十四条，未核对原文"))
        #expect(shipped.wording(of: premium).hash == SHA256.hash(Array(text.utf8)))
        #expect(shipped.wording(of: premium).hash != shipped.wording(of: shipped.plan("plus")!).hash)
    }
}

extension QuoteRequest {
    /// Any car that anybody could bring.
    static func random(using random: inout SeededRandom) -> QuoteRequest {
        let sold = day("2026-06-01").adding(days: Int.random(in: 0...800, using: &random))
        let age = Int.random(in: 0...5000, using: &random)
        let findings = ["flood", "fire", "structural_accident", "odometer_rollback", "commercial_use", "open_recall"]
        let sale = SaleFacts(
            vin: SaleFacts.sample().vin,
            firstRegisteredOn: sold.adding(days: -age),
            inServiceOn: Bool.random(using: &random) ? sold.adding(days: -age) : nil,
            odometerKm: Int64.random(in: 0...Int64(max(1, min(age * 60, 250_000))), using: &random),
            use: Int.random(in: 0..<10, using: &random) == 0 ? .commercial : .private,
            energy: SaleFacts.Energy.allCases.randomElement(using: &random)!,
            segment: SaleFacts.Segment.allCases.randomElement(using: &random)!,
            grade: [nil, 1, 1, 1, 2, 2, 3, 4, 5].randomElement(using: &random)!,
            findings: Int.random(in: 0..<4, using: &random) == 0 ? [findings.randomElement(using: &random)!] : [],
            price: Money(fen: Int64.random(in: 500_000...100_000_000, using: &random)),
            marketValue: Money(fen: Int64.random(in: 500_000...100_000_000, using: &random)),
            seller: Int.random(in: 0..<5, using: &random) == 0 ? .private : .dealer,
            region: ["CN-JS", "CN-ZJ", "CN-XZ", "CN-SH"].randomElement(using: &random)!,
            soldOn: sold
        )
        let deductible = Money(fen: [0, 50_000, 100_000].randomElement(using: &random)!)
        return QuoteRequest(sale: sale, deductible: deductible, isWithPackage: Bool.random(using: &random))
    }
}
