import Core
import Cryptography
import Support
import Testing
import Web

@testable import Identity

@Suite struct SigningKeyTests {
    @Test(arguments: Engine.allCases)
    func `a registered key is found by identifier and by organisation`(engine: Engine) async throws {
        let world = try await World.open(engine)
        let dealer = try await world.organization()
        let key = try await world.signingKey(for: dealer, 1)
        #expect(key.organization == dealer.id && key.version == 1 && key.revokedAt == nil)
        #expect(try await world.read { try SigningKeys.find($0, id: key.id.text) } == key)
        #expect(try await world.read { try SigningKeys.active($0, organization: dealer.id.text) } == [key])
        #expect(try await world.read { try SigningKeys.find($0, id: "sgk_unknown") } == nil)
        #expect(try await world.read { try SigningKeys.active($0, organization: "org_unknown") }.isEmpty)
    }

    @Test func `it shows itself in the documented members`() async throws {
        let world = try await World.open()
        let key = try await world.signingKey(for: try await world.organization(), 1)
        let expected: JSON = [
            "id": JSON(key.id), "name": "门店一号", "algorithm": "ed25519",
            "public_key": JSON(Base64.encode(key.publicKey.bytes)), "created_at": "2026-03-01T08:00:00.000Z",
            "revoked_at": nil,
        ]
        #expect(key.json == expected)
    }

    @Test(arguments: Engine.allCases)
    func `a revoked key signs no more, and is still found for what it signed`(engine: Engine) async throws {
        let world = try await World.open(engine)
        let dealer = try await world.organization()
        let old = try await world.signingKey(for: dealer, 1)
        let new = try await world.signingKey(for: dealer, 2)
        world.clock.advance(seconds: 9)
        let revoked = try await world.revoke(old)
        #expect(revoked.revokedAt == world.clock.now() && revoked.version == 2)
        #expect(try await world.read { try SigningKeys.active($0, organization: dealer.id.text) } == [new])
        #expect(try await world.read { try SigningKeys.find($0, id: old.id.text) } == revoked)
        world.clock.advance(seconds: 9)
        #expect(try await world.revoke(old) == revoked)
    }

    @Test(arguments: Engine.allCases)
    func `submissions are held to the demand and the working keys of their source`(engine: Engine) async throws {
        let world = try await World.open(engine)
        let dealer = try await world.organization()
        let key = try await world.signingKey(for: dealer, 1)
        _ = try await world.revoke(try await world.signingKey(for: dealer, 2))
        let standing = { try await world.read { try SigningKeys.standing($0, organization: dealer.id.text) } }
        #expect(try await standing() == .init(signaturesRequired: false, active: [key.id.text: key.publicKey]))
        _ = try await world.update(dealer.id, ["signatures_required": true])
        #expect(try await standing() == .init(signaturesRequired: true, active: [key.id.text: key.publicKey]))
        let nobody = try await world.read { try SigningKeys.standing($0, organization: "org_unknown") }
        #expect(nobody == .init(signaturesRequired: false, active: [:]))
    }

    @Test func `a public key is registered once, and does not come back after its revocation`() async throws {
        let world = try await World.open()
        let dealer = try await world.organization()
        let key = try await world.signingKey(for: dealer, 1)
        let refused = try await failure { try await world.signingKey(for: dealer, 1) }
        #expect(refused.type == .signingKeyExists && refused.faults.map(\.pointer) == ["/public_key"])
        _ = try await world.revoke(key)
        #expect(try await failure { try await world.signingKey(for: dealer, 1) }.type == .signingKeyExists)
        _ = try await world.signingKey(for: try await world.organization(.insurer), 1)
    }

    @Test(arguments: [OrganizationKind.platform, .auditor])
    func `who reports nothing signs nothing`(kind: OrganizationKind) async throws {
        let world = try await World.open()
        let organization = try await world.organization(kind)
        #expect(try await failure { try await world.signingKey(for: organization, 1) }.type == .notASource)
    }

    @Test func `an organisation has twenty working keys and no more`() async throws {
        let world = try await World.open()
        let dealer = try await world.organization()
        var keys: [SigningKey] = []
        for seed in 0..<UInt8(SigningKey.activeMaximum) {
            keys.append(try await world.signingKey(for: dealer, seed))
        }
        #expect(try await failure { try await world.signingKey(for: dealer, 99) }.type == .tooManyKeys)
        _ = try await world.revoke(keys[0])
        _ = try await world.signingKey(for: dealer, 99)
    }

