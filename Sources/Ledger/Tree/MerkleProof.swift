package import Cryptography

/// Checks proofs. Takes whatever numbers and hashes are given, and is `false` for all that proves nothing.
package enum MerkleProof {
    /// A tree of 2^63 leaves has no longer way to its root.
    package static let maximumCount = 63

    /// How many hashes the proof of a leaf has; `nil` for a place beyond the tree.
    package static func count(index: Int64, size: Int64) -> Int? {
        guard index >= 0, index < size else { return nil }
        let inner = 64 - (index ^ (size - 1)).leadingZeroBitCount
        return inner + (index >> Int64(inner)).nonzeroBitCount
    }

    /// The root that the tree must have where the leaf stands in that place; `nil` where the proof has another number
    /// of hashes than the place wants.
    package static func root(leafHash: Digest, index: Int64, size: Int64, proof: [Digest]) -> Digest? {
        guard let count = count(index: index, size: size), proof.count == count else { return nil }
        let inner = 64 - (index ^ (size - 1)).leadingZeroBitCount
        var hash = leafHash
        for (level, sibling) in proof.enumerated() {
            let isRight = level >= inner || index >> Int64(level) & 1 == 1
            hash = isRight ? MerkleHash.node(sibling, hash) : MerkleHash.node(hash, sibling)
        }
        return hash
    }

    package static func includes(
        leafHash: Digest,
        index: Int64,
        size: Int64,
        root: Digest,
        proof: [Digest]
    ) -> Bool {
        self.root(leafHash: leafHash, index: index, size: size, proof: proof) == root
    }

    /// Whether the tree of `newSize` begins with the tree of `oldSize`. Every tree begins with the empty one: the proof
    /// of that is empty.
    package static func isConsistent(
        oldSize: Int64,
        newSize: Int64,
        oldRoot: Digest,
        newRoot: Digest,
        proof: [Digest]
    ) -> Bool {
        guard 0 <= oldSize, oldSize <= newSize else { return false }
        if oldSize == newSize { return proof.isEmpty && oldRoot == newRoot }
        if oldSize == 0 { return proof.isEmpty }
        // RFC 9162, 2.1.4.2. A perfect old tree is a node of the new one, and is not sent.
        let isPerfect = oldSize & (oldSize - 1) == 0
        guard let first = isPerfect ? oldRoot : proof.first else { return false }
        var old = Walk(index: oldSize - 1, hash: first)
        var new = Walk(index: newSize - 1, hash: first)
        while old.index & 1 == 1 {
            old.climb()
            new.climb()
        }
        for sibling in isPerfect ? proof[...] : proof.dropFirst() {
            guard new.index > 0 else { return false }
            if old.index & 1 == 1 || old.index == new.index {
                old.hash = MerkleHash.node(sibling, old.hash)
                new.hash = MerkleHash.node(sibling, new.hash)
                while old.index & 1 == 0, old.index != 0 {
                    old.climb()
                    new.climb()
                }
            } else {
                new.hash = MerkleHash.node(new.hash, sibling)
            }
            old.climb()
            new.climb()
        }
        return new.index == 0 && old.hash == oldRoot && new.hash == newRoot
    }

    private struct Walk {
        var index: Int64
        var hash: Digest

        mutating func climb() { index >>= 1 }
    }
}
