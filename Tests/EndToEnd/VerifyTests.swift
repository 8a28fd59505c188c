import Core
import Cryptography
import Storage
import Support
import Testing

/// What `POST /v1/verify` says, and that a damaged store cannot make it say otherwise.
@Suite struct VerifyTests {
    private func chain(_ house: House, _ count: Int) async throws -> [String] {
        let workshop = try await house.workshop()
        for step in 1...count { _ = try await house.reading(step * 1000, ref: "r\(step)", as: workshop.key) }
        return try await house.lines().map { SHA256.hash($0).hex }
    }

    @Test func `the whole chain is genuine, its beginning incomplete, another hash altered, no car unknown`()
        async throws
    {
        let house = try await House.open()
        let hashes = try await chain(house, 4)
        let other = String(repeating: "ab", count: 32)
        #expect(try await house.verify(hashes).json["verdict"] == "genuine")
        #expect(try await house.verify(Array(hashes.prefix(3))).json["verdict"] == "incomplete")
        #expect(try await house.verify([]).json["verdict"] == "incomplete")
        #expect(try await house.verify([hashes[0], other]).json["verdict"] == "altered")
        #expect(try await house.verify(hashes + [other]).json["verdict"] == "altered")
        #expect(try await house.verify(hashes.reversed()).json["verdict"] == "altered")
        #expect(try await house.verify([], House.otherVIN).json["verdict"] == "unknown")
    }

    @Test func `every check has a verdict in the caller's language`() async throws {
        let house = try await House.open()
        let hashes = try await chain(house, 2)
        let body: JSON = ["vin": JSON(House.vin), "hashes": .array(hashes.map { JSON($0) })]
        let chinese = try await house.post("/v1/verify", body)
        let english = try await house.post("/v1/verify", body, headers: [("Accept-Language", "en")])
        let checks = try #require(chinese.json["checks"]?.arrayValue)
        #expect(checks.count > 10)
        for (left, right) in zip(checks, try #require(english.json["checks"]?.arrayValue)) {
            #expect(left["check"] == right["check"])
            #expect(left["passed"] == true)
            #expect(left["detail"] != right["detail"])
        }
        #expect(english.http.header("Content-Language") == "en")
    }

    @Test func `one changed byte in the store is found, and the entry named`() async throws {
        for (column, seq) in [("envelope", 1), ("payload", 2), ("envelope", 0), ("payload", 3)] {
            let house = try await House.open()
            let hashes = try await chain(house, 4)
            try await flipDigit(house, column, seq: seq)
            let verdict = try await house.verify(hashes)
            #expect(verdict.json["verdict"] == "altered", "\(column) \(seq)")
            let failed = verdict.json["checks"]?.arrayValue?.filter { $0["passed"] == false } ?? []
            #expect(failed.contains { $0["seq"] == JSON(seq) }, "\(column) \(seq): \(failed)")
        }
    }

    @Test func `nothing is put on top of a damaged head`() async throws {
        let house = try await House.open()
        _ = try await chain(house, 3)
        try await flipDigit(house, "envelope", seq: 2)
        let insurer = try await house.insurer()
        let refused = try await house.reading(9000, ref: "late", as: insurer.key)
        #expect(refused.status == 503)
        #expect(refused.code == "chain_damaged")
    }

    @Test func `faults in a request are all named`() async throws {
        let house = try await House.open()
        let answer = try await house.post(
            "/v1/verify",
            ["vin": "LFV2A21K8G401234", "hashes": ["00", 7], "more": true]
        )
        #expect(answer.status == 422)
        let pointers = answer.json["errors"]?.arrayValue?.compactMap { $0["pointer"]?.stringValue } ?? []
        #expect(Set(pointers) == ["/vin", "/hashes/0", "/hashes/1", "/more"])
    }

    /// Changes one character of a stored text, as somebody with the file in his hands could.
    private func flipDigit(_ house: House, _ column: String, seq: Int) async throws {
        try await house.store.database.write { tx in
            let vin = House.vin
            if column == "envelope" {
                let text = try #require(
                    try tx.first("SELECT envelope FROM entry WHERE vin = \(vin) AND seq = \(seq)")?.text(0)
                )
                let changed = text.replacingLast(of: "2", with: "3")
                try tx.execute("UPDATE entry SET envelope = \(changed) WHERE vin = \(vin) AND seq = \(seq)")
            } else {
                let text = try #require(
                    try tx.first("SELECT payload FROM entry WHERE vin = \(vin) AND seq = \(seq)")?.text(0)
                )
                let changed = text.replacingLast(of: "000", with: "001")
                try tx.execute("UPDATE entry SET payload = \(changed) WHERE vin = \(vin) AND seq = \(seq)")
            }
        }
    }
}

extension String {
    fileprivate func replacingLast(of old: Character, with new: Character) -> String {
        guard let index = lastIndex(of: old) else { return self }
        var copy = self
        copy.replaceSubrange(index...index, with: [new])
        return copy
    }

    fileprivate func replacingLast(of old: String, with new: String) -> String {
        guard let range = ranges(of: old).last else { return self }
        var copy = self
        copy.replaceSubrange(range, with: new)
        return copy
    }
}
