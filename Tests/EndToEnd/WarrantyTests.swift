import Core
import Cryptography
import History
import Storage
import Support
import Testing
import Warranty

/// A dealer's warranties over HTTP. It is 2026-03-01.
@Suite struct WarrantyTests {
    /// - Parameter registered: later than 2023-03-01 for a car to which the law grants something.
    static func car(registered: String = "2020-05-08", package: Bool = false, km: Int = 45_000) -> JSON {
        [
            "vin": JSON(House.vin), "first_registered_on": JSON(registered), "odometer_km": JSON(km), "use": "private",
            "energy": "petrol", "segment": "compact", "price": ["amount": 8_800_000, "currency": "CNY"],
            "province": "CN-JS", "with_package": .bool(package),
        ]
    }

    static func quote(_ house: House, _ car: JSON = car(), as key: String) async throws -> JSON {
        let answer = try await house.post("/v1/warranty/quotes", car, as: key)
        #expect(answer.status == 201, "\(answer.http.text)")
        return answer.json
    }

    static func wording(_ quote: JSON, _ plan: String) throws -> JSON {
        let offer = quote["offers"]?.arrayValue?.first { $0["plan"]?.stringValue == plan }
        return try #require(offer?["wording_hash"])
    }

    static func sale(_ quote: JSON, tier: String = "basic", paid: Bool = true) throws -> JSON {
        [
            "quote": try #require(quote["id"]), "tier": JSON(tier), "delivered_on": "2026-03-01",
            "odometer_km": 45_000, "holder": "C-2026-0017", "acknowledged": [try wording(quote, tier)],
            "is_paid": .bool(paid),
        ]
    }

    static func sold(
        _ house: House,
        _ car: JSON = car(),
        paid: Bool = true,
        as key: String
    ) async throws -> House.Answer {
        let answer = try await house.post("/v1/warranties", try sale(quote(house, car, as: key), paid: paid), as: key)
        #expect(answer.status == 201, "\(answer.http.text)")
        return answer
    }

