import Claims
import Core
import Cryptography
import Warranty

/// The sixteen checks of a claim with ten lines in this process, on one thread, and what is kept of what they come to.
struct AdjudicateBenchmark {
    private static let rounds = 2_000
    private static let limitMicroseconds = 100.0
    let runs: Int

    func run(_ table: inout Table) throws {
        let load = try AdjudicationLoad()
        let microseconds = try (0..<runs).map { _ in
            var bytes = 0
            let elapsed = try ContinuousClock().measure {
                for _ in 0..<Self.rounds {
                    bytes += try load.adjudicator.assess(load.claim).lines.count
                }
            }
            guard bytes == Self.rounds * load.claim.lines.count else { throw Broken(what: "lines are missing") }
            return elapsed.seconds * 1_000_000 / Double(Self.rounds)
        }.median
        table.add(
            "R16 adjudication of a claim with 10 lines, one core",
            rounded(microseconds, 1) + " µs",
            rounded(Self.limitMicroseconds, 0) + " µs",
            rounded(microseconds / Self.limitMicroseconds, 2),
            "≤ 1"
        )
    }
}

/// A contract of the edition that is shipped, and a claim under it: parts at their reference, and work.
private struct AdjudicationLoad {
    let adjudicator: Adjudicator
    let claim: AdjudicationCase

    init() throws {
        let book = try ShippedPlans.book()
        let part = "engine.crank.crankshaft"
        let guide = RepairGuide(
            version: "guide-benchmark",
            parts: [part: RepairGuide.Part(price: Money(fen: 20_000), grades: [.original])],
            operations: (0..<5).map { RepairGuide.Operation(code: "work \($0)", hoursMilli: 1_000) },
            hourlyRateMaximum: Money(fen: 15_000),
            priceTolerance: BasisPoints(1_000),
            source: .ownProposal
        )
        adjudicator = Adjudicator(book: book, guide: guide)
        let lines = (0..<5).flatMap { number in
            [
                ClaimLine(
                    id: "p\(number)",
                    kind: .part,
                    component: part,
                    unitPrice: Money(fen: 20_000),
                    grade: .original
                ),
                ClaimLine(
                    id: "w\(number)",
                    kind: .labour,
                    component: part,
                    operation: "work \(number)",
                    unitPrice: Money(fen: 15_000)
                ),
            ]
        }
        guard let failed = book.tree[part] else { throw Broken(what: "the edition has no such part") }
        let sale = try AdjudicationLoad.sale()
        claim = AdjudicationCase(
            claim: "clm_1",
            contract: try AdjudicationLoad.contract(book, sale),
            vin: sale.vin,
            question: CoverageQuestion(
                component: failed,
                date: sale.soldOn.adding(days: 120),
                odometerKm: sale.odometerKm + 5_000
            ),
            authorization: .given,
            lines: lines,
            evidence: [Evidence(.photo, "sha256-photo"), Evidence(.diagnosis, "sha256-diagnosis")]
        )
    }

    private static func sale() throws -> SaleFacts {
        let day = CalendarDate(daysSinceEpoch: 20_500)
        return SaleFacts(
            vin: try VIN(parsing: "LSVAU2A34N2183294"),
            firstRegisteredOn: day.adding(days: -4 * 365),
            odometerKm: 70_000,
            use: .private,
            energy: .petrol,
            segment: .compact,
            grade: 1,
            findings: [],
            price: Money(fen: 12_880_000),
            marketValue: Money(fen: 12_880_000),
            seller: .dealer,
            region: "CN-JS",
            soldOn: day
        )
    }

    private static func contract(_ book: PlanBook, _ sale: SaleFacts) throws -> Contract {
        let quote = try book.quote(QuoteRequest(sale: sale, deductible: .zero, isWithPackage: false))
        let request = IssueRequest(
            tier: "plus",
            extensions: [],
            deliveredOn: sale.soldOn,
            odometerKm: sale.odometerKm,
            acknowledged: Set(quote.offers.map(\.wordingHash))
        )
        let terms = try book.terms(WarrantyID(at: sale.soldOn.startInChina), for: request, of: quote)
        return Contract(terms: terms, holder: "usr_buyer", paidOn: sale.soldOn)
    }
}
