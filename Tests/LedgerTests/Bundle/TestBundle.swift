import Core
import Cryptography

@testable import Ledger

/// A log with some cars in it, and the bundle of one of them.
struct TestLog {
    static let origin = TestChain.log
    static let signer = TestNotes.signer(origin, .ed25519, 21)
    static let vehiclesSigner = TestNotes.signer(origin + "/vehicles", .ed25519, 21)
    static let witness = TestNotes.signer("witness.example/one", .cosignature, 22)
    static let vrf = try! VRF.PrivateKey(seed: SecretBytes([UInt8](repeating: 23, count: 32)))

    static let keysText = """
        # The keys of the log under test.
        log \(signer.verifierKey.text)
        witness one \(witness.verifierKey.text)
        quorum one
        vehicles \(Base64.encode(vrf.publicKey.bytes))

        """
    static let keys = try! BundleKeys(parsing: keysText)

    var tree = TestTree()
    var index = TestIndex()
    /// Size that the index covers.
    var indexSize: Int64 = 0
    var places: [Digest: [Int64]] = [:]

    mutating func append(vehicle: Digest, _ hashes: [Digest]) {
        for hash in hashes {
            places[vehicle, default: []].append(tree.builder.size)
            tree.append([LogLeaf(vehicle: vehicle, entry: hash).hash])
        }
    }

    mutating func appendOthers(_ count: Int, from first: Int = 0) {
        for number in first..<first + count { append(vehicle: TestIndex.key(number), [TestIndex.head(number).head]) }
    }

    /// Brings the index to where the tree is.
    mutating func updateIndex(_ newest: [Digest: (Int64, Digest)]) {
        let cars = newest.map { VehicleHead(vehicle: $0, count: $1.0, head: $1.1) }
        let others = places.keys.filter { newest[$0] == nil }.map { key in
            VehicleHead(vehicle: key, count: 1, head: TestLog.others[key] ?? .zero)
        }
        try! index.update(cars + others.filter { TestLog.others[$0.vehicle] != nil })
        indexSize = tree.builder.size
    }

    private static let others = Dictionary(
        uniqueKeysWithValues: (0..<3000).map { (TestIndex.key($0), TestIndex.head($0).head) }
    )

    var checkpoint: SignedNote {
        let checkpoint = Checkpoint(origin: TestLog.origin, size: tree.builder.size, root: tree.builder.root)!
        var note = try! checkpoint.signed(by: [TestLog.signer])
        note.add(try! TestLog.witness.sign(checkpoint.text, atSeconds: 1_780_000_000))
        return note
    }

    var vehicleIndex: SignedNote {
        try! Checkpoint(origin: TestLog.origin + "/vehicles", size: indexSize, root: index.root)!
            .signed(by: [TestLog.vehiclesSigner])
    }

    func bundle(
        _ entries: [StoredEntry],
        vin: String = TestChain.vin,
        keys: [SourceKey] = [TestLog.workshopKey],
        asOf: BundleMoment? = nil
    ) throws -> ProofBundle {
        let vehicle = try VehicleKey.make(vin: vin, key: TestLog.vrf)
        var reader = tree.reader
        return try ProofBundle.make(
            vin: vin,
            entries: entries,
            leafIndexes: Array((places[vehicle.vehicle] ?? []).prefix(entries.count)),
            vehicle: (vehicle.vehicle, vehicle.proof),
            tree: &reader,
            index: index.index,
            checkpoint: checkpoint,
            vehicleIndex: vehicleIndex,
            sourceKeys: keys,
            asOf: asOf
        )
    }

    static let workshopKey = SourceKey(
        source: TestChain.workshop,
        key: TestChain.keyID,
        publicKey: TestChain.key.publicKey
    )

    static let vehicle = try! VehicleKey.make(vin: TestChain.vin, key: vrf).vehicle

    /// The chain in a log of other cars, some before and some after it.
    static func with(_ chain: TestChain, late: Int = 0) -> TestLog {
        var log = TestLog()
        log.appendOthers(20)
        let hashes = chain.hashes
        log.append(vehicle: vehicle, hashes.dropLast(late))
        log.appendOthers(13, from: 20)
        let covered = hashes.dropLast(late)
        log.updateIndex(covered.isEmpty ? [:] : [vehicle: (Int64(covered.count), covered[covered.endIndex - 1])])
        log.append(vehicle: vehicle, Array(hashes.suffix(late)))
        return log
    }

    /// Three entries, one of them signed by its source.
    static var chain: TestChain {
        var chain = TestChain()
        chain.add()
        chain.add("repair.done", ["items": ["更换前保险杠"]], isSigned: true)
        chain.add("accident.reported", ["severity": "minor"], source: TestChain.insurer)
        return chain
    }
}

extension [BundleVerdict] {
    /// Codes of the checks that do not pass, in order.
    var failures: String {
        filter { $0.outcome == .failed || $0.outcome == .unchecked }.map(\.code).joined(separator: " ")
    }
}
