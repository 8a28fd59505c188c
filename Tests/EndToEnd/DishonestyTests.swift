import Core
import Cryptography
import Ledger
import Storage
import Support
import Testing
import TransparencyLog

@testable import chexin

/// A platform that lies, over HTTP: each lie is caught by the tool that is there for it.
@Suite struct DishonestyTests {
    private static func keys(_ house: House) throws -> BundleKeys {
        try BundleKeys(parsing: String(decoding: house.log.keys.json.bytes, as: UTF8.self))
    }

    private static func bundle(_ house: House) async throws -> [UInt8] {
        try await house.client.send("GET", "/v1/vehicles/\(House.vin)/proof").body
    }

    private static func failures(_ bundle: [UInt8], _ keys: BundleKeys) -> [String] {
        BundleVerifier.verify(bundle, keys: keys).filter { $0.outcome == .failed }.map(\.code)
    }

    /// A log with a few cars and entries.
    private static func house(_ count: Int = 4, witnesses: LogPolicy? = nil, seeds: [UInt8] = [9]) async throws
        -> House
    {
        let house = try await House.open(.sqlite, witnesses: witnesses, seeds: seeds)
        let workshop = try await house.workshop()
        for number in 1...count {
            let vin = number % 2 == 0 ? House.vin : House.otherVIN
            _ = try await house.reading(number * 100, ref: "r\(number)", vin: vin, as: workshop.key)
        }
        try await house.log.catchUp()
        return house
    }

    // MARK: An entry held back

    @Test func `the newest entry of a car, held back from one reader, is missed by the verifier`() async throws {
        let house = try await Self.house()
        let honest = try await Self.bundle(house)
        let keys = try Self.keys(house)
        #expect(Self.failures(honest, keys).isEmpty)
        var hidden = try ProofBundle(parsing: honest)
        hidden.entries.removeLast()
        #expect(Self.failures(hidden.bytes, keys) == ["completeness"])
        // As though the car had no history at all.
        hidden.entries.removeAll()
        #expect(Self.failures(hidden.bytes, keys) == ["completeness"])
        // The bundle of before, with the notes of now.
        let workshop = try await house.insurer()
        _ = try await house.reading(9000, ref: "newest", as: workshop.key)
        try await house.log.catchUp()
        let now = try ProofBundle(parsing: try await Self.bundle(house))
        var before = try ProofBundle(parsing: honest)
        (before.checkpoint, before.vehicles) = (now.checkpoint, now.vehicles)
        #expect(Set(Self.failures(before.bytes, keys)) == ["inclusion", "completeness"])
        // `POST /v1/verify` says the same.
        let answer = try await house.client.send(
            "POST",
            "/v1/verify",
            headers: [("Content-Type", "application/json")],
            body: before.bytes
        )
        #expect(try JSONParser.parse(answer.body)["verdict"] == "altered")
    }

    @Test func `an index that leaves an entry out for everybody is found by whoever audits`() async throws {
        let house = try await Self.house()
        // Signed by the platform itself: a car's head as it was one entry earlier.
        let leaves = try await house.store.database.read { tx in
            try tx.rows("SELECT leaf, vehicle_count FROM log_leaf WHERE number >= 0 ORDER BY number")
                .map { (LogLeaf(bytes: try $0.blob(0)), try $0.integer(1)) }
        }
        let heads = leaves.dropLast().compactMap { leaf, count in
            leaf.map { VehicleHead(vehicle: $0.vehicle, count: count, head: $0.entry) }
        }
        let newest = Dictionary(heads.map { ($0.vehicle, $0) }) { $1 }
        let lie = try LogKeys.forTests(origin: House.origin)
            .lie(size: Int64(leaves.count), root: VehicleMap.root(of: newest.values))
        let audit = RemoteAudit(keys: try Self.keys(house)) { path in
            if path == "log/vehicles" { return lie }
            let answer = try await house.client.send("GET", "/" + path)
            return answer.status == 200 ? answer.body : nil
        }
        let finding = await #expect(throws: RemoteAudit.Finding.self) { try await audit.run(after: nil) { _, _ in } }
        #expect(finding?.sentence.contains("an entry is hidden") == true)
    }

    // MARK: Two histories

    @Test func `of two heads a witness signs one, whoever asks first`() async throws {
        let witness = try await WitnessHouse.open(origin: House.origin)
        let (first, second) = (
            try await Self.house(4, witnesses: witness.policy), try await Self.house(4, witnesses: witness.policy)
        )
        #expect(try await witness.round(of: first).run() == ["one": .signed(size: 4)])
        // The same size, other entries: their salts are not the same.
        #expect(try await witness.round(of: second).run() == ["one": .refused(status: 422)])
        // Whoever asks for the witness's word gets it from the one, and not from the other.
        let keys = BundleKeys(policy: witness.policy, vehicles: first.log.keys.vehicles.publicKey)
        #expect(Self.failures(try await Self.bundle(first), keys).isEmpty)
        #expect(Self.failures(try await Self.bundle(second), keys) == ["witnesses"])
    }

