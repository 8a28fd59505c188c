import Core
import Cryptography
import Storage
import Support
import Testing
import Web

@testable import Identity

@Suite struct KeyAuthenticatorTests {
    @Test(arguments: Engine.allCases)
    func `a key acts as its organisation, in the role of its kind`(engine: Engine) async throws {
        let world = try await World.open(engine)
        for kind in OrganizationKind.allCases {
            let organization = try await world.organization(kind)
            let (key, text) = try await world.key(for: organization)
            let expected = Principal(
                organization: organization.id.text,
                role: kind.role,
                scopes: Set(kind.defaultScopes.names),
                credential: key.id.text
            )
            #expect(try await world.authenticator.authenticate(bearer: text.secret) == expected)
        }
    }

    // MARK: Refusals

    @Test(arguments: ["", "chx_live_", "chx_live_0123456789_abcdefghijklmnopqrstuvwxyzABCDEF0h45dl"])
    func `a typing error is refused before anything is looked up`(bearer: String) async throws {
        let world = try await World.open()
        #expect(try await world.refusal(bearer) == Failure(.invalidAPIKey))
        #expect(world.database.reads == 0)
    }

    @Test func `a guess has the form of a key, so that it gets as far as the store`() {
        #expect(APIKeyText(forged(publicID: "0123456789"))?.publicID == "0123456789")
    }

    @Test(arguments: Engine.allCases)
    func `a wrong secret and an unknown key are one to the caller, and cost the same`(engine: Engine) async throws {
        let world = try await World.open(engine)
        let (_, text) = try await world.key(for: try await world.organization())
        let wrong = forged(publicID: text.publicID)
        let unknown = APIKeyText.random().secret
        _ = try await world.authenticator.authenticate(bearer: text.secret)
        var costs: [[String]] = []
        for bearer in [wrong, unknown, wrong, unknown] {
            _ = world.database.takeStatements()
            #expect(try await world.refusal(bearer) == Failure(.invalidAPIKey))
            costs.append(world.database.takeStatements())
        }
        #expect(costs[0].count == 1)
        #expect(Set(costs).count == 1)
    }

    @Test func `a refusal is of the kind that Web promises, and says nothing about keys that were not shown`() {
        let types = [ProblemType.invalidAPIKey, .apiKeyExpired, .apiKeyRevoked, .organizationSuspended]
        #expect(types.allSatisfy { $0.kind == .unauthenticated })
    }

    @Test(arguments: Engine.allCases)
    func `a key works until its last microsecond`(engine: Engine) async throws {
        let world = try await World.open(engine)
        let expiry = ManualClock.start.adding(seconds: 3600)
        let (_, text) = try await world.key(
            for: try await world.organization(),
            APIKey.Draft(name: "短", expiresAt: expiry)
        )
        world.clock.set(Instant(microseconds: expiry.microseconds - 1))
        _ = try await world.authenticator.authenticate(bearer: text.secret)
        world.clock.set(expiry)
        let refused = try await world.refusal(text.secret)
        #expect(refused.type == .apiKeyExpired)
        #expect(refused.detail.en.contains(expiry.rfc3339) && refused.detail.zh.contains(expiry.rfc3339))
        #expect(try await world.refusal(forged(publicID: text.publicID)).type == .invalidAPIKey)
    }

    @Test(arguments: Engine.allCases)
    func `a key that was revoked here is dead at once`(engine: Engine) async throws {
        let world = try await World.open(engine)
        let (key, text) = try await world.key(for: try await world.organization())
        _ = try await world.authenticator.authenticate(bearer: text.secret)
        _ = try await world.revoke(key)
        world.authenticator.invalidate()
        let refused = try await world.refusal(text.secret)
        #expect(refused.type == .apiKeyRevoked && refused.detail.en.contains(ManualClock.start.rfc3339))
        #expect(try await world.refusal(forged(publicID: text.publicID)).type == .invalidAPIKey)
    }

