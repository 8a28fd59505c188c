import Core
import Support
import Testing
import Web

@testable import Identity

@Suite struct APIKeyTests {
    @Test(arguments: Engine.allCases)
    func `a new key has the defaults of its organisation's kind`(engine: Engine) async throws {
        let world = try await World.open(engine)
        let dealer = try await world.organization()
        let (key, text) = try await world.key(for: dealer)
        #expect(key.scopes == OrganizationKind.dealer.defaultScopes)
        #expect(key.expiresAt == ManualClock.start.adding(seconds: 365 * 86_400))
        #expect(key.publicID == text.publicID && key.version == 1 && key.revokedAt == nil && key.lastUsedAt == nil)
        #expect(try await world.read { try APIKeys.get($0, key.id, of: dealer.id) } == key)
    }

    @Test func `it shows its secret once, and never again`() async throws {
        let world = try await World.open()
        let (key, text) = try await world.key(for: try await world.organization())
        #expect(key.json(showing: text)["secret"] == JSON(text.secret))
        let expected: JSON = [
            "id": JSON(key.id), "name": "主系统", "prefix": "chx_live_\(text.publicID)",
            "scopes": [
                "audit:read", "claims:read", "claims:write", "events:write", "listings:write", "organization:read",
                "warranties:write",
            ],
            "created_at": "2026-03-01T08:00:00.000Z", "expires_at": "2027-03-01T08:00:00.000Z", "revoked_at": nil,
            "last_used_at": nil,
        ]
        #expect(key.json == expected)
        let trail = try await world.trail(key.organization.text)
        #expect(!trail.contains { String(decoding: $0.bytes, as: UTF8.self).contains(text.secret) })
    }

    @Test func `scopes and expiry may be asked for`() async throws {
        let world = try await World.open()
        let latest = ManualClock.start.adding(seconds: 730 * 86_400)
        let draft = APIKey.Draft(name: "轮换", scopes: ["keys:write", "events:write"], expiresAt: latest)
        let (key, _) = try await world.key(for: try await world.organization(), draft)
        #expect(key.scopes == [.keysWrite, .eventsWrite] && key.expiresAt == latest)
    }

    @Test(arguments: OrganizationKind.allCases)
    func `a kind gets the scopes that it may have and no others`(kind: OrganizationKind) async throws {
        let world = try await World.open()
        let organization = try await world.organization(kind)
        for scope in Scope.allCases {
            let draft = APIKey.Draft(name: "一项", scopes: [scope.rawValue])
            if kind.allowedScopes.contains(scope) {
                #expect(try await world.key(for: organization, draft).key.scopes == [scope])
            } else {
                let refused = try await failure { try await world.key(for: organization, draft) }
                #expect(refused.type == .invalidRequest)
                #expect(refused.faults.map { "\($0.pointer) \($0.code)" } == ["/scopes/0 scope_not_allowed"])
            }
        }
    }

    @Test func `a key grants what it has itself and nothing more`() async throws {
        let world = try await World.open()
        let dealer = try await world.organization()
        let issuer = APIKeys.Issuer.holder(of: ["keys:write", "events:write"])
        let (key, _) = try await world.key(for: dealer, APIKey.Draft(name: "子", scopes: ["events:write"]), by: issuer)
        #expect(key.scopes == [.eventsWrite])
        let more = APIKey.Draft(name: "多", scopes: ["events:write", "audit:read"])
        let refused = try await failure { try await world.key(for: dealer, more, by: issuer) }
        #expect(refused.faults.map { "\($0.pointer) \($0.code)" } == ["/scopes/1 scope_not_held"])
        let defaults = try await failure { try await world.key(for: dealer, by: issuer) }
        #expect(defaults.faults.map { "\($0.pointer) \($0.code)" } == ["/scopes scope_not_held"])
    }

    @Test func `who issues depends on the role`() {
        let scopes: Set<String> = ["keys:write"]
        let admin = Principal(organization: "org_1", role: .admin, scopes: scopes, credential: "key_1")
        let dealer = Principal(organization: "org_1", role: .dealer, scopes: scopes, credential: "key_1")
        guard case .platform = APIKeys.Issuer(admin), case .holder(of: scopes) = APIKeys.Issuer(dealer) else {
            Issue.record("an issuer is taken for another")
            return
        }
    }

    @Test func `faults of scopes and expiry are named together`() async throws {
        let world = try await World.open()
        let dealer = try await world.organization()
        let draft = APIKey.Draft(
            name: "错",
            scopes: ["events:write", "events:write", "no:such"],
            expiresAt: ManualClock.start
        )
        let refused = try await failure { try await world.key(for: dealer, draft) }
        let faults = refused.faults.map { "\($0.pointer) \($0.code)" }
        #expect(faults == ["/scopes/1 duplicate", "/scopes/2 scope_not_allowed", "/expires_at out_of_range"])
    }

    @Test(arguments: [(-1, false), (0, false), (1, true), (730 * 86_400, true), (730 * 86_400 + 1, false)])
    func `a key ends in the future, and within two years`(seconds: Int64, isAllowed: Bool) async throws {
        let world = try await World.open()
        let dealer = try await world.organization()
        let draft = APIKey.Draft(name: "期限", expiresAt: ManualClock.start.adding(seconds: seconds))
        if isAllowed {
            #expect(try await world.key(for: dealer, draft).key.expiresAt == draft.expiresAt)
        } else {
            #expect(try await failure { try await world.key(for: dealer, draft) }.type == .invalidRequest)
        }
    }

