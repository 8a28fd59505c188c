import Core
import Cryptography
import Ledger
import Storage
import Support
import Testing

@testable import TransparencyLog

/// Nothing is signed that is not the continuation of what was signed before.
@Suite struct StartTests {
    /// The sentence with which a start is refused; empty where it is not.
    private func refusal(_ world: LogWorld, knowing known: [SignedNote] = [], seeds: [UInt8] = [9]) async throws
        -> String
    {
        let log = try LogWorld.log(on: world.store, seeds: seeds)
        do {
            try await log.start(knowing: known)
            return ""
        } catch let failure as Failure where failure.type == .logHalted {
            // Whoever starts all the same adds nothing.
            let next = Int(try await world.head().size) + 1000
            await #expect(throws: Failure.self) {
                try await world.store.database.write {
                    _ = try log.add($0, LogWorld.leaf(next, 1), count: 1, recordedAt: $0.now)
                }
            }
            return failure.detail.en
        }
    }

    private func filled(_ count: Int = 3) async throws -> LogWorld {
        let world = try await LogWorld.open()
        for car in 0..<count { try await world.add(car, 1) }
        return world
    }

    @Test func `a log that begins signs the empty tree, and an index of no cars`() async throws {
        let world = try await LogWorld.open()
        try await world.log.start(knowing: [])
        let checkpoint = try #require(try await world.head().checkpoint(world.log.keys.verifierKeys))
        #expect(checkpoint.size == 0)
        #expect(checkpoint.root == MerkleHash.emptyRoot)
        let index = try await world.index()
        #expect(index.size == 0)
        #expect(index.root == .zero)
        #expect(index.note != nil)
        #expect(try await refusal(world, knowing: [world.note(0, MerkleHash.emptyRoot)]) == "")
    }

    @Test func `a store that fits what was published is taken`() async throws {
        let world = try await filled()
        let published = try world.note(2, try await world.expectedRoot(of: 2))
        #expect(try await refusal(world, knowing: [published]) == "")
    }

    @Test func `a store from an older backup is refused, and told what to do`() async throws {
        let world = try await filled()
        let ahead = try world.note(4, LogWorld.car(0))
        let sentence = try await refusal(world, knowing: [ahead])
        #expect(sentence.contains("has 3 entries, and a checkpoint of 4"))
        #expect(sentence.contains("Bring back the newer store"))
        #expect(try await world.head().size == 3)
    }

    @Test func `another history of the same length or longer is refused`() async throws {
        let world = try await filled()
        for size in [Int64(2), 3] {
            let sentence = try await refusal(world, knowing: [try world.note(size, LogWorld.car(7))])
            #expect(sentence.contains("a checkpoint of \(size) entries was published"))
        }
    }

    @Test func `a published checkpoint by another key is not passed over`() async throws {
        let world = try await filled()
        let foreign = try world.note(2, try await world.expectedRoot(of: 2), seeds: [77])
        #expect(try await refusal(world, knowing: [foreign]).contains("cannot be read"))
    }

    @Test func `another key than that of the newest checkpoint is refused`() async throws {
        let world = try await filled()
        #expect(try await refusal(world, seeds: [77]).contains("log.key"))
    }

    @Test(
        arguments: [
            "UPDATE log_head SET size = 2 WHERE one = 1", "UPDATE log_head SET note = '' WHERE one = 1",
            "DELETE FROM log_tile WHERE level = 0 AND number = 0",
            "UPDATE log_tile SET hashes = zeroblob(96) WHERE level = 0 AND number = 0",
        ] as [SQL]
    )
    func `a damaged edge is noticed before anything is signed`(damage: SQL) async throws {
        let world = try await filled()
        try await world.tamper(damage)
        #expect(try await refusal(world) != "")
    }

    @Test func `a leaf that is missing stops the log, and no append is taken any more`() async throws {
        let world = try await filled()
        try await world.tamper("UPDATE log_leaf SET number = 5 WHERE number = 2")
        try await world.tamper("UPDATE log_head SET size = 2 WHERE one = 1")
        await #expect(throws: Failure.self) { try await world.add(9, 1) }
        let again = await #expect(throws: Failure.self) { try await world.add(9, 1) }
        #expect(again?.type == .logHalted)
    }
}
