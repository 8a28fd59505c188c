import Core
import Support
import Testing

/// Requests that get in each other's way, on engines whose writes overlap and on one whose do not.
@Suite struct RaceTests {
    private func atOnce<Value: Sendable>(
        _ count: Int,
        _ body: @escaping @Sendable (Int) async throws -> Value
    ) async throws -> [Value] {
        try await withThrowingTaskGroup(of: Value.self) { group in
            for number in 0..<count { group.addTask { try await body(number) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test(arguments: Engine.allCases)
    func `fifty first entries of a new car all stand in its chain`(engine: Engine) async throws {
        let house = try await House.open(engine)
        let key = try await house.workshop().key
        let answers = try await atOnce(50) { try await house.reading(1000 + $0, ref: "r\($0)", as: key) }
        #expect(answers.allSatisfy { $0.status == 201 }, "\(Set(answers.map(\.status)))")
        #expect(answers.compactMap { $0.json["seq"]?.integerValue }.sorted() == (0..<50).map { Int64($0) })
        #expect(try await house.lines().count == 50)
        let hashes = answers.compactMap { $0.json["hash"]?.stringValue }
        let verdict = try await house.verify(hashes)
        #expect(verdict.status == 200, "\(verdict.json)")
    }

    @Test(arguments: Engine.allCases)
    func `one ref fifty times at once makes one entry`(engine: Engine) async throws {
        let house = try await House.open(engine)
        let key = try await house.workshop().key
        let answers = try await atOnce(50) { _ in try await house.reading(1000, ref: "r", as: key) }
        #expect(answers.allSatisfy { [200, 201].contains($0.status) }, "\(Set(answers.map(\.status)))")
        #expect(answers.count { $0.status == 201 } == 1)
        #expect(Set(answers.compactMap { $0.json["hash"]?.stringValue }).count == 1)
        #expect(try await house.lines().count == 1)
    }

    @Test(arguments: Engine.allCases)
    func `one ref for many cars at once belongs to one of them`(engine: Engine) async throws {
        let house = try await House.open(engine)
        let key = try await house.workshop().key
        let answers = try await atOnce(20) { number in
            try await house.reading(1000, ref: "r", vin: number.isMultiple(of: 2) ? House.vin : House.otherVIN, as: key)
        }
        #expect(answers.allSatisfy { [200, 201, 409].contains($0.status) }, "\(Set(answers.map(\.status)))")
        #expect(answers.count { $0.status == 201 } == 1)
        let cars = [
            try await house.get("/v1/vehicles/\(House.vin)"), try await house.get("/v1/vehicles/\(House.otherVIN)"),
        ]
        #expect(cars.map(\.status).sorted() == [200, 404])
    }

    @Test(arguments: Engine.allCases)
    func `one key fifty times at once has one effect and fifty equal answers`(engine: Engine) async throws {
        let house = try await House.open(engine)
        let platform = try await house.platformID()
        let administrator = house.administrator
        let answers = try await atOnce(50) { _ in
            try await house.post(
                "/v1/organizations/\(platform)/api-keys",
                ["name": "赛跑"],
                as: administrator,
                headers: [("Idempotency-Key", "k")]
            )
        }
        #expect(answers.allSatisfy { $0.status == 201 }, "\(Set(answers.map(\.status)))")
        #expect(Set(answers.map(\.http.text)).count == 1)
        #expect(answers.count { $0.http.header("Idempotency-Replayed") == nil } == 1)
        let keys = try await house.get("/v1/organizations/\(platform)/api-keys", as: administrator)
        #expect(keys.json["data"]?.arrayValue?.count == 2, "the one that it was made with, and one more")
    }

    @Test(arguments: Engine.allCases)
    func `two erasures of one payload at once erase it once`(engine: Engine) async throws {
        let house = try await House.open(engine)
        let entry = try await house.reading(1000, ref: "r", as: try await house.workshop().key)
        let hash = try #require(entry.json["hash"]?.stringValue)
        let answers = try await atOnce(10) { number in
            try await house.post(
                "/v1/vehicles/\(House.vin)/erasures",
                ["entry": JSON(hash), "ground": "consent_withdrawn", "ref": JSON("e\(number)")],
                as: house.administrator
            )
        }
        #expect(answers.count { $0.status == 201 } == 1, "\(answers.map(\.json))")
        #expect(answers.allSatisfy { [201, 409].contains($0.status) }, "\(Set(answers.map(\.status)))")
        #expect(try await house.lines().count == 2)
    }
}
