import Core
import Support
import Testing
import Web

@testable import Identity

@Suite struct OrganizationTests {
    @Test(arguments: Engine.allCases)
    func `a new organisation is stored as it was answered`(engine: Engine) async throws {
        let world = try await World.open(engine)
        let made = try await world.organization(.workshop, "城南汽修")
        let read = try await world.read { try Organizations.get($0, made.id) }
        #expect(read == made)
        #expect(made.kind == .workshop && made.version == 1 && made.createdAt == ManualClock.start)
        #expect(made.suspension == nil && !made.signaturesRequired)
    }

    @Test func `it shows itself in the documented members`() async throws {
        let world = try await World.open()
        let made = try await world.organization()
        let expected: JSON = [
            "id": JSON(made.id), "kind": "dealer", "name": "诚信二手车", "uscc": JSON(World.creditCodes[0]),
            "signatures_required": false, "status": "active", "suspended_at": nil, "suspension_reason": nil,
            "created_at": "2026-03-01T08:00:00.000Z",
        ]
        #expect(made.json == expected)
    }

    @Test(arguments: Engine.allCases)
    func `a credit code is taken once for each kind`(engine: Engine) async throws {
        let world = try await World.open(engine)
        let first = try await world.organization(.dealer)
        let refused = try await failure { try await world.organization(.dealer, "另一家") }
        #expect(refused.type == .organizationExists)
        #expect(refused.faults.map(\.pointer) == ["/uscc"])
        world.clock.advance(milliseconds: 1)
        let second = try await world.organization(.workshop)
        #expect(first.id != second.id)
        #expect(try await world.read { try Organizations.page($0, after: "", limit: 10) } == [first, second])
    }

    @Test(arguments: Engine.allCases)
    func `there is one platform`(engine: Engine) async throws {
        let world = try await World.open(engine)
        let platform = try await world.organization(.platform, "平台")
        #expect(platform.uscc == nil && platform.json["uscc"] == .null)
        #expect(try await world.write { try Organizations.createPlatform($0, name: "又一个") } == nil)
        #expect(try await world.read { try Organizations.platform($0) } == platform.id)
    }

    @Test(arguments: Engine.allCases)
    func `a patch changes what it names, and the version with it`(engine: Engine) async throws {
        let world = try await World.open(engine)
        let made = try await world.organization()
        let renamed = try await world.update(made.id, ["name": "诚信名车"])
        #expect(renamed.name == "诚信名车" && !renamed.signaturesRequired && renamed.version == 2)
        let signed = try await world.update(made.id, ["signatures_required": true])
        #expect(signed.name == "诚信名车" && signed.signaturesRequired && signed.version == 3)
        #expect(try await world.read { try Organizations.get($0, made.id) } == signed)
        #expect(Set([made, renamed, signed].map(\.entityTag)).count == 3)
    }

    @Test(arguments: Engine.allCases)
    func `a patch that changes nothing leaves version, tag and trail alone`(engine: Engine) async throws {
        let world = try await World.open(engine)
        let made = try await world.organization()
        #expect(try await world.update(made.id, ["name": JSON(made.name), "signatures_required": false]) == made)
        #expect(try await world.update(made.id, [:]) == made)
        #expect(try await world.trail(made.id.text).count == 1)
    }

    @Test(arguments: Engine.allCases)
    func `the precondition is asked with the current tag before anything changes`(engine: Engine) async throws {
        let world = try await World.open(engine)
        let made = try await world.organization()
        let refused = try await failure {
            try await world.write { tx in
                let patch = try Organization.Patch(reading: ["name": "改名"], mayRename: true)
                return try Organizations.update(tx, made.id, patch, from: .system) { tag in
                    #expect(tag == made.entityTag)
                    throw Failure(.preconditionFailed)
                }
            }
        }
        #expect(refused.type == .preconditionFailed)
        #expect(try await world.read { try Organizations.get($0, made.id) } == made)
    }

