import Core
import Cryptography
import Support
import Testing

/// From a source's request to a hash that a buyer verifies.
@Suite struct ChainTests {
    @Test func `the hash of each line is the next line's prev`() async throws {
        let house = try await House.open()
        let workshop = try await house.workshop()
        for step in 1...5 {
            #expect(try await house.reading(step * 1000, ref: "r\(step)", as: workshop.key).status == 201)
        }
        var previous = String(repeating: "0", count: 64)
        for (seq, line) in try await house.lines().enumerated() {
            let envelope = try JSONParser.parse(line)
            #expect(envelope["prev"]?.stringValue == previous)
            #expect(envelope["seq"]?.integerValue == Int64(seq))
            #expect(envelope.canonicalBytes == line)
            previous = SHA256.hash(line).hex
        }
        let head = try await house.get("/v1/vehicles/\(House.vin)").json["head"]?.stringValue
        #expect(head == previous)
    }

    @Test func `an append answers with the exact texts that were hashed`() async throws {
        let house = try await House.open()
        let workshop = try await house.workshop()
        let answer = try await house.reading(45210, ref: "r1", as: workshop.key)
        let envelope = try #require(answer.json["envelope"]?.stringValue)
        let payload = try #require(answer.json["payload"]?.stringValue)
        #expect(answer.json["hash"]?.stringValue == SHA256.hash(envelope.utf8).hex)
        #expect(try JSONParser.parse(envelope.utf8)["payload"]?.stringValue == SHA256.hash(payload.utf8).hex)
        #expect(try JSONParser.parse(payload.utf8)["data"]?["odometer_km"] == 45210)
        #expect(answer.json["seq"] == 0)
        // Where many write at once, the place is given afterwards.
        let isPlaced = Engine.usual == .sqlite
        #expect(answer.json["leaf_index"] == (isPlaced ? 0 : JSON.null))
        #expect(answer.json["state"] == (isPlaced ? "integrated" : "chained"))
        #expect(answer.http.header("Location") == "/v1/entries/\(SHA256.hash(envelope.utf8).hex)")
        let entry = try await house.get("/v1/entries/\(SHA256.hash(envelope.utf8).hex)")
        #expect(entry.json["envelope"]?.stringValue == envelope)
        #expect(entry.json["payload"]?.stringValue == payload)
    }

    @Test func `the same ref from fifty clients at once is one entry and fifty equal answers`() async throws {
        let house = try await House.open()
        let workshop = try await house.workshop()
        let answers = try await withThrowingTaskGroup(of: HTTPAnswer.self) { group in
            for _ in 0..<50 { group.addTask { try await house.reading(9000, ref: "once", as: workshop.key).http } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.filter { $0.status == 201 }.count == 1)
        #expect(answers.filter { $0.status == 200 }.count == 49)
        #expect(Set(answers.map(\.body)).count == 1)
        #expect(try await house.lines().count == 1)
    }

    @Test func `two hundred clients appending to one car leave no gap and no fork`() async throws {
        let house = try await House.open()
        let workshop = try await house.workshop()
        let hashes = try await withThrowingTaskGroup(of: String.self) { group in
            for client in 0..<200 {
                group.addTask {
                    let answer = try await house.reading(client, ref: "client-\(client)", as: workshop.key)
                    return try #require(answer.json["hash"]?.stringValue, "\(answer.json)")
                }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        let lines = try await house.lines()
        #expect(lines.count == 200)
        #expect(Set(lines.map { SHA256.hash($0).hex }) == hashes)
        let verdict = try await house.verify(lines.map { SHA256.hash($0).hex })
        #expect(verdict.json["verdict"] == "genuine")
    }

    @Test func `a ref used again for something else finds the first entry and says that it differs`() async throws {
        let house = try await House.open()
        let workshop = try await house.workshop()
        let first = try await house.reading(9000, ref: "r", as: workshop.key)
        let second = try await house.reading(9999, ref: "r", as: workshop.key)
        #expect(second.status == 200)
        #expect(second.json["hash"] == first.json["hash"])
        #expect(second.json["submission_differs"] == true)
        let elsewhere = try await house.reading(9000, ref: "r", vin: House.otherVIN, as: workshop.key)
        #expect(elsewhere.status == 409)
        #expect(elsewhere.code == "ref_of_another_vehicle")
    }

    @Test func `the same ref of two sources is two entries`() async throws {
        let house = try await House.open()
        let (workshop, insurer) = (try await house.workshop(), try await house.insurer())
        #expect(try await house.reading(1, ref: "r", as: workshop.key).status == 201)
        #expect(try await house.reading(2, ref: "r", as: insurer.key).status == 201)
    }

    @Test func `an append that expects another head changes nothing and names the head`() async throws {
        let house = try await House.open()
        let workshop = try await house.workshop()
        func append(_ ref: String, expecting head: String) async throws -> House.Answer {
            try await house.append(
                "odometer.read",
                ["odometer_km": 1],
                ref: ref,
                as: workshop.key,
                more: [.init("expected_head", JSON(head))]
            )
        }
        let first = try await append("a", expecting: "none")
        #expect(first.status == 201)
        let head = try #require(first.json["hash"]?.stringValue)
        let refused = try await append("b", expecting: "none")
        #expect(refused.status == 412)
        #expect(refused.code == "head_changed")
        #expect(refused.json["detail"]?.stringValue?.contains(head) == true)
        #expect(try await append("c", expecting: String(repeating: "0", count: 64)).status == 412)
        #expect(try await append("d", expecting: head).status == 201)
        #expect(try await house.lines().count == 2)
        // A repeat of what is there already is no news, whatever head it expects.
        #expect(try await append("a", expecting: "none").status == 200)
    }

    @Test func `recorded times never go back even if the clock does`() async throws {
        let house = try await House.open()
        let workshop = try await house.workshop()
        _ = try await house.reading(1, ref: "a", as: workshop.key)
        house.clock.set(house.clock.now().adding(seconds: -86_400))
        _ = try await house.append(
            "odometer.read",
            ["odometer_km": 2],
            ref: "b",
            at: "2020-01-01T00:00:00.000Z",
            as: workshop.key
        )
        let times = try await house.lines().map { try JSONParser.parse($0)["recorded_at"]?.stringValue ?? "" }
        #expect(times == times.sorted())
        #expect(times.count == 2)
    }
}
