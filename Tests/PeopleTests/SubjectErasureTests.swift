import Core
import Cryptography
import Identity
import People
import Storage
import Support
import Testing
import Web

@Suite struct SubjectErasureTests {
    private func problem(_ body: () async throws -> Void) async throws -> Failure? {
        do {
            try await body()
        } catch let failure as Failure {
            return failure
        }
        return nil
    }

    private func erase(_ world: SubjectWorld, _ id: SubjectID) async throws -> Subject {
        let holders = [OutboxHolder(vault: world.vault)]
        return try await world.write { try Subjects.erase($0, id, holders, reason: "本人申请", from: SubjectWorld.origin) }
    }

    private func place(_ world: SubjectWorld, _ id: SubjectID) async throws -> SubjectHold {
        try await world.write { tx in
            try SubjectHolds.place(tx, on: id, reason: "理赔未结", legalBasis: "电子商务法第三十一条", from: SubjectWorld.origin)
        }
    }

    @Test(arguments: Engine.allCases)
    func `a person who was erased has nothing, and nothing can be put there any more`(engine: Engine) async throws {
        let world = try await SubjectWorld.open(engine)
        let vault = world.vault
        let (id, other) = (try await world.person(), try await world.person([.name: "张伟"]))
        let sealed = try await world.write { try vault.seal($0, "短信", of: id, as: "test.text") }
        world.store.clock.advance(seconds: 60)
        let subject = try await erase(world, id)
        #expect(subject.erasedAt == world.store.clock.now())
        #expect(try await world.values(id) == [:])
        #expect(try await world.read { try vault.masked($0, [id]) } == [id: [:]])
        #expect(try await world.read { try vault.find($0, .phone, equal: "13812345678") }.isEmpty)
        let opened = try await world.write { tx in
            try vault.open(tx, sealed, of: id, as: "test.text", for: .dispute, by: SubjectWorld.origin)
        }
        #expect(opened == nil)
        for attempt: @Sendable (any Transaction) throws -> Void in [
            { try vault.put($0, id, [.name: "张伟"]) }, { _ = try vault.seal($0, "短信", of: id, as: "test.text") },
        ] {
            #expect(try await problem { try await world.write(attempt) }?.type == .subjectErased)
        }
        // Reads of what is not there any more are logged, too.
        #expect(try await world.reads(id).count == 2)
        #expect(try await world.values(other) == [.name: "张伟"])
        world.store.clock.advance(seconds: 60)
        #expect(try await erase(world, id) == subject)
    }

    @Test(arguments: Engine.allCases)
    func `nothing is erased while a hold stands, and each is named`(engine: Engine) async throws {
        let world = try await SubjectWorld.open(engine)
        let id = try await world.person()
        let holds = [try await place(world, id), try await place(world, id)]
        let refusal = try #require(try await problem { _ = try await erase(world, id) })
        #expect(refusal.type == .legalHold)
        #expect(Set(refusal.faults.map(\.detail.en)) == Set(holds.map { "The hold \($0.id) stands" }))
        for hold in holds {
            let released = try await world.write { tx in
                try SubjectHolds.release(tx, hold.id, of: id, reason: "已结案", from: SubjectWorld.origin)
            }
            #expect(released.release?.reason == "已结案")
            #expect(try await world.values(id) == SubjectWorld.person)
            if hold == holds[0] { #expect(try await problem { _ = try await erase(world, id) }?.faults.count == 1) }
        }
        #expect(try await erase(world, id).isErased)
    }

    @Test(arguments: Engine.allCases)
    func `a hold is released once, and by its own person's name`(engine: Engine) async throws {
        let world = try await SubjectWorld.open(engine)
        let (id, other) = (try await world.person(), try await world.person())
        let hold = try await place(world, id)
        let release = { @Sendable (subject: SubjectID, hold: SubjectHoldID) in
            try await world.write { tx in
                _ = try SubjectHolds.release(tx, hold, of: subject, reason: "已结案", from: SubjectWorld.origin)
            }
        }
        #expect(try await problem { try await release(other, hold.id) }?.type == .notFound)
        #expect(try await problem { try await release(id, SubjectHoldID(at: ManualClock.start)) }?.type == .notFound)
        try await release(id, hold.id)
        #expect(try await problem { try await release(id, hold.id) }?.type == .holdReleased)
    }

    @Test(arguments: Engine.allCases)
    func `an export has every value, every hold and every read, its own first`(engine: Engine) async throws {
        let world = try await SubjectWorld.open(engine)
        let vault = world.vault
        let id = try await world.person()
        let hold = try await place(world, id)
        _ = try await world.values(id)
        let kind = MessageKind("note", zh: "编号 {number}", en: "Number {number}")
        let holders = [OutboxHolder(vault: vault)]
        let document = try await world.write { tx in
            _ = try Outbox(vault: vault).send(
                tx,
                Message(kind, to: id, at: .email, ["number": "7"], ttlSeconds: 60)
            )
            return try Subjects.export(tx, vault, id, holders, reason: "本人申请", from: SubjectWorld.origin)
        }
        let values = SubjectWorld.person.map { JSON.Member($0.key.rawValue, JSON($0.value)) }
        #expect(Set(document["values"]?.members ?? []) == Set(values))
        #expect(document["holds"]?.arrayValue?.map { $0["id"] } == [JSON(hold.id)])
        #expect(document["reads"]?.arrayValue?.map { $0["purpose"] } == ["subject_request", "claim_handling"])
        #expect(document["held"]?["outbox"]?.arrayValue?.first?["recipient"]?["value"] == "r***@example.com")
    }

    @Test func `a text that says again what is sealed is noticed, however it is written`() async throws {
        let world = try await SubjectWorld.open(.sqlite)
        let id = try await world.person()
        for (text, isNamed) in [
            ("回访欧阳若曦禾", true), ("电话 138-1234-5678", true), ("证件１１０１０５１９９００３０７８８７９", true),
            ("住 北京市朝阳区梧桐里甲七号", true), ("卡 6222 0212 3456 7890 123", true), ("京A·12345 的车主", true),
            ("回访第 204 号理赔", false), ("1381234", false), ("欧阳", false), ("", false),
        ] {
            let found = try await world.read { [vault = world.vault] in try vault.isNamed($0, id, in: text) }
            #expect(found == isNamed, "\(text)")
        }
    }
}
