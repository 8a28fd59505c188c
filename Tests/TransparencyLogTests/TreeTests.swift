import Core
import Cryptography
import Ledger
import Storage
import Support
import Testing

@testable import TransparencyLog

@Suite struct TreeTests {
    @Test func `what is written at once gets places without gaps, and a checkpoint that covers all of it`() async throws
    {
        let world = try await LogWorld.open()
        let places = try await withThrowingTaskGroup(of: Int64?.self) { group in
            for car in 0..<64 { group.addTask { try await world.add(car, 1) } }
            return try await group.reduce(into: Set<Int64?>()) { $0.insert($1) }
        }
        #expect(places == Set((0..<64).map { Int64?.some(Int64($0)) }))
        let head = try await world.head()
        let checkpoint = try #require(try head.checkpoint(world.log.keys.verifierKeys))
        #expect(checkpoint.origin == LogWorld.origin)
        #expect(checkpoint.size == 64)
        #expect(checkpoint.root == head.root)
        #expect(try await world.expectedRoot() == head.root)
        let stored = try await world.leaves()
        let found = try await world.store.database.read { try TransparencyLog.places($0, of: stored.map(\.leaf.entry)) }
        #expect(found.compactMap { $0 } == stored.map(\.number))
    }

    @Test func `a refused append leaves no trace`() async throws {
        let world = try await LogWorld.open()
        try await world.add(0, 1)
        await #expect(throws: Refused.self) {
            try await world.store.database.write { tx in
                try world.add(tx, 1, 1)
                throw Refused()
            }
        }
        #expect(try await world.head().size == 1)
        #expect(try await world.add(2, 1) == 1)
        #expect(try await world.expectedRoot() == world.head().root)
    }

    @Test func `a batch whose commit fails is not in the tree that goes on`() async throws {
        let world = try await LogWorld.open()
        try await world.add(0, 1)
        // Comes behind the tree's own end of the batch, which has taken up the second leaf by then.
        _ = world.store.database.endBatches(touching: TransparencyLog.topic) { tx in
            if try LogStore.head(tx).size == 2, tx.now < ManualClock.start.adding(seconds: 60) { throw Refused() }
        }
        await #expect(throws: Refused.self) { try await world.add(1, 1) }
        #expect(try await world.head().size == 1)
        world.store.clock.advance(seconds: 120)
        #expect(try await world.add(2, 1) == 1)
        #expect(try await world.expectedRoot() == world.head().root)
        #expect(try await world.leaves().map(\.leaf) == [LogWorld.leaf(0, 1), LogWorld.leaf(2, 1)])
    }

    @Test func `every process goes on with the tree of the one before`() async throws {
        let world = try await LogWorld.open()
        var size = 0
        for count in [1, 2, 250, 3, 1, 255, 4] {
            let log = try LogWorld.log(on: world.store)
            try await log.start(knowing: [])
            let first = size
            try await world.store.database.write { tx in
                for number in first..<first + count { try world.add(tx, number, 1, log: log) }
            }
            size += count
            #expect(try await world.head().size == Int64(size))
            #expect(try await world.head().root == world.expectedRoot())
        }
    }

    @Test func `every leaf is proven to be in the tree, and every tree to begin with each before it`() async throws {
        let world = try await LogWorld.open()
        try await world.store.database.write { tx in for car in 0..<300 { try world.add(tx, car, 1) } }
        var roots: [Int: Digest] = [:]
        for size in [1, 2, 7, 255, 256, 257, 300] { roots[size] = try await world.expectedRoot(of: size) }
        let expected = roots
        let leaves = try await world.leaves()
        try await world.store.database.read { tx in
            for (size, root) in expected {
                var tree = TreeReader(size: Int64(size), tiles: StoredTiles(tx: tx))
                #expect(try tree.root() == root)
                for index in [0, size / 2, size - 1] {
                    let isIncluded = MerkleProof.includes(
                        leafHash: leaves[index].leaf.hash,
                        index: Int64(index),
                        size: Int64(size),
                        root: root,
                        proof: try tree.inclusionProof(index: Int64(index))
                    )
                    #expect(isIncluded, "\(index) of \(size)")
                }
                for (old, oldRoot) in expected where old <= size {
                    let isConsistent = MerkleProof.isConsistent(
                        oldSize: Int64(old),
                        newSize: Int64(size),
                        oldRoot: oldRoot,
                        newRoot: root,
                        proof: try tree.consistencyProof(from: Int64(old))
                    )
                    #expect(isConsistent, "\(old) to \(size)")
                }
            }
        }
    }

    @Test func `while a key is replaced, both sign`() async throws {
        let world = try await LogWorld.open()
        try await world.add(0, 1)
        let rotated = try LogWorld.log(on: world.store, seeds: [11, 9])
        try await rotated.start(knowing: [])
        // Signed again although nothing has come: when the old key goes, whoever starts finds its own signature.
        for (text, keys) in [
            (try await world.head().note, rotated.keys.verifierKeys),
            (try await world.index().note, rotated.keys.indexVerifierKeys),
        ] {
            let note = try SignedNote(parsing: Array(try #require(text).utf8))
            #expect(note.signatures.count == 2)
            for key in keys { #expect(try note.verified(by: [key]).count == 1) }
        }
        #expect(rotated.keys.verifierKeys[1] == world.log.keys.verifierKeys[0])
        try await LogWorld.log(on: world.store, seeds: [11]).start(knowing: [])
        #expect(try await world.head().size == 1)
    }

    @Test func `checkpoints are put aside now and then`() async throws {
        let world = try await LogWorld.open()
        for (car, seconds) in [(0, 0), (1, 1), (2, 60), (3, 1)] {
            world.store.clock.advance(seconds: Int64(seconds))
            try await world.add(car, 1)
        }
        let kept = try await world.store.database.read { tx in
            try tx.rows("SELECT size FROM log_checkpoint WHERE size >= 0 ORDER BY size").map { try $0.integer(0) }
        }
        #expect(kept == [1, 3])
    }

    private struct Refused: Error {}
}
