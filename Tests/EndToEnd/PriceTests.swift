import Core
import Support
import Testing
import Web

/// What cars are worth, over HTTP: from the estimate to the sale that shows how good it was.
@Suite struct PriceTests {
    private static let car: JSON = [
        "brand": "比亚迪", "series": "秦 PLUS", "model_year": 2021, "registered_on": "2021-05-08", "odometer_km": 45_000,
        "new_price": ["amount": 12_990_000, "currency": "CNY"], "energy": "plug_in_hybrid",
    ]

    private func sum(_ estimate: JSON?) -> Int64 {
        (estimate?["lines"]?.arrayValue ?? []).reduce(0) { $0 + ($1["amount_fen"]?.integerValue ?? 0) }
    }

    private func value(_ estimate: JSON?, _ kind: String) -> JSON {
        estimate?["values"]?.arrayValue?.first { $0["kind"]?.stringValue == kind } ?? .null
    }

    // MARK: Estimates

    @Test func `an estimate adds up, says where the price when new comes from, and can be made again`() async throws {
        let house = try await House.open()
        let made = try await house.post("/v1/pricing/estimates", ["car": Self.car])
        #expect(made.status == 201, "\(made.http.text)")
        let estimate = made.json["estimate"]
        #expect(sum(estimate) == value(estimate, "retail")["point_fen"]?.integerValue)
        let warnings = estimate?["warnings"]?.arrayValue?.compactMap { $0["code"]?.stringValue } ?? []
        #expect(warnings.contains("new_price_from_caller"))
        let id = try #require(made.json["id"]?.stringValue)
        let again = try await house.get("/v1/pricing/estimates/\(id)")
        #expect(again.json["verified"] == true)
        #expect(again.json["estimate"] == estimate)
    }

    @Test func `what the ledger found counts, whoever describes the car`() async throws {
        let house = try await House.open()
        let insurer = try await house.insurer()
        let clean = try await house.post("/v1/pricing/estimates", ["vin": JSON(House.vin), "car": Self.car])
        #expect(value(clean.json["estimate"], "retail")["refusal"] == .null, "\(clean.http.text)")
        _ = try await house.append("accident.reported", ["structural": "yes"], ref: "a", as: insurer.key)
        let denied = Self.car.merged(with: ["condition": ["damages": .array([])]])
        let damaged = try await house.post("/v1/pricing/estimates", ["vin": JSON(House.vin), "car": denied])
        let retail = value(damaged.json["estimate"], "retail")
        #expect(retail["point_fen"] == .null && retail["refusal"]?["zh"]?.stringValue != nil)
        #expect(value(damaged.json["estimate"], "wholesale")["low_fen"] != .null)
        #expect(damaged.json["car"]?["condition"]?["damages"] == .array(["structural_accident"]))
    }

    @Test func `a what-if moves only what reads the difference`() async throws {
        let house = try await House.open()
        let made = try await house.post("/v1/pricing/estimates", ["car": Self.car])
        let id = try #require(made.json["id"]?.stringValue)
        let other = try await house.post(
            "/v1/pricing/estimates/\(id)/what-if",
            ["car": ["odometer_km": 120_000]]
        )
        #expect(other.status == 200, "\(other.http.text)")
        #expect(sum(other.json["estimate"]) < sum(made.json["estimate"]))
        let moved = other.json["moved"]?.arrayValue?.compactMap(\.stringValue) ?? []
        #expect(!moved.isEmpty)
        let lines = other.json["estimate"]?["lines"]?.arrayValue ?? []
        for line in lines where moved.contains(line["rule"]?.stringValue ?? "") {
            let inputs = line["reads"]?.arrayValue?.compactMap { $0["input"]?.stringValue } ?? []
            #expect(inputs.contains { $0.contains("odometer") || $0.contains("wear") }, "\(line)")
        }
    }

    @Test func `an estimate of an organisation is no one else's business`() async throws {
        let house = try await House.open()
        let (dealer, workshop) = (try await house.dealer(), try await house.workshop())
        let made = try await house.post("/v1/pricing/estimates", ["car": Self.car], as: dealer.key)
        let path = "/v1/pricing/estimates/\(try #require(made.json["id"]?.stringValue))"
        #expect(try await house.get(path, as: dealer.key).status == 200)
        #expect(try await house.get(path, as: workshop.key).status == 404)
        #expect(try await house.get(path).status == 404)
        #expect(try await house.post(path + "/what-if", ["car": [:]]).status == 404)
    }

    // MARK: Offers

    private func offered(_ house: House, _ dealer: House.Member) async throws -> (id: String, tag: String) {
        let vehicle: JSON = ["vehicle": ["guide_price": ["amount": 12_990_000, "currency": "CNY"]]]
        let draft = try await house.post("/v1/listings", ListingTests.draft().merged(with: vehicle), as: dealer.key)
        let id = try #require(draft.json["id"]?.stringValue, "\(draft.http.text)")
        let tag = try #require(draft.http.header("ETag"))
        return (id, tag)
    }

