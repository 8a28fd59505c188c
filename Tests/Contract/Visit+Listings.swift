import Core
import Support
import Testing
import Web

// The steps of a walk that concern what dealers offer.

extension Visit {
    /// A car of which the records say what nobody should offer it with.
    private static let burdenedCar = "LS5DEM020KD386357"
    private static let photographedCar = "LSVAU2187N2123456"

    private func dealer(_ name: String, _ uscc: String) async throws -> Member {
        let request: JSON = ["kind": "dealer", "name": JSON(name), "uscc": JSON(uscc)]
        let dealer = try await call("createOrganization", Request(key: administrator, json: request)).text("id")
        let key = Request(parameters: ["id": dealer], key: administrator, json: ["name": "车源系统"])
        return Member(id: dealer, key: try await call("createApiKey", key).text("secret"))
    }

    /// - Parameter workshop: offers nothing.
    func listings(_ workshop: Member) async throws {
        let dealer = try await dealer("安心二手车", "91440300708461136T")
        let rival = try await self.dealer("城东车行", "91330106MADEM301XT")
        let offer = try await drafting(dealer, workshop)
        try await reading(offer, dealer, rival)
        try await changing(offer, dealer, rival)
        for stranger in [workshop.key, nil] { try await refuseStrangers(offer, stranger) }
        try await refuseSteps(offer, dealer, rival)
        try await publishing(offer, dealer)
        try await contradicting(dealer)
        try await disputing(offer, dealer, rival)
        try await selling(offer, dealer)
        try await listingOffers(offer, dealer, rival, workshop)
        let photographed = content(Visit.photographedCar, [.init("disclosures", Visit.answers)])
        try await photos(dealer, rival, workshop, photographed)
    }

    // MARK: Content

    static let answers: JSON = [
        "commercial_use": "no", "major_repair": "no", "accident": "not_known", "inspection_expired": "no",
        "mortgaged": "no", "taxes_owed": "no", "scrap_due": "no", "flood": "no", "odometer_altered": "no",
    ]

    private static let vehicle: JSON = [
        "make": "大众", "series": "Lavida", "model_year": 2021, "energy": "petrol",
        "first_registered_on": "2026-02-27", "guide_price": ["amount": 12_990_000, "currency": "CNY"],
        "features": ["sunroof"],
    ]

    private func content(_ vin: String = Visit.vin, _ more: [JSON.Member] = []) -> JSON {
        let members: [JSON.Member] = [
            .init("vin", JSON(vin)), .init("odometer_km", 45_500),
            .init("price", ["kind": "one_price", "amount": 8_880_000, "currency": "CNY"]),
            .init("vehicle", Visit.vehicle), .init("location", ["province": "CN-ZJ", "city": "Hangzhou"]),
            .init("stock", ["number": "HZ-0421", "since": "2026-02-20"]),
        ]
        let title = [JSON.Member("title", rules.language == .chinese ? "自动舒适版" : "Automatic, comfort")]
        return .object(members + (more.contains { $0.name == "title" } ? [] : title) + more)
    }

    /// - Returns: a draft with every answer that it needs.
    private func draft(_ dealer: Member, _ vin: String = Visit.vin) async throws -> [String: String] {
        let content = content(vin, [.init("disclosures", Visit.answers)])
        return ["id": try await call("createListing", Request(key: dealer.key, json: content)).text("id")]
    }

    /// - Returns: a draft that answers nothing yet.
    private func drafting(_ dealer: Member, _ workshop: Member) async throws -> [String: String] {
        var request = Request(key: dealer.key, headers: [("Idempotency-Key", "draft-1")], json: content())
        let draft = try await call("createListing", request)
        #expect(draft.status == 201)
        #expect(draft.http.header("Location") == "/v1/listings/\(try draft.text("id"))")
        #expect(draft.json["included"]?.arrayValue?.count == 3)
        #expect(draft.json["pinned"] == .null)
        #expect(try await call("createListing", request).http.header("Idempotency-Replayed") == "true")
        request.json = content(Visit.burdenedCar)
        try await refuse("createListing", "idempotency_key_reused", request)
        request.headers = []
        let fee: JSON = ["name": "金融服务费", "amount": 200_000, "currency": "CNY"]
        request.json = content(Visit.vin, [.init("fees", .array([fee]))])
        let extra = try await refuse("createListing", "invalid_request", request)
        #expect(extra.faultCodes == ["above_one_price"])
        request.key = workshop.key
        try await refuse("createListing", "forbidden", request)
        return ["id": try draft.text("id")]
    }

