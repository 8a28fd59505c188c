import Core
import Logging
import Storage
import Support
import Testing

@testable import Listings

/// Finding what is on offer, over HTTP.
@Suite struct SearchTests {
    private static func vin(_ number: Int) -> String {
        let serial = String(10_000_000 + number).dropFirst()
        return "0123456789X".lazy.map { "LFV2A21K\($0)G\(serial)" }.first { (try? VIN(parsing: $0)) != nil } ?? ""
    }

    private static func car(_ number: Int, _ vehicle: JSON = [:], title: String = "精品车", fen: Int64 = 8_800_000) -> JSON
    {
        let base: JSON = [
            "make": "比亚迪", "series": "秦 PLUS", "energy": "plug_in_hybrid", "first_registered_on": "2021-05-08",
        ]
        let members = (base.members ?? []).filter { vehicle[$0.name] == nil } + (vehicle.members ?? [])
        let changed: [JSON.Member] = [
            .init("title", JSON(title)), .init("vehicle", .object(members)),
            .init("price", ["kind": "asking", "amount": .integer(fen), "currency": "CNY"]),
        ]
        let draft = ListingTests.draft(vin(number)).members ?? []
        return .object(draft.filter { old in !changed.contains { $0.name == old.name } } + changed)
    }

    private func draft(_ house: House, _ car: JSON, as key: String) async throws -> (id: String, tag: String) {
        let answer = try await house.post("/v1/listings", car, as: key)
        return (try #require(answer.json["id"]?.stringValue), try #require(answer.http.header("ETag")))
    }

    @discardableResult
    private func publish(_ house: House, _ car: JSON, as key: String) async throws -> (id: String, tag: String) {
        let (id, tag) = try await draft(house, car, as: key)
        // No two at the same moment, so that the order is known.
        house.clock.advance(seconds: 1)
        return (id, try await take(house, "publish", id, tag, as: key))
    }

    private func take(
        _ house: House,
        _ step: String,
        _ id: String,
        _ tag: String,
        _ body: JSON = [:],
        as key: String
    ) async throws -> String {
        let answer = try await house.post("/v1/listings/\(id)/\(step)", body, as: key, headers: [("If-Match", tag)])
        #expect(answer.status == 200, "\(answer.http.text)")
        return try #require(answer.http.header("ETag"))
    }

    private func ids(_ answer: House.Answer) -> [String] {
        answer.json["data"]?.arrayValue?.compactMap { $0["id"]?.stringValue } ?? []
    }

    @Test(arguments: Engine.allCases)
    func `a listing is found from its publication to its end, and nothing of the dealer's own is told`(
        engine: Engine
    ) async throws {
        let house = try await House.open(engine)
        let dealer = try await house.dealer()
        let (id, first) = try await draft(house, Self.car(1), as: dealer.key)
        var tag = first
        #expect(try await house.get("/v1/listings?facets=true").json["total"] == 0)
        for (step, body, path, found) in [
            ("publish", [:] as JSON, "", true), ("reserve", [:], "", false), ("release", [:], "", true),
            ("withdraw", ["reason": "x"], "?status=published,reserved", false), ("publish", [:], "", true),
            ("reserve", [:], "?status=reserved", true),
            ("mark-sold", ["price": ["amount": 100, "currency": "CNY"]], "?status=published,reserved", false),
        ] {
            tag = try await take(house, step, id, tag, body, as: dealer.key)
            let answer = try await house.get("/v1/listings\(path)")
            #expect(ids(answer) == (found ? [id] : []), "\(step)")
            #expect(answer.json["total"] == (found ? 1 : 0), "\(step)")
            #expect(!answer.http.text.contains("A-17"), "a stock number")
        }
    }

    @Test func `filters, counts and order`() async throws {
        let house = try await House.open()
        let dealer = try await house.dealer()
        let byd = try await publish(house, Self.car(1, title: "秦 PLUS DM-i 旗舰"), as: dealer.key)
        let vw: JSON = ["make": "大众", "series": "朗逸", "energy": "petrol", "color": "白色", "features": ["sunroof"]]
        let lavida = try await publish(house, Self.car(2, vw, fen: 6_000_000), as: dealer.key)
        let tesla: JSON = [
            "make": "Tesla", "series": "Model 3", "energy": "battery", "first_registered_on": "2019-01-02",
        ]
        let model3 = try await publish(house, Self.car(3, tesla, fen: 9_000_000), as: dealer.key)
        for (query, found) in [
            ("sort=price_asc", [lavida, byd, model3]), ("sort=newest", [model3, lavida, byd]),
            ("make=Tesla,%E5%A4%A7%E4%BC%97&sort=price_desc", [model3, lavida]), ("energy=petrol", [lavida]),
            ("features=sunroof", [lavida]), ("features=sunroof,turbo", []), ("year_max=2020", [model3]),
            ("price_min_fen=6000001&price_max_fen=8800000", [byd]), ("q=model3", [model3]), ("q=BYD%20dmi", [byd]),
            ("q=%E7%89%B9%E6%96%AF%E6%8B%89", [model3]), ("q=%E7%99%BD%E8%89%B2%E6%9C%97%E9%80%B8", [lavida]),
            ("q=hangzhou", []), ("city=%E6%9D%AD%E5%B7%9E%E5%B8%82&sort=newest", [model3, lavida, byd]),
            ("q=zhejiang&sort=price_asc", [lavida, byd, model3]), ("dealer=\(dealer.id)&limit=1&sort=newest", [model3]),
            ("odometer_max_km=44999", []), ("grade_max=5", []),
        ] {
            let answer = try await house.get("/v1/listings?\(query)")
            #expect(ids(answer) == found.map(\.id), "\(query): \(answer.http.text.prefix(200))")
        }
        let counted = try await house.get("/v1/listings?energy=petrol,battery&make=Tesla&facets=make,energy")
        #expect(counted.json["total"] == 1)
        let makes = counted.json["facets"]?["make"]?.arrayValue?.compactMap { $0["value"]?.stringValue }
        #expect(makes == ["Tesla", "大众"], "as if no make had been asked for")
        #expect(counted.json["facets"]?["energy"]?.arrayValue?.count == 1)
        #expect(counted.json["facets"]?["city"] == nil)
    }

    @Test func `every fault of a query is named`() async throws {
        let house = try await House.open()
        let query = "energy=petrol,wood&grade_min=0&year_min=2021&year_max=2020&price_min_fen=x&sort=best&facets=all"
        let answer = try await house.get("/v1/listings?\(query)&q=-&dealer=me&make=,&status=draft")
        #expect(answer.code == "invalid_query")
        let pointers = answer.json["errors"]?.arrayValue?.compactMap { $0["pointer"]?.stringValue } ?? []
        let wrong = [
            "dealer", "energy", "facets", "grade_min", "make", "price_min_fen", "q", "sort", "status", "year_min",
        ]
        #expect(pointers.sorted() == wrong.map { "/query/\($0)" })
    }

    @Test func `the grade is the platform's own, as of the publication`() async throws {
        let house = try await House.open()
        let dealer = try await house.dealer()
        let vin = Self.vin(1)
        func inspect(_ grade: Int64, _ ref: String, at time: String) async throws {
            let data: JSON = ["grade": .integer(grade)]
            let kind = "inspection.platform"
            let entry = try await house.append(kind, data, ref: ref, at: time, vin: vin, as: house.administrator)
            #expect(entry.status == 201, "\(entry.http.text)")
        }
        try await inspect(4, "i1", at: "2026-01-01T08:00:00.000Z")
        try await inspect(2, "i2", at: "2026-02-01T08:00:00.000Z")
        let (id, tag) = try await publish(house, Self.car(1), as: dealer.key)
        try await inspect(5, "i3", at: "2026-02-02T08:00:00.000Z")
        #expect(ids(try await house.get("/v1/listings?grade_min=2&grade_max=2")) == [id])
        let shown = try await house.get("/v1/listings/\(id)")
        #expect(shown.json["pinned"]?["grade"] == 2)
        let off = try await take(house, "withdraw", id, tag, ["reason": "x"], as: dealer.key)
        _ = try await take(house, "publish", id, off, as: dealer.key)
        #expect(ids(try await house.get("/v1/listings?grade_min=5")) == [id])
    }

    @Test(arguments: Engine.allCases)
    func `another instance learns of everything, however many change listings at once`(engine: Engine) async throws {
        let house = try await House.open(engine)
        let dealers = [try await house.dealer(), try await house.member("dealer", "91330106MADEM301XT")]
        let other = ListingSearch(database: house.store.database, logger: Self.silent)
        await #expect(throws: (any Error).self) { try await other.search(SearchQuery()) }
        await other.catchUp()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<24 {
                let key = dealers[number % 2].key
                group.addTask {
                    let (id, tag) = try await publish(house, Self.car(number), as: key)
                    guard number % 3 == 0 else { return }
                    _ = try await take(house, "withdraw", id, tag, ["reason": "x"], as: key)
                }
                group.addTask { await other.catchUp() }
            }
            try await group.waitForAll()
        }
        await other.catchUp()
        let fresh = ListingSearch(database: house.store.database, logger: Self.silent)
        await fresh.catchUp()
        var query = SearchQuery()
        (query.limit, query.facets) = (100, SearchDimension.facets)
        let known = try await other.search(query)
        #expect(known.total == 16)
        #expect(known == (try await fresh.search(query)))
        let own = try await house.get("/v1/listings?limit=100")
        #expect(ids(own) == known.ranks.map { ListingID(number: $0.id).text })
    }

