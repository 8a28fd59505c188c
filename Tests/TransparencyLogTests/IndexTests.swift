import Core
import Cryptography
import Ledger
import Storage
import Support
import Testing

@testable import TransparencyLog

/// The vehicle index, and the log where many write at once.
@Suite struct IndexTests {
    private func expectedRoot(_ world: LogWorld) async throws -> Digest {
        VehicleMap.root(of: VehicleMap.heads(of: try await world.leaves().map(\.leaf)).values)
    }

    @Test func `the index follows the log, and says of every car how many entries it has`() async throws {
        let world = try await LogWorld.open()
        for round in 1...3 {
            try await world.store.database.write { tx in
                for car in 0..<40 where car % round == 0 {
                    try world.add(tx, car, car % 2 == 0 || round < 3 ? round : 2)
                }
            }
            try await world.log.catchUp()
            let (index, head) = (try await world.index(), try await world.head())
            #expect(index.size == head.size)
            #expect(try await expectedRoot(world) == index.root)
        }
        let root = try await world.index().root
        try await world.store.database.read { tx in
            let index = VehicleIndex(pages: StoredPages(tx: tx))
            let (head, proof, _) = try index.proof(of: LogWorld.car(6))
            let known = try #require(head)
            #expect(known.count == 3)
            #expect(proof.root(including: known) == root)
            let absent = try index.proof(of: LogWorld.car(99))
            #expect(absent.head == nil)
            #expect(absent.proof.root(excluding: LogWorld.car(99)) == root)
        }
    }

    @Test func `its note is signed under its own name, by the keys of the log`() async throws {
        let world = try await LogWorld.open()
        try await world.add(0, 1)
        try await world.log.catchUp()
        let note = try SignedNote(parsing: Array(try #require(try await world.index().note).utf8))
        #expect(try note.verified(by: world.log.keys.indexVerifierKeys).count == 1)
        #expect(throws: NoteError.noKnownSignature) { try note.verified(by: world.log.keys.verifierKeys) }
        #expect(Checkpoint(parsing: note.text)?.origin == LogWorld.origin + "/vehicles")
    }

    @Test(arguments: Engine.allCases)
    func `where many write at once, places are given afterwards, and a car's entries keep their order`(
        engine: Engine
    ) async throws {
        let world = try await LogWorld.open(engine, isSequenced: true)
        try await world.log.start(knowing: [])
        for count in 1...3 {
            for car in 0..<5 { #expect(try await world.add(car, count) == nil) }
            if count == 2 { world.store.clock.advance(milliseconds: 3) }
        }
        #expect(try await world.head().size == 0)
        try await world.log.catchUp()
        let leaves = try await world.leaves()
        #expect(leaves.map(\.number) == (0..<15).map { Int64($0) })
        for car in 0..<5 {
            let own = leaves.filter { $0.leaf.vehicle == LogWorld.car(car) }
            #expect(own.map(\.count) == [1, 2, 3])
        }
        #expect(try await world.head().root == world.expectedRoot())
        #expect(try await world.index().root == expectedRoot(world))
        let place = try await world.log.place(of: LogWorld.entry(3, 2), waiting: .zero)
        #expect(place == leaves.first { $0.leaf == LogWorld.leaf(3, 2) }?.number)
        try await world.log.catchUp()
        #expect(try await world.leaves() == leaves)
        #expect(try await world.log.place(of: LogWorld.entry(8, 8), waiting: .zero) == nil)
    }

    @Test func `a lost lease gives out no place and signs nothing`() async throws {
        let world = try await LogWorld.open(isSequenced: true)
        try await world.log.start(knowing: [])
        try await world.add(0, 1)
        let lease = try #require(try await world.store.database.write { try Lease.acquire($0, "log", holder: "a") })
        try await world.store.database.write { try lease.release($0) }
        await #expect(throws: LeaseLost.self) { try await world.log.catchUp(under: lease) }
        #expect(try await world.head().size == 0)
        try await world.log.catchUp()
        await #expect(throws: Never.self) { try await world.log.catchUp(under: lease) }
        #expect(try await world.head().size == 1)
    }

    @Test(arguments: Engine.allCases)
    func `a name leads to one key, which is kept with its proof`(engine: Engine) async throws {
        let world = try await LogWorld.open(engine)
        let name = "LFV2A21K8G4012345"
        let made = try world.log.makeVehicle(named: name)
        #expect(made.isNew)
        #expect(made.proof.count == VRF.proofByteCount)
        let publicKey = world.log.keys.vehicles.publicKey
        #expect(VehicleKey.verify(proof: made.proof, vin: name, key: publicKey) == made.key)
        let kept = try await world.store.database.write { try world.log.vehicle($0, keeping: name) }
        #expect(kept == made)
        let found = try await world.store.database.read { try TransparencyLog.vehicle($0, named: name) }
        #expect(found?.key == made.key)
        #expect(found?.isNew == false)
        try await world.store.database.write { try world.log.keep($0, made, named: name) }
        let several = try await world.store.database.read { try TransparencyLog.vehicles($0, named: [name, "other"]) }
        #expect(several == [name: try #require(found)])
    }
}