    private func step(_ house: House, _ dealer: House.Member, _ path: String, _ tag: String, _ body: JSON = [:])
        async throws -> House.Answer
    {
        try await house.post("/v1/listings/\(path)", body, as: dealer.key, headers: [("If-Match", tag)])
    }

    @Test func `an offer shows its price against the estimate at publication, and the sale is counted`() async throws {
        let house = try await House.open()
        let dealer = try await house.dealer()
        let (id, tag) = try await offered(house, dealer)
        let published = try await step(house, dealer, "\(id)/publish", tag)
        let appraisal = published.json["appraisal"]
        #expect(appraisal?["zh"]?.stringValue?.isEmpty == false, "\(published.http.text)")
        let estimate = try #require(appraisal?["estimate"]?.stringValue)
        // Whoever looks at the offer may look at the reasons.
        #expect(try await house.get("/v1/pricing/estimates/\(estimate)").json["verified"] == true)
        let cheaper = try await house.send(
            "PATCH",
            "/v1/listings/\(id)",
            ["price": ["amount": 1_000_000]],
            as: dealer.key,
            headers: [("If-Match", try #require(published.http.header("ETag")))]
        )
        // Another price beside the same estimate.
        #expect(cheaper.json["appraisal"]?["estimate"] == appraisal?["estimate"])
        #expect(cheaper.json["appraisal"]?["difference_ppm"] != appraisal?["difference_ppm"])
        let older = try await house.send(
            "PATCH",
            "/v1/listings/\(id)",
            ["odometer_km": 95_000],
            as: dealer.key,
            headers: [("If-Match", try #require(cheaper.http.header("ETag")))]
        )
        // Another car must not keep it.
        #expect(older.json["appraisal"]?["estimate"] != appraisal?["estimate"])
        let sold = try await step(
            house,
            dealer,
            "\(id)/mark-sold",
            try #require(older.http.header("ETag")),
            ["price": ["amount": 7_000_000, "currency": "CNY"]]
        )
        #expect(sold.json["status"] == "sold", "\(sold.http.text)")
        let figures = try await house.get("/v1/pricing/backtest").json["classes"]?.arrayValue ?? []
        #expect(figures.compactMap { $0["figures"]?["n"]?.integerValue }.reduce(0, +) == 1)
        #expect(figures.allSatisfy { $0["badge"] == false })
    }

    @Test func `what stands too long is listed with advice, by the dealer's own days`() async throws {
        let house = try await House.open()
        let dealer = try await house.dealer()
        let (id, _) = try await offered(house, dealer)
        let path = "/v1/organizations/\(dealer.id)"
        let alerts = try await house.get(path + "/stock-alerts", as: dealer.key)
        let alert = alerts.json["data"]?.arrayValue?.first
        #expect(alert?["listing"] == JSON(id), "\(alerts.http.text)")
        #expect(alert?["level"] == "slow")
        let days = try await house.get(path + "/stock-alert-days", as: dealer.key)
        #expect(days.json == ["slow_from_days": 45, "overdue_from_days": 75])
        let changed = try await house.send(
            "PUT",
            path + "/stock-alert-days",
            ["slow_from_days": 200, "overdue_from_days": 300],
            as: dealer.key,
            headers: [("If-Match", try #require(days.http.header("ETag")))]
        )
        #expect(changed.status == 200, "\(changed.http.text)")
        #expect(try await house.get(path + "/stock-alerts", as: dealer.key).json["data"] == .array([]))
        let lines = try await house.get(path + "/stock-estimates", as: dealer.key).http.text.split(separator: "\n")
        #expect(lines.count == 2 && lines.last?.contains("\"priced\":1") == true, "\(lines)")
    }

    // MARK: The page

    @Test func `the page asks, answers with an address, and tells what is wrong`() async throws {
        let house = try await House.open()
        let browser = Browser(house)
        let form = try await browser.get("/price")
        #expect(form.status == 200 && form.text.contains("新车指导价"))
        let fields = [
            ("brand", "比亚迪"), ("series", "秦 PLUS"), ("model_year", "2021"), ("registered_on", "2021-05-08"),
            ("odometer_km", "45,000"), ("new_price", "12.99"), ("energy", "plug_in_hybrid"),
        ]
        let asked = try await browser.post("/price", fields)
        #expect(asked.status == 303, "\(asked.text)")
        let target = try #require(asked.header("Location"))
        let shown = try await browser.get(target)
        #expect(shown.status == 200)
        for words in ["零售估价", "价格怎么来的", "拿什么比的", "重算，结果一致", "class=\"step reference\""] {
            #expect(shown.text.contains(words), "\(words)")
        }
        // What was asked for stands in the form again.
        #expect(shown.text.contains("value=\"12.99\""))
        let wrong = try await browser.post("/price", fields.dropLast(2) + [("new_price", "many")])
        #expect(wrong.status == 422)
        #expect(wrong.text.contains("须为数字，如 12.99"))
        browser.language = "en"
        #expect(try await browser.get(target).text.contains("How the price comes about"))
        #expect(try await browser.get("/price?estimate=est_00000000000000000000000000").status == 404)
    }
}