    @Test(arguments: Engine.allCases)
    func `what went wrong unseen is put right by looking through the store`(engine: Engine) async throws {
        let house = try await House.open(engine)
        let dealer = try await house.dealer()
        var listings: [String] = []
        for number in 0..<4 { listings.append(try await publish(house, Self.car(number), as: dealer.key).id) }
        let search = ListingSearch(database: house.store.database, logger: Self.silent)
        await search.catchUp()
        #expect(search.count == 4)
        let (gone, changed) = (listings[0], listings[1])
        // Past the feed, as a defect would do it.
        try await house.store.database.write { tx in
            try tx.execute("UPDATE listing SET status = \("withdrawn"), version = version + 1 WHERE id = \(gone)")
            try tx.execute("UPDATE listing SET version = version + 1 WHERE id = \(changed)")
        }
        await search.catchUp()
        #expect(search.count == 4)
        await search.look()
        #expect(search.count == 3)
        let found = try await search.search(SearchQuery()).ranks.map { ListingID(number: $0.id).text }
        #expect(Set(found) == Set(listings.dropFirst()))
    }

    @Test func `an index that could not be filled says so, and is filled when the store is back`() async throws {
        let house = try await House.open(.sqlite)
        let dealer = try await house.dealer()
        try await publish(house, Self.car(1), as: dealer.key)
        let database = SwitchedDatabase(house.store.database)
        database.isAway = true
        let search = ListingSearch(database: database, logger: Self.silent)
        await search.look()
        #expect(!search.isReady)
        let refusal = await #expect(throws: Failure.self) { try await search.search(SearchQuery()) }
        #expect(refusal?.type.code == "search_warming")
        database.isAway = false
        await search.look()
        #expect(try await search.search(SearchQuery()).total == 1)
        // What is known is still told while the store is away.
        database.isAway = true
        await search.look()
        #expect(try await search.search(SearchQuery()).total == 1)
    }

    private static let silent = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
}