    private func reading(_ offer: [String: String], _ dealer: Member, _ rival: Member) async throws {
        let tag = try await call("getListing", Request(parameters: offer, key: dealer.key)).entityTag()
        let unchanged = Request(parameters: offer, key: dealer.key, headers: [("If-None-Match", tag)])
        #expect(try await call("getListing", unchanged).status == 304)
        try await call("getListing", Request(parameters: offer, key: administrator))
        for key in [rival.key, nil] {
            try await refuse("getListing", "not_found", Request(parameters: offer, key: key))
        }
        try await refuse("getListing", "not_found", Request(parameters: anyParameters))
    }

    private func changing(_ offer: [String: String], _ dealer: Member, _ rival: Member) async throws {
        let fee: JSON = ["name": "过户费", "amount": 50_000, "currency": "CNY"]
        var patch = Request(parameters: offer, key: dealer.key)
        patch.json = ["price": ["kind": "asking"], "fees": .array([fee]), "included": .array(["inspection"])]
        try await refuse("updateListing", "precondition_required", patch)
        patch.headers = [("If-Match", try await tag(offer, dealer))]
        let changed = try await call("updateListing", patch)
        #expect(changed.json["total"]?["amount"] == 8_930_000)
        try await refuse("updateListing", "precondition_failed", patch)
        patch.headers = [("If-Match", try changed.entityTag())]
        patch.json = ["vin": JSON(Visit.burdenedCar)]
        try await refuse("updateListing", "invalid_request", patch)
        patch.json = ["title": .null]
        try await refuse("updateListing", "invalid_request", patch)
        patch.json = ["text": "车况说明", "fees": .null, "price": ["kind": "one_price"]]
        let described = try await call("updateListing", patch)
        #expect(described.json["text"] == "车况说明")
        patch.headers = [("If-Match", try described.entityTag())]
        patch.json = ["text": .null, "disclosures": ["accident": "no"]]
        let undescribed = try await call("updateListing", patch)
        #expect(undescribed.json["text"] == .null)
        #expect(undescribed.json["disclosures"]?["flood"] == .null)
        patch.key = rival.key
        try await refuse("updateListing", "not_found", patch)
    }

    // MARK: Steps

    private static let steps: [(id: String, body: JSON)] = [
        ("publishListing", [:]), ("reserveListing", [:]), ("releaseListing", [:]),
        ("withdrawListing", ["reason": "另有安排"]), ("markListingSold", Visit.sale(8_800_000)),
    ]

    private static func sale(_ fen: Int64) -> JSON {
        ["price": ["amount": .integer(fen), "currency": "CNY"]]
    }

    private func tag(_ offer: [String: String], _ dealer: Member) async throws -> String {
        try await call("getListing", Request(parameters: offer, key: dealer.key)).entityTag()
    }

    private func ready(
        _ id: String,
        _ offer: [String: String],
        _ dealer: Member,
        _ json: JSON? = nil
    ) async throws -> Request {
        let body = json ?? Visit.steps.first { $0.id == id }?.body
        let headers = [("If-Match", try await tag(offer, dealer))]
        return Request(parameters: offer, key: dealer.key, headers: headers, json: body)
    }

    /// Takes a step, which has to lead to `status`.
    private func take(_ id: String, _ offer: [String: String], _ dealer: Member, to status: String) async throws {
        var request = try await ready(id, offer, dealer)
        request.headers.append(("Idempotency-Key", "\(id)-\(try await tag(offer, dealer).dropFirst().prefix(8))"))
        let answer = try await call(id, request)
        #expect(answer.json["status"]?.stringValue == status, "\(id)")
        #expect(try await call(id, request).http.header("Idempotency-Replayed") == "true", "\(id)")
        request.parameters = try await draft(dealer, Visit.burdenedCar)
        try await refuse(id, "idempotency_key_reused", request)
        try await refuse(id, "listing_state", try await ready(id, offer, dealer))
    }

