import Core
import Cryptography
import Ledger
import Support
import Testing
import TransparencyLog

/// The script behind the code against the verifier for the command line: two programs, and one verdict on everything.
@Suite(.enabled(if: Chromium.program != nil)) struct CarVerdictTests {
    private func keys(_ house: House) -> BundleKeys {
        BundleKeys(
            policy: LogPolicy(log: house.log.keys.verifierKeys[0]),
            vehicles: house.log.keys.vehicles.publicKey
        )
    }

    /// The script's verdicts, a line each.
    private func byScript(_ bytes: [UInt8], _ tab: ChromiumTab) async throws -> [String] {
        let script = """
            chexinVerifier.verify(Uint8Array.from(atob('\(Base64.encode(bytes))'), (letter) => letter.charCodeAt(0)),
              JSON.parse(document.getElementById('checks').dataset.keys))
              .then(({ verdicts }) => verdicts.map((line) => [line.check, line.outcome, line.zh, line.en].join(' | '))
                .join('\\n'))
            """
        return try await tab.value(script).split(separator: "\n").map { String($0) }
    }

    private func byOurs(_ bytes: [UInt8], _ house: House) -> [String] {
        BundleVerifier.verify(bytes, keys: keys(house)).map { verdict in
            "\(verdict.code) | \(verdict.outcome.rawValue) | \(verdict.detail.zh) | \(verdict.detail.en)"
        }
    }

    @Test func `both say the same of honest and of altered bundles, word by word`() async throws {
        let car = try await CarPageHouse.open()
        try await car.fill()
        let bundle = try await car.bundle()
        let tab = try await car.seen()
        var seen: Set<String> = []
        for alteration in BundleAlteration.all {
            var altered = bundle
            alteration.alter(&altered)
            let ours = byOurs(altered.bytes, car.house)
            #expect(try await byScript(altered.bytes, tab) == ours, "\(alteration.name)")
            let failed = ours.filter { $0.contains("| failed |") || $0.contains("| unchecked |") }
            #expect(failed.isEmpty == alteration.isHonest, "\(alteration.name): \(failed)")
            seen.formUnion(failed.compactMap { $0.split(separator: " ").first.map { String($0) } })
        }
        // Without these the list of alterations would have a hole.
        let all = BundleCheck.allCases.map(\.rawValue) + ChainCheck.allCases.map { "chain_\($0.rawValue)" }
        #expect(Set(all).subtracting(seen).sorted() == ["as_of", "chain_hash", "format"])
    }

    /// Browsers without an Ed25519 of their own use the script's.
    @Test func `the script's own signatures are those of the library`() async throws {
        let car = try await CarPageHouse.open()
        let tab = try await car.seen()
        var random = SeededRandom(seed: 25_519)
        var (script, ours): ([String], [Bool]) = ([], [])
        for number in 0..<40 {
            let key = try Ed25519.PrivateKey(
                seed: SecretBytes((0..<32).map { _ in UInt8.random(in: 0...255, using: &random) })
            )
            var message = (0..<number * 7).map { _ in UInt8.random(in: 0...255, using: &random) }
            var signature = try key.sign(message)
            if number % 4 == 1 { signature[Int.random(in: 0..<64, using: &random)] ^= 1 }
            if number % 4 == 2 { message.append(0) }
            ours.append(key.publicKey.isValid(signature: signature, for: message))
            let words = [message, signature, key.publicKey.bytes].map { "chexinVerifier.fromHex('\($0.hex)')" }
            script.append("chexinVerifier.isSigned(\(words.joined(separator: ",")))")
        }
        let found = try await tab.value("[\(script.joined(separator: ","))].join()")
        #expect(found == ours.map { "\($0)" }.joined(separator: ","))
        #expect(ours.contains(true) && ours.contains(false))
    }

    @Test func `a byte changed anywhere is told alike by both`() async throws {
        let car = try await CarPageHouse.open()
        try await car.fill()
        let bytes = try await car.bundle().bytes
        let tab = try await car.seen()
        var random = SeededRandom(seed: 20_260_301)
        for _ in 0..<150 {
            var altered = bytes
            let place = Int.random(in: bytes.indices, using: &random)
            altered[place] ^= UInt8(1) << UInt8.random(in: 0..<7, using: &random)
            let (script, ours) = (try await byScript(altered, tab), byOurs(altered, car.house))
            // Of what is no bundle, one says more than the other why not.
            let isBundle = ours.count > 1
            let agrees = isBundle ? script == ours : script.count == 1 && script[0].hasPrefix("format | failed")
            #expect(agrees, "byte \(place): \(script) \(ours)")
        }
    }

    @Test func `what is no bundle is refused, and does not hang the page`() async throws {
        let car = try await CarPageHouse.open()
        try await car.fill()
        let text = String(decoding: try await car.bundle().bytes, as: UTF8.self)
        let tab = try await car.seen()
        let deep = String(repeating: "[", count: 200_000)
        let cut = String(text.dropLast())
        func put(_ more: String, behind member: String) -> String { text.replacing(member, with: member + more) }
        let hostile = [
            "", "null", "[]", "{}", deep, "{\"format\":\"other/1\"}", "\u{FEFF}" + text, cut,
            cut + ",\"more\":1}", cut + ",\"vin\":\"\(House.vin)\"}", put("null,", behind: "\"entries\":["),
            put("1.5,", behind: "\"path\":["), put("1e99,", behind: "\"leaf_index\":"),
            put("\\ud800", behind: "\"checkpoint\":\""), put("AA", behind: "\"vrf_proof\":\""),
            put("\"AAAA\",", behind: "\"inclusion\":["),
            text.replacing("\"vin\":", with: "\"__proto__\":{},\"vin\":"),
        ]
        for (number, bundle) in hostile.enumerated() {
            let script = try await byScript(Array(bundle.utf8), tab)
            #expect(script.count == 1, "\(number)")
            #expect(script.first?.hasPrefix("format | failed") == true, "\(number): \(script)")
            #expect(byOurs(Array(bundle.utf8), car.house).count == 1, "\(number)")
        }
    }
}