    @Test func `a fork is refused by the witness and proven by whoever audited before`() async throws {
        let witness = try await WitnessHouse.open(origin: House.origin)
        let (first, fork) = (
            try await Self.house(4, witnesses: witness.policy), try await Self.house(6, witnesses: witness.policy)
        )
        _ = try await witness.round(of: first).run()
        #expect(try await witness.round(of: fork).run() == ["one": .refused(status: 422)])
        let audits = try [first, fork].map { house in
            RemoteAudit(keys: try Self.keys(house)) { path in
                let answer = try await house.client.send("GET", "/" + path)
                return answer.status == 200 ? answer.body : nil
            }
        }
        let last = try await audits[0].run(after: nil) { _, _ in }.checkpoint
        let finding = await #expect(throws: RemoteAudit.Finding.self) {
            try await audits[1].run(after: last) { _, _ in }
        }
        #expect(finding?.fork?.isValid(by: fork.log.keys.verifierKeys) == true)
    }

    @Test func `an old checkpoint shown again is refused by the witness and found by the audit`() async throws {
        let witness = try await WitnessHouse.open(origin: House.origin)
        let house = try await Self.house(4, witnesses: witness.policy)
        let old = try SignedNote(parsing: try await house.client.send("GET", "/log/checkpoint").body)
        let insurer = try await house.insurer()
        _ = try await house.reading(9000, ref: "i", as: insurer.key)
        _ = try await witness.round(of: house).run()
        #expect(try await witness.ask(old: 5, [], old).status == 400)
        #expect(try await witness.ask(old: 4, [], old).status == 409)
        let audit = RemoteAudit(keys: try Self.keys(house)) { path in
            if path == "log/checkpoint" { return old.bytes }
            let answer = try await house.client.send("GET", "/" + path)
            return answer.status == 200 ? answer.body : nil
        }
        try await house.log.catchUp()
        let now = try SignedNote(parsing: try await house.client.send("GET", "/log/checkpoint").body)
        let finding = await #expect(throws: RemoteAudit.Finding.self) { try await audit.run(after: now) { _, _ in } }
        // The index, which is newer, gives it away already.
        #expect(finding?.sentence.contains("ahead of the log") == true)
        // In a bundle the newer index gives it away, too.
        var bundle = try ProofBundle(parsing: try await Self.bundle(house))
        bundle.checkpoint = String(decoding: old.bytes, as: UTF8.self)
        #expect(Set(Self.failures(bundle.bytes, try Self.keys(house))) == ["inclusion", "index_size"])
    }

    // MARK: Keys

    @Test func `another key for the names of cars makes no proof`() async throws {
        let house = try await Self.house()
        let strange = try VRF.PrivateKey(seed: SecretBytes([UInt8](repeating: 77, count: VRF.keyByteCount)))
        var bundle = try ProofBundle(parsing: try await Self.bundle(house))
        bundle.vehicleProof = try VehicleKey.make(vin: House.vin, key: strange).proof
        #expect(Self.failures(bundle.bytes, try Self.keys(house)) == ["vehicle_key"])
    }

    @Test func `two keys sign side by side, and each alone is enough`() async throws {
        let house = try await Self.house(seeds: [12, 9])
        let bytes = try await Self.bundle(house)
        for (key, expected) in [(0, []), (1, []), (2, ["checkpoint_signature", "index_signature"])] {
            let seed: UInt8 = [12, 9, 33][key]
            let reader = try LogKeys.forTests(origin: House.origin, seeds: [seed])
            let keys = try BundleKeys(parsing: String(decoding: reader.json.bytes, as: UTF8.self))
            #expect(Self.failures(bytes, keys) == expected, "\(seed)")
        }
        for path in ["/log/checkpoint", "/log/vehicles"] {
            let note = try SignedNote(parsing: try await house.client.send("GET", path).body)
            #expect(note.signatures.count == 2)
        }
    }

    // MARK: The witness

    @Test(arguments: [nil, "text/plain", "application/octet-stream", "application/x-anything"] as [String?])
    func `a witness reads what it is sent, whatever its type says`(type: String?) async throws {
        let witness = try await WitnessHouse.open(origin: House.origin)
        let house = try await Self.house(3, witnesses: witness.policy)
        let note = try SignedNote(parsing: try await house.client.send("GET", "/log/checkpoint").body)
        let answer = try await witness.ask(old: 0, [], note, type: type)
        #expect(answer.status == 200, "\(answer.text)")
        let line = try #require(NoteSignature(line: answer.text.dropLast()))
        #expect(try SignedNote(text: note.text, signatures: [line]).verified(by: [witness.key]).count == 1)
        let again = try await witness.ask(old: 0, [], note, type: type)
        #expect(again.status == 409)
        #expect(again.text == "3\n")
        #expect(again.header("Content-Type") == "text/x.tlog.size")
        let empty = try await witness.server.client.send("POST", "/add-checkpoint")
        #expect(empty.status == 400)
        let shown = try await witness.server.client.send(
            "GET",
            "/\(SHA256.hash(House.origin.utf8).hex)/checkpoint"
        )
        #expect(try SignedNote(parsing: shown.body).verified(by: [witness.key]).count == 1)
    }
}

extension LogKeys {
    /// A note of the vehicle index that says what its keeper would never sign.
    fileprivate func lie(size: Int64, root: Digest) throws -> [UInt8] {
        let key = try Ed25519.PrivateKey(seed: SecretBytes([UInt8](repeating: 9, count: Ed25519.seedByteCount)))
        let origin = origin + Checkpoint.vehiclesSuffix
        let signer = try #require(NoteSigner(name: origin, key: key))
        return try #require(Checkpoint(origin: origin, size: size, root: root)).signed(by: [signer]).bytes
    }
}
