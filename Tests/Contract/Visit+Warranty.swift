import Core
import Support
import Testing
import Warranty
import Web

extension Visit {
    private static let warrantedVIN = "LSVDEM331MD000021"

    /// In a province without a floor of its own, which would make the basic tier free.
    static var warrantedCar: JSON {
        [
            "vin": JSON(Visit.warrantedVIN), "first_registered_on": "2020-05-08", "odometer_km": 45_000,
            "use": "private", "energy": "petrol", "segment": "compact",
            "price": ["amount": 8_800_000, "currency": "CNY"], "province": "CN-JS", "with_package": false,
        ]
    }

    /// A contract from the question to its end.
    func warranties() async throws {
        let dealer = try await dealership("质保车行", "91440300MA5F1AQ67B")
        let plans = try await call("listWarrantyPlans")
        let unchanged = Request(headers: [("If-None-Match", try plans.entityTag())])
        #expect(try await call("listWarrantyPlans", unchanged).status == 304)
        try await refuse("listWarrantyPlans", "invalid_query", Request(query: "edition=1"))
        let none = String(repeating: "0", count: 64)
        try await refuse("listWarrantyPlans", "not_found", Request(query: "edition=\(none)"))
        try await publishing(dealer)
        let quote = try await quoting(dealer)
        let sold = try await issuing(quote, dealer)
        let id = ["id": try sold.text("id")]
        try await covering(id, dealer)
        try await using(id, dealer)
        try await ending(id, sold, dealer)
    }

    private func publishing(_ dealer: String) async throws {
        let id = "publishWarrantyEdition"
        var request = Request(key: administrator)
        let next = ShippedPlans.yaml.replacing("edition: \"2026-11\"", with: "edition: \"2030-01\"")
            .replacing("effective_from: 2026-11-01", with: "effective_from: 2030-01-01")
        request.bytes = Array(next.utf8)
        #expect(try await call(id, request).status == 201)
        #expect(try await call(id, request).status == 200)
        request.bytes = Array((next + "\n").utf8)
        try await refuse(id, "edition_taken", request)
        request.bytes = Array(next.replacing("2030-01", with: "2020-01").utf8)
        try await refuse(id, "edition_in_the_past", request)
        request.bytes = Array("edition: x\n".utf8)
        try await refuse(id, "invalid_edition", request)
        request.key = dealer
        try await refuse(id, "forbidden", request)
    }

    private var today: JSON { JSON(server.store.clock.now().dateInChina.description) }

    func dealership(_ name: String, _ uscc: String) async throws -> String {
        let request: JSON = ["kind": "dealer", "name": JSON(name), "uscc": JSON(uscc)]
        let id = try await call("createOrganization", Request(key: administrator, json: request)).text("id")
        let key = Request(parameters: ["id": id], key: administrator, json: ["name": "x"])
        return try await call("createApiKey", key).text("secret")
    }

    private func quoting(_ dealer: String) async throws -> Answer {
        let request = Request(key: dealer, headers: [("Idempotency-Key", "quote-1")], json: Visit.warrantedCar)
        let quote = try await call("createWarrantyQuote", request)
        #expect(try await call("createWarrantyQuote", request).http.body == quote.http.body)
        var other = request
        other.json = .object((Visit.warrantedCar.members ?? []).filter { $0.name != "with_package" })
        try await refuse("createWarrantyQuote", "idempotency_key_reused", other)
        try await refuse("createWarrantyQuote", "invalid_request", Request(key: dealer, json: ["vin": "x"]))
        try await refuse("createWarrantyQuote", "forbidden", Request(key: administrator, json: Visit.warrantedCar))
        let id = ["id": try quote.text("id")]
        let read = try await call("getWarrantyQuote", Request(parameters: id, key: dealer))
        #expect(read.json == quote.json)
        let known = Request(parameters: id, key: dealer, headers: [("If-None-Match", try read.entityTag())])
        #expect(try await call("getWarrantyQuote", known).status == 304)
        try await refuse("getWarrantyQuote", "not_found", Request(parameters: anyParameters, key: dealer))
        return quote
    }

    private func issuing(_ quote: Answer, _ dealer: String) async throws -> Answer {
        let basic = quote.json["offers"]?.arrayValue?.first { $0["plan"] == "basic" }
        func sale(_ tier: JSON, _ hash: JSON) -> JSON {
            [
                "quote": quote.json["id"] ?? .null, "tier": tier, "delivered_on": today, "odometer_km": 45_000,
                "holder": "C-1", "acknowledged": [hash],
            ]
        }
        let hash = try #require(basic?["wording_hash"])
        let wrong = JSON(String(repeating: "0", count: 64))
        try await refuse("issueWarranty", "wording_not_acknowledged", Request(key: dealer, json: sale("basic", wrong)))
        try await refuse("issueWarranty", "not_eligible", Request(key: dealer, json: sale("plus", hash)))
        try await refuse("issueWarranty", "invalid_request", Request(key: dealer, json: sale("gold", hash)))
        try await refuse("issueWarranty", "forbidden", Request(key: administrator, json: sale("basic", hash)))
        let sold = try await call("issueWarranty", Request(key: dealer, json: sale("basic", hash)))
        try await refuse("issueWarranty", "quote_used", Request(key: dealer, json: sale("basic", hash)))
        return sold
    }

