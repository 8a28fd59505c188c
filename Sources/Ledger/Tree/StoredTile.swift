import Cryptography

/// Gives the tiles of a tree that is stored somewhere: rows of a table, files, another machine.
package protocol TileReader {
    /// - Returns: the stored bytes of the tile at that place, which may hold more hashes than `tile.width` and more
    ///   than hashes; `nil` where there is none.
    func bytes(of tile: Tile) throws -> [UInt8]?
}

package enum TreeError: Error, Sendable, Hashable {
    /// There is no such tile, or it has fewer hashes than the tree's size wants.
    case missingTile(TilePlace, width: Int)
    /// An index or a size beyond the tree.
    case outOfRange
}

/// The bytes of a stored tile, and how any width of it is served.
package enum StoredTile {
    static let groupHeight = 4
    static let groupWidth = 1 << groupHeight
    private static let fullByteCount = Tile.fullWidth * Digest.byteCount
    private static let groupedByteCount = fullByteCount + Tile.fullWidth / groupWidth * Digest.byteCount

    /// The tile as it was published when it had `width` hashes; `nil` where it never had.
    package static func slice(_ bytes: [UInt8], width: Int) -> [UInt8]? {
        guard (1...Tile.fullWidth).contains(width), bytes.count >= width * Digest.byteCount else { return nil }
        return Array(bytes.prefix(width * Digest.byteCount))
    }

    /// `width` hashes from `offset` on, read where they stand.
    static func hashes(_ bytes: [UInt8], offset: Int, width: Int) -> [Digest]? {
        let range = offset * Digest.byteCount..<(offset + width) * Digest.byteCount
        guard offset >= 0, width >= 0, range.upperBound <= bytes.count else { return nil }
        return bytes.withUnsafeBytes { bytes in
            var reader = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[range]))
            return (0..<width).compactMap { _ in reader.digest() }
        }
    }

    static func hasGroups(_ bytes: [UInt8]) -> Bool { bytes.count == groupedByteCount }

    /// The roots of the groups that stand behind a full tile's hashes; empty where none were stored.
    static func storedGroups(_ bytes: [UInt8]) -> [Digest] {
        guard bytes.count == groupedByteCount else { return [] }
        return [Digest](packed: Array(bytes.dropFirst(fullByteCount))) ?? []
    }

    /// Whether a stored tile's groups are those of its hashes: nobody sees them from outside.
    package static func hasRightGroups(_ bytes: [UInt8]) -> Bool {
        guard bytes.count > fullByteCount else { return true }
        guard let hashes = [Digest](packed: Array(bytes.prefix(fullByteCount))) else { return false }
        return storedGroups(bytes) == groups(of: hashes)
    }

    static func groups(of hashes: [Digest]) -> [Digest] {
        (0..<hashes.count / groupWidth).map { group in
            MerkleHash.root(ofPerfect: Array(hashes[group * groupWidth..<(group + 1) * groupWidth]))
        }
    }
}

extension TileReader {
    func hashes(of tile: Tile) throws -> [Digest] {
        guard let bytes = try self.bytes(of: tile), let slice = StoredTile.slice(bytes, width: tile.width),
            let hashes = [Digest](packed: slice)
        else { throw TreeError.missingTile(tile.place, width: tile.width) }
        return hashes
    }
}
