import Claims
import Core
import Cryptography
import Support
import Warranty

/// The shipped edition, read once.
let book: PlanBook = try! ShippedPlans.book()

extension RepairGuide {
    static let sample = RepairGuide(
        version: "guide-1",
        parts: [
            "engine.crank.crankshaft": Part(price: fen(yuan: 200), grades: [.original, .brand]),
            "engine.seals.head_gasket": Part(price: fen(yuan: 50), grades: [.original, .brand]),
            "engine.service.oil": Part(price: fen(yuan: 60), grades: [.original, .brand]),
            "suspension.damper": Part(price: fen(yuan: 400), grades: [.original, .brand, .remanufactured]),
        ],
        operations: [
            Operation(
                code: "crank",
                hoursMilli: 1_000,
                includes: ["head", "oil"],
                access: "engine-out",
                accessMilli: 400,
                quantities: ["engine.crank.crankshaft": 1_000, "engine.service.oil": 5_000]
            ),
            Operation(code: "head", hoursMilli: 500),
            Operation(code: "oil", hoursMilli: 300),
            Operation(code: "pump", hoursMilli: 800, access: "engine-out", accessMilli: 300),
            Operation(code: "diagnose", hoursMilli: 500),
            Operation(code: "damper", hoursMilli: 1_000, quantities: ["suspension.damper": 2_000]),
        ],
        hourlyRateMaximum: fen(yuan: 150),
        priceTolerance: BasisPoints(1_000),
        source: .ownProposal
    )
}

extension SaleFacts {
    /// A sound car, sold by a dealer in Jiangsu; old enough that neither the maker nor the law's floor answers.
    static func sample(sold: String = "2026-01-10") -> SaleFacts {
        SaleFacts(
            vin: sampleVIN,
            firstRegisteredOn: day("2022-01-01"),
            odometerKm: 70_000,
            use: .private,
            energy: .petrol,
            segment: .compact,
            grade: 1,
            findings: [],
            price: fen(yuan: 128_800),
            marketValue: fen(yuan: 128_800),
            seller: .dealer,
            region: "CN-JS",
            soldOn: day(sold)
        )
    }

    /// Young enough for the maker's warranty and the law's floor.
    static var young: SaleFacts {
        var sale = sample()
        sale.firstRegisteredOn = day("2024-06-01")
        sale.odometerKm = 30_000
        return sale
    }
}

extension Contract {
    static func sample(_ sale: SaleFacts = .sample(), tier: String = "plus", deductible: Money = .zero) throws
        -> Contract
    {
        let quote = try book.quote(QuoteRequest(sale: sale, deductible: deductible, isWithPackage: false))
        let request = IssueRequest(
            tier: tier,
            extensions: [],
            deliveredOn: sale.soldOn,
            odometerKm: sale.odometerKm,
            acknowledged: Set(quote.offers.map(\.wordingHash))
        )
        var random = SeededRandom(seed: 1)
        let terms = try book.terms(ID(at: china("2026-01-10 09:00"), using: &random), for: request, of: quote)
        return Contract(terms: terms, holder: "usr_buyer", paidOn: sale.soldOn)
    }
}

extension ClaimLine {
    static func part(_ component: String, yuan: Int64, _ milli: Int64 = 1_000, id: String = "p", role: Role = .failed)
        -> ClaimLine
    {
        ClaimLine(
            id: id,
            kind: .part,
            component: component,
            role: role,
            quantityMilli: milli,
            unitPrice: fen(yuan: yuan),
            grade: .original
        )
    }

    static func work(_ operation: String, _ milli: Int64, yuan: Int64 = 150, id: String = "w") -> ClaimLine {
        ClaimLine(
            id: id,
            kind: .labour,
            component: "engine.crank.crankshaft",
            operation: operation,
            quantityMilli: milli,
            unitPrice: fen(yuan: yuan)
        )
    }
}

extension AdjudicationCase {
    /// Small and clean: a part at its reference and an hour of work.
    static func sample(
        _ contract: Contract,
        component: String = "engine.crank.crankshaft",
        date: String = "2026-06-01",
        km: Int64 = 75_000,
        lines: [ClaimLine] = [.part("engine.crank.crankshaft", yuan: 200), .work("crank", 1_000)]
    ) -> AdjudicationCase {
        AdjudicationCase(
            claim: "clm_1",
            contract: contract,
            vin: sampleVIN,
            question: CoverageQuestion(component: book.tree[component]!, date: day(date), odometerKm: km),
            authorization: .given,
            lines: lines,
            evidence: [photo, diagnosis]
        )
    }
}

let adjudicator = Adjudicator(book: book, guide: .sample)
