import Core
import Support
import Testing

// The steps of a walk that concern prices.

extension Visit {
    static let pricedCar: JSON = [
        "brand": "大众", "series": "朗逸", "model_year": 2021, "registered_on": "2021-06-18", "odometer_km": 45_260,
        "new_price": ["amount": 12_990_000, "currency": "CNY"], "energy": "petrol",
    ]

    /// - Parameter workshop: has no stock.
    func pricing(_ workshop: Member) async throws {
        let dealer = try await dealerWithStock()
        let estimate = try await estimating(dealer)
        try await lookingAt(estimate, dealer, workshop)
        try await asking(whatOf: estimate, workshop)
        try await ruling(workshop)
        try await comparing(workshop)
        try await call("getPricingBacktest")
        try await refuse("getPricingBacktest", "invalid_query", Request(query: "x=1"))
        try await alerting(dealer, workshop)
    }

    private func dealerWithStock() async throws -> Member {
        let request: JSON = ["kind": "dealer", "name": "城北车行", "uscc": "91330108MADAY00H4G"]
        let id = try await call("createOrganization", Request(key: administrator, json: request)).text("id")
        let key = Request(parameters: ["id": id], key: administrator, json: ["name": "车源系统"])
        let secret = try await call("createApiKey", key).text("secret")
        for (vin, since) in [("LFV3A23C4H3054321", "2025-12-01"), ("LSVNV4183E2123450", "2026-01-10")] {
            let car: JSON = [
                "vin": JSON(vin), "title": "2021 朗逸", "odometer_km": 45_000,
                "price": ["kind": "asking", "amount": 9_900_000, "currency": "CNY"],
                "vehicle": [
                    "make": "大众", "series": "朗逸", "model_year": 2021, "energy": "petrol",
                    "first_registered_on": "2021-06-18", "guide_price": ["amount": 12_990_000, "currency": "CNY"],
                ],
                "stock": ["since": JSON(since)],
            ]
            try await call("createListing", Request(key: secret, json: car))
        }
        return Member(id: id, key: secret)
    }

    // MARK: Estimates

