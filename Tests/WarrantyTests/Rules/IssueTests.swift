import Core
import Cryptography
import Support
import Testing
import Warranty

struct IssueTests {
    private static let quote = try! shipped.quote(QuoteRequest(sale: .sample()))
    private static let everyHash = Set(quote.offers.map(\.wordingHash))

    private static func request(
        _ tier: String = "plus",
        extensions: [String] = [],
        on date: String = "2026-06-01",
        invoiced: String? = nil,
        km: Int64 = 30_000,
        acknowledged: Set<Digest>? = nil
    ) -> IssueRequest {
        IssueRequest(
            tier: tier,
            extensions: extensions.map { .init(plan: $0, insurer: "org_i", policyNumber: "P1") },
            deliveredOn: day(date),
            invoicedOn: invoiced.map(day),
            odometerKm: km,
            acknowledged: acknowledged ?? everyHash
        )
    }

    @Test func `terms are the plan, the law, the maker and the services`() throws {
        let terms = try shipped.terms(contractID(), for: Self.request(extensions: ["ext-vehicle"]), of: Self.quote)
        #expect(terms.layers.map(\.id) == ["national", "plus", "ext-vehicle"])
        #expect(terms.bookHash == shipped.hash)
        #expect(terms.grants.map(\.kind).contains("basic_service"))
        #expect(terms.grants.first { $0.kind == "return" }?.until == day("2026-06-08"))
        #expect(terms.grants.first { $0.kind == "return" }?.untilKm == 30_300)
        let policy = try #require(terms.layer("ext-vehicle")?.policy)
        #expect(policy.premium.fen + policy.commission.fen == terms.layer("ext-vehicle")?.price.fen)
    }