    private func tag(_ answer: House.Answer) throws -> String { try #require(answer.http.header("ETag")) }

    private func id(_ answer: House.Answer) throws -> String { try #require(answer.json["id"]?.stringValue) }

    @Test func `a quote is the same whenever it is read`() async throws {
        let house = try await House.open()
        let dealer = try await house.dealer()
        let quote = try await Self.quote(house, as: dealer.key)
        let path = "/v1/warranty/quotes/\(try #require(quote["id"]?.stringValue))"
        #expect(try await house.get(path, as: dealer.key).json == quote)
        house.clock.advance(seconds: 300 * 86_400)
        #expect(try await house.get(path, as: dealer.key).json == quote)
        let other = try await house.member("dealer", "91330106MADEM301XT")
        #expect(try await house.get(path, as: other.key).status == 404)
        let basic = quote["offers"]?.arrayValue?.first { $0["plan"] == "basic" }
        let lines = basic?["lines"]?.arrayValue?.compactMap { $0["amount"]?["amount"]?.integerValue } ?? []
        #expect(lines.reduce(0, +) == basic?["price"]?["amount"]?.integerValue)
        #expect(basic?["is_eligible"] == true)
    }

    @Test func `what the history says decides, whatever the dealer says`() async throws {
        let house = try await House.open()
        let dealer = try await house.dealer()
        let workshop = try await house.workshop()
        _ = try await house.reading(45_001, ref: "r1", as: workshop.key)
        let low = try await house.post("/v1/warranty/quotes", Self.car(), as: dealer.key)
        #expect(low.status == 422)
        #expect(low.json["errors"]?.arrayValue?.first?["code"] == "below_last_reading")
        let plus = try await Self.quote(house, Self.car(km: 45_001), as: dealer.key)["offers"]?.arrayValue?.first {
            $0["plan"] == "plus"
        }
        // Nobody has inspected it here.
        #expect(plus?["is_eligible"] == false)
        let failing = plus?["conditions"]?.arrayValue?.filter { $0["holds"] == false } ?? []
        #expect(failing.map { $0["clause"]?["id"]?.stringValue } == ["E-GRADE"])
    }

    @Test func `a contract is issued once, stands on the history, and has the hash of its text`() async throws {
        let house = try await House.open()
        let dealer = try await house.dealer()
        let quote = try await Self.quote(house, as: dealer.key)
        let sale = try Self.sale(quote)
        let keyed: HTTPClient.Headers = [("Idempotency-Key", "sale-1")]
        let first = try await house.post("/v1/warranties", sale, as: dealer.key, headers: keyed)
        #expect(first.status == 201, "\(first.http.text)")
        let again = try await house.post("/v1/warranties", sale, as: dealer.key, headers: keyed)
        #expect(again.http.body == first.http.body)
        #expect(again.http.header("Idempotency-Replayed") == "true")
        #expect(try await house.post("/v1/warranties", sale, as: dealer.key).code == "quote_used")

        let lines = try await house.lines()
        #expect(lines.count == 1)
        #expect(first.json["entry"]?.stringValue == SHA256.hash(lines[0]).hex)
        let history = try await house.get("/v1/vehicles/\(House.vin)/history")
        let payload = try #require(history.json["entries"]?.arrayValue?.first?["payload"]?.stringValue)
        #expect(payload.contains(try #require(first.json["contract_hash"]?.stringValue)))
        #expect(!payload.contains("C-2026-0017"))

        let terms = try #require(first.json["terms"])
        #expect(first.json["terms_hash"]?.stringValue == SHA256.hash(terms.canonicalBytes).hex)
        let text = try shipped.text(of: try ContractTerms(json: terms), in: .zh)
        #expect(first.json["contract_hash"]?.stringValue == text.hash.hex)
        #expect(text.text.contains(try #require(try Self.wording(quote, "basic").stringValue)))
    }

    private var shipped: PlanBook { get throws { try ShippedPlans.book() } }

    @Test func `a sale is refused with what is wrong`() async throws {
        let house = try await House.open()
        let dealer = try await house.dealer()
        let quote = try await Self.quote(house, as: dealer.key)
        let sale = try Self.sale(quote)
        func changed(_ name: String, _ value: JSON) -> JSON {
            .object((sale.members ?? []).map { $0.name == name ? .init(name, value) : $0 })
        }
        let zero = JSON(String(repeating: "0", count: 64))
        for (body, status, code) in [
            (changed("acknowledged", [zero]), 422, "wording_not_acknowledged"),
            (changed("tier", "plus"), 422, "not_eligible"), (changed("tier", "gold"), 422, "invalid_request"),
            (changed("odometer_km", 44_999), 422, "invalid_request"),
            (changed("delivered_on", "2026-03-09"), 409, "quote_expired"),
            (changed("delivered_on", "1990-01-01"), 422, "invalid_request"),
            (changed("holder", "张三"), 422, "invalid_request"),
            (changed("quote", "wqt_01kjp4yf60ef7a5n56tabvem4j"), 404, "not_found"),
        ] {
            let answer = try await house.post("/v1/warranties", body, as: dealer.key)
            #expect(answer.status == status && answer.code == code, "\(answer.http.text)")
        }
        house.clock.advance(seconds: 9 * 86_400)
        #expect(try await house.post("/v1/warranties", sale, as: dealer.key).code == "quote_expired")
        #expect(try await house.get("/v1/vehicles/\(House.vin)/history").status == 404)
    }

    @Test func `paid, transferred, cancelled, each once and by the version that was read`() async throws {
        let house = try await House.open()
        let dealer = try await house.dealer()
        let sold = try await Self.sold(house, paid: false, as: dealer.key)
        #expect(sold.json["status"] == "unpaid")
        let path = "/v1/warranties/\(try id(sold))"
        func step(_ name: String, _ tag: String, _ body: JSON) async throws -> House.Answer {
            try await house.post("\(path)/\(name)", body, as: dealer.key, headers: [("If-Match", tag)])
        }
        let paid = try await step("pay", try tag(sold), [:])
        #expect(paid.json["status"] == "active" && paid.json["paid_on"] == "2026-03-01")
        #expect(try await step("pay", try tag(sold), [:]).status == 412)
        #expect(try await step("pay", try tag(paid), [:]).code == "contract_paid")
        let commercial: JSON = ["holder": "C-2", "use": "commercial", "odometer_km": 45_100]
        #expect(try await step("transfer", try tag(paid), commercial).code == "not_transferable")
        let moved = try await step(
            "transfer",
            try tag(paid),
            ["holder": "C-2", "use": "private", "odometer_km": 45_100]
        )
        #expect(moved.json["holder"] == "C-2" && moved.json["transfers"] == 1)
        let low: JSON = ["odometer_km": 44_000, "reason": "换车"]
        #expect(try await step("cancel", try tag(moved), low).code == "invalid_request")
        house.clock.advance(seconds: 46 * 86_400)
        let now = try await house.get(path, as: dealer.key)
        let cancelled = try await step("cancel", try tag(now), ["odometer_km": 46_000, "reason": "换车"])
        #expect(cancelled.json["status"] == "cancelled", "\(cancelled.http.text)")
        let refund = try #require(cancelled.json["ending"]?["refunds"]?.arrayValue?.first)
        func fen(_ name: String) -> Int64 { refund[name]?["amount"]?.integerValue ?? -1 }
        #expect(fen("paid") == cancelled.json["price"]?["amount"]?.integerValue)
        #expect(fen("refund") + fen("earned") == fen("paid"))
        // Half of the days are used, and a fifth of the distance.
        #expect(fen("refund") == fen("paid") / 2)
        #expect(try await step("cancel", try tag(cancelled), low).code == "invalid_request")
        let late: JSON = ["odometer_km": 46_000, "reason": "换车"]
        #expect(try await step("cancel", try tag(cancelled), late).code == "contract_ended")
    }

    @Test func `a part is asked for by any of its names`() async throws {
        let house = try await House.open()
        let dealer = try await house.dealer()
        let sold = try await Self.sold(house, Self.car(registered: "2024-01-10"), as: dealer.key)
        let path = "/v1/warranties/\(try id(sold))/coverage?component="
        for name in ["%E5%8F%98%E9%80%9F%E7%AE%B1", "%E6%B3%A2%E7%AE%B1", "gearbox", "transmission.gearbox"] {
            let answer = try await house.get(path + name, as: dealer.key)
            #expect(answer.json["component"]?["id"] == "transmission.gearbox", "\(answer.http.text)")
            #expect(answer.json["answer"] == "covered" && answer.json["first_payer"] == "manufacturer")
        }
        let later = try await house.get("\(path)gearbox&date=2027-02-01&odometer_km=46000", as: dealer.key)
        #expect(later.json["first_payer"] == .null && later.json["answer"] == "not_covered")
        let unknown = try await house.get("\(path)flux%20capacitor", as: dealer.key)
        #expect(unknown.status == 422 && unknown.code == "unknown_component")
        let below = try await house.get("\(path)gearbox&odometer_km=100", as: dealer.key)
        #expect(below.json["flags"]?.arrayValue?.contains("odometer_below_sale") == true)
        #expect(below.json["answer"] == "needs_assessment")
        #expect(try await house.get("\(path)gearbox&date=gestern", as: dealer.key).status == 400)
        #expect(try await house.get("\(path)", as: dealer.key).status == 400)
    }

    @Test func `a recall on the history comes first`() async throws {
        let house = try await House.open()
        let dealer = try await house.dealer()
        let authority = try await house.authority()
        let sold = try await Self.sold(house, as: dealer.key)
        let path = "/v1/warranties/\(try id(sold))/coverage?component="
        for (ref, component, verdict) in [("r1", "某控制模块", "needs_assessment"), ("r2", "制动总泵", "covered")] {
            let recall: JSON = ["campaign": JSON(ref), "component": JSON(component)]
            let announced = try await house.append("recall.announced", recall, ref: ref, as: authority.key)
            #expect(announced.status == 201, "\(announced.http.text)")
            let answer = try await house.get("\(path)brakes", as: dealer.key)
            #expect(answer.json["payers"]?.arrayValue?.first?["answer"] == JSON(verdict))
        }
        for ref in ["r1", "r2"] {
            let done = try await house.append("recall.done", ["campaign": JSON(ref)], ref: "d\(ref)", as: authority.key)
            #expect(done.status == 201, "\(done.http.text)")
        }
        #expect(try await house.get("\(path)brakes", as: dealer.key).json["first_payer"] == "platform")
    }

    @Test(arguments: Engine.allCases)
    func `fifty take the last free service at once, and one gets it`(engine: Engine) async throws {
        let house = try await House.open(engine)
        let dealer = try await house.dealer()
        let sold = try await Self.sold(house, Self.car(package: true), as: dealer.key)
        let path = "/v1/warranties/\(try id(sold))/entitlements"
        let redeem: JSON = ["place": "杭州一店", "odometer_km": 45_200]
        let first = try await house.post("\(path)/basic_service/redeem", redeem, as: dealer.key)
        #expect(first.status == 200 && first.json["left"] == 1, "\(first.http.text)")
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<50 {
                group.addTask { try await house.post("\(path)/basic_service/redeem", redeem, as: dealer.key).status }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.count { $0 == 200 } == 1)
        #expect(statuses.count { $0 == 409 } == 49, "\(Set(statuses))")
        let reversal: JSON = ["number": 2, "reason": "记错车"]
        let back = try await house.post("\(path)/basic_service/reverse", reversal, as: dealer.key)
        #expect(back.json["left"] == 1, "\(back.http.text)")
        #expect(try await house.post("\(path)/basic_service/reverse", reversal, as: dealer.key).status == 404)
        #expect(try await house.post("\(path)/basic_service/redeem", redeem, as: dealer.key).status == 200)
        #expect(try await house.post("\(path)/car_wash/redeem", redeem, as: dealer.key).status == 404)
        house.clock.advance(seconds: 300 * 86_400)
        let renewed = try await house.key(of: dealer.id)
        house.clock.advance(seconds: 66 * 86_400)
        #expect(try await house.post("\(path)/rescue/redeem", redeem, as: renewed).code == "grant_expired")
    }

    @Test(arguments: Engine.allCases)
    func `fifty claims at once never get more than the limit together`(engine: Engine) async throws {
        let house = try await House.open(engine)
        let dealer = try await house.dealer()
        let sold = try await Self.sold(house, as: dealer.key)
        let contract = try #require(WarrantyID(try id(sold)))
        let warranties = Warranties(editions: WarrantyEditions(), histories: Histories(log: House.origin), market: nil)
        let total = try #require(sold.json["terms"]?["layers"]?.arrayValue?.first?["limits"]?["total"])
        let limit = try #require(total["amount"]?.integerValue)
        let book = try shipped
        let parts = book.tree.components.filter { $0.id.split(separator: ".").count == 2 }
        let amount = Money(fen: limit / 10)
        let database = house.store.database
        let granted = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<50 {
                group.addTask {
                    do {
                        try await database.writeRetrying { tx in
                            try warranties.reserve(
                                tx,
                                amount,
                                of: contract,
                                layer: "basic",
                                claim: "clm_\(number)",
                                component: parts[number]
                            )
                        }
                        return true
                    } catch let failure as Failure {
                        #expect([ProblemType.limitExceeded.code, "store_busy"].contains(failure.type.code))
                        return false
                    }
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect((1...10).contains(granted))
    }
}
