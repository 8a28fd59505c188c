import Claims
import Core
import Identity
import Storage
import Support
import Testing

/// Complaints on both engines. It is 2026-03-01.
@Suite struct ComplaintsTests {
    private func file(_ world: ClaimsWorld, _ text: String, customer: String = "usr_1") async throws -> StoredComplaint
    {
        let draft = Complaints.Draft(
            customer: customer,
            vin: customer == "usr_1" ? sampleVIN : nil,
            dealer: world.dealer.id.text,
            component: "engine.crank.crankshaft",
            text: text
        )
        return try await world.write { try Complaints(world.claims).file($0, draft, by: .junior) }
    }

    @Test(arguments: Engine.allCases)
    func `a complaint that comes again is linked to the first, and graver`(engine: Engine) async throws {
        let world = try await ClaimsWorld.open(engine)
        let first = try await file(world, "发动机异响，质量太差")
        world.clock.advance(seconds: 86_400)
        let second = try await file(world, "异响")
        #expect(first.root == first.complaint.id && second.root == first.complaint.id)
        #expect(second.complaint.signs.contains(.repeat))
        #expect(second.complaint.severity > first.complaint.severity)
    }

    @Test(arguments: Engine.allCases)
    func `three of one part within a month are a batch`(engine: Engine) async throws {
        let world = try await ClaimsWorld.open(engine)
        for customer in ["usr_2", "usr_3"] { _ = try await file(world, "异响", customer: customer) }
        let complaints = Complaints(world.claims)
        #expect(try await world.database.read { try complaints.batches($0) }.isEmpty)
        _ = try await file(world, "异响", customer: "usr_4")
        let batches = try await world.database.read { try complaints.batches($0) }
        #expect(batches.map(\.key) == [.component("engine.crank.crankshaft"), .dealer(world.dealer.id.text)])
    }

    @Test(arguments: Engine.allCases)
    func `who is not called back within the hour is on record, once`(engine: Engine) async throws {
        let world = try await ClaimsWorld.open(engine)
        let filed = try await file(world, "质量差")
        let id = filed.complaint.id
        try await world.sleep(hours: 3)
        try await world.drain()
        let complaints = Complaints(world.claims)
        let stored = try await world.database.read { try complaints.get($0, id) }
        let marks = stored.facts.compactMap { fact -> ClockMark? in
            guard case .clockMarked(let mark) = fact.body else { return nil }
            return mark
        }
        let callback = marks.filter { $0.clock == .complaintCallback }
        #expect(callback.map(\.percent) == [50, 80, 100])
        #expect(callback.last?.reachedAt == filed.complaint.at.adding(hours: 1))
        #expect(Set(marks.map(\.key)).count == marks.count)
    }

    @Test(arguments: Engine.allCases)
    func `it is closed when the customer was told, and goodwill is within a limit`(engine: Engine) async throws {
        let world = try await ClaimsWorld.open(engine)
        let id = try await file(world, "质量差").complaint.id
        let complaints = Complaints(world.claims)
        await #expect(throws: Failure.self) {
            try await world.write { try complaints.close($0, id, by: .junior, why: "已解决").version }
        }
        // 100 yuan for a junior.
        try await world.write { tx in
            _ = try complaints.giveGoodwill(tx, id, fen(yuan: 60), by: .junior, why: "致歉")
        }
        await #expect(throws: Failure.self) {
            try await world.write { try complaints.giveGoodwill($0, id, fen(yuan: 41), by: .junior, why: "致歉").version }
        }
        try await world.write { tx in
            _ = try complaints.meet(tx, id, .resultNotice, by: .junior, why: "已电话告知")
            _ = try complaints.close(tx, id, by: .junior, why: "已解决")
        }
        let stored = try await world.database.read { try complaints.get($0, id) }
        #expect(!stored.isOpen && stored.given == fen(yuan: 60))
    }
}