    @Test func `another organisation's key is not found`() async throws {
        let world = try await World.open()
        let key = try await world.signingKey(for: try await world.organization(), 1)
        let other = try await world.organization(.insurer)
        let get = try await failure { try await world.read { try SigningKeys.get($0, key.id, of: other.id) } }
        let revoke = try await failure {
            try await world.write { try SigningKeys.revoke($0, key.id, of: other.id, from: .system) { _ in } }
        }
        #expect(get == Failure(.notFound) && revoke == get)
    }

    @Test func `a revocation is held to the version that the caller knows`() async throws {
        let world = try await World.open()
        let key = try await world.signingKey(for: try await world.organization(), 1)
        let refused = try await failure {
            try await world.write { tx in
                try SigningKeys.revoke(tx, key.id, of: key.organization, from: .system) { tag in
                    #expect(tag == key.entityTag)
                    throw Failure(.preconditionFailed)
                }
            }
        }
        #expect(refused.type == .preconditionFailed)
        #expect(try await world.read { try SigningKeys.find($0, id: key.id.text) } == key)
    }

    @Test func `registration and revocation leave their records`() async throws {
        let world = try await World.open()
        let key = try await world.signingKey(for: try await world.organization(), 1)
        _ = try await world.revoke(key)
        let trail = try await world.trail(key.organization.text).dropFirst()
        #expect(trail.map { $0["action"]?.stringValue } == ["signing_key.create", "signing_key.revoke"])
        #expect(trail.allSatisfy { $0["subject"] == JSON(key.id) })
        #expect(trail.first?["detail"]?["public_key"] == JSON(Base64.encode(key.publicKey.bytes)))
    }
}

@Suite struct PublicKeyTextTests {
    @Test func `a key is read from its base64`() throws {
        let bytes = try Ed25519.PrivateKey(seed: World.secret("source")).publicKey.bytes
        let draft = try SigningKey.Draft(reading: ["name": "门店一号", "public_key": JSON(Base64.encode(bytes))])
        #expect(draft.name == "门店一号" && draft.publicKey.bytes == bytes)
        #expect(try PublicKeyText(parsing: Base64.encode(bytes)).text == Base64.encode(bytes))
    }

    @Test(arguments: [
        ("not base64!", "base64"), ("AAAA", "length"), ("", "length"), (String(repeating: "A", count: 44), "length"),
    ])
    func `what is not 32 bytes of base64 is refused`(text: String, code: String) {
        #expect(PublicKeyTextTests.code(of: text) == code)
    }

    /// In hexadecimal, as they stand in memory: the points of order 1, 2, 4 and 8, each with either sign of x.
    @Test(arguments: [
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    ])
    func `a key under which one signature fits many messages is refused`(hex: String) throws {
        #expect(PublicKeyTextTests.code(of: try PublicKeyTextTests.base64(hex)) == "weak_key")
    }

    @Test(arguments: [
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    ])
    func `a number that is not below the prime is refused`(hex: String) throws {
        #expect(PublicKeyTextTests.code(of: try PublicKeyTextTests.base64(hex)) == "not_canonical")
    }

    @Test(arguments: [
        "ebffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe7f",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    ])
    func `a number below the prime is taken`(hex: String) throws {
        #expect(PublicKeyTextTests.code(of: try PublicKeyTextTests.base64(hex)) == nil)
    }

    @Test func `every fault of a request is named at once`() async throws {
        let refused = try await failure { try SigningKey.Draft(reading: ["public_key": "AAAA", "private_key": "x"]) }
        let faults = refused.faults.map { "\($0.pointer) \($0.code)" }
        #expect(faults.sorted() == ["/name required", "/private_key unknown_member", "/public_key length"])
    }

    private static func base64(_ hex: String) throws -> String {
        Base64.encode(try #require([UInt8](lowercaseHex: hex)))
    }

    private static func code(of text: String) -> String? {
        do {
            _ = try PublicKeyText(parsing: text)
            return nil
        } catch {
            return error.code
        }
    }
}

extension World {
    /// - Parameter seed: another one gives another key.
    func signingKey(for organization: Organization, _ seed: UInt8) async throws -> SigningKey {
        let seed = SecretBytes([UInt8](repeating: seed, count: 32))
        let draft = SigningKey.Draft(name: "门店一号", publicKey: try Ed25519.PrivateKey(seed: seed).publicKey)
        return try await write { tx in try SigningKeys.create(tx, for: organization, draft, from: .system) }
    }

    func revoke(_ key: SigningKey) async throws -> SigningKey {
        try await write { tx in try SigningKeys.revoke(tx, key.id, of: key.organization, from: .system) { _ in } }
    }
}
