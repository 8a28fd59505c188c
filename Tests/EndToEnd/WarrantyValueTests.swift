import Core
import Support
import Testing
import Warranty
import Web

/// What a quote goes by besides the dealer's word: his listing, the market, and the edition of the day.
@Suite struct WarrantyValueTests {
    private static let asked: JSON = ["use": "private", "segment": "compact"]

    private func listing(_ house: House, _ dealer: House.Member) async throws -> JSON {
        let known: JSON = ["model": "2021款 55KM 尊贵型", "guide_price": ["amount": 12_990_000, "currency": "CNY"]]
        let draft = ListingTests.draft().merged(with: ["vehicle": known])
        let listed = try await house.post("/v1/listings", draft, as: dealer.key)
        return try #require(listed.json["id"], "\(listed.http.text)")
    }

    private func value(_ quote: JSON) -> (amount: Int64?, source: String?, estimate: String?) {
        let request = quote["request"]
        let from = request?["market_value_from"]
        let amount = request?["sale"]?["market_value"]?["amount"]?.integerValue
        return (amount, from?["source"]?.stringValue, from?["estimate"]?.stringValue)
    }

    @Test func `what a listing says need not be said again, and what contradicts it is refused`() async throws {
        let house = try await House.open()
        let dealer = try await house.dealer()
        let asked = Self.asked.merged(with: ["listing": try await listing(house, dealer)])
        let quote = try await WarrantyTests.quote(house, asked, as: dealer.key)
        let sale = try #require(quote["request"]?["sale"])
        #expect(sale["vin"]?.stringValue == House.vin)
        #expect(sale["first_registered_on"] == "2021-05-08" && sale["odometer_km"] == 45_000)
        #expect(sale["energy"] == "plug_in_hybrid" && sale["region"] == "CN-ZJ")
        #expect(sale["price"]?["amount"] == 8_800_000)
        let other = asked.merged(with: ["vin": "LSVDEM331MD000021"])
        let refused = try await house.post("/v1/warranty/quotes", other, as: dealer.key)
        #expect(refused.status == 422 && refused.json["errors"]?.arrayValue?.first?["pointer"] == "/vin")
        let second = try await house.member("dealer", "91330106MADEM301XT")
        #expect(try await house.post("/v1/warranty/quotes", asked, as: second.key).status == 404)
        let bare = try await house.post("/v1/warranty/quotes", Self.asked, as: dealer.key)
        let missing = bare.json["errors"]?.arrayValue?.compactMap { $0["pointer"]?.stringValue } ?? []
        let needed = ["/vin", "/first_registered_on", "/odometer_km", "/energy", "/price", "/province"]
        #expect(missing.sorted() == needed.sorted())
    }

    @Test func `the estimator's word on the market value counts before the dealer's`() async throws {
        let house = try await House.open()
        let dealer = try await house.dealer()
        let asked = Self.asked.merged(with: [
            "listing": try await listing(house, dealer), "market_value": ["amount": 50_000_000, "currency": "CNY"],
        ])
        // Nobody has sold such a car: what he thinks is all there is.
        let before = value(try await WarrantyTests.quote(house, asked, as: dealer.key))
        #expect(before.amount == 50_000_000 && before.source == "caller")
        let plain = asked.merged(with: ["market_value": .null])
        #expect(value(try await WarrantyTests.quote(house, plain, as: dealer.key)).source == "price")
        try await sellAlike(house)
        let after = value(try await WarrantyTests.quote(house, asked, as: dealer.key))
        #expect(after.source == "estimate", "\(after)")
        #expect((6_000_000...8_500_000).contains(after.amount ?? 0), "\(after)")
        // It can be looked at, and comes out the same.
        let estimate = try await house.get("/v1/pricing/estimates/\(after.estimate ?? "")", as: dealer.key)
        #expect(estimate.json["verified"] == true)
    }

