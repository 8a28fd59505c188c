package import Cryptography

/// Reads a tree of one size out of its tiles: roots and proofs. Each tile is read once.
package struct TreeReader<Tiles: TileReader> {
    package let size: Int64
    private let tiles: Tiles
    private var known: [TilePlace: [UInt8]] = [:]

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

    private mutating func hashes(of ranges: [TreeRange]) throws -> [Digest] {
        try ranges.map { try hash(of: $0) }
    }

    private mutating func hash(of range: TreeRange) throws -> Digest {
        MerkleHash.fold(try range.perfectSubtrees.map { try subtree(level: $0.level, index: $0.index) })
    }

    /// Root of the 2^level leaves from index · 2^level, all of which are there.
    private mutating func subtree(level: Int, index: Int64) throws -> Digest {
        let height = level % Tile.height
        let first = index << Int64(height)
        let place = TilePlace(level: level / Tile.height, index: first / Int64(Tile.fullWidth))
        let bytes = try bytes(at: place)
        var (offset, width) = (Int(first % Int64(Tile.fullWidth)), 1 << height)
        if height >= StoredTile.groupHeight, StoredTile.hasGroups(bytes) {
            // The roots of the groups stand behind the hashes.
            offset = Tile.fullWidth + offset / StoredTile.groupWidth
            width /= StoredTile.groupWidth
        }
        guard let hashes = StoredTile.hashes(bytes, offset: offset, width: width) else {
            throw TreeError.missingTile(place, width: offset + width)
        }
        return MerkleHash.root(ofPerfect: hashes)
    }

    private mutating func bytes(at place: TilePlace) throws -> [UInt8] {
        if let bytes = known[place] { return bytes }
        guard let tile = Tile.at(level: place.level, index: place.index, size: size) else { throw TreeError.outOfRange }
        guard let bytes = try tiles.bytes(of: tile), bytes.count >= tile.width * Digest.byteCount else {
            throw TreeError.missingTile(place, width: tile.width)
        }
        known[place] = bytes
        return bytes
    }
}