    /// - Parameter key: of somebody who offers nothing.
    private func refuseStrangers(_ offer: [String: String], _ key: String?) async throws {
        let code = key == nil ? "unauthenticated" : "forbidden"
        for step in Visit.steps {
            try await refuse(step.id, code, Request(parameters: offer, key: key, json: step.body))
        }
        try await refuse("updateListing", code, Request(parameters: offer, key: key, json: [:]))
        try await refuse("listListingChanges", code, Request(parameters: offer, key: key))
    }

    /// What every step refuses, whatever the listing is.
    private func refuseSteps(_ offer: [String: String], _ dealer: Member, _ rival: Member) async throws {
        for step in Visit.steps {
            var request = Request(parameters: offer, key: dealer.key, json: step.body)
            try await refuse(step.id, "precondition_required", request)
            request.headers = [("If-Match", "\"v0-00000000\"")]
            try await refuse(step.id, "precondition_failed", request)
            request.json = ["no_such_member": 1]
            try await refuse(step.id, "invalid_request", request)
            request.json = step.body
            for stranger in [rival.key, dealer.key] {
                request.key = stranger
                try await refuse(step.id, "not_found", request)
                request.parameters = anyParameters
            }
        }
        for step in Visit.steps where step.id != "publishListing" {
            try await refuse(step.id, "listing_state", try await ready(step.id, offer, dealer))
        }
    }

    private func publishing(_ offer: [String: String], _ dealer: Member) async throws {
        let incomplete = try await ready("publishListing", offer, dealer)
        let refusal = try await refuse("publishListing", "listing_refused", incomplete)
        #expect(refusal.faultCodes == ["required"])
        var patch = Request(parameters: offer, key: dealer.key, json: ["disclosures": Visit.answers])
        patch.headers = incomplete.headers
        try await call("updateListing", patch)
        try await take("publishListing", offer, dealer, to: "published")
        let published = try await call("getListing", Request(parameters: offer, key: dealer.key))
        #expect(published.json["stock"]?["number"] == "HZ-0421")
        #expect(try await call("getListing", Request(parameters: offer)).json["stock"] == .null)
        let vehicle = try await call("getVehicle", Request(parameters: vehicle))
        #expect(published.json["pinned"]?["head"] == vehicle.json["head"])
        #expect(published.json["price_history"]?.arrayValue?.count == 1)
        patch.headers = [("If-Match", try published.entityTag())]
        patch.json = ["odometer_km": 100]
        let contradiction = try await refuse("updateListing", "listing_refused", patch)
        #expect(contradiction.faultCodes == ["contradicts_history"])
        patch.json = ["price": ["amount": 8_800_000]]
        #expect(try await call("updateListing", patch).json["price_history"]?.arrayValue?.count == 2)
        let second = try await draft(dealer)
        let again = try await ready("publishListing", second, dealer)
        try await refuse("publishListing", "vehicle_already_listed", again)
    }

    /// Every rule of publication that a car's records can break.
    private func contradicting(_ dealer: Member) async throws {
        let events: [(kind: String, data: JSON)] = [
            ("mortgage.registered", ["mortgage_ref": "M-1"]), ("recall.announced", ["campaign": "R-1"]),
            ("flood.reported", [:]), ("scrapped", [:]),
        ]
        for event in events {
            let json = self.event(event.kind, event.data, ref: "listed-\(event.kind)")
            let car = ["vin": Visit.burdenedCar]
            try await call("appendEvent", Request(parameters: car, key: administrator, json: json))
        }
        let claims: JSON = rules.language == .chinese ? "无事故、无泡水" : "accident-free, never flooded"
        let more = [JSON.Member("title", claims), .init("disclosures", Visit.answers)]
        let content = content(Visit.burdenedCar, more)
        let created = try await call("createListing", Request(key: dealer.key, json: content))
        let request = try await ready("publishListing", ["id": try created.text("id")], dealer)
        let refusal = try await refuse("publishListing", "listing_refused", request)
        let expected: Set<String> = [
            "not_tradable", "mortgage_without_consent", "recall_undisclosed", "contradicts_history",
            "contradicts_disclosure",
        ]
        #expect(refusal.faultCodes == expected)
    }

