import Core
import Cryptography
import Ledger
import Support
import Testing
import TransparencyLog

/// What somebody was shown, and what came to light afterwards.
@Suite struct SnapshotTests {
    @Test func `a pinned head resolves to exactly what was on record then, and later entries about before are late`()
        async throws
    {
        let house = try await House.open()
        let workshop = try await house.workshop()
        func reading(_ km: Int, at time: String) async throws -> House.Answer {
            let data: JSON = ["odometer_km": JSON(km)]
            return try await house.append("odometer.read", data, ref: "r\(km)", at: time, as: workshop.key)
        }
        _ = try await reading(1000, at: "2026-02-01T00:00:00.000Z")
        let pinned = try await reading(2000, at: "2026-02-20T00:00:00.000Z")
        let head = try #require(pinned.json["hash"]?.stringValue)
        let shown = try await house.get("/v1/vehicles/\(House.vin)/history").json["entries"]
        house.clock.advance(seconds: 3600)
        let late = try await reading(1500, at: "2026-02-10T00:00:00.000Z")
        let after = try await reading(3000, at: "2026-03-01T08:30:00.000Z")
        #expect(after.status == 201)
        let then = try await house.get("/v1/vehicles/\(House.vin)/history?as_of=\(head)").json
        #expect(then["entries"] == shown)
        #expect(then["head"]?.stringValue == head)
        #expect(then["entry_count"] == 2)
        #expect(then["recorded_since"] == 2)
        #expect(then["late"]?.arrayValue?.map { $0["hash"] } == [late.json["hash"]])
        let byTime = try await house.get("/v1/vehicles/\(House.vin)/history?as_of=2026-03-01T08:10:00Z").json
        #expect(byTime["entries"] == shown)
        #expect(byTime["late"] == then["late"])
        let now = try await house.get("/v1/vehicles/\(House.vin)/history?as_of=2030-01-01T00:00:00Z").json
        #expect(now["entry_count"] == 4)
        #expect(now["late"] == [])
        try await checkBundle(house, head)
    }

    /// The bundle has everything, says up to where it was shown, and how much of the rest is late.
    private func checkBundle(_ house: House, _ head: String) async throws {
        try await house.log.catchUp()
        let keys = BundleKeys(
            policy: LogPolicy(log: house.log.keys.verifierKeys[0]),
            vehicles: house.log.keys.vehicles.publicKey
        )
        for moment in [head, "2026-03-01T08:10:00Z"] {
            let bytes = try await house.client.send("GET", "/v1/vehicles/\(House.vin)/proof?as_of=\(moment)").body
            let bundle = try ProofBundle(parsing: bytes)
            #expect(bundle.entries.count == 4)
            #expect(bundle.asOf?.entryCount == 2)
            #expect(bundle.asOf?.head?.hex == head)
            let verdicts = BundleVerifier.verify(bytes, keys: keys)
            #expect(verdicts.isGenuine)
            #expect(verdicts.last?.detail.en.contains("is the first 2; recorded since: 2, of which 1") == true)
        }
    }
}
