import Core
import Ledger
import Storage
import Support
import Testing

@testable import TransparencyLog

/// Where many write at once, one gives out the places: whoever holds the lease, and nobody else.
@Suite struct SequencerTests {
    private func lease(_ world: LogWorld, _ holder: String) async throws -> Lease {
        let lease = try await world.store.database.write {
            try Lease.acquire($0, TransparencyLog.leaseName, holder: holder)
        }
        return try #require(lease)
    }

    private func checkWhole(_ world: LogWorld, _ count: Int) async throws {
        let leaves = try await world.leaves()
        #expect(leaves.map(\.number) == (0..<Int64(count)).map { $0 })
        #expect(Set(leaves.map(\.leaf)).count == count)
        let head = try await world.head()
        #expect(head.size == Int64(count))
        #expect(head.root == (try await world.expectedRoot()))
        #expect(try await world.index().size == Int64(count))
        let report = try await LogAudit(
            origin: LogWorld.origin,
            database: world.store.database,
            keys: world.log.keys
        ).run { _, _ in }
        #expect(report.damages.isEmpty, "\(report.damages)")
    }

    @Test func `whoever has lost the lease gives out no place and signs nothing`() async throws {
        let world = try await LogWorld.open(.postgres)
        try await world.log.start(knowing: [])
        let first = try await lease(world, "one")
        for car in 0..<3 { #expect(try await world.add(car, 1) == nil) }
        try await world.log.catchUp(under: first)
        try await checkWhole(world, 3)
        for car in 3..<5 { try await world.add(car, 1) }
        // It was stopped for as long as a lease lasts, and another has taken over.
        world.store.clock.advance(seconds: Lease.seconds + 1)
        let second = try await lease(world, "two")
        let before = try await world.head()
        await #expect(throws: LeaseLost.self) { try await world.log.catchUp(under: first) }
        #expect(try await world.head() == before)
        #expect(try await world.leaves().count == 3)
        let other = try LogWorld.log(on: world.store)
        try await other.catchUp(under: second)
        try await checkWhole(world, 5)
    }

    @Test func `two instances that hold the lease in turn go on with one tree`() async throws {
        let world = try await LogWorld.open(.postgres)
        let instances = [world.log, try LogWorld.log(on: world.store)]
        for instance in instances { try await instance.start(knowing: []) }
        for round in 0..<6 {
            for car in 0..<4 { try await world.add(car, round + 1, log: instances[car % 2]) }
            let lease = try await lease(world, "instance \(round)")
            try await instances[round % 2].catchUp(under: lease)
            try await world.store.database.write { try lease.release($0) }
        }
        try await checkWhole(world, 24)
    }

    @Test func `two that believe that they hold it at once make no second tree`() async throws {
        let world = try await LogWorld.open(.postgres)
        let instances = [world.log, try LogWorld.log(on: world.store)]
        for instance in instances { try await instance.start(knowing: []) }
        for round in 0..<5 {
            for car in 0..<8 { try await world.add(car, round + 1) }
            await withTaskGroup(of: Void.self) { group in
                for instance in instances {
                    // One of them finds that the other was faster; what it wrote is taken back.
                    group.addTask { try? await instance.catchUp() }
                }
            }
        }
        try await world.log.catchUp()
        try await checkWhole(world, 40)
    }
}
