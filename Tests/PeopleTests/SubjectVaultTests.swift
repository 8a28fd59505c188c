import Core
import Cryptography
import Identity
import People
import Storage
import Support
import Testing
import Web

@Suite struct SubjectVaultTests {
    private static let nobody = SubjectID(at: ManualClock.start)

    private func problem(_ body: () async throws -> Void) async throws -> ProblemType? {
        do {
            try await body()
        } catch let failure as Failure {
            return failure.type
        }
        return nil
    }

    @Test(arguments: Engine.allCases)
    func `what is put in comes out, and is logged`(engine: Engine) async throws {
        let world = try await SubjectWorld.open(engine)
        let id = try await world.person()
        #expect(try await world.values(id) == SubjectWorld.person)
        let name = try await world.write { [vault = world.vault] tx in
            try vault.read(tx, id, [.name], for: .legalRequest, reason: "来函", by: SubjectWorld.origin)
        }
        #expect(name == [.name: "欧阳若曦禾"])
        let all = PersonalField.allCases.map(\.rawValue).sorted().joined(separator: " ")
        #expect(
            try await world.reads(id) == [
                Row([
                    .integer(1), .text(all), .text("claim_handling"), .null, .text("org_1"), .text("key_1"),
                    .text("request-1"),
                ]),
                Row([
                    .integer(2), .text("name"), .text("legal_request"), .text("来函"), .text("org_1"), .text("key_1"),
                    .text("request-1"),
                ]),
            ]
        )
    }

    @Test(arguments: Engine.allCases)
    func `nothing is read where nothing can be logged`(engine: Engine) async throws {
        let world = try await SubjectWorld.open(engine)
        let id = try await world.person()
        await #expect(throws: (any Error).self) {
            _ = try await world.read { [vault = world.vault] tx in
                try vault.read(tx, id, [.name], for: .payment, by: SubjectWorld.origin)
            }
        }
        #expect(try await world.reads(id) == [])
    }

    @Test(arguments: Engine.allCases)
    func `a read whose transaction fails leaves no line, and gave nothing out`(engine: Engine) async throws {
        let world = try await SubjectWorld.open(engine)
        let id = try await world.person()
        await #expect(throws: Failure.self) {
            try await world.write { [vault = world.vault] tx in
                _ = try vault.use(tx, id, .phone)
                throw Failure(.notFound)
            }
        }
        #expect(try await world.reads(id) == [])
        let phone = try await world.write { [vault = world.vault] in try vault.use($0, id, .phone) }
        #expect(phone == "13812345678")
        let line = try #require(try await world.reads(id).first)
        #expect([line[1], line[2], line[5]] == [.text("phone"), .text("delivery"), .null])
    }

    @Test(arguments: Engine.allCases)
    func `fields are set, changed and removed one by one`(engine: Engine) async throws {
        let world = try await SubjectWorld.open(engine)
        let id = try await world.person([.name: "张伟", .phone: "13812345678"])
        let changes: [PersonalField: String?] = [.phone: "13900000000", .name: nil, .plate: "沪B99999", .email: nil]
        try await world.write { [vault = world.vault] in try vault.put($0, id, changes) }
        #expect(try await world.values(id) == [.phone: "13900000000", .plate: "沪B99999"])
        let found = try await world.read { [vault = world.vault] tx in
            try ["13812345678", "+86 139 0000 0000"].map { try vault.find(tx, .phone, equal: $0) }
        }
        #expect(found == [[], [id]])
    }

    @Test(arguments: Engine.allCases)
    func `masks need no line, and show no value`(engine: Engine) async throws {
        let world = try await SubjectWorld.open(engine)
        let (id, other) = (try await world.person(), try await world.person([.name: "张伟"]))
        let shown = try await world.read { [vault = world.vault] tx in
            try vault.masked(tx, [id, SubjectVaultTests.nobody, other])
        }
        #expect(shown[other] == [.name: "张*"])
        #expect(
            shown[id] == [
                .name: "欧****", .phone: "138****5678", .email: "r***@example.com",
                .residentID: "110***********8879", .address: "****", .bankCard: "**** **** **** 0123",
                .plate: "京A***45",
            ]
        )
        #expect(shown.count == 2)
        let one = try await world.read { [vault = world.vault] in try vault.masked($0, [id], [.phone]) }
        #expect(one == [id: [.phone: "138****5678"]])
        #expect(try await world.reads(id) == [])
    }

    @Test(arguments: Engine.allCases)
    func `a value is found however it is written, and nothing else is`(engine: Engine) async throws {
        let world = try await SubjectWorld.open(engine)
        let (id, twin) = (try await world.person(), try await world.person())
        _ = try await world.person([.phone: "13800000000", .name: "张伟"])
        let table: [(PersonalField, String, [SubjectID])] = [
            (.phone, "13812345678", [id, twin]), (.phone, "+86-138-1234-5678", [id, twin]), (.phone, "1381234567", []),
            (.email, "RUOXI.Ouyang@Example.COM", [id, twin]), (.residentID, "110105199003078879", [id, twin]),
            (.plate, "京A·12345", [id, twin]), (.name, " 欧阳若曦禾", [id, twin]), (.name, "", []), (.phone, "--", []),
            // Of another kind, and not searched at all.
            (.email, "13812345678", []), (.address, "北京市朝阳区梧桐里甲七号", []), (.bankCard, "6222021234567890123", []),
        ]
        for (field, text, expected) in table {
            let found = try await world.read { [vault = world.vault] in try vault.find($0, field, equal: text) }
            #expect(Set(found) == Set(expected), "\(field) \(text)")
            #expect(found == found.sorted())
        }
    }

    @Test(arguments: Engine.allCases)
    func `a name that very many bear gives the first of them`(engine: Engine) async throws {
        let world = try await SubjectWorld.open(engine)
        let count = SubjectVault.findMaximum + 30
        let made = try await world.write { [vault = world.vault] tx in
            try (0..<count).map { _ in try vault.create(tx, [.name: "张伟"]) }
        }
        let found = try await world.read { [vault = world.vault] in try vault.find($0, .name, equal: "张 伟") }
        #expect(found == Array(made.sorted().prefix(SubjectVault.findMaximum)))
    }

    /// The index is cut short: another value with the same one is told apart by what was sealed.
    @Test func `what shares an index only is not found`() async throws {
        let world = try await SubjectWorld.open(.sqlite)
        let id = try await world.person([.phone: "13812345678"])
        let blind = SubjectWorld.index.index(of: "13900000000", .phone)
        try await world.write { tx in
            _ = try tx.execute("UPDATE subject_value SET blind = \(blind) WHERE subject = \(id.text)")
        }
        let found = try await world.read { [vault = world.vault] in try vault.find($0, .phone, equal: "13900000000") }
        #expect(found == [])
    }

    @Test(arguments: Engine.allCases)
    func `texts of other slices are sealed with the person, and open in their own place`(engine: Engine) async throws {
        let world = try await SubjectWorld.open(engine)
        let (id, other) = (try await world.person(), try await world.person())
        let vault = world.vault
        let sealed = try await world.write { try vault.seal($0, "验证码 482913", of: id, as: "test.content") }
        let open = { @Sendable (tx: any Transaction, id: SubjectID, label: String) in
            try vault.open(tx, sealed, of: id, as: label, for: .dispute, reason: "核对", by: SubjectWorld.origin)
        }
        #expect(try await world.write { try open($0, id, "test.content") } == "验证码 482913")
        let line = try #require(try await world.reads(id).last)
        #expect([line[1], line[2], line[3]] == [.text("test.content"), .text("dispute"), .text("核对")])
        await #expect(throws: CryptographyError.notAuthentic) {
            try await world.write { try open($0, other, "test.content") }
        }
        await #expect(throws: CryptographyError.notAuthentic) {
            try await world.write { try open($0, id, "test.other") }
        }
    }

    @Test(arguments: Engine.allCases)
    func `who is not known is not found`(engine: Engine) async throws {
        let world = try await SubjectWorld.open(engine)
        let (vault, id) = (world.vault, SubjectVaultTests.nobody)
        let attempts: [@Sendable (any Transaction) throws -> Void] = [
            { _ = try vault.read($0, id, [.name], for: .payment, by: .system) }, { _ = try vault.use($0, id, .phone) },
            { try vault.put($0, id, [.name: "张伟"]) }, { _ = try vault.seal($0, "a", of: id, as: "b") },
            { _ = try vault.open($0, [1], of: id, as: "b", for: .payment, by: .system) },
        ]
        for attempt in attempts {
            #expect(try await problem { try await world.write(attempt) } == .notFound)
        }
    }

    @Test func `a value that was moved to another person or field does not open`() async throws {
        let world = try await SubjectWorld.open(.sqlite)
        let (id, other) = (try await world.person(), try await world.person([.name: "张伟", .email: "a@b.cn"]))
        for change: SQL in [
            """
            UPDATE subject_value
            SET sealed = (SELECT sealed FROM subject_value WHERE subject = \(id.text) AND field = 'name')
            WHERE subject = \(other.text) AND field = 'name'
            """,
            """
            UPDATE subject_value
            SET sealed = (SELECT sealed FROM subject_value WHERE subject = \(other.text) AND field = 'email')
            WHERE subject = \(other.text) AND field = 'name'
            """,
            """
            UPDATE subject
            SET wrapped_key = (SELECT wrapped_key FROM subject WHERE id = \(id.text))
            WHERE id = \(other.text)
            """,
        ] {
            await #expect(throws: CryptographyError.notAuthentic) {
                try await world.write { [vault = world.vault] tx in
                    try tx.execute(change)
                    _ = try vault.read(tx, other, [.name], for: .payment, by: .system)
                }
            }
        }
        #expect(try await world.values(other) == [.name: "张伟", .email: "a@b.cn"])
    }

    /// Errors end up in logs.
    @Test func `an error tells nothing of a value`() async throws {
        let world = try await SubjectWorld.open(.sqlite)
        let id = try await world.person()
        let stranger = SubjectWorld.vault(current: "k2")
        var texts: [String] = []
        for attempt: @Sendable (any Transaction) throws -> Void in [
            { _ = try stranger.read($0, id, [.name, .phone], for: .payment, by: .system) },
            { try stranger.put($0, id, [.name: "欧阳若曦禾", .phone: "13812345678"]) },
            { _ = try stranger.find($0, .phone, equal: "13812345678") }, { _ = try stranger.masked($0, [id]) },
            { try stranger.put($0, SubjectVaultTests.nobody, [.name: "欧阳若曦禾", .phone: "13812345678"]) },
        ] {
            do {
                try await world.write(attempt)
                Issue.record("nothing was refused")
            } catch {
                texts += ["\(error)", String(reflecting: error)]
            }
        }
        #expect(texts.count == 10)
        for text in texts { #expect(!text.contains("欧阳") && !text.contains("138"), "\(text)") }
    }
}
