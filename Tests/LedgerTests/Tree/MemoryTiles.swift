import Cryptography

@testable import Ledger

/// Tiles in memory, as a table would hold them.
struct MemoryTiles: TileReader {
    var rows: [TilePlace: TileData] = [:]

    mutating func store(_ tiles: [TileData]) {
        for tile in tiles { rows[tile.tile.place] = tile }
    }

    func bytes(of tile: Tile) -> [UInt8]? { rows[tile.place]?.bytes }
}

/// A tree under test: what was built, and where its tiles went.
struct TestTree {
    var builder = TreeBuilder()
    var tiles = MemoryTiles()
    var leaves: [Digest] = []

    var reader: TreeReader<MemoryTiles> { reader(size: builder.size) }

    func reader(size: Int64) -> TreeReader<MemoryTiles> { TreeReader(size: size, tiles: tiles) }

    mutating func append(_ hashes: [Digest]) {
        leaves += hashes
        tiles.store(builder.append(hashes))
    }

    /// Leaves `leaf 0`, `leaf 1` …
    static func counting(_ size: Int) -> TestTree {
        var tree = TestTree()
        tree.append((0..<size).map(leafHash))
        return tree
    }

    static func leafHash(_ index: Int) -> Digest { MerkleHash.leaf(Array("leaf \(index)".utf8)) }
}

/// RFC 6962, 2.1, word for word.
func naiveRoot(_ leaves: ArraySlice<Digest>) -> Digest {
    guard leaves.count > 1 else { return leaves.first ?? SHA256.hash([UInt8]()) }
    var width = 1
    while width * 2 < leaves.count { width *= 2 }
    return MerkleHash.node(naiveRoot(leaves.prefix(width)), naiveRoot(leaves.dropFirst(width)))
}

/// SHA-256 over lines.
func digest(ofLines lines: [String]) -> String {
    SHA256.hash(Array(lines.map { $0 + "\n" }.joined().utf8)).hex
}

/// Words that white space separates.
func words(_ text: String) -> [Substring] { text.split { $0 == " " || $0 == "\n" } }

/// Rows of words.
func rows(_ table: String) -> [[Substring]] { table.split(separator: "\n").map { $0.split(separator: " ") } }

/// The two numbers of `12/70000`.
func pair(_ text: Substring) -> (Int64, Int64) {
    let numbers = text.split(separator: "/").map { Int64($0)! }
    return (numbers[0], numbers[1])
}
