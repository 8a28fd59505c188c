import Core
import Cryptography
import History
import Ledger
import Storage
import Support
import Testing
import TransparencyLog

/// The transparency log, as somebody sees it who has nothing but its public keys.
@Suite struct LogTests {
    private func keys(_ house: House) throws -> BundleKeys {
        BundleKeys(
            policy: LogPolicy(log: house.log.keys.verifierKeys[0]),
            vehicles: house.log.keys.vehicles.publicKey
        )
    }

    private func bundle(_ house: House, _ vin: String = House.vin) async throws -> [UInt8] {
        try await house.client.send("GET", "/v1/vehicles/\(vin)/proof").body
    }

    private func verdicts(_ bytes: [UInt8], _ house: House) throws -> [BundleVerdict] {
        BundleVerifier.verify(bytes, keys: try keys(house))
    }

    @Test func `a bundle is genuine, complete and shows every entry`() async throws {
        let house = try await House.open()
        let workshop = try await house.workshop()
        for km in 1...5 { _ = try await house.reading(km * 1000, ref: "r\(km)", as: workshop.key) }
        _ = try await house.reading(7, ref: "other", vin: House.otherVIN, as: workshop.key)
        try await house.log.catchUp()
        let bytes = try await bundle(house)
        let verdict = try verdicts(bytes, house)
        #expect(verdict.isGenuine, "\(verdict)")
        let read = try ProofBundle(parsing: bytes)
        #expect(read.entries.count == 5)
    }

    @Test func `a car without history has a proof that it has none`() async throws {
        let house = try await House.open()
        let workshop = try await house.workshop()
        _ = try await house.reading(1000, ref: "r1", as: workshop.key)
        try await house.log.catchUp()
        let bytes = try await bundle(house, House.otherVIN)
        #expect(try verdicts(bytes, house).isGenuine)
        #expect(try ProofBundle(parsing: bytes).entries.isEmpty)
    }

    @Test func `an entry that the index does not know yet is no hole in the history`() async throws {
        let house = try await House.open(.sqlite)
        let workshop = try await house.workshop()
        _ = try await house.reading(1000, ref: "r1", as: workshop.key)
        try await house.log.catchUp()
        _ = try await house.reading(2000, ref: "r2", as: workshop.key)
        let bytes = try await bundle(house)
        let verdict = try verdicts(bytes, house)
        #expect(verdict.isGenuine, "\(verdict)")
        #expect(try ProofBundle(parsing: bytes).entries.count == 2)
    }

    @Test func `what is answered as integrated is covered by the checkpoint that everybody sees`() async throws {
        let house = try await House.open(.sqlite)
        let workshop = try await house.workshop()
        for km in 1...3 {
            let answer = try await house.reading(km * 1000, ref: "r\(km)", as: workshop.key)
            #expect(answer.json["state"] == "integrated")
            #expect(answer.json["leaf_index"] == JSON(km - 1))
            let note = try SignedNote(parsing: try await house.client.send("GET", "/log/checkpoint").body)
            #expect(try note.verified(by: house.log.keys.verifierKeys).count == 1)
            #expect(Checkpoint(parsing: note.text)?.size == Int64(km))
        }
        let again = try await house.reading(1000, ref: "r1", as: workshop.key)
        #expect(again.status == 200)
        #expect(again.json["leaf_index"] == 0)
    }

    @Test func `where many write at once, whoever prefers to waits for the place`() async throws {
        let house = try await House.open(.postgres)
        let workshop = try await house.workshop()
        let log = house.log
        let first = try await house.reading(1000, ref: "r1", as: workshop.key)
        #expect(first.json["state"] == "chained")
        #expect(first.json["leaf_index"] == .null)
        let sequencer = Task {
            while !Task.isCancelled {
                try await log.catchUp()
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        defer { sequencer.cancel() }
        let second = try await house.append(
            "odometer.read",
            ["odometer_km": 2000],
            ref: "r2",
            as: workshop.key,
            headers: [("Prefer", "respond-async, wait=10")]
        )
        #expect(second.status == 201)
        #expect(second.json["state"] == "integrated")
        #expect(second.json["leaf_index"] == 1)
        #expect(second.http.header("Preference-Applied") == "wait=10")
    }

    @Test func `a file about one entry verifies by itself`() async throws {
        let house = try await House.open()
        let workshop = try await house.workshop()
        let answer = try await house.reading(1000, ref: "r1", as: workshop.key)
        try await house.log.catchUp()
        let hash = try #require(answer.json["hash"]?.stringValue)
        let file = try await house.client.send("GET", "/v1/entries/\(hash)/tlog-proof").body
        let proof = try TlogProof(parsing: file)
        let vehicle = try #require(proof.extra.flatMap { Digest(bytes: $0) })
        let entry = try #require(Digest(hex: hash))
        let leaf = LogLeaf(vehicle: vehicle, entry: entry)
        let checkpoint = try proof.verify(leafHash: leaf.hash, policy: LogPolicy(log: house.log.keys.verifierKeys[0]))
        #expect(checkpoint.origin == House.origin)
    }

    @Test func `what was recorded before there was a log is in it before anything newer`() async throws {
        let house = try await House.open()
        let vin = try VIN(parsing: House.vin)
        let unlogged = Histories(log: House.origin)
        for number in 1...3 {
            let event: JSON = [
                "kind": "odometer.read", "occurred_at": "2026-02-01T00:00:00.000Z", "ref": JSON("old-\(number)"),
                "data": ["odometer_km": JSON(number * 100)],
            ]
            _ = try await house.store.database.write { try unlogged.report($0, event, on: vin) }
        }
        let logged = Histories(log: House.origin, transparency: house.log)
        let filling = LogFilling(database: house.store.database, histories: logged)
        try await filling.run()
        try await filling.run()
        let workshop = try await house.workshop()
        _ = try await house.reading(1000, ref: "r1", as: workshop.key)
        try await house.log.catchUp()
        let bytes = try await bundle(house)
        let verdict = try verdicts(bytes, house)
        #expect(verdict.isGenuine, "\(verdict)")
        let entries = try await house.get("/v1/vehicles/\(House.vin)/history").json["entries"]?.arrayValue ?? []
        #expect(entries.compactMap { $0["leaf_index"]?.integerValue } == [0, 1, 2, 3])
    }
}
