import Core
import Cryptography
import Testing

@testable import Ledger

@Suite struct TreeTests {
    static let tree = TestTree.counting(70_000)

    /// RFC 6962 examples, as the Certificate Transparency code publishes them.
    @Test func `the known roots come out`() {
        let inputs = [
            "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
        ]
        let roots = """
            e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
            6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d
            fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125
            aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77
            d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7
            4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4
            76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef
            ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c
            5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328
            """
        var frontier = TreeFrontier()
        var found = [frontier.root.hex]
        for input in inputs {
            frontier.append(MerkleHash.leaf([UInt8](lowercaseHex: input)!))
            found.append(frontier.root.hex)
        }
        #expect(found == words(roots).map { String($0) })
    }

    @Test func `roots are those of Go's tree`() throws {
        let lines = try words(GoTree.rootSizes).flatMap { range in
            let ends = range.split(separator: "-").map { Int64($0)! }
            return try (ends[0]...ends[ends.count - 1]).map { size in
                var reader = TreeTests.tree.reader(size: size)
                return "\(size) \(try reader.root())"
            }
        }
        #expect(lines.count == 316)
        #expect(digest(ofLines: lines) == GoTree.roots)
    }

    @Test func `inclusion proofs are those of Go's tree`() throws {
        let lines = try words(GoTree.inclusions).map { text in
            let (index, size) = pair(text)
            var reader = TreeTests.tree.reader(size: size)
            let (root, leaf, proof) = try (
                reader.root(), reader.leafHash(at: index), reader.inclusionProof(index: index)
            )
            #expect(MerkleProof.includes(leafHash: leaf, index: index, size: size, root: root, proof: proof))
            return (["\(index)", "\(size)", root.hex, leaf.hex] + proof.map(\.hex)).joined(separator: " ")
        }
        #expect(digest(ofLines: lines) == GoTree.inclusionProofs)
    }