    private func selling(_ offer: [String: String], _ dealer: Member) async throws {
        try await take("publishListing", offer, dealer, to: "published")
        try await take("reserveListing", offer, dealer, to: "reserved")
        var patch = try await ready("updateListing", offer, dealer)
        patch.json = ["text": "最后一天"]
        try await refuse("updateListing", "listing_state", patch)
        try await take("releaseListing", offer, dealer, to: "published")
        try await take("withdrawListing", offer, dealer, to: "withdrawn")
        try await refuse("getListing", "not_found", Request(parameters: offer))
        try await take("publishListing", offer, dealer, to: "published")
        let over = try await ready("markListingSold", offer, dealer, Visit.sale(8_800_001))
        try await refuse("markListingSold", "above_one_price", over)
        try await take("markListingSold", offer, dealer, to: "sold")
        try await call("getListing", Request(parameters: offer))
    }

    // MARK: Disputes

    /// - Parameter offer: on offer before; withdrawn in the end.
    private func disputing(_ offer: [String: String], _ dealer: Member, _ rival: Member) async throws {
        let claim = try await draft(rival)
        let publication = try await ready("publishListing", claim, rival)
        try await refuse("publishListing", "vehicle_listed_elsewhere", publication)
        try await refuse("publishListing", "vehicle_listed_elsewhere", publication)
        let disputes = try await call("listListingDisputes", Request(key: administrator)).json["data"]?.arrayValue ?? []
        #expect(disputes.compactMap { $0["claimant"]?.stringValue } == [rival.id])
        let other = try await draft(rival)
        let second = try await ready("publishListing", other, rival)
        try await refuse("publishListing", "vehicle_listed_elsewhere", second)
        try await paging("listListingDisputes", [:], administrator)
        try await refuse("listListingDisputes", "forbidden", Request(key: dealer.key))
        try await settling(["id": try #require(disputes.first?["id"]?.stringValue)], dealer)
        try await refuse("getListing", "not_found", Request(parameters: offer))
        try await take("publishListing", claim, rival, to: "published")
        try await take("withdrawListing", claim, rival, to: "withdrawn")
    }

    private func settling(_ dispute: [String: String], _ dealer: Member) async throws {
        let id = "settleListingDispute"
        var request = Request(parameters: dispute, key: administrator, headers: [("Idempotency-Key", "settle-1")])
        request.json = ["in_favor_of": "whoever", "reason": "x"]
        try await refuse(id, "invalid_request", request)
        request.json = ["in_favor_of": "claimant", "reason": "行驶证和车辆均在申请方处"]
        let settled = try await call(id, request)
        #expect(settled.json["status"] == "settled")
        #expect(try await call(id, request).http.body == settled.http.body)
        request.json = ["in_favor_of": "listing", "reason": "另有证据"]
        try await refuse(id, "idempotency_key_reused", request)
        request.headers = []
        try await refuse(id, "dispute_settled", request)
        request.parameters = anyParameters
        try await refuse(id, "not_found", request)
        request.key = dealer.key
        try await refuse(id, "forbidden", request)
    }

    // MARK: Lists

    private func listingOffers(
        _ offer: [String: String],
        _ dealer: Member,
        _ rival: Member,
        _ workshop: Member
    ) async throws {
        let own = ["id": dealer.id]
        let nobody = ["id": "lst_01kjp4yf60ef7a5n56tabvem4j"]
        for (id, parameters, others) in [
            ("listListings", own, anyParameters), ("listListingChanges", offer, nobody),
        ] {
            try await paging(id, parameters, dealer.key)
            try await refuse(id, "not_found", Request(parameters: parameters, key: rival.key))
            try await refuse(id, "not_found", Request(parameters: others, key: administrator))
            let page = try await call(id, Request(parameters: parameters, query: "limit=1", key: administrator))
            let cursor = try page.text("next_cursor")
            let other = Request(parameters: others, query: "cursor=\(cursor)", key: administrator)
            try await refuse(id, "cursor_mismatch", other)
        }
        let all = Request(parameters: offer, query: "limit=100", key: dealer.key)
        let changes = try await call("listListingChanges", all)
        let kinds = Set((changes.json["data"]?.arrayValue ?? []).compactMap { $0["kind"]?.stringValue })
        #expect(kinds == ["created", "edited", "published", "reserved", "released", "withdrawn", "sold"])
        try await refuse("listListings", "forbidden", Request(parameters: own, key: workshop.key))
    }
}

extension Answer {
    /// Of everything that was wrong, each once.
    var faultCodes: Set<String> {
        Set((json["errors"]?.arrayValue ?? []).compactMap { $0["code"]?.stringValue })
    }
}
