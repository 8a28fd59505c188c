import Core
import Support
import Testing
import Web

@testable import Identity

@Suite struct BootstrapTests {
    @Test(arguments: Engine.allCases)
    func `the first administrator may do everything but what takes somebody else`(engine: Engine) async throws {
        let world = try await World.open(engine)
        let made = try await Bootstrap.firstAdministrator(world.database, pepper: World.pepper)
        let principal = try await world.authenticator.authenticate(bearer: made.key.secret)
        #expect(principal.organization == made.organization.text && principal.role == .admin)
        // What belongs to an account of one's own is for people; who decides on claims has a certificate for it.
        for (action, rule) in Policy.rules {
            let isAllowed = !rule.isForPeople && rule.roles.contains(.admin)
            #expect((Policy.decide(action, for: principal) == .allowed) == isAllowed, "\(action)")
            #expect(rule.roles.contains(.admin) || action.isOfClaims, "\(action)")
        }
        let organization = try await world.read { try Organizations.get($0, made.organization) }
        #expect(organization.kind == .platform)
    }

    @Test(arguments: Engine.allCases)
    func `a second time it refuses, and leaves no key behind`(engine: Engine) async throws {
        let world = try await World.open(engine)
        let made = try await Bootstrap.firstAdministrator(world.database, pepper: World.pepper)
        let refused = try await failure {
            try await Bootstrap.firstAdministrator(world.database, pepper: World.pepper)
        }
        #expect(refused.type == .alreadyBootstrapped && refused.detail.zh.contains("--another-key"))
        let keys = try await world.read { try APIKeys.page($0, of: made.organization, after: "", limit: 10) }
        #expect(keys.count == 1)
    }

    @Test(arguments: Engine.allCases)
    func `another key is for the same organisation, and the first goes on working`(engine: Engine) async throws {
        let world = try await World.open(engine)
        let first = try await Bootstrap.firstAdministrator(world.database, pepper: World.pepper)
        let second = try await Bootstrap.firstAdministrator(
            world.database,
            pepper: World.pepper,
            issueAnotherKey: true
        )
        #expect(first.organization == second.organization && first.key.secret != second.key.secret)
        for made in [first, second] { _ = try await world.authenticator.authenticate(bearer: made.key.secret) }
    }

    @Test func `asking for another key makes the first one where there is none`() async throws {
        let world = try await World.open()
        let made = try await Bootstrap.firstAdministrator(
            world.database,
            pepper: World.pepper,
            issueAnotherKey: true
        )
        _ = try await world.authenticator.authenticate(bearer: made.key.secret)
    }

    @Test func `it stands in the trail as done by the operator`() async throws {
        let world = try await World.open()
        let made = try await Bootstrap.firstAdministrator(world.database, pepper: World.pepper)
        let trail = try await world.trail(made.organization.text)
        #expect(trail.map { $0["action"]?.stringValue } == ["organization.create", "key.create"])
        #expect(trail.allSatisfy { $0["credential"] == .null && $0["organization"] == .null })
    }
}

extension Action {
    fileprivate var isOfClaims: Bool {
        ["claim.", "advance.", "complaint.", "book.", "warranty.h"].contains { rawValue.hasPrefix($0) }
    }
}