    @Test func `consistency proofs are those of Go's tree`() throws {
        let lines = try words(GoTree.consistencies).map { text in
            let (old, new) = pair(text)
            var (oldReader, reader) = (TreeTests.tree.reader(size: old), TreeTests.tree.reader(size: new))
            let (oldRoot, root, proof) = try (oldReader.root(), reader.root(), reader.consistencyProof(from: old))
            #expect(
                MerkleProof.isConsistent(oldSize: old, newSize: new, oldRoot: oldRoot, newRoot: root, proof: proof)
            )
            return (["\(old)", "\(new)", oldRoot.hex, root.hex] + proof.map(\.hex)).joined(separator: " ")
        }
        #expect(digest(ofLines: lines) == GoTree.consistencyProofs)
    }

    @Test func `tiles and bundles of every size are sliced out of the stored ones`() throws {
        let lines = try GoTree.tileSizes.flatMap { size in
            try (0...2).flatMap { level in
                (0...Int64(273)).compactMap { Tile.at(level: level, index: $0, size: size) }
            }.flatMap { tile in
                let stored = try #require(TreeTests.tree.tiles.bytes(of: tile))
                let bytes = try #require(StoredTile.slice(stored, width: tile.width))
                var lines = ["\(size) \(TilePath.hashes(tile).text) \(bytes.count) \(SHA256.hash(bytes))"]
                if tile.level == 0 {
                    let entries = (0..<tile.width).map { Array("leaf \(Int(tile.index) * 256 + $0)".utf8) }
                    let bundle = try #require(EntryBundle.encode(entries))
                    #expect(EntryBundle.decode(bundle, count: tile.width)?.map(Array.init) == entries)
                    lines.append("\(size) \(TilePath.entries(tile).text) \(bundle.count) \(SHA256.hash(bundle))")
                }
                return lines
            }.sorted()
        }
        #expect(digest(ofLines: lines) == GoTree.tiles)
    }

    @Test(arguments: [1, 2, 7, 100, 255, 256, 257, 300, 1000])
    func `growing in steps gives the same tree as growing at once`(step: Int) throws {
        var tree = TestTree()
        var generator = SeededGenerator(seed: UInt64(step))
        while tree.builder.size < (step < 100 ? 300 : 1200) {
            let (size, root) = (tree.builder.size, tree.builder.root)
            let count = 1 + generator.below(step)
            let hashes = (0..<count).map { TestTree.leafHash(tree.leaves.count + $0) }
            let written = tree.builder.append(hashes)
            #expect(written.map(\.tile) == Tile.written(from: size, to: size + Int64(count)))
            tree = TestTree.resumed(tree, hashes, written)
            #expect(tree.builder.root == naiveRoot(tree.leaves[...]))
            var reader = tree.reader
            #expect(try reader.root() == tree.builder.root)
            let proof = try reader.consistencyProof(from: size)
            #expect(
                MerkleProof.isConsistent(
                    oldSize: size,
                    newSize: tree.builder.size,
                    oldRoot: root,
                    newRoot: tree.builder.root,
                    proof: proof
                )
            )
        }
        #expect(tree.tiles.rows.values.allSatisfy { StoredTile.hasRightGroups($0.bytes) })
        // The builder is taken up from the stored tiles, and goes on as if nothing had happened.
        var again = try TreeBuilder(size: tree.builder.size, tiles: tree.tiles)
        #expect(again.frontier == tree.builder.frontier)
        let more = (0..<600).map { TestTree.leafHash(9000 + $0) }
        #expect(again.append(more) == tree.builder.append(more))
    }

    @Test func `a tree whose tiles are missing or cut short is not taken up`() {
        var tree = TestTree.counting(300)
        let place = TilePlace(level: 0, index: 1)
        let whole = tree.tiles.rows.removeValue(forKey: place)!
        #expect(throws: TreeError.missingTile(place, width: 44)) {
            try TreeBuilder(size: 300, tiles: tree.tiles)
        }
        tree.tiles.rows[place] = TileData(tile: whole.tile, bytes: whole.bytes.dropLast())
        #expect(throws: TreeError.missingTile(place, width: 44)) {
            try TreeBuilder(size: 300, tiles: tree.tiles)
        }
        #expect(throws: TreeError.outOfRange) { try TreeBuilder(size: -1, tiles: tree.tiles) }
    }

    @Test func `a tile that was altered gives another root`() throws {
        var tree = TestTree.counting(300)
        let place = TilePlace(level: 0, index: 1)
        let stored = tree.tiles.rows[place]!
        for index in [0, 43 * 32 + 31] {
            var bytes = stored.bytes
            bytes[index] ^= 1
            tree.tiles.rows[place] = TileData(tile: stored.tile, bytes: bytes)
            #expect(try TreeBuilder(size: 300, tiles: tree.tiles).root != tree.builder.root)
        }
    }

    @Test func `groups behind a full tile are found wrong`() throws {
        var bytes = TestTree.counting(256).tiles.rows[TilePlace(level: 0, index: 0)]!.bytes
        #expect(bytes.count == 8192 + 512)
        #expect(StoredTile.hasRightGroups(bytes))
        bytes[8192 + 100] ^= 1
        #expect(!StoredTile.hasRightGroups(bytes))
        #expect(!StoredTile.hasRightGroups(bytes.dropLast()))
    }

    @Test func `published tiles without groups give the same proofs`() throws {
        var tree = TreeTests.tree
        for (place, row) in tree.tiles.rows {
            tree.tiles.rows[place] = TileData(tile: row.tile, bytes: Array(row.bytes.prefix(8192)))
        }
        var (published, stored) = (tree.reader, TreeTests.tree.reader)
        for index in stride(from: Int64(0), to: 70_000, by: 9973) {
            #expect(try published.inclusionProof(index: index) == stored.inclusionProof(index: index))
        }
    }

    @Test func `nothing beyond the tree is proven`() {
        var reader = TreeTests.tree.reader(size: 100)
        for index in [-1, 100, Int64.max] {
            #expect(throws: TreeError.outOfRange) { try reader.inclusionProof(index: index) }
            #expect(throws: TreeError.outOfRange) { try reader.leafHash(at: index) }
        }
        for size in [-1, 101, Int64.max] {
            #expect(throws: TreeError.outOfRange) { try reader.consistencyProof(from: size) }
        }
    }

    @Test func `a frontier is written and read`() {
        var frontier = TreeFrontier()
        for index in 0..<300 {
            #expect(TreeFrontier(bytes: frontier.bytes) == frontier)
            frontier.append(TestTree.leafHash(index))
        }
        let bytes = frontier.bytes
        #expect(bytes.count == 8 + 4 * 32)
        #expect(TreeFrontier(bytes: bytes.dropLast()) == nil)
        #expect(TreeFrontier(bytes: bytes.dropLast(32)) == nil)
        #expect(TreeFrontier(bytes: [0x80] + bytes.dropFirst()) == nil)
        #expect(TreeFrontier(bytes: []) == nil)
    }
}

extension TestTree {
    /// The tree after a growth of which the tiles are known.
    static func resumed(_ tree: TestTree, _ hashes: [Digest], _ written: [TileData]) -> TestTree {
        var tree = tree
        tree.tiles.store(written)
        tree.leaves += hashes
        return tree
    }
}