    /// Cars of one kind, sold last month around 70,000 yuan.
    private func sellAlike(_ house: House) async throws {
        let lines = (0..<40).map { number -> JSON in
            [
                "car": [
                    "brand": "比亚迪", "series": "秦 PLUS", "registered_on": "2021-05-08", "energy": "plug_in_hybrid",
                    "odometer_km": .integer(44_000 + Int64(number) * 50), "trim": "2021款 55KM 尊贵型",
                    "new_price": ["amount": 12_990_000, "currency": "CNY"],
                ],
                "price_fen": .integer(7_000_000 + Int64(number % 7) * 10_000), "sold_on": "2026-02-12",
                "kind": "retail", "vehicle": JSON("car-\(number)"),
            ]
        }
        let answer = try await house.client.send(
            "POST",
            "/v1/pricing/comparables",
            headers: [
                ("Authorization", "Bearer \(house.administrator)"), ("Content-Type", "application/x-ndjson"),
            ],
            body: Array(lines.map { $0.bytes + [0x0A] }.joined())
        )
        #expect(answer.status == 200 && answer.text.contains("\"added\":40"), "\(answer.text)")
    }

    @Test func `a dealer who demands signatures sells, because the platform reports the contract`() async throws {
        let house = try await House.open()
        let dealer = try await house.dealer()
        let path = "/v1/organizations/\(dealer.id)"
        let tag = try #require(try await house.get(path, as: house.administrator).http.header("ETag"))
        let demanded = try await house.send(
            "PATCH",
            path,
            ["signatures_required": true],
            as: house.administrator,
            headers: [("If-Match", tag)]
        )
        #expect(demanded.status == 200, "\(demanded.http.text)")
        let unsigned = try await house.reading(44_000, ref: "a", as: dealer.key)
        #expect(unsigned.code == "signature_required")
        _ = try await WarrantyTests.sold(house, as: dealer.key)
        let line = try #require(try await house.lines().first)
        let envelope = try JSONParser.parse(line)
        #expect(envelope["kind"] == "warranty.issued")
        #expect(try await envelope["source"]?.stringValue == house.platformID())
    }

    // MARK: Editions

    private func publish(_ house: House, _ text: String, as key: String) async throws -> HTTPAnswer {
        try await house.client.send(
            "POST",
            "/v1/warranty/editions",
            headers: [("Authorization", "Bearer \(key)"), ("Content-Type", "application/yaml")],
            body: Array(text.utf8)
        )
    }

    private func edition(_ name: String, from day: String) -> String {
        ShippedPlans.yaml.replacing("edition: \"2026-11\"", with: "edition: \"\(name)\"")
            .replacing("effective_from: 2026-11-01", with: "effective_from: \(day)")
    }

    @Test func `a new edition is quoted by from its day on, and what was sold before stays`() async throws {
        let house = try await House.open()
        let dealer = try await house.dealer()
        let sold = try await WarrantyTests.sold(house, as: dealer.key)
        let hash = try #require(sold.json["terms"]?["book_hash"]?.stringValue)
        let next = edition("2027-01", from: "2026-12-01")
        #expect(try await publish(house, next, as: dealer.key).status == 403)
        let made = try await publish(house, next, as: house.administrator)
        #expect(made.status == 201, "\(made.text)")
        #expect(try await publish(house, next, as: house.administrator).status == 200)
        let before = try await house.get("/v1/warranty/plans")
        #expect(before.json["edition"] == "2026-11")
        house.clock.advance(seconds: 290 * 86_400)
        let after = try await house.get("/v1/warranty/plans")
        #expect(after.json["edition"] == "2027-01")
        let quote = try await WarrantyTests.quote(house, as: dealer.key)
        #expect(quote["edition"]?["edition"] == "2027-01")
        // The contract is read by what it was sold under.
        let path = "/v1/warranties/\(try #require(sold.json["id"]?.stringValue))"
        #expect(try await house.get(path, as: dealer.key).json["terms"] == sold.json["terms"])
        #expect(try await house.get("/v1/warranty/plans?edition=\(hash)").json["edition"] == "2026-11")
    }

    @Test func `an edition with a fault, of the past, or of a name that is taken is refused`() async throws {
        let house = try await House.open()
        func refusal(_ text: String) async throws -> House.Answer {
            House.Answer(try await publish(house, text, as: house.administrator))
        }
        let broken = try await refusal(ShippedPlans.yaml.replacing("total_bp: 10000", with: "total_bp: ten"))
        #expect(broken.status == 422 && broken.code == "invalid_edition")
        let pointer = broken.json["errors"]?.arrayValue?.first?["pointer"]?.stringValue
        #expect(pointer?.hasPrefix("/line/") == true)
        #expect(try await refusal(edition("2026-02", from: "2026-02-28")).code == "edition_in_the_past")
        #expect(try await refusal(edition("2026-11", from: "2026-12-24")).code == "edition_taken")
        #expect(try await refusal("edition: [").code == "invalid_edition")
    }
}
