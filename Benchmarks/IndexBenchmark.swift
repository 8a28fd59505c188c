import Cryptography
import Glibc
import Ledger

/// What an append costs the vehicle index, for several page layouts, and what proofs cost: in processor time, so that
/// what else the machine does is left out.
struct IndexBenchmark {
    let cars: Int

    private static let layouts = [4, 5, 6, 8]
    private static let batches = [64, 512]
    private static let appends = 16_384

    func run(_ table: inout Table) throws {
        for levels in Self.layouts {
            var map = try Map(cars: cars, layout: IndexLayout(levels: levels))
            for size in Self.batches {
                let cost = try map.update(batches: Self.appends / size, of: size)
                table.add(
                    "vehicle index, \(cars) cars, \(levels) levels a page, \(size) a batch",
                    rounded(cost.microseconds) + " µs an append",
                    rounded(cost.pages) + " pages, " + rounded(cost.bytes, 0) + " B written",
                    rounded(Double(map.storedBytes) / Double(cars), 0) + " B a car",
                    "-"
                )
            }
            let proof = try map.proofMicroseconds()
            table.add("completeness proof, \(levels) levels a page", rounded(proof) + " µs", "-", "-", "-")
        }
        try addInclusion(&table)
    }

    /// Proofs from tiles that are read anew each time.
    private func addInclusion(_ table: inout Table) throws {
        var builder = TreeBuilder()
        var tiles = Tiles()
        let leaves = (0..<cars).map { MerkleHash.leaf(withUnsafeBytes(of: $0) { Array($0) }) }
        let appending = processorTime {
            for start in stride(from: 0, to: cars, by: 512) {
                for tile in builder.append(leaves[start..<min(start + 512, cars)]) {
                    tiles.rows[tile.tile.place] = tile.bytes
                }
            }
        }
        let count = 5000
        var generator = SplitMix(state: 2)
        let proving = try processorTime {
            for _ in 0..<count {
                var reader = TreeReader(size: builder.size, tiles: tiles)
                _ = try reader.inclusionProof(index: Int64(generator.below(cars)))
            }
        }
        let microseconds = proving.seconds * 1e6 / Double(count)
        table.add("tree: append, 512 a batch", rounded(appending.seconds * 1e6 / Double(cars)) + " µs", "-", "-", "-")
        table.add(
            "R11 inclusion proof out of cold tiles",
            rounded(microseconds) + " µs",
            "-",
            rounded(1e6 / microseconds, 0) + "/s",
            "≥ 10,000/s"
        )
    }
}

private func processorTime(_ body: () throws -> Void) rethrows -> Duration {
    // POSIX counts it in millionths of a second.
    let start = clock()
    try body()
    return .seconds(Double(clock() - start) / Double(1_000_000))
}

private struct Tiles: TileReader {
    var rows: [TilePlace: [UInt8]] = [:]

    func bytes(of tile: Tile) -> [UInt8]? { rows[tile.place] }
}

/// A map in memory, as a table would hold it.
private struct Map {
    struct Cost {
        let microseconds: Double
        let pages: Double
        let bytes: Double
    }

    private final class Pages: IndexPageReader {
        var rows: [IndexPagePath: [UInt8]] = [:]

        func page(at path: IndexPagePath) -> [UInt8]? { rows[path] }
    }

    private let pages = Pages()
    private let index: VehicleIndex<Pages>
    private let keys: [Digest]
    private var counts: [Int64]
    private var generator = SplitMix(state: 1)

    init(cars: Int, layout: IndexLayout) throws {
        index = VehicleIndex(pages: pages, layout: layout)
        keys = (0..<cars).map { number in withUnsafeBytes(of: number) { SHA256.hash($0) } }
        counts = [Int64](repeating: 1, count: cars)
        let update = try index.updating(keys.lazy.map { VehicleHead(vehicle: $0, count: 1, head: $0) })
        for page in update.pages { pages.rows[page.path] = page.bytes }
    }

    var storedBytes: Int { pages.rows.reduce(0) { $0 + $1.key.bytes.count + $1.value.count } }

    mutating func update(batches: Int, of size: Int) throws -> Cost {
        var (time, count, bytes) = (Duration.zero, 0, 0)
        for _ in 0..<batches {
            let heads = (0..<size).map { _ in
                let car = generator.below(keys.count)
                counts[car] += 1
                return VehicleHead(vehicle: keys[car], count: counts[car], head: keys[(car + 1) % keys.count])
            }
            var update: IndexUpdate?
            time += try processorTime { update = try index.updating(heads) }
            for page in update?.pages ?? [] {
                pages.rows[page.path] = page.bytes
                count += 1
                bytes += page.path.bytes.count + page.bytes.count
            }
        }
        let appends = Double(batches * size)
        return Cost(
            microseconds: time.seconds * 1e6 / appends,
            pages: Double(count) / appends,
            bytes: Double(bytes) / appends
        )
    }

    mutating func proofMicroseconds() throws -> Double {
        let count = 5000
        let time = try processorTime {
            for _ in 0..<count { _ = try index.proof(of: keys[generator.below(keys.count)]) }
        }
        return time.seconds * 1e6 / Double(count)
    }
}

private struct SplitMix {
    var state: UInt64

    mutating func below(_ count: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ mixed >> 31) % UInt64(count))
    }
}
