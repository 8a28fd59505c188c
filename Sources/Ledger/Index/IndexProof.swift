package import Cryptography

/// Shows what the vehicle index says of one car, or that it says nothing.
package struct IndexProof: Sendable, Hashable {
    /// From the leaf upward. A map of n cars has some log2 n of them.
    package let siblings: [Digest]
    /// In a proof of absence: the car that stands alone where this one would; `nil` where nothing does.
    package let other: VehicleHead?

    package init(siblings: [Digest], other: VehicleHead? = nil) {
        self.siblings = siblings
        self.other = other
    }

    private static let maximumDepth = 8 * Digest.byteCount

    /// The root that the index must have where it says this of the car; `nil` for what proves nothing.
    package func root(including head: VehicleHead) -> Digest? {
        other == nil ? climb(from: head.hash, of: head.vehicle) : nil
    }

    package func root(excluding vehicle: Digest) -> Digest? {
        guard siblings.count <= IndexProof.maximumDepth else { return nil }
        guard let other else { return climb(from: .zero, of: vehicle) }
        guard other.vehicle != vehicle, other.vehicle.sharesBits(siblings.count, with: vehicle) else { return nil }
        return climb(from: other.hash, of: vehicle)
    }

    private func climb(from leaf: Digest, of vehicle: Digest) -> Digest? {
        // A car or nothing beside nothing is no node: the path would be longer than it must be.
        guard siblings.count <= IndexProof.maximumDepth, siblings.first != .zero else { return nil }
        var hash = leaf
        for (height, sibling) in siblings.enumerated() {
            let isRight = vehicle.bits(from: siblings.count - 1 - height, count: 1) == 1
            hash = isRight ? MerkleHash.node(sibling, hash) : MerkleHash.node(hash, sibling)
        }
        return hash
    }
}

/// The map without pages, as an auditor makes it anew from the leaves of the log.
package enum VehicleMap {
    /// Every car's head, from the leaves in their order.
    package static func heads(of leaves: some Sequence<LogLeaf>) -> [Digest: VehicleHead] {
        var heads: [Digest: VehicleHead] = [:]
        for leaf in leaves {
            heads[leaf.vehicle, default: VehicleHead(before: leaf)].take(leaf)
        }
        return heads
    }

    /// - Parameter heads: one for each car, in any order.
    package static func root(of heads: some Sequence<VehicleHead>) -> Digest {
        let heads = Array(heads)
        // Numbers are moved, not heads, and whole keys are only looked at where their beginnings are alike.
        var order = heads.indices.map { (beginning: heads[$0].vehicle.beginning, index: $0) }
        order.sort { left, right in
            guard left.beginning == right.beginning else { return left.beginning < right.beginning }
            return heads[left.index].vehicle.precedes(heads[right.index].vehicle)
        }
        return root(of: order.map { heads[$0.index] }[...], depth: 0)
    }

    private static func root(of heads: ArraySlice<VehicleHead>, depth: Int) -> Digest {
        guard let first = heads.first else { return .zero }
        guard heads.count > 1, depth < 8 * Digest.byteCount else { return first.hash }
        let split = split(heads, at: depth)
        return MerkleHash.node(root(of: heads[..<split], depth: depth + 1), root(of: heads[split...], depth: depth + 1))
    }

    /// Where the cars begin whose keys have this bit. They are in order.
    private static func split(_ heads: ArraySlice<VehicleHead>, at depth: Int) -> Int {
        var (low, high) = (heads.startIndex, heads.endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if heads[middle].vehicle.bits(from: depth, count: 1) == 1 { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
