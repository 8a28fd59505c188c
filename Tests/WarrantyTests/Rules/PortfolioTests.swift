import Core
import Support
import Testing
import Warranty

struct PortfolioTests {
    private func position(_ contract: Contract, claims: Int64 = 0, km: Int64 = 30_500) throws -> Portfolio.Position {
        var account = LimitAccount(contract.terms.tier!.limits!)
        if claims > 0 {
            try account.reserve(fen(yuan: claims), for: "clm_1", "brakes.caliper")
            try account.pay(fen(yuan: claims), for: "clm_1", "brakes.caliper")
        }
        return .init(contract: contract, accounts: ["plus": account], odometerKm: km)
    }

    @Test func `one contract over its year`() throws {
        let contract = try shipped.contract("plus", .sample(registered: "2022-06-01"))
        let price = contract.price
        let half = try Portfolio([position(contract, claims: 500)], asOf: day("2026-12-31"))
        #expect(half.counts == [.active: 1])
        #expect(half.months.map { String($0.start.description.prefix(7)) }.first == "2026-06")
        #expect(half.months.count == 7)
        #expect(half.written == price)
        #expect(half.months.last?.unearned.fen == price.fen - half.earned.fen)
        #expect(half.claimsPaid == fen(yuan: 500))
        #expect(half.exposure.fen == contract.terms.tier!.limits!.total.fen - 50_000)
        #expect(half.lossRatio == BasisPoints(50_000 * 10_000 / half.earned.fen))
        #expect(half.expiring.map(\.count) == [0, 0, 0])
        let over = try Portfolio([position(contract)], asOf: day("2027-06-17"))
        #expect(over.earned == price && over.months.last?.unearned == .zero)
        #expect(over.counts == [.expired: 1] && over.exposure == .zero && over.inForce.isEmpty)
        let nearly = try Portfolio([position(contract)], asOf: day("2027-05-01"))
        #expect(nearly.expiring.map(\.count) == [0, 1, 1])
    }

    @Test func `what is not paid for earns nothing, and nothing is nothing`() throws {
        let unpaid = try shipped.contract("plus", .sample(registered: "2022-06-01"), isPaid: false)
        let book = try Portfolio([position(unpaid)], asOf: day("2026-12-31"))
        #expect(book.months.isEmpty && book.earned == .zero && book.lossRatio == nil)
        #expect(book.counts == [.lapsed: 1] && book.exposure == .zero)
        #expect(try Portfolio([], asOf: day("2026-12-31")).counts.isEmpty)
    }

    @Test(arguments: Array(1...12) as [UInt64])
    func `written is earned, unearned and paid back, to the fen, in every month`(
        _ seed: UInt64
    ) throws {
        var random = SeededRandom(seed: seed &+ 7000)
        var positions: [Portfolio.Position] = []
        for _ in 0..<8 {
            guard var contract = try Contract.random(using: &random) else { continue }
            for _ in 0..<3 { contract.doSomething(using: &random) }
            positions.append(.init(contract: contract, accounts: [:], odometerKm: contract.terms.sale.odometerKm))
        }
        let book = try Portfolio(positions, asOf: day("2034-01-01"))
        var (written, earned, refunded): (Int64, Int64, Int64) = (0, 0, 0)
        for month in book.months {
            written += month.written.fen
            earned += month.earned.fen
            refunded += month.refunded.fen
            #expect(month.unearned.fen == written - earned - refunded)
            #expect(month.unearned >= .zero && month.earned >= .zero && month.refunded >= .zero)
        }
        let paid = positions.filter { $0.contract.paidOn != nil }.reduce(0) { $0 + $1.contract.price.fen }
        #expect(written == paid && earned + refunded == paid)
    }
}
