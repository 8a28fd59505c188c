import Core
import Cryptography
import Ledger
import Support
import Testing
import TransparencyLog

@testable import chexin

/// Bundles as the server gives them out, changed in every place; and what `POST /v1/verify` says to anything at all.
@Suite struct HostileBundleTests {
    private static let shards = 4

    /// Checks of which one fails where a byte of a member has changed. `format` is where it is no bundle any more.
    private static let answerable: [(member: String, codes: [String])] = [
        ("format", []), ("vin", ["chain_vehicle", "vehicle_key"]),
        ("checkpoint", ["checkpoint_signature", "witnesses"]), ("vehicles", ["index_signature"]),
        ("entries", ["chain_", "inclusion", "completeness"]), ("completeness", ["vehicle_key", "completeness"]),
        ("source_keys", ["chain_signature", "source_keys"]),
    ]

    private static func world() async throws -> (bundle: [UInt8], keys: BundleKeys) {
        let witness = try await WitnessHouse.open(origin: House.origin)
        let house = try await House.open(.sqlite, witnesses: witness.policy)
        let workshop = try await house.workshop()
        for km in 1...2 { _ = try await house.reading(km * 1000, ref: "r\(km)", as: workshop.key) }
        _ = try await house.reading(7, ref: "other", vin: House.otherVIN, as: workshop.key)
        _ = try await witness.round(of: house).run()
        try await house.log.catchUp()
        let bundle = try await house.client.send("GET", "/v1/vehicles/\(House.vin)/proof").body
        return (bundle, BundleKeys(policy: witness.policy, vehicles: house.log.keys.vehicles.publicKey))
    }

    @Test(arguments: 0..<shards)
    func `no byte of what was served can be changed, and the verdict names the right check`(shard: Int) async throws {
        let (bundle, keys) = try await Self.world()
        #expect(BundleVerifier.verify(bundle, keys: keys).isGenuine)
        let starts = Self.answerable.map { member, _ in
            let name = Array("\"\(member)\":".utf8)
            return bundle.indices.first { bundle[$0...].starts(with: name) } ?? 0
        }
        for index in stride(from: shard, to: bundle.count, by: Self.shards) {
            var changed = bundle
            changed[index] ^= 1 << UInt8(index / Self.shards % 8)
            let verdicts = BundleVerifier.verify(changed, keys: keys)
            #expect(!verdicts.isGenuine, "byte \(index)")
            let place = Self.answerable[starts.lastIndex { $0 <= index } ?? 0]
            let failed = verdicts.filter { $0.outcome == .failed }.map(\.code)
            let isNamed = failed.contains { code in (["format"] + place.codes).contains { code.hasPrefix($0) } }
            #expect(isNamed, "byte \(index) in \(place.member): \(failed)")
        }
    }

    @Test func `each field of each note is looked at`() async throws {
        let (bytes, keys) = try await Self.world()
        let bundle = try ProofBundle(parsing: bytes)
        /// Every line of a note changed: origin, size, root, each signature's name, id and bytes.
        func variants(_ note: String) -> [String] {
            let lines = note.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            var all = lines.indices.filter { !lines[$0].isEmpty }.flatMap { index -> [String] in
                var (changed, without, twice) = (lines, lines, lines)
                changed[index] = lines[index].dropLast(2) + "x" + lines[index].suffix(1)
                without.remove(at: index)
                twice.insert("1" + lines[index], at: index)
                return [changed, without, twice].map { $0.joined(separator: "\n") }
            }
            for (old, new) in [("\n\n", "\n"), ("— ", "- "), ("\n2\n", "\n3\n"), ("\n3\n", "\n2\n")] {
                all.append(note.replacing(old, with: new, maxReplacements: 1))
            }
            return all.filter { $0 != note }
        }
        for note in variants(bundle.checkpoint) {
            var changed = bundle
            changed.checkpoint = note
            let failed = BundleVerifier.verify(changed.bytes, keys: keys).filter { $0.outcome == .failed }.map(\.code)
            #expect(failed.contains("checkpoint_signature") || failed.contains("witnesses"), "\(note): \(failed)")
        }
        for note in variants(bundle.vehicles) {
            var changed = bundle
            changed.vehicles = note
            let failed = BundleVerifier.verify(changed.bytes, keys: keys).filter { $0.outcome == .failed }.map(\.code)
            #expect(failed.contains("index_signature"), "\(note): \(failed)")
        }
    }

    @Test func `whatever is sent to be verified is answered, and never taken for genuine`() async throws {
        let house = try await House.open()
        let workshop = try await house.workshop()
        _ = try await house.reading(1000, ref: "r1", as: workshop.key)
        try await house.log.catchUp()
        let bundle = try await house.client.send("GET", "/v1/vehicles/\(House.vin)/proof").body
        var random = SeededRandom(seed: 20_261_122)
        for round in 0..<150 {
            var changed = bundle
            for _ in 0...Int.random(in: 0..<6, using: &random) {
                let place = Int.random(in: changed.indices, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: changed[place] = UInt8.random(in: 0...255, using: &random)
                case 1 where changed.count > 1: changed.remove(at: place)
                case 2: changed.insert(UInt8.random(in: 0...255, using: &random), at: place)
                case 3: changed.removeLast(min(changed.count - 1, place))
                default: changed.insert(contentsOf: changed.suffix(place).prefix(300), at: place)
                }
            }
            guard (try? ProofBundle(parsing: changed).bytes) != bundle else { continue }
            try await expectRefused(changed, house, "round \(round)")
        }
        let text = String(decoding: bundle, as: UTF8.self)
        let deep = String(repeating: "[", count: 60_000)
        for hostile in [
            "{\"format\":\"chexin-proof/1\"}", "{\"format\":\"chexin-proof/2\"}", "{\"format\":1}", "{\"format\":null}",
            "{\"format\":\"chexin-proof/1\",\"entries\":\(deep)", "{\"format\":\"chexin-proof/1\",\"vin\":\(deep)}",
            text.replacing("\"entries\":[", with: "\"entries\":[" + String(repeating: "null,", count: 100_000)),
            text.replacing("\"path\":[", with: "\"path\":[" + String(repeating: "\"AAAA\",", count: 50_000)),
            String(repeating: " ", count: 1_000_000) + "{}",
        ] {
            try await expectRefused(Array(hostile.utf8), house, String(hostile.prefix(60)))
        }
        // A body beyond the limit, and then the connection still serves.
        let huge = [UInt8](repeating: 0x20, count: 3 << 20)
        let answer = try? await post(huge, house)
        #expect(answer == nil || answer?.status == 413)
        let last = try await post(bundle, house)
        #expect(try JSONParser.parse(last.body)["verdict"] == "genuine")
    }

    private func post(_ body: [UInt8], _ house: House) async throws -> HTTPAnswer {
        try await house.client.send(
            "POST",
            "/v1/verify",
            headers: [("Content-Type", "application/json"), ("Authorization", "Bearer \(house.administrator)")],
            body: body
        )
    }

    private func expectRefused(_ body: [UInt8], _ house: House, _ what: String) async throws {
        let answer = try await post(body, house)
        #expect([200, 400, 422].contains(answer.status), "\(what): \(answer.status)")
        if answer.status == 200 {
            #expect(try JSONParser.parse(answer.body)["verdict"] == "altered", "\(what): \(answer.text)")
        }
    }
}
