package import Cryptography

/// The two hashes of an RFC 6962 tree. Their first bytes keep a leaf from ever passing for a node.
package enum MerkleHash {
    /// Root of a tree without leaves: the hash of nothing.
    package static let emptyRoot = SHA256.hash(EmptyCollection<UInt8>())

    package static func leaf(_ data: some Collection<UInt8>) -> Digest {
        var hash = SHA256()
        hash.update(CollectionOfOne<UInt8>(0))
        hash.update(data)
        return hash.finalize()
    }

    package static func node(_ left: Digest, _ right: Digest) -> Digest {
        withUnsafeTemporaryAllocation(byteCount: 1 + 2 * Digest.byteCount, alignment: 8) { bytes in
            bytes[0] = 1
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
        guard bytes.count == LogLeaf.byteCount, let vehicle = Digest(bytes: bytes.prefix(Digest.byteCount)),
            let entry = Digest(bytes: bytes.dropFirst(Digest.byteCount))
        else { return nil }
        self.init(vehicle: vehicle, entry: entry)
    }

    package var bytes: [UInt8] { vehicle.bytes + entry.bytes }
    package var hash: Digest { MerkleHash.leaf(bytes) }
}