/// One thing that somebody may do to a bundle.
struct BundleAlteration: Sendable {
    let name: String
    var isHonest = false
    let alter: @Sendable (inout ProofBundle) -> Void

    init(_ name: String, isHonest: Bool = false, _ alter: @escaping @Sendable (inout ProofBundle) -> Void) {
        self.name = name
        self.isHonest = isHonest
        self.alter = alter
    }

    /// Replaces a text in the envelope of an entry.
    private static func envelope(_ name: String, _ place: Int, _ old: String, _ new: String) -> BundleAlteration {
        BundleAlteration(name) { $0.entries[place].replace(old, new) }
    }

    static let all = chain + log + index

    private static let chain = [
        BundleAlteration("nothing", isHonest: true) { _ in },
        BundleAlteration("a reading in a payload") { bundle in
            let payload = bundle.entries[2].stored.payload.map { String(decoding: $0, as: UTF8.self) }
            let altered = payload?.replacing("850000", with: "150000").utf8
            bundle.entries[2].setPayload(altered.map { Array($0) })
        },
        BundleAlteration("a payload taken away") { bundle in
            bundle.entries[1].setPayload(nil)
        },
        BundleAlteration("the record of an erasure without its payload") { bundle in
            bundle.entries[bundle.entries.count - 1].setPayload(nil)
        },
        envelope("a kind", 4, "odometer.read", "odometer.ride"),
        envelope("a day", 1, "2021-06-01T", "2020-06-01T"),
        envelope("a month that is none", 1, "2021-06-01T", "2021-13-01T"),
        envelope("a recording before the one that precedes it", 3, "\"recorded_at\":\"2", "\"recorded_at\":\"1"),
        envelope("another car", 3, House.vin, House.otherVIN),
        envelope("another log", 3, House.origin, "other.example/log"),
        envelope("a reference used twice", 4, "read 2024-03-01 61000", "read 2022-06-01 850000"),
        envelope("members out of their order", 4, "\"v\":1,", ""),
        envelope("a second version", 4, "\"v\":1,", "\"v\":2,"),
        envelope("white space", 4, "{\"kind\"", "{ \"kind\""),
        envelope("a control in a text", 4, "read 2024", "read\u{7}2024"),
        envelope("a text too long", 4, "read 2024", String(repeating: "read 2024", count: 200)),
        envelope("a number with a zero before it", 4, "\"seq\":4", "\"seq\":04"),
        envelope("a signature", 1, "\"sig\":\"", "\"sig\":\"A"),
        envelope("a correction of nothing", 3, "\"corrects\":\"", "\"corrects\":\"0000"),
        BundleAlteration("a correction of another entry") { bundle in
            let hash = SHA256.hash(bundle.entries[2].stored.envelope).hex
            bundle.entries[3].replace(hash, String(repeating: "ab", count: 32))
        },
        BundleAlteration("two entries swapped") { $0.entries.swapAt(1, 2) },
        BundleAlteration("an entry twice") { $0.entries.insert($0.entries[2], at: 2) },
        BundleAlteration("an entry left out") { $0.entries.remove(at: 4) },
        BundleAlteration("the newest hidden") { $0.entries.removeLast() },
        BundleAlteration("none left") { $0.entries = [] },
        BundleAlteration("an envelope that is none") { bundle in
            bundle.entries[0].stored = StoredEntry(envelope: [0x7B, 0x7D], payload: nil)
        },
    ]