    private func estimating(_ dealer: Member) async throws -> [String: String] {
        let id = "createEstimate"
        let made = try await call(id, Request(key: dealer.key, json: ["car": Visit.pricedCar]))
        #expect(made.http.header("Location") == "/v1/pricing/estimates/\(try made.text("id"))")
        try await call(id, Request(json: ["vin": JSON(Visit.vin), "car": Visit.pricedCar]))
        let nothing = try await refuse(id, "invalid_request", Request(json: [:]))
        #expect(nothing.faultCodes == ["required"])
        let findings: JSON = ["car": ["findings": .array([]), "odometer_km": -1]]
        #expect(
            try await refuse(id, "invalid_request", Request(json: findings)).faultCodes.sorted() == [
                "out_of_range", "unknown_member",
            ]
        )
        let elsewhere: JSON = ["listing": "lst_01kjp4yf60ef7a5n56tabvem4j"]
        try await refuse(id, "not_found", Request(json: elsewhere))
        let worthless: JSON = ["new_price": ["amount": 0, "currency": "CNY"]]
        let refused = Request(json: ["car": Visit.pricedCar.merged(with: worthless)])
        #expect(try await unchecked(try contract.operation(id), refused).status == 422)
        return ["id": try made.text("id")]
    }

    private func lookingAt(_ estimate: [String: String], _ dealer: Member, _ workshop: Member) async throws {
        let seen = try await call("getEstimate", Request(parameters: estimate, key: dealer.key))
        #expect(seen.json["verified"] == true)
        try await call("getEstimate", Request(parameters: estimate, key: administrator))
        for key in [workshop.key, nil] {
            try await refuse("getEstimate", "not_found", Request(parameters: estimate, key: key))
        }
    }

    private func asking(whatOf estimate: [String: String], _ workshop: Member) async throws {
        let id = "whatIfEstimate"
        var request = Request(parameters: estimate, key: administrator, json: ["car": ["odometer_km": 90_000]])
        let other = try await call(id, request)
        #expect(other.json["car"]?["odometer_km"] == 90_000)
        #expect(other.json["moved"]?.arrayValue?.isEmpty == false)
        request.json = ["car": ["odometer_km": "far"]]
        try await refuse(id, "invalid_request", request)
        request.json = [:]
        try await refuse(id, "invalid_request", request)
        request.json = ["car": [:]]
        request.key = workshop.key
        try await refuse(id, "not_found", request)
    }

    // MARK: Rules

    private func ruling(_ workshop: Member) async throws {
        try await paging("listRuleSets", [:], administrator)
        let list = try await call("listRuleSets")
        let hash = try #require(list.json["data"]?.arrayValue?.first?["hash"]?.stringValue)
        let one = ["version": hash]
        try await call("getRuleSet", Request(parameters: one))
        try await refuse("getRuleSet", "not_found", Request(parameters: anyParameters))
        let yaml: HTTPClient.Headers = [("Accept", "application/yaml")]
        let document = try await call("getRuleSet", Request(parameters: one, headers: yaml)).http.body
        var request = Request(key: administrator)
        request.bytes = document
        #expect(try await call("addRuleSet", request).status == 200)
        request.bytes = document + Array("# 2\n".utf8)
        let added = try await call("addRuleSet", request)
        #expect(added.status == 201)
        request.bytes = Array("version: x\n".utf8)
        try await refuse("addRuleSet", "invalid_rule_set", request)
        request.key = workshop.key
        try await refuse("addRuleSet", "forbidden", request)
        try await forcing(["version": try added.text("hash")], workshop)
    }

    private func forcing(_ version: [String: String], _ workshop: Member) async throws {
        let id = "putRuleSetInForce"
        var request = Request(parameters: version, key: administrator, json: [:])
        request.headers = [("Idempotency-Key", "force-1")]
        try await call(id, request)
        #expect(try await call(id, request).http.header("Idempotency-Replayed") == "true")
        request.headers = []
        request.json = ["now": true]
        try await refuse(id, "invalid_request", request)
        request.json = [:]
        request.key = workshop.key
        try await refuse(id, "forbidden", request)
        try await refuse(id, "not_found", Request(parameters: anyParameters, key: administrator, json: [:]))
        let used = try await call("getRuleSet", Request(parameters: version))
        #expect(used.json["in_use"] == true)
    }

    // MARK: Sales

    private static let mapping = """
        format: chexin-pricing-mapping/1
        source: test
        currency: CNY
        kind: asking
        price: {column: price, unit: yuan}
        sold_on: day
        vehicle: [car]
        brand: brand
        """

    private func comparing(_ workshop: Member) async throws {
        var mapping = Request(key: administrator)
        mapping.bytes = Array(Visit.mapping.utf8)
        let hash = try await call("addPricingMapping", mapping).text("hash")
        #expect(try await call("addPricingMapping", mapping).status == 200)
        mapping.bytes = Array("format: x\n".utf8)
        try await refuse("addPricingMapping", "invalid_pricing_mapping", mapping)
        mapping.bytes = Array(Visit.mapping.replacing("CNY", with: "USD").utf8)
        try await refuse("addPricingMapping", "invalid_request", mapping)
        mapping.key = workshop.key
        try await refuse("addPricingMapping", "forbidden", mapping)
        let sale: JSON = [
            "car": Visit.pricedCar, "price_fen": 7_580_000, "sold_on": "2026-02-12", "vehicle": "a", "kind": "retail",
        ]
        let future = sale.merged(with: ["sold_on": "2999-01-01"])
        var lines = Request(key: administrator)
        lines.bytes = sale.bytes + [0x0A] + future.bytes + [0x0A]
        let result = try await call("importComparables", lines)
        #expect(result.json["added"] == 1 && result.json["refused"] == 1, "\(result.http.text)")
        #expect(try await call("importComparables", lines).json["known"] == 1)
        lines.bytes = [UInt8](repeating: 0x20, count: (64 << 10) + 1)
        try await refuse("importComparables", "line_too_long", lines)
        var misnamed = Request(query: "mapping=none", key: administrator)
        misnamed.bytes = sale.bytes
        try await refuse("importComparables", "pricing_mapping_unknown", misnamed)
        lines.key = workshop.key
        try await refuse("importComparables", "forbidden", lines)
        try await comparingTables(hash)
    }

    private func comparingTables(_ hash: String) async throws {
        let id = "importComparables"
        var table = Request(query: "mapping=\(hash)", key: administrator, headers: [("Content-Type", "text/csv")])
        table.bytes = Array("brand,price,day,car\n大众,75800,2026-02-12,a\n大众,,2026-02-12,b\n".utf8)
        let result = try await call(id, table)
        #expect(result.json["added"] == 1 && result.json["refused"] == 1, "\(result.http.text)")
        table.bytes = Array("make,price\n大众,75800\n".utf8)
        try await refuse(id, "pricing_mapping_mismatch", table)
        table.bytes = Array("brand,price,day,car\n\"".utf8)
        try await refuse(id, "unreadable_table", table)
        table.query = ""
        try await refuse(id, "pricing_mapping_unknown", table)
    }

    // MARK: What stands

    private func alerting(_ dealer: Member, _ workshop: Member) async throws {
        let own = ["id": dealer.id]
        let lines = try await call("estimateStock", Request(parameters: own, key: dealer.key)).http.text
        #expect(lines.split(separator: "\n").count == 3)
        try await paging("listStockAlerts", own, dealer.key)
        let days = Request(parameters: own, key: dealer.key)
        let tag = try await call("getStockAlertDays", days).entityTag()
        let unchanged = Request(parameters: own, key: dealer.key, headers: [("If-None-Match", tag)])
        #expect(try await call("getStockAlertDays", unchanged).status == 304)
        var request = Request(parameters: own, key: dealer.key)
        request.json = ["slow_from_days": 10, "overdue_from_days": 20]
        try await refuse("setStockAlertDays", "precondition_required", request)
        request.headers = [("If-Match", tag)]
        try await call("setStockAlertDays", request)
        try await refuse("setStockAlertDays", "precondition_failed", request)
        request.json = ["slow_from_days": 10, "overdue_from_days": 10]
        try await refuse("setStockAlertDays", "invalid_request", request)
        for id in ["estimateStock", "listStockAlerts", "getStockAlertDays"] {
            try await refuse(id, "forbidden", Request(parameters: own, key: workshop.key))
            try await refuse(id, "not_found", Request(parameters: anyParameters, key: administrator))
        }
        request.json = ["slow_from_days": 10, "overdue_from_days": 20]
        request.key = workshop.key
        try await refuse("setStockAlertDays", "forbidden", request)
        request.key = administrator
        request.parameters = anyParameters
        try await refuse("setStockAlertDays", "not_found", request)
    }
}
