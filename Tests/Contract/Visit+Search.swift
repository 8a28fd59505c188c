import Core
import Testing

// The steps of a walk that look for what is on offer.

extension Visit {
    func searching() async throws {
        let dealer = try await call(
            "createOrganization",
            Request(key: administrator, json: ["kind": "dealer", "name": "城西车行", "uscc": "91330108MADAY00D13"])
        ).text("id")
        let key = try await call(
            "createApiKey",
            Request(parameters: ["id": dealer], key: administrator, json: ["name": "车源"])
        ).text("secret")
        for number in 1...2 { try await offer(Visit.vin(number), Int64(number), key) }
        let query = "dealer=\(dealer)&make=%E5%A4%A7%E4%BC%97&q=ABS&sort=price_asc&facets=true"
        let found = try await call("searchListings", Request(query: query))
        #expect(found.json["total"] == 2)
        #expect(found.json["data"]?.arrayValue?.allSatisfy { $0["stock"] == .null } == true)
        #expect(found.json["facets"]?["energy"]?.arrayValue?.first?["label"]?["zh"] == "汽油")
        let first = try await call("searchListings", Request(query: "\(query)&limit=1"))
        let cursor = try first.text("next_cursor")
        let last = try await call("searchListings", Request(query: "\(query)&limit=1&cursor=\(cursor)"))
        #expect(last.json["has_more"] == false)
        try await refuse("searchListings", "cursor_mismatch", Request(query: "cursor=\(cursor)"))
        try await refuse("searchListings", "invalid_cursor", Request(query: "cursor=AAAA"))
        let faulty = try await refuse("searchListings", "invalid_query", Request(query: "energy=wood&grade_min=9&q=-"))
        #expect(faulty.json["errors"]?.arrayValue?.count == 3)
    }

    /// A car that nothing is known of.
    private static func vin(_ number: Int) -> String {
        let texts = "0123456789X".lazy.map { "LFV2A21K\($0)G000000\(number)" }
        return texts.first { (try? VIN(parsing: $0)) != nil } ?? ""
    }

    private func offer(_ vin: String, _ number: Int64, _ key: String) async throws {
        let content: JSON = [
            "vin": JSON(vin), "title": "ABS 2021", "odometer_km": 45_000,
            "vehicle": ["make": "大众", "series": "朗逸", "energy": "petrol", "first_registered_on": "2021-06-18"],
            "location": ["province": "CN-ZJ", "city": "杭州"],
            "price": ["kind": "asking", "amount": .integer(8_000_000 + number), "currency": "CNY"],
            "disclosures": Visit.answers, "stock": ["number": "B-\(number)"],
        ]
        let draft = try await call("createListing", Request(key: key, json: content))
        let headers = [("If-Match", try draft.entityTag())]
        let parameters = ["id": try draft.text("id")]
        try await call("publishListing", Request(parameters: parameters, key: key, headers: headers, json: [:]))
    }
}