    @Test(arguments: Engine.allCases)
    func `a key that was revoked elsewhere is dead within a second`(engine: Engine) async throws {
        let world = try await World.open(engine)
        let (key, text) = try await world.key(for: try await world.organization())
        _ = try await world.authenticator.authenticate(bearer: text.secret)
        _ = try await world.revoke(key)
        world.clock.advance(milliseconds: KeyAuthenticator.cacheMilliseconds - 1)
        _ = try await world.authenticator.authenticate(bearer: text.secret)
        world.clock.advance(milliseconds: 1)
        #expect(try await world.refusal(text.secret).type == .apiKeyRevoked)
        #expect(KeyAuthenticator.cacheMilliseconds <= 1000)
    }

    @Test func `a key is recognised without the store while it is remembered, and no longer`() async throws {
        let world = try await World.open()
        let (key, text) = try await world.key(for: try await world.organization())
        let recognized = { world.authenticator.recognize(bearer: text.secret) }
        #expect(recognized() == nil, "never shown before")
        let principal = try await world.authenticator.authenticate(bearer: text.secret)
        #expect(recognized() == principal)
        #expect(world.authenticator.recognize(bearer: forged(publicID: text.publicID)) == nil)
        #expect(world.authenticator.recognize(bearer: "nonsense") == nil)
        world.clock.advance(milliseconds: KeyAuthenticator.cacheMilliseconds)
        #expect(recognized() == nil)
        _ = try await world.authenticator.authenticate(bearer: text.secret)
        _ = try await world.revoke(key)
        world.authenticator.invalidate()
        #expect(recognized() == nil)
    }

    @Test func `a key that expires is not recognised from that microsecond on`() async throws {
        let world = try await World.open()
        let expiry = ManualClock.start.adding(seconds: 3600)
        let draft = APIKey.Draft(name: "短", expiresAt: expiry)
        let (_, text) = try await world.key(for: try await world.organization(), draft)
        world.clock.set(Instant(microseconds: expiry.microseconds - 1))
        let principal = try await world.authenticator.authenticate(bearer: text.secret)
        #expect(world.authenticator.recognize(bearer: text.secret) == principal)
        world.clock.set(expiry)
        #expect(world.authenticator.recognize(bearer: text.secret) == nil)
    }

    @Test func `using a key does not prolong what is remembered of it`() async throws {
        let world = try await World.open()
        let (key, text) = try await world.key(for: try await world.organization())
        _ = try await world.authenticator.authenticate(bearer: text.secret)
        _ = try await world.revoke(key)
        for _ in 0..<4 {
            world.clock.advance(milliseconds: 100)
            _ = try await world.authenticator.authenticate(bearer: text.secret)
        }
        world.clock.advance(milliseconds: 100)
        #expect(try await world.refusal(text.secret).type == .apiKeyRevoked)
    }

    @Test func `a clock that is set back does not keep a revoked key alive`() async throws {
        let world = try await World.open()
        let (key, text) = try await world.key(for: try await world.organization())
        _ = try await world.authenticator.authenticate(bearer: text.secret)
        _ = try await world.revoke(key)
        world.clock.advance(seconds: -3600)
        #expect(try await world.refusal(text.secret).type == .apiKeyRevoked)
    }

    @Test func `what was read before a revocation is not remembered after it`() async throws {
        let world = try await World.open()
        let (key, text) = try await world.key(for: try await world.organization())
        world.database.afterNextRead {
            _ = try await world.revoke(key)
            world.authenticator.invalidate()
        }
        _ = try await world.authenticator.authenticate(bearer: text.secret)
        #expect(try await world.refusal(text.secret).type == .apiKeyRevoked)
    }

    @Test(arguments: Engine.allCases)
    func `keys of a suspended organisation do not work, and work again when it is reinstated`(
        engine: Engine
    ) async throws {
        let world = try await World.open(engine)
        let dealer = try await world.organization()
        let (_, text) = try await world.key(for: dealer)
        _ = try await world.suspend(dealer.id)
        #expect(try await world.refusal(text.secret) == Failure(.organizationSuspended))
        _ = try await world.reinstate(dealer.id)
        world.authenticator.invalidate()
        _ = try await world.authenticator.authenticate(bearer: text.secret)
    }

