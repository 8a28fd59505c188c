import Core
import Cryptography
import Support
import Testing

/// Answers that are kept are never older than what was answered before.
@Suite struct FreshnessTests {
    @Test func `whoever reads after an append was answered sees it`() async throws {
        let house = try await House.open()
        let workshop = try await house.workshop()
        _ = try await house.reading(1, ref: "r0", as: workshop.key)
        let answered = AnsweredCount(1)
        let total = 60
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for step in 1..<total {
                    let answer = try await house.reading(step * 100, ref: "r\(step)", as: workshop.key)
                    #expect(answer.status == 201)
                    answered.value = step + 1
                }
            }
            let paths = ["", "/history?limit=100"]
            for path in paths {
                group.addTask {
                    var seen = 0
                    while seen < total {
                        let atLeast = answered.value
                        let answer = try await house.get("/v1/vehicles/\(House.vin)\(path)", as: workshop.key)
                        seen = Int(answer.json["entry_count"]?.integerValue ?? 0)
                        #expect(seen >= atLeast, "\(path)")
                        guard seen >= atLeast else { return }
                    }
                }
            }
            group.addTask {
                var seen = 0
                while seen < total {
                    let atLeast = answered.value
                    seen = try await house.lines().count
                    #expect(seen >= atLeast, "lines")
                    guard seen >= atLeast else { return }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func `an erased payload is gone from every answer at once`() async throws {
        let house = try await House.open()
        let workshop = try await house.workshop()
        let entry = try await house.reading(45_210, ref: "r1", as: workshop.key)
        let hash = try #require(entry.json["hash"]?.stringValue)
        let path = "/v1/vehicles/\(House.vin)/history"
        for _ in 0..<2 { #expect(try await house.get(path).http.text.contains("45210")) }
        let erasure = try await house.post(
            "/v1/vehicles/\(House.vin)/erasures",
            ["entry": JSON(hash), "ground": "consent_withdrawn", "ref": "e1"],
            as: house.administrator
        )
        #expect(erasure.status == 201, "\(erasure.json)")
        #expect(!(try await house.get(path).http.text.contains("45210")))
    }

    @Test(.enabled(if: Engine.usual == .sqlite, "PostgreSQL overwrites when it vacuums"))
    func `an erased payload is gone from the files of a store that is being served`() async throws {
        let house = try await House.open(in: .disk)
        let workshop = try await house.workshop()
        let planted = "更换了左前翼子板planted"
        let entry = try await house.append(
            "maintenance.done",
            ["odometer_km": 45_210, "items": [JSON(planted)]],
            ref: "r1",
            as: workshop.key
        )
        let hash = try #require(entry.json["hash"]?.stringValue, "\(entry.json)")
        #expect(try house.store.bytesOnDisk().contains(planted))
        let erasure = try await house.post(
            "/v1/vehicles/\(House.vin)/erasures",
            ["entry": JSON(hash), "ground": "consent_withdrawn", "ref": "e1"],
            as: house.administrator
        )
        #expect(erasure.status == 201, "\(erasure.json)")
        #expect(!(try house.store.bytesOnDisk().contains(planted)))
    }

    @Test func `a page of one reader is not another's`() async throws {
        let house = try await House.open()
        let (workshop, dealer) = (try await house.workshop(), try await house.dealer())
        for step in 0..<3 { _ = try await house.reading(step, ref: "r\(step)", as: workshop.key) }
        let path = "/v1/vehicles/\(House.vin)/history?limit=2"
        for key in [workshop.key, dealer.key, nil, workshop.key, dealer.key, nil] {
            let page = try await house.get(path, as: key)
            let cursor = try #require(page.json["next_cursor"]?.stringValue)
            let next = try await house.get("/v1/vehicles/\(House.vin)/history?limit=2&cursor=\(cursor)", as: key)
            #expect(next.status == 200, "the cursor is the reader's own: \(next.json)")
            #expect(next.json["entries"]?.arrayValue?.count == 1)
        }
    }

    @Test func `a new day is a new answer`() async throws {
        let house = try await House.open()
        let workshop = try await house.workshop()
        _ = try await house.reading(1, ref: "r0", as: workshop.key)
        let path = "/v1/vehicles/\(House.vin)"
        let before = try await house.get(path)
        #expect(try await house.get(path).json == before.json)
        house.clock.advance(seconds: 3 * 365 * 86_400)
        #expect(try await house.get(path).json["findings"] != before.json["findings"], "a gap has grown meanwhile")
    }
}

extension [UInt8] {
    fileprivate func contains(_ text: String) -> Bool {
        let sought = [UInt8](text.utf8)
        return indices.contains { self[$0...].starts(with: sought) }
    }
}
