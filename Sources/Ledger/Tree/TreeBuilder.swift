package import Cryptography

/// Appends to the tree and says which tiles are to be written.
///
/// A full tile is stored with the roots of its sixteen groups of sixteen behind its hashes: 2 bytes a leaf more, and a
/// proof out of it takes 30 hashes in place of 255. Every hash of the tree is computed once, here.
package struct TreeBuilder: Sendable {
    package private(set) var frontier = TreeFrontier()
    /// The tile that is not full yet, on every level.
    private var edge: [EdgeTile] = []

    package init() {}

    package var size: Int64 { frontier.size }
    package var root: Digest { frontier.root }

    /// Takes up a stored tree, from its right edge alone. Compare `root` with the checkpoint that was signed before
    /// anything else is signed.
    /// - Throws: `TreeError`, or what `tiles` throws.
    package init(size: Int64, tiles: some TileReader) throws {
        guard size >= 0 else { throw TreeError.outOfRange }
        for tile in Tile.partial(size: size) where !tile.isFull {
            while edge.count < tile.level { edge.append(EdgeTile()) }
            edge.append(EdgeTile(try tiles.hashes(of: tile)))
        }
        let subtrees = edge.reversed().flatMap(\.subtrees)
        guard let frontier = TreeFrontier(size: size, subtrees: subtrees) else { throw TreeError.outOfRange }
        self.frontier = frontier
    }

    /// - Returns: the tiles that the growth writes, each once, as it is afterwards.
    package mutating func append(_ leafHashes: some Sequence<Digest>) -> [TileData] {
        let oldSize = size
        var full: [TilePlace: TileData] = [:]
        var edge = self.edge
        for hash in leafHashes {
            let index = size
            frontier.append(hash) { level, hash in
                let tileLevel = level / Tile.height
                switch level % Tile.height {
                case 0:
                    if edge.count == tileLevel { edge.append(EdgeTile()) }
                    edge[tileLevel].hashes.append(hash)
                case EdgeTile.groupHeight: edge[tileLevel].groups.append(hash)
                default: break
                }
            }
            for level in edge.indices where edge[level].hashes.count == Tile.fullWidth {
                let place = TilePlace(level: level, index: index >> Int64((level + 1) * Tile.height))
                full[place] = edge[level].takeFull(place)
            }
        }
        self.edge = edge
        return Tile.written(from: oldSize, to: size).compactMap { tile in
            full[tile.place] ?? TileData(tile: tile, bytes: edge[tile.level].hashes.flatMap(\.bytes))
        }
    }
}

/// A tile that grows.
private struct EdgeTile: Sendable {
    static let groupHeight = StoredTile.groupHeight

    var hashes: [Digest] = []
    /// Roots of the groups that are complete.
    var groups: [Digest] = []

    init() {}

    init(_ hashes: [Digest]) {
        self.hashes = hashes
        groups = StoredTile.groups(of: hashes)
    }

    /// Roots of the perfect subtrees that the hashes fall into, widest first.
    var subtrees: [Digest] {
        var rest = hashes[...]
        return (0..<Tile.height).reversed().compactMap { bit in
            guard hashes.count >> bit & 1 == 1 else { return nil }
            defer { rest = rest.dropFirst(1 << bit) }
            return MerkleHash.root(ofPerfect: Array(rest.prefix(1 << bit)))
        }
    }

    mutating func takeFull(_ place: TilePlace) -> TileData? {
        defer { self = EdgeTile() }
        return Tile(level: place.level, index: place.index).map { tile in
            TileData(tile: tile, bytes: hashes.flatMap(\.bytes) + groups.flatMap(\.bytes))
        }
    }
}
