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

/// An entry as a bundle has it.
package struct BundleEntry: Sendable, Hashable {
    package var stored: StoredEntry
    /// `nil` where a newer entry, which is proven, binds this one by the chain of hashes.
    package var leaf: LeafProof?

    package init(_ stored: StoredEntry, leaf: LeafProof? = nil) {
        self.stored = StoredEntry(envelope: stored.envelope, payload: stored.payload)
        self.leaf = leaf
    }
}

/// Where an entry stands in the tree, and the proof that it does.
package struct LeafProof: Sendable, Hashable {
    package var index: Int64
    /// The siblings from the leaf upward (RFC 6962).
    package var hashes: [Digest]

    package init(index: Int64, hashes: [Digest]) {
        self.index = index
        self.hashes = hashes
    }

    /// What a proof adds to a document at most: its hashes, each in quotes with a comma, and its index.
    static func byteCount(index: Int64, size: Int64) -> Int {
        (MerkleProof.count(index: index, size: size) ?? 0) * 47 + 20
    }
}

/// Everything that is needed to verify a car's history, alone and offline, in one JSON document.
///
/// The newest entries are proven to be in the tree, one by one, as far as the document's size allows. All of them are
/// bound by the newest: each holds the hash of the one before, and the vehicle index says how many there are.
package struct ProofBundle: Sendable, Hashable {
    package static let format = "chexin-proof/1"

    package var vin: String
    /// The very text of the note, with all its signatures.
    package var checkpoint: String
    /// The note of the vehicle index.
    package var vehicles: String
    /// All entries of the car, from `seq` 0. The hashes are not taken from a bundle.
    package var entries: [BundleEntry]
    /// That the car's key in the log is the one for its VIN; 80 bytes.
    package var vehicleProof: [UInt8]
    package var indexProof: IndexProof
    /// Those of the sources whose signatures are looked at.
    package var sourceKeys: [SourceKey]
    /// Up to where somebody was shown the history, where the bundle was asked for that.
    package var asOf: BundleMoment?
}

/// Where a history ended once. The entries behind it were recorded later: they stay in the bundle, because a history
/// that ends early cannot be shown to be complete, and because a court wants to see what came to light.
///
/// The index keeps its newest state only: that nothing more was on record then follows from the chain, in which every
/// entry up to this head has its place without a gap, and not from a note of that time.
package struct BundleMoment: Sendable, Hashable {
    package var entryCount: Int64
    /// `nil` where there was no entry.
    package var head: Digest?

    package init(entryCount: Int64, head: Digest?) {
        self.entryCount = entryCount
        self.head = head
    }
}

extension ProofBundle {
    /// What stands beside the entries of a car of some two hundred stays within it.
    package static let maximumOverheadByteCount = 12_000

    /// Puts a bundle together. Tree, index and notes have to be of one moment.
    /// - Parameter leafIndexes: of all entries.
    /// - Parameter vehicle: the car's key, and the proof that it is.
    /// - Throws: `TreeError`, `IndexError`, or what the readers throw.
    package static func make(
        vin: String,
        entries: [StoredEntry],
        leafIndexes: [Int64],
        vehicle: (key: Digest, proof: [UInt8]),
        tree: inout TreeReader<some TileReader>,
        index: VehicleIndex<some IndexPageReader>,
        checkpoint: SignedNote,
        vehicleIndex: SignedNote,
        sourceKeys: [SourceKey],
        asOf: BundleMoment? = nil
    ) throws -> ProofBundle {
        var bundle = ProofBundle(
            vin: vin,
            checkpoint: String(decoding: checkpoint.bytes, as: UTF8.self),
            vehicles: String(decoding: vehicleIndex.bytes, as: UTF8.self),
            entries: entries.map { BundleEntry($0) },
            vehicleProof: vehicle.proof,
            indexProof: try index.proof(of: vehicle.key).proof,
            sourceKeys: sourceKeys,
            asOf: asOf
        )
        let indexSize = Checkpoint(parsing: vehicleIndex.text)?.size ?? 0
        for offset in bundle.proven(leafIndexes, size: tree.size, indexSize: indexSize) {
            let index = leafIndexes[offset]
            bundle.entries[offset].leaf = LeafProof(index: index, hashes: try tree.inclusionProof(index: index))
        }
        return bundle
    }

    /// The newest, those that the index does not count yet, and as many before them as there is room for.
    private func proven(_ leafIndexes: [Int64], size: Int64, indexSize: Int64) -> Range<Int> {
        var room = ProofBundle.maximumOverheadByteCount - overhead
        var first = leafIndexes.count
        while first > 0 {
            let index = leafIndexes[first - 1]
            room -= LeafProof.byteCount(index: index, size: size)
            guard first == leafIndexes.count || index >= indexSize || room >= 0 else { break }
            first -= 1
        }
        return first..<leafIndexes.count
    }
}