    @Test func `an unknown organisation is not found by any verb`() async throws {
        let world = try await World.open()
        let id = OrganizationID(at: ManualClock.start)
        #expect(try await failure { try await world.read { try Organizations.get($0, id) } }.type == .notFound)
        #expect(try await failure { try await world.update(id, ["name": "改名"]) }.type == .notFound)
        #expect(try await failure { try await world.suspend(id) }.type == .notFound)
        #expect(try await failure { try await world.reinstate(id) }.type == .notFound)
    }

    // MARK: Suspension

    @Test(arguments: Engine.allCases)
    func `a suspension is a fact with its time and its reason, and can be lifted`(engine: Engine) async throws {
        let world = try await World.open(engine)
        let made = try await world.organization()
        world.clock.advance(seconds: 60)
        let suspended = try await world.suspend(made.id, "证照过期")
        #expect(suspended.suspension == .init(since: world.clock.now(), reason: "证照过期"))
        #expect(suspended.json["status"] == "suspended" && suspended.json["suspension_reason"] == "证照过期")
        #expect(suspended.json["suspended_at"] == "2026-03-01T08:01:00.000Z")
        world.clock.advance(seconds: 60)
        #expect(try await world.suspend(made.id, "另一个原因") == suspended)
        let lifted = try await world.reinstate(made.id)
        #expect(lifted.suspension == nil && lifted.json["status"] == "active")
        #expect(try await world.reinstate(made.id) == lifted)
        #expect(try await world.read { try Organizations.get($0, made.id) } == lifted)
        #expect(lifted.version == 3)
    }

    @Test func `the platform cannot shut itself out`() async throws {
        let world = try await World.open()
        let platform = try await world.organization(.platform)
        #expect(try await failure { try await world.suspend(platform.id) }.type == .platformNotSuspendable)
    }

    @Test func `every change leaves a record of who did what to whom`() async throws {
        let world = try await World.open()
        let made = try await world.organization()
        _ = try await world.update(made.id, ["name": "新名", "signatures_required": true])
        _ = try await world.suspend(made.id, "证照过期")
        _ = try await world.reinstate(made.id)
        let trail = try await world.trail(made.id.text)
        #expect(
            trail.map { $0["action"]?.stringValue } == [
                "organization.create", "organization.update", "organization.suspend", "organization.suspend",
            ]
        )
        #expect(trail.allSatisfy { $0["subject"] == JSON(made.id) && $0["outcome"] == "done" })
        #expect(trail[0]["detail"] == ["kind": "dealer", "name": "诚信二手车", "uscc": JSON(World.creditCodes[0])])
        #expect(
            trail[1]["detail"] == ["name": ["from": "诚信二手车", "to": "新名"], "signatures_required": true]
        )
        #expect(trail[2]["detail"] == ["reason": "证照过期", "suspended": true])
        #expect(trail[3]["detail"] == ["suspended": false])
        #expect(try await world.verdict(made.id.text) == .intact(records: 4))
    }
}

@Suite struct OrganizationRequestTests {
    private static let good: JSON = ["kind": "dealer", "name": "诚信二手车", "uscc": "91350100M000100Y43"]

    @Test func `a complete request is read`() throws {
        let draft = try Organization.Draft(reading: OrganizationRequestTests.good)
        #expect(draft.kind == .dealer && draft.name == "诚信二手车" && draft.uscc.text == "91350100M000100Y43")
    }

    @Test func `every fault is named at once`() async throws {
        let refused = try await failure {
            try Organization.Draft(reading: ["kind": "bank", "name": "", "uscc": "91350100M000100Y44", "id": "org_1"])
        }
        #expect(refused.type == .invalidRequest)
        let faults = refused.faults.map { "\($0.pointer) \($0.code)" }
        #expect(faults.sorted() == ["/id unknown_member", "/kind not_allowed", "/name length", "/uscc check_digit"])
    }

