import Core
import Support
import Testing

/// A dealer's offers over HTTP.
@Suite struct ListingTests {
    private static let clean: JSON = [
        "commercial_use": "no", "major_repair": "no", "accident": "no", "inspection_expired": "no", "mortgaged": "no",
        "taxes_owed": "no", "scrap_due": "no", "flood": "no", "odometer_altered": "not_known",
    ]

    static func draft(_ vin: String = House.vin, kind: String = "asking") -> JSON {
        [
            "vin": JSON(vin), "title": "2021 款 秦 PLUS", "odometer_km": 45_000,
            "price": ["kind": JSON(kind), "amount": 8_800_000, "currency": "CNY"], "disclosures": clean,
            "vehicle": [
                "make": "比亚迪", "series": "秦 PLUS", "energy": "plug_in_hybrid", "first_registered_on": "2021-05-08",
            ],
            "location": ["province": "CN-ZJ", "city": "杭州"], "stock": ["number": "A-17", "since": "2026-01-08"],
        ]
    }

    private func created(_ house: House, as key: String, _ body: JSON = draft()) async throws -> (
        id: String, tag: String
    ) {
        let answer = try await house.post("/v1/listings", body, as: key)
        #expect(answer.status == 201, "\(answer.http.text)")
        let id = try #require(answer.json["id"]?.stringValue)
        #expect(answer.http.header("Location") == "/v1/listings/\(id)")
        return (id, try #require(answer.http.header("ETag")))
    }

    private func step(
        _ house: House,
        _ id: String,
        _ step: String,
        _ tag: String,
        _ body: JSON = [:],
        as key: String,
        once: String? = nil
    ) async throws -> House.Answer {
        let keyed: HTTPClient.Headers = once.map { [("Idempotency-Key", $0)] } ?? []
        return try await house.post("/v1/listings/\(id)/\(step)", body, as: key, headers: [("If-Match", tag)] + keyed)
    }

    private func tag(_ answer: House.Answer) throws -> String { try #require(answer.http.header("ETag")) }

    @Test func `from draft to sold, with every fact on record`() async throws {
        let house = try await House.open()
        let dealer = try await house.dealer()
        let workshop = try await house.workshop()
        let entry = try await house.reading(44_000, ref: "r1", as: workshop.key)
        var (id, tag) = try await created(house, as: dealer.key)
        #expect(try await house.get("/v1/listings/\(id)").status == 404)
        let published = try await step(house, id, "publish", tag, as: dealer.key)
        #expect(published.status == 200, "\(published.http.text)")
        #expect(published.json["status"] == "published")
        #expect(published.json["pinned"]?["head"] == entry.json["hash"])
        #expect(published.json["pinned"]?["entry_count"] == 1)
        // What is recorded later does not move what the dealer stood behind.
        _ = try await house.reading(44_500, ref: "r2", as: workshop.key)
        let seen = try await house.get("/v1/listings/\(id)")
        #expect(seen.json["pinned"] == published.json["pinned"])
        // The dealer's own number is nobody else's business.
        #expect(published.json["stock"]?["number"] == "A-17")
        #expect(seen.json["stock"] == .null)
        #expect(!seen.http.text.contains("A-17"))
        #expect(seen.json["vehicle"]?["series"] == "秦 PLUS")
        #expect(seen.json["disclosures"]?["odometer_altered"]?["zh"]?.stringValue?.contains("不清楚") == true)
        let cheaper = try await house.send(
            "PATCH",
            "/v1/listings/\(id)",
            ["price": ["amount": 8_600_000]],
            as: dealer.key,
            headers: [("If-Match", try self.tag(published))]
        )
        #expect(cheaper.status == 200, "\(cheaper.http.text)")
        let prices = cheaper.json["price_history"]?.arrayValue?.compactMap { $0["amount"]?.integerValue }
        #expect(prices == [8_600_000, 8_800_000])
        tag = try self.tag(cheaper)
        for (name, body, status) in [
            ("reserve", [:] as JSON, "reserved"), ("release", [:], "published"),
            ("mark-sold", ["price": ["amount": 8_500_000, "currency": "CNY"]], "sold"),
        ] {
            let answer = try await step(house, id, name, tag, body, as: dealer.key)
            #expect(answer.json["status"] == JSON(status), "\(answer.http.text)")
            tag = try self.tag(answer)
        }
        let changes = try await house.get("/v1/listings/\(id)/changes", as: dealer.key)
        let kinds = changes.json["data"]?.arrayValue?.compactMap { $0["kind"]?.stringValue }
        #expect(kinds == ["sold", "released", "reserved", "edited", "published", "created"])
        let edit = changes.json["data"]?.arrayValue?[3]
        #expect(edit?["detail"]?["price"]?["from"]?["amount"] == 8_800_000)
        #expect(edit?["organization"] == JSON(dealer.id))
        let refused = try await step(house, id, "withdraw", tag, ["reason": "不卖了"], as: dealer.key)
        #expect(refused.code == "listing_state")
    }

    @Test func `an offer that contradicts the history is refused with every reason, and changes nothing`() async throws
    {
        let house = try await House.open()
        let dealer = try await house.dealer()
        let insurer = try await house.insurer()
        let accident = try await house.append(
            "accident.reported",
            ["structural": "yes"],
            ref: "a",
            as: insurer.key
        )
        #expect(accident.status == 201, "\(accident.http.text)")
        let boast = JSON.object((Self.draft().members ?? []).filter { $0.name != "title" } + [.init("title", "精品无事故")])
        let (id, tag) = try await created(house, as: dealer.key, boast)
        let refused = try await step(house, id, "publish", tag, as: dealer.key)
        #expect(refused.status == 422)
        #expect(refused.code == "listing_refused")
        let pointers = refused.json["errors"]?.arrayValue?.compactMap { $0["pointer"]?.stringValue }
        #expect(pointers == ["/disclosures/accident", "/title"])
        let still = try await house.get("/v1/listings/\(id)", as: dealer.key)
        #expect(still.json["status"] == "draft")
        #expect(try self.tag(still) == tag)
    }

    @Test func `what is offered stays within the rules when it is edited, and what is reserved stays as it is`()
        async throws
    {
        let house = try await House.open()
        let dealer = try await house.dealer()
        let insurer = try await house.insurer()
        let (id, tag) = try await created(house, as: dealer.key)
        let published = try await step(house, id, "publish", tag, as: dealer.key)
        _ = try await house.append("flood.reported", [:], ref: "f", as: insurer.key)
        func patch(_ body: JSON, _ tag: String) async throws -> House.Answer {
            try await house.send("PATCH", "/v1/listings/\(id)", body, as: dealer.key, headers: [("If-Match", tag)])
        }
        let dry = try await patch(["text": "绝无泡水"], try self.tag(published))
        #expect(dry.code == "listing_refused")
        let honest = try await patch(["disclosures": ["flood": "yes"]], try self.tag(published))
        #expect(honest.status == 200, "\(honest.http.text)")
        let stale = try await patch(["text": "x"], try self.tag(published))
        #expect(stale.status == 412)
        let reserved = try await step(house, id, "reserve", try self.tag(honest), as: dealer.key)
        #expect(try await patch(["text": "新"], try self.tag(reserved)).code == "listing_state")
        #expect(try await patch(["status": "sold"], try self.tag(reserved)).code == "listing_state")
    }

    @Test func `a second dealer's offer of the same car opens one dispute, which the platform settles`() async throws {
        let house = try await House.open()
        let first = try await house.dealer()
        let second = try await house.member("dealer", "91330106MADEM301XT")
        let (one, oneTag) = try await created(house, as: first.key)
        #expect(try await step(house, one, "publish", oneTag, as: first.key).status == 200)
        let (twin, twinTag) = try await created(house, as: first.key)
        #expect(try await step(house, twin, "publish", twinTag, as: first.key).code == "vehicle_already_listed")
        let (two, twoTag) = try await created(house, as: second.key)
        let unanswered = JSON.object((Self.draft().members ?? []).filter { $0.name != "disclosures" })
        let (empty, emptyTag) = try await created(house, as: second.key, unanswered)
        #expect(try await step(house, empty, "publish", emptyTag, as: second.key).code == "listing_refused")
        for _ in 0..<2 {
            let refused = try await step(house, two, "publish", twoTag, as: second.key, once: "p")
            #expect(refused.status == 409)
            #expect(refused.code == "vehicle_listed_elsewhere")
        }
        let disputes = try await house.get("/v1/listing-disputes", as: house.administrator)
        #expect(disputes.json["data"]?.arrayValue?.count == 1)
        let dispute = try #require(disputes.json["data"]?.arrayValue?.first)
        #expect(dispute["listing"] == JSON(one) && dispute["claimant_listing"] == JSON(two))
        let path = "/v1/listing-disputes/\(dispute["id"]?.stringValue ?? "")/settle"
        let ruling: JSON = ["in_favor_of": "claimant", "reason": "登记证书在第二家"]
        let settled = try await house.post(path, ruling, as: house.administrator)
        #expect(settled.json["status"] == "settled", "\(settled.http.text)")
        #expect(try await house.post(path, ruling, as: house.administrator).code == "dispute_settled")
        #expect(try await house.get("/v1/listings/\(one)").status == 404)
        // Whoever lost and is faster again is disputed again.
        let lost = try await house.get("/v1/listings/\(one)", as: first.key)
        #expect(try await step(house, one, "publish", try self.tag(lost), as: first.key).status == 200)
        #expect(try await step(house, two, "publish", twoTag, as: second.key).code == "vehicle_listed_elsewhere")
        let all = try await house.get("/v1/listing-disputes", as: house.administrator)
        let states = all.json["data"]?.arrayValue?.compactMap { $0["status"]?.stringValue }
        #expect(states?.sorted() == ["open", "settled"])
    }

    @Test func `more than the one price is refused, and the attempt is on record`() async throws {
        let house = try await House.open()
        let dealer = try await house.dealer()
        let (id, tag) = try await created(house, as: dealer.key, Self.draft(kind: "one_price"))
        let published = try await step(house, id, "publish", tag, as: dealer.key)
        #expect(published.json["included"]?.arrayValue?.count == 3)
        #expect(published.json["total"]?["amount"] == 8_800_000)
        let current = try self.tag(published)
        let greedy: JSON = ["price": ["amount": 8_800_001, "currency": "CNY"]]
        let refused = try await step(house, id, "mark-sold", current, greedy, as: dealer.key, once: "s")
        #expect(refused.status == 422)
        #expect(refused.code == "above_one_price")
        // A draft that could not be sold anyway is no attempt.
        let (other, otherTag) = try await created(house, as: dealer.key, Self.draft(kind: "one_price"))
        let early = try await step(house, other, "mark-sold", otherTag, greedy, as: dealer.key)
        #expect(early.code == "listing_state")
        let trail = try await house.get("/v1/organizations/\(dealer.id)/audit-trail", as: dealer.key)
        let attempts = trail.json["data"]?.arrayValue?.compactMap { $0["record"] }
            .filter { $0["code"] == "above_one_price" && $0["subject"] != .null }
        #expect(attempts?.compactMap { $0["subject"]?.stringValue } == [id])
        #expect(attempts?.first?["detail"]?["price"]?["amount"] == 8_800_001)
        // Nothing was kept under the key: the right price goes through.
        let fair: JSON = ["price": ["amount": 8_800_000, "currency": "CNY"]]
        #expect(try await step(house, id, "mark-sold", current, fair, as: dealer.key, once: "s").status == 200)
    }

    @Test func `another's listing answers byte for byte like one that does not exist`() async throws {
        let house = try await House.open()
        let dealer = try await house.dealer()
        let other = try await house.member("dealer", "91330106MADEM301XT")
        let (id, tag) = try await created(house, as: dealer.key)
        let nowhere = "lst_" + String(repeating: "0", count: 26)
        func scrubbed(_ answer: House.Answer) -> String {
            answer.http.text.replacing(answer.json["request_id"]?.stringValue ?? "-", with: "-")
        }
        for step in ["publish", "reserve", "release", "withdraw", "mark-sold"] {
            let body: JSON =
                step == "withdraw"
                ? ["reason": "x"] : step == "mark-sold" ? ["price": ["amount": 100, "currency": "CNY"]] : [:]
            let theirs = try await self.step(house, id, step, tag, body, as: other.key)
            let nobodys = try await self.step(house, nowhere, step, tag, body, as: other.key)
            #expect(theirs.status == 404 && scrubbed(theirs) == scrubbed(nobodys), "\(step)")
        }
        for path in ["", "/changes"] {
            let theirs = try await house.get("/v1/listings/\(id)\(path)", as: other.key)
            let nobodys = try await house.get("/v1/listings/\(nowhere)\(path)", as: other.key)
            #expect(theirs.status == 404 && scrubbed(theirs) == scrubbed(nobodys), "\(path)")
        }
        #expect(try await house.get("/v1/organizations/\(dealer.id)/listings", as: other.key).status == 404)
        let own = try await house.get("/v1/organizations/\(dealer.id)/listings", as: dealer.key)
        #expect(own.json["data"]?.arrayValue?.first?["id"] == JSON(id))
    }

    @Test(arguments: Engine.allCases)
    func `of fifty publications, reservations or sales at once one wins and the rest are told why`(
        engine: Engine
    ) async throws {
        let house = try await House.open(engine)
        let dealer = try await house.dealer()
        let (id, tag) = try await created(house, as: dealer.key)
        let twins = try await withThrowingTaskGroup(of: (String, String).self) { group in
            for _ in 0..<24 { group.addTask { try await created(house, as: dealer.key) } }
            return try await group.reduce(into: [(id, tag)]) { $0.append($1) }
        }
        func race(_ name: String, _ body: JSON, on listings: [(String, String)]) async throws -> [House.Answer] {
            try await withThrowingTaskGroup(of: House.Answer.self) { group in
                for number in 0..<50 {
                    let (id, tag) = listings[number % listings.count]
                    group.addTask {
                        try await step(house, id, name, tag, body, as: dealer.key, once: "\(name)-\(number)")
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
        }
        let published = try await race("publish", [:], on: twins)
        let winner = try #require(published.first { $0.status == 200 })
        #expect(published.count { $0.status == 200 } == 1)
        let reasons: Set<String> = ["vehicle_already_listed", "precondition_failed"]
        #expect(published.allSatisfy { $0.status == 200 || reasons.contains($0.code ?? "") })
        var standing = (try #require(winner.json["id"]?.stringValue), try self.tag(winner))
        for (name, body) in [("reserve", [:] as JSON), ("mark-sold", ["price": ["amount": 100, "currency": "CNY"]])] {
            let answers = try await race(name, body, on: [standing])
            #expect(answers.count { $0.status == 200 } == 1, "\(name)")
            #expect(answers.allSatisfy { $0.status == 200 || $0.code == "precondition_failed" }, "\(name)")
            standing.1 = try self.tag(try #require(answers.first { $0.status == 200 }))
        }
    }
}
