package import Cryptography

/// Proves several leaves at once: every node is sent once, and none that follows from the leaves themselves.
///
/// The order is that of a walk from left to right: where nothing to be proven lies under a node, its hash comes; a leaf
/// that is to be proven is known to who checks; every other node is walked into.
package enum MultiProof {
    /// Leaves that one proof may be about.
    package static let maximumLeafCount = 100_000

    static func isValid(_ indexes: [Int64], size: Int64) -> Bool {
        guard let first = indexes.first, let last = indexes.last, indexes.count <= maximumLeafCount else {
            return false
        }
        return first >= 0 && last < size && zip(indexes, indexes.dropFirst()).allSatisfy { $0 < $1 }
    }

    /// How many hashes the proof of these leaves has, found out without hashing; `nil` for indexes that do not rise, or
    /// lie beyond the tree.
    package static func count(indexes: [Int64], size: Int64) -> Int? {
        isValid(indexes, size: size) ? ranges(indexes: indexes, size: size).count : nil
    }

    static func ranges(indexes: [Int64], size: Int64) -> [TreeRange] {
        var ranges: [TreeRange] = []
        func walk(_ range: TreeRange, _ indexes: ArraySlice<Int64>) {
            guard !indexes.isEmpty else { return ranges.append(range) }
            guard range.count > 1 else { return }
            let (left, right) = range.halves
            let split = indexes.firstIndex { $0 >= right.start } ?? indexes.endIndex
            walk(left, indexes[..<split])
            walk(right, indexes[split...])
        }
        walk(TreeRange(0, size), indexes[...])
        return ranges
    }

    /// The root that the tree must have; `nil` where the indexes do not rise or the number of hashes is not that which
    /// they want.
    package static func root(leafHashes: [Digest], indexes: [Int64], size: Int64, proof: [Digest]) -> Digest? {
        guard leafHashes.count == indexes.count, isValid(indexes, size: size) else { return nil }
        var (leaves, nodes) = (leafHashes[...], proof[...])
        func walk(_ range: TreeRange, _ indexes: ArraySlice<Int64>) -> Digest? {
            guard !indexes.isEmpty else { return nodes.popFirst() }
            guard range.count > 1 else { return leaves.popFirst() }
            let (left, right) = range.halves
            let split = indexes.firstIndex { $0 >= right.start } ?? indexes.endIndex
            guard let leftHash = walk(left, indexes[..<split]), let rightHash = walk(right, indexes[split...]) else {
                return nil
            }
            return MerkleHash.node(leftHash, rightHash)
        }
        let root = walk(TreeRange(0, size), indexes[...])
        return nodes.isEmpty ? root : nil
    }
}