    @Test(arguments: ["kind", "name", "uscc"])
    func `no member may be missing`(name: String) async throws {
        let members = (OrganizationRequestTests.good.members ?? []).filter { $0.name != name }
        let refused = try await failure { try Organization.Draft(reading: .object(members)) }
        #expect(refused.faults.map(\.pointer) == ["/\(name)"])
    }

    @Test(arguments: [
        "", "   ", "\u{3000}", "两行\n名称", "制表\u{7}符", String(repeating: "长", count: 101),
    ])
    func `a name is one line of 1 to 100 characters that can be seen`(name: String) async throws {
        let body: JSON = ["kind": "dealer", "name": JSON(name), "uscc": "91350100M000100Y43"]
        let refused = try await failure { try Organization.Draft(reading: body) }
        #expect(refused.faults.map(\.pointer) == ["/name"])
    }

    @Test func `a name of 100 characters is read`() throws {
        let name = String(repeating: "长", count: 100)
        #expect(try Organization.Patch(reading: ["name": JSON(name)], mayRename: true).name == name)
    }

    @Test func `nobody makes a second platform`() async throws {
        let body: JSON = ["kind": "platform", "name": "平台", "uscc": "91350100M000100Y43"]
        let refused = try await failure { try Organization.Draft(reading: body) }
        #expect(refused.faults.map(\.pointer) == ["/kind"])
    }

    @Test(arguments: ["id", "kind", "uscc", "status", "suspended_at", "suspension_reason", "created_at"])
    func `a patch of a read-only member is refused by name`(member: String) async throws {
        let refused = try await failure {
            try Organization.Patch(reading: .object([JSON.Member(member, "x")]), mayRename: true)
        }
        #expect(refused.type == .readOnlyField)
        #expect(
            refused.faults == [Fault("/\(member)", "read_only_field", zh: "只读成员，不能修改", en: "The member is read-only")]
        )
    }

    @Test func `only the platform renames`() async throws {
        #expect(try Organization.Patch(reading: ["name": "新名"], mayRename: true).name == "新名")
        let refused = try await failure { try Organization.Patch(reading: ["name": "新名"], mayRename: false) }
        #expect(refused.type == .readOnlyField && refused.faults.map(\.pointer) == ["/name"])
        let patch = try Organization.Patch(reading: ["signatures_required": true], mayRename: false)
        #expect(patch.signaturesRequired == true && patch.name == nil)
    }

    @Test func `a patch names its faults together`() async throws {
        let body: JSON = ["name": nil, "signatures_required": "yes", "colour": "red"]
        let refused = try await failure { try Organization.Patch(reading: body, mayRename: true) }
        #expect(refused.type == .invalidRequest)
        let faults = refused.faults.map { "\($0.pointer) \($0.code)" }
        #expect(faults.sorted() == ["/colour unknown_member", "/name required", "/signatures_required wrong_type"])
    }

    @Test(arguments: [JSON.null, [], "text", 7])
    func `a body that is no object is refused`(body: JSON) async throws {
        #expect(try await failure { try Organization.Draft(reading: body) }.type == .invalidRequest)
        #expect(try await failure { try Organization.Patch(reading: body, mayRename: true) }.type == .invalidRequest)
    }
}

extension World {
    func update(_ id: OrganizationID, _ patch: JSON) async throws -> Organization {
        try await write { tx in
            let patch = try Organization.Patch(reading: patch, mayRename: true)
            return try Organizations.update(tx, id, patch, from: .system) { _ in }
        }
    }

    func suspend(_ id: OrganizationID, _ reason: String = "证照过期") async throws -> Organization {
        try await write { tx in try Organizations.suspend(tx, id, reason: reason, from: .system) { _ in } }
    }

    func reinstate(_ id: OrganizationID) async throws -> Organization {
        try await write { tx in try Organizations.reinstate(tx, id, from: .system) { _ in } }
    }
}
