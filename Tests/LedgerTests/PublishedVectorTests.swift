import Core
import Cryptography
import Foundation
import Testing

@testable import Ledger

private let vectorFolder = ProcessInfo.processInfo.environment["CHEXIN_TEST_VECTORS"]

/// Vectors that others have published or made with other software, read from the folder that `CHEXIN_TEST_VECTORS`
/// names: they are theirs and not kept here. Without it the digests of the same vectors in the other suites remain.
@Suite(.enabled(if: vectorFolder != nil)) struct PublishedVectorTests {
    private static let made = "generated-by-xmod-torchwood/"

    private static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: (vectorFolder ?? "") + "/" + path)), as: UTF8.self)
    }

    private static func json(_ path: String) throws -> JSON {
        try JSONParser.parse(Array(try text(path).utf8))
    }

    /// `nil` for a probe with a number that no integer here can be.
    private static func probes(_ folder: String) throws -> [(name: String, probe: JSON?)] {
        let root = (vectorFolder ?? "") + "/transparency-dev-merkle/testdata/" + folder
        let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        return try names.filter { $0.hasSuffix(".json") }.sorted().map { name in
            let bytes = Array(try Data(contentsOf: URL(filePath: root + "/" + name)))
            guard String(decoding: bytes, as: UTF8.self).contains("\(UInt64.max)") else {
                return (name, try JSONParser.parse(bytes))
            }
            return (name, nil)
        }
    }

    private static func bytes(_ json: JSON?) -> [UInt8]? { json?.stringValue.flatMap { Base64.decode($0) } }
    private static func digest(_ json: JSON?) -> Digest? { bytes(json).flatMap { Digest(bytes: $0) } }

    /// `nil` where one of them is no hash. No proof at all is an empty one.
    private static func proof(_ json: JSON?) -> [Digest]? {
        let elements = json?.arrayValue ?? []
        let hashes = elements.compactMap { digest($0) }
        return hashes.count == elements.count ? hashes : nil
    }

    @Test func `probes of inclusion and consistency are answered as they ought to be`() throws {
        var count = 0
        for (name, probe) in try Self.probes("inclusion") {
            let isRefused = probe.map { $0["wantErr"] == true } ?? true
            let passes: Bool =
                if let probe, let root = Self.digest(probe["root"]), let leaf = Self.digest(probe["leafHash"]),
                    let proof = Self.proof(probe["proof"]), let index = probe["leafIdx"]?.integerValue,
                    let size = probe["treeSize"]?.integerValue
                {
                    MerkleProof.includes(leafHash: leaf, index: index, size: size, root: root, proof: proof)
                } else { false }
            #expect(passes == !isRefused, "\(name)")
            count += 1
        }
        // Roots of 12 bytes are no roots here, whatever they are compared with.
        let odd = "additional/sizes-are-equal-one-and-proof-is-empty.json"
        for (name, probe) in try Self.probes("consistency") where name != odd {
            let passes: Bool =
                if let probe, let old = Self.digest(probe["root1"]), let new = Self.digest(probe["root2"]),
                    let proof = Self.proof(probe["proof"]), let oldSize = probe["size1"]?.integerValue,
                    let newSize = probe["size2"]?.integerValue
                {
                    MerkleProof.isConsistent(
                        oldSize: oldSize,
                        newSize: newSize,
                        oldRoot: old,
                        newRoot: new,
                        proof: proof
                    )
                } else { false }
            #expect(passes == !(probe.map { $0["wantErr"] == true } ?? true), "\(name)")
            count += 1
        }
        #expect(count == 195)
    }

    @Test func `roots and proofs are those that Go makes`() throws {
        for (size, root) in try Self.json(Self.made + "roots.json")["roots_base64"]?.members?.map({
            ($0.name, $0.value)
        }) ?? [] {
            var reader = TreeTests.tree.reader(size: Int64(size) ?? -1)
            #expect(Self.digest(root) == (try reader.root()), "\(size)")
        }
        let inclusions = try #require(try Self.json(Self.made + "inclusion.json").arrayValue)
        #expect(inclusions.count == 131)
        for vector in inclusions {
            let (size, index) = (vector["Size"]?.integerValue ?? -1, vector["Index"]?.integerValue ?? -1)
            var reader = TreeTests.tree.reader(size: size)
            #expect(try reader.inclusionProof(index: index) == Self.proof(vector["Proof"]), "\(index) of \(size)")
        }
        let consistencies = try #require(try Self.json(Self.made + "consistency.json").arrayValue)
        #expect(consistencies.count == 244)
        for vector in consistencies {
            let (old, new) = (vector["Old"]?.integerValue ?? -1, vector["New"]?.integerValue ?? -1)
            var reader = TreeTests.tree.reader(size: new)
            #expect(try reader.consistencyProof(from: old) == Self.proof(vector["Proof"]), "\(old) to \(new)")
        }
    }

    @Test func `paths of tiles are those of the other software, both ways`() throws {
        for vector in try Self.json(Self.made + "tile_paths.json").arrayValue ?? [] {
            let path = vector["path"]?.stringValue ?? ""
            #expect(TilePath(parsing: path)?.text == path, "\(path)")
        }
    }

    @Test func `notes, cosignatures, proof files and the answers of another witness are those of ours`() throws {
        let notes = try Self.json(Self.made + "notes.json")
        let log = try #require(VerifierKey(parsing: notes["log_vkey"]?.stringValue ?? ""))
        let witness = try #require(VerifierKey(parsing: notes["witness_vkey"]?.stringValue ?? ""))
        for vector in notes["checkpoints"]?.arrayValue ?? [] {
            let note = try SignedNote(parsing: Array((vector["Note"]?.stringValue ?? "").utf8))
            #expect(try note.verified(by: [log]).count == 1)
            #expect(Checkpoint(parsing: note.text)?.text == note.text)
        }
        let cosigned = try SignedNote(parsing: Array((notes["cosigned_checkpoint"]?.stringValue ?? "").utf8))
        #expect(try cosigned.verified(by: [log, witness]).count == 2)
        let policy = try LogPolicy(parsing: try Self.text(Self.made + "policy.txt"))
        for name in ["leaf12345.tlog-proof", "leaf12345-extra.tlog-proof"] {
            let bytes = Array(try Self.text(Self.made + name).utf8)
            let proof = try TlogProof(parsing: bytes)
            #expect(proof.bytes == bytes)
            let checkpoint = try proof.verify(leafHash: MerkleHash.leaf(Array("leaf 12345".utf8)), policy: policy)
            #expect(checkpoint.size == 70_000)
        }
        try checkTranscript(log)
    }

    /// What was sent to another witness, in order, with its answers. It is more lenient in one: a leading zero.
    private func checkTranscript(_ log: VerifierKey) throws {
        var last = WitnessState.nothing
        for vector in try Self.json(Self.made + "litewitness-0.9.0-transcript.json").arrayValue ?? [] {
            let request = vector["request"]?.stringValue ?? ""
            let status = vector["status"]?.integerValue ?? 0
            let decision = AddCheckpointRequest.decide(
                Array(request.utf8),
                keys: { $0 == log.name ? [log] : [] },
                last: { _ in last }
            )
            if request.hasPrefix("old 0"), !request.hasPrefix("old 0\n") {
                #expect(decision == .malformed)
                continue
            }
            #expect(Int64(decision.status) == status, "\(vector["case"]?.stringValue ?? "")")
            if case .cosign(let checkpoint) = decision {
                last = WitnessState(size: checkpoint.size, root: checkpoint.root)
            }
        }
    }

    @Test func `notes of Go's own tests are read as Go reads them`() throws {
        let vectors = try Self.json("go-xmod/note.json")
        let peter = try #require(VerifierKey(parsing: vectors["peter_vkey"]?.stringValue ?? ""))
        let enoch = try #require(VerifierKey(parsing: vectors["enoch_vkey"]?.stringValue ?? ""))
        for (member, keys) in [("signed_by_peter", [peter]), ("signed_by_both", [peter, enoch])] {
            let note = try SignedNote(parsing: Array((vectors[member]?.stringValue ?? "").utf8))
            #expect(try note.verified(by: keys).count == keys.count)
            #expect(note.text == vectors["text"]?.stringValue)
        }
        for malformed in vectors["malformed"]?.arrayValue ?? [] {
            #expect(throws: NoteError.self) { try SignedNote(parsing: Array((malformed.stringValue ?? "").utf8)) }
        }
    }
}