    @Test func `a car is delivered while the quote holds`() throws {
        _ = try shipped.terms(contractID(), for: Self.request(on: "2026-06-08", km: 30_040), of: Self.quote)
        let late = #expect(throws: Failure.self) {
            try shipped.terms(contractID(), for: Self.request(on: "2026-06-09"), of: Self.quote)
        }
        #expect(late?.type == .quoteExpired)
    }

    static let refusals = TextTable(
        """
        delivered   invoiced    km     fault
        2026-05-31  2026-05-31  30000  /delivered_on
        2026-06-01  2026-06-01  29999  /odometer_km
        2026-06-01  2026-05-01  30000  /invoiced_on
        2026-06-01  2026-07-01  30000  /invoiced_on
        """
    )

    @Test(arguments: refusals.rows) func `a delivery that contradicts the quote is refused`(_ row: TextTable.Row) {
        let request = Self.request(on: row["delivered"], invoiced: row["invoiced"], km: Int64(row["km"])!)
        let failure = #expect(throws: Failure.self) { try shipped.terms(contractID(), for: request, of: Self.quote) }
        #expect(failure?.faults.map(\.pointer) == [row["fault"]])
    }

    @Test func `a car that ran out of a condition before its delivery is refused`() throws {
        let sale = SaleFacts.sample(registered: "2021-06-01", km: 99_990)
        let quote = try shipped.quote(QuoteRequest(sale: sale))
        let hashes = Set(quote.offers.map(\.wordingHash))
        let onTime = Self.request("premium", km: 100_000, acknowledged: hashes)
        _ = try shipped.terms(contractID(), for: onTime, of: quote)
        for late in [
            Self.request("premium", km: 100_001, acknowledged: hashes),
            Self.request("premium", on: "2026-06-02", km: 99_990, acknowledged: hashes),
        ] {
            let failure = #expect(throws: Failure.self) { try shipped.terms(contractID(), for: late, of: quote) }
            #expect(failure?.type == .notEligible)
            #expect(failure?.faults.map(\.pointer) == ["/tier"])
        }
    }

    @Test func `a plan that is no tier, an extension without its tier, and an unknown plan are refused`() {
        for (request, type) in [
            (Self.request("ext-vehicle"), ProblemType.invalidRequest), (Self.request("gold"), .invalidRequest),
            (Self.request("basic", extensions: ["ext-vehicle"]), .notEligible),
            (Self.request("plus", extensions: ["premium"]), .invalidRequest),
            (Self.request("plus", extensions: ["ext-battery"]), .notEligible),
        ] {
            let failure = #expect(throws: Failure.self) {
                try shipped.terms(contractID(), for: request, of: Self.quote)
            }
            #expect(failure?.type == type)
        }
    }

    @Test func `the buyer acknowledges the very words that are applied`() throws {
        let plus = try #require(Self.quote.offer("plus"))
        let terms = try shipped.terms(contractID(), for: Self.request(acknowledged: [plus.wordingHash]), of: Self.quote)
        #expect(terms.tier?.wordingHash == plus.wordingHash)
        #expect(shipped.wording(of: shipped.plan("plus")!).hash == plus.wordingHash)
        for wrong: Set<Digest> in [[], [.zero], [try #require(Self.quote.offer("basic")).wordingHash]] {
            let failure = #expect(throws: Failure.self) {
                try shipped.terms(contractID(), for: Self.request(acknowledged: wrong), of: Self.quote)
            }
            #expect(failure?.type == .wordingNotAcknowledged)
        }
    }

    @Test func `a quote of another edition is no longer sold`() throws {
        let revised = try PlanBook(yaml: ShippedPlans.yaml.replacing("base_fen: 198000", with: "base_fen: 298000"))
        #expect(throws: Failure(.quoteExpired)) {
            try revised.terms(contractID(), for: Self.request(), of: Self.quote)
        }
    }

    @Test func `a regional rule counts from the later of invoice and delivery`() throws {
        let sale = SaleFacts.sample(registered: "2020-06-01", region: "CN-ZJ")
        let quote = try shipped.quote(QuoteRequest(sale: sale))
        let hashes = Set(quote.offers.map(\.wordingHash))
        for (invoiced, end) in [("2026-06-05", "2026-08-04"), ("2026-05-30", "2026-07-31")] {
            let request = Self.request("basic", invoiced: invoiced, acknowledged: hashes)
            let terms = try shipped.terms(contractID(), for: request, of: quote)
            #expect(terms.layer("zhejiang")?.period.end == day(end))
        }
    }

    // MARK: Kept for ever

    @Test func `terms are read as they were written`() throws {
        var random = SeededRandom(seed: 11)
        for _ in 0..<60 {
            guard let contract = try Contract.random(using: &random) else { continue }
            let json = contract.terms.json
            #expect(try ContractTerms(json: json) == contract.terms)
            #expect(try ContractTerms(json: json).hash == SHA256.hash(json.canonicalBytes))
        }
    }

    @Test func `a number of the terms that was changed changes their hash`() throws {
        let terms = try shipped.contract("plus").terms
        let text = String(decoding: terms.json.canonicalBytes, as: UTF8.self)
        for (old, new) in [("128800", "128801"), ("\"plus\"", "\"premium\""), ("2026-06-01", "2026-06-02")] {
            #expect(text.contains(old))
            #expect(SHA256.hash(Array(text.replacing(old, with: new).utf8)) != terms.hash)
        }
    }

    // MARK: The printed text

    @Test func `the printed text is the same each time, and says every number`() throws {
        let terms = try shipped.contract("plus", extensions: ["ext-powertrain"], deductible: fen(yuan: 500)).terms
        let zh = shipped.text(of: terms, in: .zh)
        #expect(zh == shipped.text(of: terms, in: .zh))
        #expect(zh.hash == SHA256.hash(Array(zh.text.utf8)))
        #expect(zh.text.hasSuffix("\n") && zh.lines.allSatisfy { !$0.text.contains("\n") })
        for words in [
            terms.id.text, "LSVAU2A34N2183294", "2026-06-01 至 2027-06-16", "至 50,500 公里", "免赔额：500.00 元",
            "累计限额：103,040.00 元", shipped.hash.hex, terms.hash.hex, "保险单号：P-ext-powertrain", "未核对原文",
        ] {
            #expect(zh.text.contains(words), "\(words)")
        }
        let en = shipped.text(of: terms, in: .en)
        #expect(en.lines.count == zh.lines.count)
        #expect(!en.text.unicodeScalars.contains { $0.properties.isIdeographic })
        #expect(en.text.contains("recalled, not read"))
    }

    @Test func `another contract has another text`() throws {
        let texts = try ["basic", "plus", "premium"].map {
            shipped.text(of: try shipped.contract($0).terms, in: .zh).hash
        }
        #expect(Set(texts).count == 3)
    }
}
