package import Cryptography

/// The two hashes of an RFC 6962 tree. Their first bytes keep a leaf from ever passing for a node.
package enum MerkleHash {
    /// Root of a tree without leaves: the hash of nothing.
    package static let emptyRoot = SHA256.hash(EmptyCollection<UInt8>())

    fileprivate static let leafPrefix: UInt8 = 0
    private static let nodePrefix: UInt8 = 1

    package static func leaf(_ data: some Collection<UInt8>) -> Digest {
        var hash = SHA256()
        hash.update(CollectionOfOne(leafPrefix))
        hash.update(data)
        return hash.finalize()
    }

    package static func node(_ left: Digest, _ right: Digest) -> Digest {
        hash(prefix: nodePrefix, left, right)
    }

    fileprivate static func hash(prefix: UInt8, _ left: Digest, _ right: Digest) -> Digest {
        withUnsafeTemporaryAllocation(byteCount: 1 + 2 * Digest.byteCount, alignment: 8) { bytes in
            bytes[0] = prefix
            left.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: bytes[1...]).copyMemory(from: $0) }
            right.withUnsafeBytes {
                UnsafeMutableRawBufferPointer(rebasing: bytes[(1 + Digest.byteCount)...]).copyMemory(from: $0)
            }
            return SHA256.hash(UnsafeRawBufferPointer(bytes))
        }
    }

    /// What lies above a row of subtrees of falling size, such as the right edge of a tree.
    static func fold(_ subtrees: [Digest]) -> Digest {
        guard let last = subtrees.last else { return emptyRoot }
        return subtrees.dropLast().reversed().reduce(last) { node($1, $0) }
    }

    /// Root of a perfect subtree, from a power of two of its hashes.
    static func root(ofPerfect hashes: [Digest]) -> Digest {
        var row = hashes
        while row.count > 1 {
            for index in 0..<row.count / 2 { row[index] = node(row[2 * index], row[2 * index + 1]) }
            row.removeLast(row.count / 2)
        }
        return row.first ?? emptyRoot
    }
}

/// What the log says of one entry: whose it is, and its hash. Neither VIN nor content can be read from it.
package struct LogLeaf: Sendable, Hashable {
    package static let byteCount = 2 * Digest.byteCount

    /// From the VRF; see `VehicleKey`.
    package let vehicle: Digest
    package let entry: Digest

    package init(vehicle: Digest, entry: Digest) {
        self.vehicle = vehicle
        self.entry = entry
    }

    /// `nil` unless there are exactly 64 bytes.
    package init?(bytes: some Collection<UInt8>) {
        let leaf = bytes.withContiguousStorageIfAvailable { LogLeaf(copying: UnsafeRawBufferPointer($0)) }
        guard let leaf = leaf ?? Array(bytes).withUnsafeBytes(LogLeaf.init(copying:)) else { return nil }
        self = leaf
    }

    private init?(copying bytes: UnsafeRawBufferPointer) {
        guard bytes.count == LogLeaf.byteCount,
            let vehicle = Digest(copying: UnsafeRawBufferPointer(rebasing: bytes[..<Digest.byteCount])),
            let entry = Digest(copying: UnsafeRawBufferPointer(rebasing: bytes[Digest.byteCount...]))
        else { return nil }
        self.init(vehicle: vehicle, entry: entry)
    }

    package var bytes: [UInt8] { vehicle.bytes + entry.bytes }

    /// That of `MerkleHash.leaf`, without a detour over the heap: an audit computes millions.
    package var hash: Digest { MerkleHash.hash(prefix: MerkleHash.leafPrefix, vehicle, entry) }
}
