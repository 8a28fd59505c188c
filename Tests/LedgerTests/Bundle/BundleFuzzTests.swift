import Core
import Cryptography
import Testing

@testable import Ledger

@Suite struct BundleFuzzTests {
    private static let bytes = try! TestLog.with(TestLog.chain, late: 1)
        .bundle(TestLog.chain.stored, asOf: BundleMoment(entryCount: 2, head: TestLog.chain.hashes[1])).bytes
    private static let shards = 8

    /// Checks of which one has to fail where a member was changed. Every member may also cease to be one.
    private static let answerable: [(member: String, codes: [String])] = [
        ("format", []), ("vin", ["chain_vehicle", "vehicle_key"]),
        ("checkpoint", ["checkpoint_signature", "witnesses"]), ("vehicles", ["index_signature"]),
        ("entries", ["chain_", "inclusion", "completeness"]), ("completeness", ["vehicle_key", "completeness"]),
        ("path", ["completeness"]), ("source_keys", ["chain_signature", "source_keys"]), ("as_of", ["as_of"]),
    ]

    /// Where each member begins.
    private static let starts: [Int] = answerable.map { member, _ in
        let name = Array("\"\(member)\":".utf8)
        return bytes.indices.first { bytes[$0...].starts(with: name) }!
    }

    @Test(arguments: 0..<shards)
    func `no byte can be changed, and the verdict names the right check`(shard: Int) {
        for index in stride(from: shard, to: BundleFuzzTests.bytes.count, by: BundleFuzzTests.shards) {
            var changed = BundleFuzzTests.bytes
            changed[index] ^= 1 << UInt8(index % 8)
            let verdicts = BundleVerifier.verify(changed, keys: TestLog.keys)
            #expect(!verdicts.isGenuine, "byte \(index)")
            let member = BundleFuzzTests.starts.lastIndex { $0 <= index } ?? 0
            let expected = ["format"] + BundleFuzzTests.answerable[member].codes
            let failed = verdicts.filter { $0.outcome == .failed }.map(\.code)
            let isNamed = failed.contains { code in expected.contains { code.hasPrefix($0) } }
            #expect(isNamed, "byte \(index) in \(BundleFuzzTests.answerable[member].member): \(failed)")
        }
    }

    @Test func `what was cut short is refused`() {
        for count in stride(from: 0, to: BundleFuzzTests.bytes.count, by: 7) {
            #expect(throws: BundleError.self) { try ProofBundle(parsing: Array(BundleFuzzTests.bytes.prefix(count))) }
        }
    }

    @Test func `seeded noise never crashes and never passes`() {
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<400 {
            var changed = BundleFuzzTests.bytes
            for _ in 0..<1 + generator.below(8) {
                let place = generator.below(changed.count)
                switch generator.below(4) {
                case 0: changed[place] = UInt8(generator.below(256))
                case 1: changed.remove(at: place)
                case 2: changed.insert(UInt8(generator.below(256)), at: place)
                default: changed.swapAt(place, generator.below(changed.count))
                }
            }
            // White space between members says nothing.
            guard (try? ProofBundle(parsing: changed).bytes) != BundleFuzzTests.bytes else { continue }
            #expect(!BundleVerifier.verify(changed, keys: TestLog.keys).isGenuine)
        }
    }

    private static let text = String(decoding: bytes, as: UTF8.self)

