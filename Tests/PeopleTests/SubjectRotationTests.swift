import Cryptography
import Identity
import People
import Storage
import Support
import Testing

@Suite struct SubjectRotationTests {
    private static let keys = WrappingKeys(current: SubjectWorld.wrapping("k2"), retired: [SubjectWorld.wrapping("k1")])

    private func rewrap(_ world: SubjectWorld, limit: Int) async throws -> Int {
        try await world.write {
            try SubjectRotation.rewrap($0, under: "k1", with: SubjectRotationTests.keys, limit: limit)
        }
    }

    @Test(arguments: Engine.allCases)
    func `every key is wrapped anew, some at a time, and none is lost on the way`(engine: Engine) async throws {
        let world = try await SubjectWorld.open(engine)
        var people: [SubjectID] = []
        for number in 0..<7 { people.append(try await world.person([.name: "张伟", .phone: "1381234567\(number)"])) }
        let erased = people[6]
        _ = try await world.write { tx in try Subjects.erase(tx, erased, [], reason: "本人申请", from: .system) }
        let both = SubjectWorld.vault(current: "k2", retired: ["k1"])
        let reading = { @Sendable (vault: SubjectVault, id: SubjectID) in
            try await world.write { try vault.use($0, id, .phone) }
        }
        #expect(try await rewrap(world, limit: 3) == 3)
        #expect(try await world.read { try SubjectRotation.wrappingKeyIDs($0) } == ["k1", "k2"])
        for (number, id) in people.dropLast().enumerated() {
            #expect(try await reading(both, id) == "1381234567\(number)")
        }
        #expect(try await rewrap(world, limit: 3) == 3)
        #expect(try await rewrap(world, limit: 3) == 0)
        #expect(try await world.read { try SubjectRotation.wrappingKeyIDs($0) } == ["k2"])
        #expect(try await world.read { try SubjectRotation.count($0, under: "k2") } == 6)
        let new = SubjectWorld.vault(current: "k2")
        for (number, id) in people.dropLast().enumerated() {
            #expect(try await reading(new, id) == "1381234567\(number)")
        }
        #expect(try await reading(new, erased) == nil)
        await #expect(throws: CryptographyError.notAuthentic) { _ = try await reading(world.vault, people[0]) }
    }

    @Test func `a running server hears of a new key when it meets what the key has wrapped`() async throws {
        let world = try await SubjectWorld.open(.sqlite)
        let id = try await world.person()
        let running = SubjectVault(
            keys: WrappingKeys(current: SubjectWorld.wrapping("k1")),
            index: SubjectWorld.index,
            reload: { SubjectRotationTests.keys }
        )
        #expect(try await rewrap(world, limit: 10) == 1)
        #expect(try await world.write { try running.use($0, id, .phone) } == "13812345678")
        // From then on it wraps with the new one.
        _ = try await world.write { try running.create($0, [:]) }
        #expect(try await world.read { try SubjectRotation.count($0, under: "k2") } == 2)
    }
}