    // MARK: Cost

    @Test func `a key that was just shown is not looked up again`() async throws {
        let world = try await World.open()
        let (_, text) = try await world.key(for: try await world.organization())
        for _ in 0..<5 { _ = try await world.authenticator.authenticate(bearer: text.secret) }
        #expect(world.database.reads == 1)
        world.clock.advance(milliseconds: KeyAuthenticator.cacheMilliseconds)
        _ = try await world.authenticator.authenticate(bearer: text.secret)
        #expect(world.database.reads == 2)
    }

    @Test func `a key issued under another pepper does not work`() async throws {
        let world = try await World.open()
        let (_, text) = try await world.key(for: try await world.organization())
        let other = KeyAuthenticator(
            database: world.database,
            clock: world.clock,
            pepper: World.secret("another pepper"),
            logger: World.logger
        )
        let refused = try await failure { try await other.authenticate(bearer: text.secret) }
        #expect(refused.type == .invalidAPIKey)
    }

    @Test func `a store that cannot be read is not taken for a wrong key`() async throws {
        let world = try await World.open()
        let (_, text) = try await world.key(for: try await world.organization())
        world.database.afterNextRead { throw Failure(.storeBusy) }
        #expect(try await world.refusal(text.secret).type == .storeBusy)
    }

    // MARK: Last use

    @Test(arguments: Engine.allCases)
    func `the last use is written later, once an hour`(engine: Engine) async throws {
        let world = try await World.open(engine)
        let (key, text) = try await world.key(for: try await world.organization())
        let lastUse = { try await world.read { try APIKeys.get($0, key.id, of: key.organization) }.lastUsedAt }
        _ = try await world.authenticator.authenticate(bearer: text.secret)
        #expect(world.database.writes == 0)
        #expect(try await lastUse() == nil)
        await world.authenticator.flushUses()
        #expect(try await lastUse() == ManualClock.start)
        world.clock.advance(seconds: 3599)
        _ = try await world.authenticator.authenticate(bearer: text.secret)
        await world.authenticator.flushUses()
        #expect(world.database.writes == 1)
        world.clock.advance(seconds: 1)
        _ = try await world.authenticator.authenticate(bearer: text.secret)
        await world.authenticator.flushUses()
        #expect(try await lastUse() == ManualClock.start.adding(seconds: 3600))
    }

    @Test func `a key that was refused was not used`() async throws {
        let world = try await World.open()
        let (key, text) = try await world.key(for: try await world.organization())
        _ = try await world.revoke(key)
        _ = try await world.refusal(text.secret)
        _ = try await world.refusal(APIKeyText.random().secret)
        await world.authenticator.flushUses()
        #expect(world.database.writes == 0)
    }

    @Test func `a last use that could not be written is written the next time`() async throws {
        let world = try await World.open()
        let (key, text) = try await world.key(for: try await world.organization())
        _ = try await world.authenticator.authenticate(bearer: text.secret)
        world.database.failWrites(with: Failure(.storeBusy))
        await world.authenticator.flushUses()
        world.database.failWrites(with: nil)
        await world.authenticator.flushUses()
        let stored = try await world.read { try APIKeys.get($0, key.id, of: key.organization) }
        #expect(stored.lastUsedAt == ManualClock.start)
    }

    /// The key of somebody who knows the public part and guesses the rest, with a checksum that fits.
    private func forged(publicID: String) -> String {
        let guess = APIKeyText.random().secret.dropFirst(20).prefix(32)
        let body = "\(APIKeyText.prefix)\(publicID)_\(guess)"
        let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
        var rest = crc32(Array(body.utf8))
        var checksum = ""
        for _ in 0..<APIKeyText.checksumLength {
            checksum = String(digits[Int(rest % 62)]) + checksum
            rest /= 62
        }
        return body + checksum
    }
}

extension World {
    func refusal(_ bearer: String) async throws -> Failure {
        try await failure { try await authenticator.authenticate(bearer: bearer) }
    }
}