    /// What is replaced, by what, and the error.
    @Test(
        arguments: [
            ("proof/1", "proof/2", BundleError.unknownFormat),
            ("{\"format\"", "{\"more\":1,\"format\"", .unknownMember("more")),
            ("\"vin\":", "\"vim\":", .unknownMember("vim")),
            ("\"vin\":\"", "\"vin\":1,\"was\":\"", .unknownMember("was")),
            ("\"entries\":[", "\"entries\":[1,", .member("entries")),
            ("\"payload\":\"", "\"payload\":1,\"was\":\"", .unknownMember("was")),
            ("\"payload\":", "\"payloads\":", .unknownMember("payloads")),
            ("\"leaf_index\":20", "\"leaf_index\":\"20\"", .member("entries")),
            ("\"leaf_index\":20", "\"leaf_index\":null", .member("entries")),
            ("\"leaf_index\":20", "\"leaf_index\":20.5", .notJSON),
            ("\"inclusion\":[\"", "\"inclusion\":[\"AAAA\",\"", .member("entries")),
            ("\"inclusion\":[", "\"inclusion\":[null,", .member("entries")),
            ("\"vrf_proof\":\"", "\"vrf_proof\":\"!", .member("completeness/vrf_proof")),
            ("\"path\":[", "\"path\":[[],", .member("completeness/path")),
            ("\"neighbour\":null", "\"neighbour\":\"AAAA\"", .member("completeness/neighbour")),
            ("\"neighbour\":null", "\"neighbour\":{}", .member("completeness/neighbour")),
            ("\"source_keys\":{", "\"source_keys\":{\"k\":null,", .member("source_keys")),
            ("\"public_key\":\"", "\"public_key\":\"AAAA", .member("source_keys")),
            ("\"checkpoint\":\"", "\"checkpoint\":null,\"was\":\"", .unknownMember("was")),
            ("\"entry_count\":2", "\"entry_count\":\"2\"", .member("as_of")),
            ("\"as_of\":{", "\"as_of\":{\"time\":1,", .unknownMember("time")),
            ("\"vin\":", "\"vin\":\"x\",\"vin\":", .notJSON),
        ]
    )
    func `what is no bundle says why`(old: String, new: String, error: BundleError) {
        let changed = BundleFuzzTests.text.replacing(old, with: new, maxReplacements: 1)
        #expect(changed != BundleFuzzTests.text)
        #expect(throws: error) { try ProofBundle(parsing: Array(changed.utf8)) }
        let verdicts = BundleVerifier.verify(Array(changed.utf8), keys: TestLog.keys)
        #expect(verdicts.map(\.code) == ["format"])
        #expect(verdicts.failures == "format")
    }

    @Test func `nesting, length and numbers have an end`() {
        let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        #expect(throws: BundleError.notJSON) { try ProofBundle(parsing: Array(deep.utf8)) }
        let nested = BundleFuzzTests.text.replacing("\"inclusion\":[", with: "\"inclusion\":[[[[")
        #expect(throws: BundleError.notJSON) { try ProofBundle(parsing: Array(nested.utf8)) }
        let huge = [UInt8](repeating: UInt8(ascii: " "), count: ProofBundle.maximumByteCount + 1)
        #expect(throws: BundleError.tooLarge) { try ProofBundle(parsing: huge) }
        let empty = "{\"envelope\":\"\",\"payload\":null,\"leaf_index\":null,\"inclusion\":null},"
        let many = String(repeating: empty, count: ProofBundle.maximumEntryCount + 1)
        let long = BundleFuzzTests.text.replacing("\"entries\":[", with: "\"entries\":[" + many)
        #expect(throws: BundleError.member("entries")) { try ProofBundle(parsing: Array(long.utf8)) }
        let hash = "\"\(Base64.encode(Digest.zero.bytes))\","
        for (list, count) in [("inclusion", 64), ("path", 257)] {
            let hashes = BundleFuzzTests.text.replacing(
                "\"\(list)\":[",
                with: "\"\(list)\":[" + String(repeating: hash, count: count)
            )
            #expect(throws: BundleError.self) { try ProofBundle(parsing: Array(hashes.utf8)) }
        }
        for index in ["9007199254740991", "-1", "0"] {
            let wild = BundleFuzzTests.text.replacing("\"leaf_index\":20", with: "\"leaf_index\":\(index)")
            let verdicts = BundleVerifier.verify(Array(wild.utf8), keys: TestLog.keys)
            #expect(verdicts.failures.contains("inclusion"), "\(index)")
        }
    }

    @Test func `white space and the order of members are free`() throws {
        let json = try JSONParser.parse(BundleFuzzTests.bytes)
        let reordered = JSON.object(Array((json.members ?? []).reversed())).bytes
        let spaced = BundleFuzzTests.text.replacing(",\"", with: " ,\n\t\"") + "\n"
        for other in [reordered, Array(spaced.utf8)] {
            #expect(other != BundleFuzzTests.bytes)
            #expect(BundleVerifier.verify(other, keys: TestLog.keys).isGenuine)
        }
    }
}