    @Test func `an organisation has a hundred working keys and no more`() async throws {
        let world = try await World.open()
        let dealer = try await world.organization()
        let first = try await world.key(for: dealer).key
        try await world.write { tx in
            for _ in 1..<APIKey.activeMaximum {
                _ = try APIKeys.create(
                    tx,
                    for: dealer,
                    APIKey.Draft(name: "批量"),
                    by: .platform,
                    pepper: World.pepper,
                    from: .system
                )
            }
        }
        #expect(try await failure { try await world.key(for: dealer) }.type == .tooManyKeys)
        _ = try await world.revoke(first)
        _ = try await world.key(for: dealer)
        world.clock.advance(seconds: 366 * 86_400)
        _ = try await world.key(for: dealer)
    }

    // MARK: Revocation

    @Test(arguments: Engine.allCases)
    func `a revocation is a fact with its time, and done once`(engine: Engine) async throws {
        let world = try await World.open(engine)
        let (key, _) = try await world.key(for: try await world.organization())
        world.clock.advance(seconds: 5)
        let revoked = try await world.revoke(key)
        #expect(revoked.revokedAt == world.clock.now() && revoked.version == 2)
        #expect(revoked.entityTag != key.entityTag)
        world.clock.advance(seconds: 5)
        let again = try await world.write { tx in
            try APIKeys.revoke(tx, key.id, of: key.organization, from: .system) { _ in
                throw Failure(.preconditionFailed)
            }
        }
        #expect(again == revoked)
        let actions = try await world.trail(key.organization.text).map { $0["action"]?.stringValue }
        #expect(actions == ["organization.create", "key.create", "key.revoke"])
    }

    @Test func `a revocation is held to the version that the caller knows`() async throws {
        let world = try await World.open()
        let (key, _) = try await world.key(for: try await world.organization())
        let refused = try await failure {
            try await world.write { tx in
                try APIKeys.revoke(tx, key.id, of: key.organization, from: .system) { tag in
                    #expect(tag == key.entityTag)
                    throw Failure(.preconditionFailed)
                }
            }
        }
        #expect(refused.type == .preconditionFailed)
        #expect(try await world.read { try APIKeys.get($0, key.id, of: key.organization) } == key)
    }

    @Test func `another organisation's key is not found`() async throws {
        let world = try await World.open()
        let (key, _) = try await world.key(for: try await world.organization())
        let other = try await world.organization(.insurer)
        let get = try await failure { try await world.read { try APIKeys.get($0, key.id, of: other.id) } }
        let revoke = try await failure {
            try await world.write { try APIKeys.revoke($0, key.id, of: other.id, from: .system) { _ in } }
        }
        let unknown = try await failure {
            try await world.read { try APIKeys.get($0, APIKeyID(at: ManualClock.start), of: other.id) }
        }
        #expect(get == Failure(.notFound) && revoke == get && unknown == get)
    }

    // MARK: Last use

    @Test(arguments: Engine.allCases)
    func `a use is noted once an hour, and is no change`(engine: Engine) async throws {
        let world = try await World.open(engine)
        let (key, _) = try await world.key(for: try await world.organization())
        let noted = { (instant: Instant) in
            try await world.write { tx in
                try APIKeys.noteUses(tx, [key.id.text: instant, "key_unknown": instant])
                return try APIKeys.get(tx, key.id, of: key.organization)
            }
        }
        let start = ManualClock.start
        #expect(try await noted(start).lastUsedAt == start)
        #expect(try await noted(start.adding(seconds: 3599)).lastUsedAt == start)
        let later = try await noted(start.adding(seconds: 3600))
        #expect(later.lastUsedAt == start.adding(seconds: 3600) && later.version == 1)
        #expect(try await noted(start).lastUsedAt == start.adding(seconds: 3600))
    }
}

@Suite struct APIKeyRequestTests {
    @Test func `a name is enough`() throws {
        #expect(try APIKey.Draft(reading: ["name": "主系统"]) == APIKey.Draft(name: "主系统"))
    }

    @Test func `scopes and expiry are read, the expiry to the millisecond`() throws {
        let draft = try APIKey.Draft(
            reading: ["name": "轮换", "scopes": ["events:write"], "expires_at": "2026-09-01T00:00:00.1239+08:00"]
        )
        #expect(draft.scopes == ["events:write"])
        #expect(draft.expiresAt == Instant(rfc3339: "2026-08-31T16:00:00.123Z"))
    }

    @Test func `every fault is named at once`() async throws {
        let body: JSON = ["scopes": ["events:write", 7, nil], "expires_at": "2026-09-01T00:00:00", "secret": "x"]
        let refused = try await failure { try APIKey.Draft(reading: body) }
        let faults = refused.faults.map { "\($0.pointer) \($0.code)" }
        #expect(
            faults.sorted() == [
                "/expires_at time_format", "/name required", "/scopes/1 wrong_type", "/scopes/2 wrong_type",
                "/secret unknown_member",
            ]
        )
    }

    @Test func `no scopes at all is not a wish for the defaults`() async throws {
        let refused = try await failure { try APIKey.Draft(reading: ["name": "空", "scopes": []]) }
        #expect(refused.faults.map(\.pointer) == ["/scopes"])
    }
}

extension World {
    func revoke(_ key: APIKey) async throws -> APIKey {
        try await write { tx in try APIKeys.revoke(tx, key.id, of: key.organization, from: .system) { _ in } }
    }
}
