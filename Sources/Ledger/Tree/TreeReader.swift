package import Cryptography

/// Reads a tree of one size out of its tiles: roots and proofs. Each tile is read once.
package struct TreeReader<Tiles: TileReader> {
    package let size: Int64
    private let tiles: Tiles
    private var known: [TilePlace: KnownTile] = [:]

    private struct KnownTile {
        let hashes: [Digest]
        let groups: [Digest]
    }

    package init(size: Int64, tiles: Tiles) {
        self.size = max(0, size)
        self.tiles = tiles
    }

    package mutating func root() throws -> Digest {
        try hash(of: TreeRange(0, size))
    }

    /// - Throws: `TreeError`, or what the reader of tiles throws.
    package mutating func leafHash(at index: Int64) throws -> Digest {
        guard (0..<size).contains(index) else { throw TreeError.outOfRange }
        return try subtree(level: 0, index: index)
    }

    /// The siblings from the leaf upward.
    package mutating func inclusionProof(index: Int64) throws -> [Digest] {
        guard (0..<size).contains(index) else { throw TreeError.outOfRange }
        return try hashes(of: TreeRange.siblings(of: index, size: size))
    }

    /// That this tree begins with the first `oldSize` leaves. Of no leaves nothing is proven: the proof is empty.
    package mutating func consistencyProof(from oldSize: Int64) throws -> [Digest] {
        guard (0...size).contains(oldSize) else { throw TreeError.outOfRange }
        return try hashes(of: TreeRange.consistency(from: oldSize, to: size))
    }

    /// One proof for several leaves; see `MultiProof`.
    package mutating func multiProof(indexes: [Int64]) throws -> [Digest] {
        guard MultiProof.isValid(indexes, size: size) else { throw TreeError.outOfRange }
        return try hashes(of: MultiProof.ranges(indexes: indexes, size: size))
    }

    private mutating func hashes(of ranges: [TreeRange]) throws -> [Digest] {
        try ranges.map { try hash(of: $0) }
    }

    private mutating func hash(of range: TreeRange) throws -> Digest {
        MerkleHash.fold(try range.perfectSubtrees.map { try subtree(level: $0.level, index: $0.index) })
    }

    /// Root of the 2^level leaves from index · 2^level, all of which are there.
    private mutating func subtree(level: Int, index: Int64) throws -> Digest {
        let tileLevel = level / Tile.height
        let height = level % Tile.height
        let first = index << Int64(height)
        let tile = try tile(level: tileLevel, index: first / Int64(Tile.fullWidth))
        let offset = Int(first % Int64(Tile.fullWidth))
        if height >= StoredTile.groupHeight, !tile.groups.isEmpty {
            let group = offset / StoredTile.groupWidth
            return MerkleHash.root(
                ofPerfect: Array(tile.groups[group..<group + (1 << (height - StoredTile.groupHeight))])
            )
        }
        return MerkleHash.root(ofPerfect: Array(tile.hashes[offset..<offset + (1 << height)]))
    }

    private mutating func tile(level: Int, index: Int64) throws -> KnownTile {
        let place = TilePlace(level: level, index: index)
        if let tile = known[place] { return tile }
        guard let tile = Tile.at(level: level, index: index, size: size) else { throw TreeError.outOfRange }
        let bytes = try tiles.bytes(of: tile)
        guard let bytes, let slice = StoredTile.slice(bytes, width: tile.width), let hashes = [Digest](packed: slice)
        else { throw TreeError.missingTile(place, width: tile.width) }
        let read = KnownTile(hashes: hashes, groups: StoredTile.storedGroups(bytes))
        known[place] = read
        return read
    }
}
