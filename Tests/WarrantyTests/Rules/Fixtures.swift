import Core
import Cryptography
import Warranty

/// The shipped edition, read once.
let shipped: PlanBook = try! ShippedPlans.book()

func day(_ text: String) -> CalendarDate { CalendarDate(text)! }

func fen(yuan: Int64) -> Money { Money(fen: yuan * 100) }

extension SaleFacts {
    /// A sound compact petrol car, two years old, sold by a dealer in Jiangsu.
    static func sample(
        registered: String = "2024-06-01",
        sold: String = "2026-06-01",
        km: Int64 = 30_000,
        yuan: Int64 = 128_800,
        use: Use = .private,
        energy: Energy = .petrol,
        segment: Segment = .compact,
        grade: Int64? = 1,
        findings: Set<String> = [],
        seller: Seller = .dealer,
        region: String = "CN-JS",
        inService: String? = nil
    ) -> SaleFacts {
        SaleFacts(
            vin: try! VIN(parsing: "LSVAU2A34N2183294"),
            firstRegisteredOn: day(registered),
            inServiceOn: inService.map(day),
            odometerKm: km,
            use: use,
            energy: energy,
            segment: segment,
            grade: grade,
            findings: findings,
            price: fen(yuan: yuan),
            marketValue: fen(yuan: yuan),
            seller: seller,
            region: region,
            soldOn: day(sold)
        )
    }
}

func contractID(_ seed: UInt64 = 1) -> ID<WarrantyTag> {
    var random = TestRandom(state: seed)
    return ID(at: Instant(milliseconds: 1_780_000_000_000), using: &random)
}

/// Enough for an identifier.
struct TestRandom: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        return mixed ^ (mixed >> 27)
    }
}

extension PlanBook {
    func component(_ name: String) -> Component {
        guard case .found(let component) = names.find(name) else { preconditionFailure("no component \(name)") }
        return component
    }

    /// Sold, delivered on the day of the quote, and paid then.
    func contract(
        _ tier: String,
        _ sale: SaleFacts = .sample(),
        extensions: [String] = [],
        deductible: Money = .zero,
        isWithPackage: Bool = false,
        isPaid: Bool = true
    ) throws -> Contract {
        let quote = try quote(QuoteRequest(sale: sale, deductible: deductible, isWithPackage: isWithPackage))
        let request = IssueRequest(
            tier: tier,
            extensions: extensions.map { .init(plan: $0, insurer: "org_insurer", policyNumber: "P-\($0)") },
            deliveredOn: sale.soldOn,
            odometerKm: sale.odometerKm,
            acknowledged: Set(quote.offers.map(\.wordingHash))
        )
        let terms = try terms(contractID(), for: request, of: quote)
        return Contract(terms: terms, holder: "buyer-1", paidOn: isPaid ? sale.soldOn : nil)
    }
}
