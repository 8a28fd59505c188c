import Core
package import Cryptography

/// A public key that a source registered, as the platform states it.
package struct SourceKey: Sendable, Hashable {
    package let source: String
    package let key: String
    package let publicKey: Ed25519.PublicKey

    package init(source: String, key: String, publicKey: Ed25519.PublicKey) {
        self.source = source
        self.key = key
        self.publicKey = publicKey
    }
}

/// Everything that is needed to verify a car's history, alone and offline, in one JSON document.
///
/// The leaves of the newest entries are proven to be in the tree; those of earlier ones as far as the document's size
/// allows. All of them are bound by the newest: each holds the hash of the one before, and the vehicle index says how
/// many there are.
package struct ProofBundle: Sendable, Hashable {
    package static let format = "chexin-proof-bundle/1"

    /// Origin of the log.
    package var log: String
    package var vin: String
    /// All entries of the car, from `seq` 0. The hashes are not taken from a bundle.
    package var entries: [StoredEntry]
    /// Where the newest entries stand in the tree: one for each that is proven, in their order.
    package var leafIndexes: [Int64]
    /// One proof for those leaves; see `MultiProof`.
    package var inclusion: [Digest]
    /// That the car's key in the log is the one for its VIN; 80 bytes.
    package var vehicleProof: [UInt8]
    package var indexProof: IndexProof
    /// The very text of the note, with all its signatures.
    package var checkpoint: String
    package var vehicleIndex: String
    /// Those of the sources whose signatures are looked at.
    package var sourceKeys: [SourceKey]
}

extension ProofBundle {
    /// So many hashes keep the document within 12 KB beyond the entries, whatever else stands in it.
    package static let maximumInclusionHashes = 160

    /// How many of the newest entries can be proven with so many hashes, at least one of them.
    package static func provenCount(leafIndexes: [Int64], size: Int64, maximumHashes: Int) -> Int {
        var range = min(1, leafIndexes.count)...leafIndexes.count
        // More leaves need more hashes, but for leaves that stand side by side: what is found is enough, and may be
        // less than the most.
        while range.lowerBound < range.upperBound {
            let middle = (range.lowerBound + range.upperBound + 1) / 2
            let count = MultiProof.count(indexes: Array(leafIndexes.suffix(middle)), size: size) ?? .max
            range = count <= maximumHashes ? middle...range.upperBound : range.lowerBound...middle - 1
        }
        return range.lowerBound
    }

    /// Puts a bundle together. Tree, index and notes have to be of one moment.
    /// - Parameter leafIndexes: of all entries.
    /// - Parameter vehicle: the car's key, and the proof that it is.
    /// - Parameter maximumHashes: `nil` to prove every entry's leaf, whatever the size.
    /// - Throws: `TreeError`, `IndexError`, or what the readers throw.
    package static func make(
        log: String,
        vin: String,
        entries: [StoredEntry],
        leafIndexes: [Int64],
        vehicle: (key: Digest, proof: [UInt8]),
        tree: inout TreeReader<some TileReader>,
        index: VehicleIndex<some IndexPageReader>,
        checkpoint: SignedNote,
        vehicleIndex: SignedNote,
        sourceKeys: [SourceKey],
        maximumHashes: Int? = maximumInclusionHashes
    ) throws -> ProofBundle {
        let count = maximumHashes.map {
            provenCount(leafIndexes: leafIndexes, size: tree.size, maximumHashes: $0)
        }
        let proven = Array(leafIndexes.suffix(count ?? leafIndexes.count))
        return ProofBundle(
            log: log,
            vin: vin,
            entries: entries.map { StoredEntry(envelope: $0.envelope, payload: $0.payload) },
            leafIndexes: proven,
            inclusion: proven.isEmpty ? [] : try tree.multiProof(indexes: proven),
            vehicleProof: vehicle.proof,
            indexProof: try index.proof(of: vehicle.key).proof,
            checkpoint: String(decoding: checkpoint.bytes, as: UTF8.self),
            vehicleIndex: String(decoding: vehicleIndex.bytes, as: UTF8.self),
            sourceKeys: sourceKeys
        )
    }
}