    private func covering(_ id: [String: String], _ dealer: String) async throws {
        let read = try await call("getWarranty", Request(parameters: id, key: dealer))
        let known = Request(parameters: id, key: dealer, headers: [("If-None-Match", try read.entityTag())])
        #expect(try await call("getWarranty", known).status == 304)
        try await refuse("getWarranty", "not_found", Request(parameters: anyParameters, key: dealer))
        let query = "component=%E5%8F%98%E9%80%9F%E7%AE%B1&date=2026-03-02&odometer_km=45010"
        let covered = try await call("getWarrantyCoverage", Request(parameters: id, query: query, key: dealer))
        let same = Request(
            parameters: id,
            query: query,
            key: dealer,
            headers: [("If-None-Match", try covered.entityTag())]
        )
        #expect(try await call("getWarrantyCoverage", same).status == 304)
        let nothing = Request(parameters: id, query: "component=flux", key: dealer)
        try await refuse("getWarrantyCoverage", "unknown_component", nothing)
        try await refuse("getWarrantyCoverage", "invalid_query", Request(parameters: id, key: dealer))
        let foreign = Request(parameters: anyParameters, query: query, key: dealer)
        try await refuse("getWarrantyCoverage", "not_found", foreign)
    }

    private func using(_ id: [String: String], _ dealer: String) async throws {
        // Sold with the package of its price, so that there are services.
        let car = JSON.object((Visit.warrantedCar.members ?? []).filter { $0.name != "with_package" })
        let quote = try await call("createWarrantyQuote", Request(key: dealer, json: car))
        let basic = quote.json["offers"]?.arrayValue?.first { $0["plan"] == "basic" }
        let sale: JSON = [
            "quote": quote.json["id"] ?? .null, "tier": "basic", "delivered_on": today, "odometer_km": 45_000,
            "holder": "C-1", "acknowledged": [basic?["wording_hash"] ?? .null],
        ]
        let sold = try await call("issueWarranty", Request(key: dealer, json: sale))
        var parameters = ["id": try sold.text("id"), "kind": "substitute_driver"]
        let list = Request(parameters: parameters, key: dealer)
        let services = try await call("listEntitlements", list)
        let known = Request(parameters: parameters, key: dealer, headers: [("If-None-Match", try services.entityTag())])
        #expect(try await call("listEntitlements", known).status == 304)
        try await refuse("listEntitlements", "not_found", Request(parameters: anyParameters, key: dealer))
        let use: JSON = ["place": "杭州一店", "odometer_km": 45_100]
        let redeem = Request(parameters: parameters, key: dealer, json: use)
        try await call("redeemEntitlement", redeem)
        try await refuse("redeemEntitlement", "grant_exhausted", redeem)
        let back: JSON = ["number": 1, "reason": "记错车"]
        let reverse = Request(parameters: parameters, key: dealer, json: back)
        try await call("reverseEntitlement", reverse)
        try await refuse("reverseEntitlement", "not_found", reverse)
        parameters["kind"] = "car_wash"
        try await refuse("redeemEntitlement", "not_found", Request(parameters: parameters, key: dealer, json: use))
        let empty = Request(parameters: parameters, key: dealer, json: [:])
        try await refuse("redeemEntitlement", "invalid_request", empty)
        try await refuse("reverseEntitlement", "invalid_request", empty)
    }

