import Testing

@testable import Ledger

@Suite struct TileTests {
    @Test func `paths are those of torchwood, both ways`() throws {
        for row in rows(tilePaths) {
            let level = Int(row[0])!
            let tile = try #require(Tile(level: max(0, level), index: Int64(row[1])!, width: Int(row[2])!))
            let path = level < 0 ? TilePath.entries(tile) : TilePath.hashes(tile)
            #expect(path.text == row[3])
            #expect(TilePath(parsing: row[3]) == path)
        }
    }

    @Test(
        arguments: words(
            """
            tile tile/ tile/0 tile/0/ tile/0/00 tile/0/0000 tile/0/1000 tile/0/x000/001 tile/0/001/002 tile/0/x001 \
            tile/0/x001/x002 tile/0/x1/002 tile/0/-01 tile/0/+01 tile/64/000 tile/-1/000 tile/00/000 tile/01/000 \
            tile/0/000.p/0 tile/0/000.p/256 tile/0/000.p/01 tile/0/000.p/-1 tile/0/000.p tile/0/000.p/ \
            tile/0/000.p/1/ tile/0/000/ /tile/0/000 tile//0/000 tile/entries tile/entries/0 tile/data/000 \
            tile/0/x9/000 tile/0/x999/x999/x999/x999/x999/x999/999 tile/8/0/000 tile/3/5/123/456/078 \
            tile/3/-1/123/456/078 tile/0/٠٠٠ tile/0/000.p/٣ tile/0/0.p/1 tile/0/x001.p/000
            """
        )
    )
    func `what is no path of ours is refused`(path: Substring) {
        #expect(TilePath(parsing: path) == nil)
    }

    @Test(arguments: [(-1, 0, 1), (64, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, 257)] as [(Int, Int64, Int)])
    func `a tile out of range is none`(level: Int, index: Int64, width: Int) {
        #expect(Tile(level: level, index: index, width: width) == nil)
    }

    @Test func `a tree of 70,000 leaves has the partial tiles of the specification`() {
        let tiles = Tile.partial(size: 70_000).map { TilePath.hashes($0).text }
        #expect(tiles == ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"])
        #expect(Tile.partial(size: 256).map { TilePath.hashes($0).text } == ["tile/1/000.p/1"])
        #expect(Tile.partial(size: 0).isEmpty)
    }

    /// From, to, and what is written.
    @Test(
        arguments: rows(
            """
            0 0
            5 5
            0 1 tile/0/000.p/1
            1 255 tile/0/000.p/255
            255 256 tile/0/000 tile/1/000.p/1
            256 257 tile/0/001.p/1
            255 257 tile/0/000 tile/0/001.p/1 tile/1/000.p/1
            65535 65536 tile/0/255 tile/1/000 tile/2/000.p/1
            65530 65537 tile/0/255 tile/0/256.p/1 tile/1/000 tile/2/000.p/1
            """
        )
    )
    func `a growth writes its tiles`(row: [Substring]) {
        let tiles = Tile.written(from: Int64(row[0])!, to: Int64(row[1])!).map { TilePath.hashes($0).text }
        #expect(tiles == row.dropFirst(2).map { String($0) })
    }

    @Test func `sizes at the edge do not trap`() {
        #expect(Tile.partial(size: .max).count == 8)
        #expect(Tile.at(level: 0, index: .max, size: .max) == nil)
        #expect(Tile.at(level: 7, index: 0, size: .max)?.width == 127)
        #expect(Tile.at(level: 63, index: 0, size: .max) == nil)
    }

    @Test func `bundles hold empty entries and the longest`() throws {
        let entries = [[], [UInt8](repeating: 7, count: 65_535), [1]]
        let bytes = try #require(EntryBundle.encode(entries))
        #expect(EntryBundle.decode(bytes, count: 3)?.map(Array.init) == entries)
        #expect(EntryBundle.decode(bytes, count: 2) == nil)
        #expect(EntryBundle.decode(bytes, count: 4) == nil)
        #expect(EntryBundle.decode(bytes.dropLast(), count: 3) == nil)
        #expect(EntryBundle.decode(bytes + [0], count: 3) == nil)
        #expect(EntryBundle.encode([[UInt8](repeating: 0, count: 65_536)]) == nil)
        #expect(EntryBundle.encode([]) == nil)
        #expect(EntryBundle.encode([[UInt8]](repeating: [], count: 257)) == nil)
    }

    @Test func `a leaf is 64 bytes`() {
        let leaf = LogLeaf(vehicle: TestTree.leafHash(1), entry: TestTree.leafHash(2))
        #expect(LogLeaf(bytes: leaf.bytes) == leaf)
        #expect(leaf.bytes.count == 64)
        #expect(LogLeaf(bytes: leaf.bytes.dropLast()) == nil)
        #expect(LogLeaf(bytes: leaf.bytes + [0]) == nil)
    }
}
