import Core
import Storage
import Support
import Testing
import Web

@testable import People

@Suite struct PeoplePurgeTests {
    private func purge(_ world: PeopleWorld, limit: Int = 100) async throws -> Int {
        try await world.store.database.write { try PeopleService.purge($0, limit: limit) }
    }

    private func count(_ world: PeopleWorld, _ statement: SQL) async throws -> Int64? {
        try await world.store.database.read { tx in try tx.first(statement)?.integer(0) }
    }

    private func send(_ world: PeopleWorld, to login: String, from address: String) async throws {
        _ = try await world.buyers.send(to: try Login(parsing: login), in: .chinese, address: address)
    }

    @Test(arguments: Engine.allCases)
    func `a stranger who never used his code is forgotten with it, and a buyer is not`(engine: Engine) async throws {
        let world = try await PeopleWorld.open(engine)
        try await send(world, to: "13812345678", from: "203.0.113.1")
        let code = try world.channel.secret(.signInCode)
        _ = try await world.buyers.enter(
            try Login(parsing: "13812345678"),
            code: code,
            device: nil,
            from: PeopleWorld.origin
        )
        world.clock.advance(seconds: 120)
        try await send(world, to: "13812345678", from: "203.0.113.2")
        try await send(world, to: "13912345678", from: "203.0.113.3")
        let subjects: SQL = "SELECT COUNT(*) FROM subject_value"
        let held = try #require(try await count(world, subjects))
        #expect(try await purge(world) == 0)
        world.clock.advance(seconds: SignInCode.Purpose.code.validSeconds)
        #expect(try await purge(world, limit: 1) == 1)
        #expect(try await purge(world) >= 1)
        #expect(try await purge(world) == 0)
        #expect(try await count(world, "SELECT COUNT(*) FROM sign_in_code") == 0)
        // The stranger's number is gone, the buyer's is still there, and he gets in.
        #expect(try await count(world, subjects) == held - 1)
        try await send(world, to: "13812345678", from: "203.0.113.4")
        let again = try await world.buyers.enter(
            try Login(parsing: "13812345678"),
            code: try world.channel.secret(.signInCode),
            device: nil,
            from: PeopleWorld.origin
        )
        #expect(again.person.role == .buyer)
    }

    @Test(arguments: Engine.allCases)
    func `failures are forgotten, and sessions that were over long ago go`(engine: Engine) async throws {
        let world = try await PeopleWorld.open(engine)
        let member = try await world.member()
        _ = try await world.enter(member)
        #expect(await refusal { try await world.enter(member.login, .code("000000")) } == "sign_in_refused")
        #expect(try #require(try await count(world, "SELECT COUNT(*) FROM sign_in_failure")) > 0)
        #expect(try await count(world, "SELECT COUNT(*) FROM session") == 1)
        #expect(try await purge(world) == 0)
        world.clock.advance(seconds: PeopleService.endedSessionKeptSeconds)
        _ = try await world.enter(member)
        _ = try await purge(world)
        #expect(try await count(world, "SELECT COUNT(*) FROM sign_in_failure") == 0)
        #expect(try await count(world, "SELECT COUNT(*) FROM session") == 2)
        world.clock.advance(seconds: 1)
        _ = try await purge(world)
        #expect(try await count(world, "SELECT COUNT(*) FROM session") == 1)
    }
}
