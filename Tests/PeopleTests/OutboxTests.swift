import Core
import Identity
import People
import Storage
import Support
import Testing
import Web

@Suite struct OutboxTests {
    private static let code = MessageKind(
        "sign_in_code",
        zh: "您的验证码是 {code}，{minutes} 分钟内有效。",
        en: "Your code is {code}; it is good for {minutes} minutes."
    )

    private func send(
        _ world: SubjectWorld,
        _ id: SubjectID,
        _ language: Language = .chinese,
        code: String = "482913",
        ttlSeconds: Int64 = 300
    ) async throws -> MessageID {
        let channel: any MessageChannel = Outbox(vault: world.vault)
        return try await world.write { tx in
            let parameters = ["code": code, "minutes": "5"]
            return try channel.send(
                tx,
                Message(OutboxTests.code, to: id, at: .phone, parameters, in: language, ttlSeconds: ttlSeconds)
            )
        }
    }

    private func reveal(_ world: SubjectWorld, _ id: MessageID) async throws -> JSON {
        try await world.write { [vault = world.vault] tx in
            try Outbox.reveal(tx, vault, id, for: .customerService, reason: "转告", by: SubjectWorld.origin)
        }
    }

    @Test(arguments: Engine.allCases)
    func `a message lies there masked until somebody takes it`(engine: Engine) async throws {
        let world = try await SubjectWorld.open(engine)
        let id = try await world.person()
        let first = try await send(world, id)
        world.store.clock.advance(seconds: 1)
        let second = try await send(world, id, .english)
        let page = { try await world.read { [vault = world.vault] in try Outbox.page($0, vault, limit: 10) } }
        let listed = try await page()
        #expect(listed.map { $0["id"] } == [JSON(second), JSON(first)])
        #expect(listed[1]["recipient"] == ["field": "phone", "value": "138****5678"])
        #expect(listed.allSatisfy { $0["delivered_at"] == .null })
        #expect(!listed.contains { $0.members?.contains { $0.name == "text" } == true })
        #expect(try await world.reads(id).isEmpty)
        let shown = try await reveal(world, first)
        #expect(shown["text"] == "您的验证码是 482913，5 分钟内有效。")
        #expect(shown["recipient"]?["value"] == "13812345678")
        #expect(try await reveal(world, second)["text"] == "Your code is 482913; it is good for 5 minutes.")
        #expect(try await page().allSatisfy { $0["delivered_at"] != .null })
        #expect(try await world.reads(id).count == 4)
        world.store.clock.advance(seconds: 1)
        #expect(try await reveal(world, first)["delivered_at"] == shown["delivered_at"])
    }

    @Test(arguments: Engine.allCases)
    func `what a message says is nowhere in the store`(engine: Engine) async throws {
        let world = try await SubjectWorld.open(engine, in: .disk)
        let id = try await world.person()
        let message = try await send(world, id, code: "K7Q2-梧桐-M4XB")
        let bytes = try await world.store.backup()
        #expect(SubjectsAtRestTests.finds(message.text, in: bytes).contains("UTF-8"))
        for text in ["K7Q2-梧桐-M4XB", "您的验证码是"] { #expect(SubjectsAtRestTests.finds(text, in: bytes) == []) }
        try await world.store.database.close()
    }

    @Test(arguments: Engine.allCases)
    func `a message that has run out is shown to nobody, and goes`(engine: Engine) async throws {
        let world = try await SubjectWorld.open(engine)
        let id = try await world.person()
        let (short, long) = (try await send(world, id, ttlSeconds: 60), try await send(world, id, ttlSeconds: 600))
        world.store.clock.advance(seconds: 60)
        await #expect(throws: Failure.self) { _ = try await reveal(world, short) }
        #expect(try await world.reads(id).isEmpty)
        #expect(try await world.write { try Outbox.purge($0, limit: 10) } == 1)
        #expect(try await world.write { try Outbox.purge($0, limit: 10) } == 0)
        let left = try await world.read { [vault = world.vault] in try Outbox.page($0, vault, limit: 10) }
        #expect(left.map { $0["id"] } == [JSON(long)])
    }

    @Test(arguments: Engine.allCases)
    func `messages go with the person`(engine: Engine) async throws {
        let world = try await SubjectWorld.open(engine)
        let (id, other) = (try await world.person(), try await world.person())
        let (gone, kept) = (try await send(world, id), try await send(world, other))
        let holders = [OutboxHolder(vault: world.vault)]
        _ = try await world.write { try Subjects.erase($0, id, holders, reason: "本人申请", from: .system) }
        await #expect(throws: Failure.self) { _ = try await reveal(world, gone) }
        #expect(try await reveal(world, kept)["text"] != .null)
        await #expect(throws: Failure.self) { _ = try await send(world, id) }
    }

    @Test func `a text of one message does not open as that of another`() async throws {
        let world = try await SubjectWorld.open(.sqlite)
        let id = try await world.person()
        let (first, second) = (try await send(world, id), try await send(world, id))
        try await world.write { tx in
            _ = try tx.execute(
                """
                UPDATE outbox_message
                SET sealed = (SELECT sealed FROM outbox_message WHERE id = \(first.text))
                WHERE id = \(second.text)
                """
            )
        }
        await #expect(throws: (any Error).self) { _ = try await reveal(world, second) }
    }

    @Test func `a parameter without a place and a place without a parameter are defects`() async throws {
        let world = try await SubjectWorld.open(.sqlite)
        let id = try await world.person()
        for parameters in [["code": "1"], ["code": "1", "minutes": "5", "link": "x"], [:]] {
            await #expect(throws: StoredDataError.self) {
                try await world.write { [vault = world.vault] tx in
                    let message = Message(OutboxTests.code, to: id, at: .phone, parameters, ttlSeconds: 60)
                    _ = try Outbox(vault: vault).send(tx, message)
                }
            }
        }
        // A value is no template.
        let message = try await send(world, id, code: "{minutes}")
        #expect(try await reveal(world, message)["text"] == "您的验证码是 {minutes}，5 分钟内有效。")
    }
}