    private static let log = [
        BundleAlteration("the source's key swapped") { bundle in
            let key = bundle.sourceKeys[0]
            let other = try? Ed25519.PrivateKey(seed: SecretBytes([UInt8](repeating: 77, count: 32)))
            guard let other else { return }
            bundle.sourceKeys = [SourceKey(source: key.source, key: key.key, publicKey: other.publicKey)]
        },
        BundleAlteration("no key of a source") { $0.sourceKeys = [] },
        BundleAlteration("a key too many") { bundle in
            let key = bundle.sourceKeys[0]
            bundle.sourceKeys.append(SourceKey(source: key.source, key: "sgk_other", publicKey: key.publicKey))
        },
        BundleAlteration("a leaf's place") { $0.entries[0].leaf?.index += 1 },
        BundleAlteration("places that fall") { bundle in
            let places = bundle.entries.map(\.leaf)
            for (entry, leaf) in places.reversed().enumerated() { bundle.entries[entry].leaf = leaf }
        },
        BundleAlteration("a hash of the inclusion proof too many") { $0.entries[0].leaf?.hashes.append(.zero) },
        BundleAlteration("the newest without its place") { $0.entries[$0.entries.count - 1].leaf = nil },
        BundleAlteration("the size of the checkpoint") { $0.checkpoint = $0.checkpoint.replacingLine(1, "99") },
        BundleAlteration("a size that is none") { $0.checkpoint = $0.checkpoint.replacingLine(1, "09") },
        BundleAlteration("the root of the checkpoint") { bundle in
            bundle.checkpoint = bundle.checkpoint.replacingLine(2, Base64.encode([UInt8](repeating: 1, count: 32)))
        },
        BundleAlteration("the signature of the checkpoint") { $0.checkpoint = $0.checkpoint.flippingLastSignature() },
        BundleAlteration("the name under the checkpoint") { bundle in
            bundle.checkpoint = bundle.checkpoint.replacing("\u{2014} \(House.origin)", with: "\u{2014} someone")
        },
        BundleAlteration("the checkpoint of another log") { bundle in
            bundle.checkpoint = bundle.checkpoint.replacingLine(0, "other/log")
        },
        BundleAlteration("a checkpoint without its end") { $0.checkpoint.removeLast() },
    ]

    private static let index = [
        BundleAlteration("the signature of the index") { $0.vehicles = $0.vehicles.flippingLastSignature() },
        BundleAlteration("the size of the index") { $0.vehicles = $0.vehicles.replacingLine(1, "9999") },
        BundleAlteration("the checkpoint in the place of the index") { $0.vehicles = $0.checkpoint },
        BundleAlteration("the path in the index") { bundle in
            bundle.indexProof = IndexProof(siblings: bundle.indexProof.siblings + [.zero])
        },
        BundleAlteration("a neighbour beside a car that is there") { bundle in
            let head = VehicleHead(vehicle: .zero, count: 1, head: .zero)
            bundle.indexProof = IndexProof(siblings: bundle.indexProof.siblings, other: head)
        },
        BundleAlteration("the VRF proof's point") { $0.vehicleProof[0] ^= 1 },
        BundleAlteration("the VRF proof's challenge") { $0.vehicleProof[40] ^= 1 },
        BundleAlteration("the VRF proof's scalar") { $0.vehicleProof[60] ^= 1 },
        BundleAlteration("a VRF proof that is short") { $0.vehicleProof.removeLast() },
        BundleAlteration("another VIN") { $0.vin = House.otherVIN },
        BundleAlteration("a VIN that is none") { $0.vin = "x" },
    ]
}

extension BundleEntry {
    fileprivate mutating func replace(_ old: String, _ new: String) {
        let text = String(decoding: stored.envelope, as: UTF8.self).replacing(old, with: new, maxReplacements: 1)
        stored = StoredEntry(envelope: Array(text.utf8), payload: stored.payload)
    }

    fileprivate mutating func setPayload(_ payload: [UInt8]?) {
        stored = StoredEntry(envelope: stored.envelope, payload: payload)
    }
}

extension String {
    fileprivate func replacingLine(_ number: Int, _ line: String) -> String {
        var lines = split(separator: "\n", omittingEmptySubsequences: false)
        lines[number] = Substring(line)
        return lines.joined(separator: "\n")
    }

    /// Another sixth of the last character but a few: still Base64.
    fileprivate func flippingLastSignature() -> String {
        var letters = Array(self)
        let place = letters.count - 12
        letters[place] = letters[place] == "A" ? "B" : "A"
        return String(letters)
    }
}
