/// A rectangle of the tree: up to 256 hashes that lie side by side, as C2SP *tlog-tiles* publishes them.
///
/// Hash `i` of tile `n` on level `l` is the root of the 256^l leaves from (256 n + i) · 256^l.
package struct Tile: Sendable, Hashable {
    package static let height = 8
    package static let fullWidth = 256
    /// No tree of 2^63 leaves has more than eight; readers of paths allow what the specification does.
    package static let maximumLevel = 63

    package let level: Int
    package let index: Int64
    /// How many hashes it holds, 1 to 256.
    package let width: Int

    /// `nil` where a number is out of its range.
    package init?(level: Int, index: Int64, width: Int = fullWidth) {
        guard (0...Tile.maximumLevel).contains(level), index >= 0, (1...Tile.fullWidth).contains(width) else {
            return nil
        }
        self.init(verifiedLevel: level, index: index, width: width)
    }

    private init(verifiedLevel level: Int, index: Int64, width: Int) {
        self.level = level
        self.index = index
        self.width = width
    }

    package var isFull: Bool { width == Tile.fullWidth }

    package var place: TilePlace { TilePlace(level: level, index: index) }
}

/// What a stored tile goes by: it grows, its place stays.
package struct TilePlace: Sendable, Hashable {
    package let level: Int
    package let index: Int64
}

extension Tile {
    /// How many hashes level `level` has in a tree of that size.
    private static func hashCount(level: Int, size: Int64) -> Int64 {
        level * height > 62 ? 0 : size >> Int64(level * height)
    }

    /// The tile at that place as it is in a tree of that size; `nil` where it has no hash yet.
    package static func at(level: Int, index: Int64, size: Int64) -> Tile? {
        guard (0...maximumLevel).contains(level), (0...Int64.max >> Int64(height)).contains(index) else { return nil }
        let width = hashCount(level: level, size: size) - index * Int64(fullWidth)
        guard width > 0 else { return nil }
        return Tile(verifiedLevel: level, index: index, width: Int(min(width, Int64(fullWidth))))
    }

    /// The tiles that have to be written, or written anew, when a tree grows, each with its width afterwards.
    package static func written(from oldSize: Int64, to newSize: Int64) -> [Tile] {
        (0...maximumLevel).prefix { hashCount(level: $0, size: newSize) > hashCount(level: $0, size: oldSize) }
            .flatMap { level in
                let first = hashCount(level: level, size: oldSize) / Int64(fullWidth)
                let last = (hashCount(level: level, size: newSize) - 1) / Int64(fullWidth)
                return (first...last).compactMap { at(level: level, index: $0, size: newSize) }
            }
    }

    /// The tiles of a tree of that size which are not full yet: at most one a level, none of them empty.
    package static func partial(size: Int64) -> [Tile] {
        (0...maximumLevel).compactMap { level in
            at(level: level, index: hashCount(level: level, size: size) / Int64(fullWidth), size: size)
        }
    }
}

/// A tile as it is stored: `bytes` begins with `tile.width` hashes.
package struct TileData: Sendable, Hashable {
    package let tile: Tile
    package let bytes: [UInt8]
}