    private func ending(_ id: [String: String], _ sold: Answer, _ dealer: String) async throws {
        func request(_ tag: String?, _ body: JSON) -> Request {
            Request(parameters: id, key: dealer, headers: tag.map { [("If-Match", $0)] } ?? [], json: body)
        }
        let tag = try await call("getWarranty", Request(parameters: id, key: dealer)).entityTag()
        let transfer: JSON = ["holder": "C-2", "use": "private", "odometer_km": 45_100]
        let hire: JSON = ["holder": "C-2", "use": "commercial", "odometer_km": 45_100]
        let cancel: JSON = ["odometer_km": 45_200, "reason": "换车"]
        let hash = JSON(String(repeating: "0", count: 64))
        let renew: JSON = ["kind": "renewal", "tier": "basic", "odometer_km": 45_150, "acknowledged": [hash]]
        let steps: [(String, JSON)] = [
            ("payWarranty", [:]), ("transferWarranty", transfer), ("cancelWarranty", cancel), ("renewWarranty", renew),
        ]
        for (operation, body) in steps {
            try await refuse(operation, "precondition_required", request(nil, body))
            try await refuse(operation, "precondition_failed", request("\"v9-00000000\"", body))
            try await refuse(operation, "invalid_request", request(tag, ["odometer_km": -1]))
            try await refuse(operation, "not_found", Request(parameters: anyParameters, key: dealer, json: body))
        }
        let paid = try await call("payWarranty", request(tag, [:])).entityTag()
        try await refuse("payWarranty", "contract_paid", request(paid, [:]))
        try await refuse("transferWarranty", "not_transferable", request(paid, hire))
        let moved = try await call("transferWarranty", request(paid, transfer)).entityTag()
        try await refuse("renewWarranty", "not_renewable", request(moved, renew))
        let lower: JSON = ["kind": "upgrade", "tier": "basic", "odometer_km": 45_150, "acknowledged": [hash]]
        try await refuse("renewWarranty", "not_an_upgrade", request(moved, lower))
        let gone = try await call("cancelWarranty", request(moved, cancel)).entityTag()
        try await refuse("cancelWarranty", "contract_ended", request(gone, cancel))
        try await refuse("renewWarranty", "contract_ended", request(gone, lower))
        try await renewing(dealer)
        try await printing(id, dealer)
    }

    /// A contract in its last month.
    private func renewing(_ dealer: String) async throws {
        let quote = try await call("createWarrantyQuote", Request(key: dealer, json: Visit.warrantedCar))
        let basic = quote.json["offers"]?.arrayValue?.first { $0["plan"] == "basic" }
        let hash = try #require(basic?["wording_hash"])
        let sale: JSON = [
            "quote": quote.json["id"] ?? .null, "tier": "basic", "delivered_on": today, "odometer_km": 45_000,
            "holder": "C-1", "acknowledged": [hash], "is_paid": true,
        ]
        let sold = try await call("issueWarranty", Request(key: dealer, json: sale))
        server.store.clock.advance(seconds: 75 * 86_400)
        let id = ["id": try sold.text("id")]
        let tag = try await call("getWarranty", Request(parameters: id, key: dealer)).entityTag()
        try await pricing(renewalOf: id, dealer, wording: hash)
        let renew: JSON = [
            "kind": "renewal", "tier": "basic", "odometer_km": 46_000, "acknowledged": [hash], "is_paid": true,
        ]
        let request = Request(parameters: id, key: dealer, headers: [("If-Match", tag)], json: renew)
        let renewed = try await call("renewWarranty", request)
        #expect(renewed.json["terms"]?["renews"] == sold.json["id"])
    }

    private func pricing(renewalOf id: [String: String], _ dealer: String, wording hash: JSON) async throws {
        let operation = "quoteWarrantyRenewal"
        let ask: JSON = ["kind": "renewal", "odometer_km": 46_000]
        let quote = try await call(operation, Request(parameters: id, key: dealer, json: ask))
        let basic = quote.json["offers"]?.arrayValue?.first { $0["plan"] == "basic" }
        // What he reads is what he acknowledges.
        #expect(basic?["wording_hash"] == hash)
        let dearer: JSON = ["kind": "upgrade", "odometer_km": 46_000]
        try await call(operation, Request(parameters: id, key: dealer, json: dearer))
        try await refuse(operation, "invalid_request", Request(parameters: id, key: dealer, json: ["kind": "x"]))
        try await refuse(operation, "not_found", Request(parameters: anyParameters, key: dealer, json: ask))
    }

    private func printing(_ id: [String: String], _ dealer: String) async throws {
        for type in ["text/html", "text/plain"] {
            let ask = Request(parameters: id, key: dealer, headers: [("Accept", type)])
            let tag = try await call("getWarrantyDocument", ask).entityTag()
            var again = ask
            again.headers.append(("If-None-Match", tag))
            #expect(try await call("getWarrantyDocument", again).status == 304)
        }
        try await refuse("getWarrantyDocument", "not_found", Request(parameters: anyParameters, key: dealer))
        for type in ["application/json", "text/csv", "text/html"] {
            let ask = Request(query: "as_of=2026-12-31", key: dealer, headers: [("Accept", type)])
            try await call("getWarrantyPortfolio", ask)
        }
        try await refuse("getWarrantyPortfolio", "invalid_query", Request(query: "as_of=today", key: dealer))
        try await call("getWarrantySettlement", Request(query: "month=2026-03", key: administrator))
        try await refuse("getWarrantySettlement", "invalid_query", Request(key: dealer))
    }
}
