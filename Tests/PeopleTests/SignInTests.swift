import Core
import Cryptography
import Identity
import Storage
import Support
import Testing
import Web

@testable import People

@Suite struct SignInTests {
    @Test(arguments: Engine.allCases)
    func `from invitation to session, and the names stay sealed`(engine: Engine) async throws {
        let world = try await PeopleWorld.open(engine)
        let member = try await world.member()
        #expect(member.recoveryCodes.count == RecoveryCode.setCount)
        let entrance = try await world.enter(member)
        let principal = try await world.principal(entrance.token)
        #expect(principal.organization == world.dealer.id.text)
        #expect(principal.role == .dealer)
        #expect(principal.credential == member.person.id.text)
        #expect(principal.session?.isSteppedUp == true)
        #expect(!principal.scopes.contains("people:manage"))
        world.clock.advance(seconds: SessionPolicy.staff.stepUpSeconds)
        #expect(try await world.principal(entrance.token).session?.isSteppedUp == false)
        let trail = try await world.trail(world.dealer.id.text)
        #expect(trail.starts(with: ["session.create", "invitation.accept", "invitation.create"]))
    }

    @Test(arguments: Engine.allCases)
    func `whatever is wrong, the answer is the same`(engine: Engine) async throws {
        let world = try await PeopleWorld.open(engine)
        let member = try await world.member()
        let code = try member.app.code(at: world.clock.now())
        let stranger = try Login(parsing: "nobody@example.com")
        #expect(await refusal { try await world.enter(stranger, .code(code)) } == "sign_in_refused")
        #expect(
            await refusal { try await world.enter(member.login, password: "wrong horse", .code(code)) }
                == "sign_in_refused"
        )
        #expect(
            await refusal { try await world.enter(member.login, password: "\u{0}", .code(code)) } == "sign_in_refused"
        )
        #expect(await refusal { try await world.enter(member.login, .code("000000")) } == "sign_in_refused")
        #expect(
            await refusal { try await world.enter(member.login, .recoveryCode("AAAA-BBBB-CCCC-DDDD")) }
                == "sign_in_refused"
        )
        #expect(try await world.enter(member).person.id == member.person.id)
    }

    @Test(arguments: Engine.allCases)
    func `a code of the app and a recovery code work once each`(engine: Engine) async throws {
        let world = try await PeopleWorld.open(engine)
        let member = try await world.member()
        let code = try member.app.code(at: world.clock.now())
        _ = try await world.enter(member.login, .code(code))
        #expect(await refusal { try await world.enter(member.login, .code(code)) } == "sign_in_refused")
        let recovery = SecondFactor.recoveryCode(member.recoveryCodes[3].text)
        _ = try await world.enter(member.login, recovery)
        #expect(await refusal { try await world.enter(member.login, recovery) } == "sign_in_refused")
        _ = try await world.enter(member.login, .recoveryCode(member.recoveryCodes[4].text.lowercased()))
    }

    @Test(arguments: Engine.allCases)
    func `of fifty who show the same code at once, one gets in`(engine: Engine) async throws {
        let world = try await PeopleWorld.open(engine)
        let member = try await world.member()
        let code = try member.app.code(at: world.clock.now())
        let entered = await withTaskGroup(of: Bool.self) { group in
            for index in 0..<50 {
                group.addTask {
                    // From fifty addresses, so that only the account's own lock is in the way.
                    await refusal {
                        try await world.enter(member.login, .code(code), address: "198.51.100.\(index)")
                    } == nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(entered == 1)
    }

    @Test(arguments: Engine.allCases)
    func `failures lock an account for longer each time, and a success forgets them`(engine: Engine) async throws {
        let world = try await PeopleWorld.open(engine)
        let member = try await world.member()
        func fail(_ address: Int) async -> String? {
            await refusal {
                try await world.enter(
                    member.login,
                    password: "wrong horse",
                    .code("000000"),
                    address: "198.51.100.\(address)"
                )
            }
        }
        for attempt in 0..<Int(LockOut.account.freeFailures) { #expect(await fail(attempt) == "sign_in_refused") }
        #expect(await fail(90) == "sign_in_locked")
        #expect(await refusal { try await world.enter(member) } == "sign_in_locked")
        world.clock.advance(seconds: 1)
        #expect(await fail(91) == "sign_in_refused")
        world.clock.advance(seconds: 1)
        #expect(await fail(92) == "sign_in_locked")
        world.clock.advance(seconds: 60)
        _ = try await world.enter(member)
        #expect(await fail(93) == "sign_in_refused")
        #expect(await fail(94) == "sign_in_refused")
    }

    @Test(arguments: Engine.allCases)
    func `six digits cannot be tried for long, even by who knows the password`(engine: Engine) async throws {
        let world = try await PeopleWorld.open(engine)
        let member = try await world.member()
        var answers: [String?] = []
        for attempt in 0..<8 {
            world.clock.advance(seconds: 20)
            answers.append(
                await refusal {
                    try await world.enter(member.login, .code("000000"), address: "198.51.100.\(attempt)")
                }
            )
        }
        #expect(answers.prefix(5).allSatisfy { $0 == "sign_in_refused" })
        #expect(answers.suffix(3).allSatisfy { $0 == "sign_in_locked" })
    }

    @Test(arguments: Engine.allCases)
    func `a token is good until it is replaced, unused, too old or ended`(engine: Engine) async throws {
        let world = try await PeopleWorld.open(engine)
        let member = try await world.member()
        let first = try await world.enter(member)
        world.clock.advance(seconds: 1)
        let rotated = try await world.store.database.write { [world] tx in
            try Sessions.rotate(tx, first.session, isProved: false, pepper: world.signIn.pepper)
        }
        #expect(try await world.principal(rotated.token).session?.id == first.session.id.text)
        #expect(await refusal { try await world.principal(first.token) } == nil)
        world.clock.advance(seconds: SessionPolicy.replacedTokenGraceSeconds)
        #expect(await refusal { try await world.principal(first.token) } == "invalid_session")
        #expect(
            await refusal {
                try await world.store.database.write { [world] tx in
                    try Sessions.rotate(tx, first.session, isProved: false, pepper: world.signIn.pepper)
                }
            } == "invalid_session"
        )
        world.clock.advance(seconds: SessionPolicy.staff.idleSeconds)
        #expect(await refusal { try await world.principal(rotated.token) } == "session_expired")
        let second = try await world.enter(member)
        try await world.store.database.write { tx in
            try Sessions.end(tx, second.session.id, of: member.person.id, because: .signedOut)
        }
        #expect(await refusal { try await world.principal(second.token) } == "invalid_session")
        #expect(await refusal { try await world.principal(.random()) } == "invalid_session")
    }

    @Test(arguments: Engine.allCases)
    func `the oldest session makes room for a new one`(engine: Engine) async throws {
        let world = try await PeopleWorld.open(engine)
        let member = try await world.member()
        let pepper = world.signIn.pepper
        let opened = try await world.store.database.write { tx in
            try (0...Session.liveMaximum).map { _ in
                try Sessions.open(tx, for: member.person, isProved: false, device: nil, pepper: pepper)
            }
        }
        let live = try await world.store.database.read { tx in try Sessions.live(tx, of: member.person) }
        #expect(live.count == Session.liveMaximum)
        let kept = Set(live.map(\.id))
        #expect(opened.count { kept.contains($0.session.id) } == Session.liveMaximum)
    }

    @Test(arguments: Engine.allCases)
    func `a step-up takes a fresh code, and replaces the token`(engine: Engine) async throws {
        let world = try await PeopleWorld.open(engine)
        let member = try await world.member()
        let entrance = try await world.enter(member)
        world.clock.advance(seconds: 600)
        let wrong = await refusal {
            try await world.signIn.stepUp(
                member.person.id,
                entrance.session.id,
                .code("000000"),
                from: PeopleWorld.origin
            )
        }
        #expect(wrong == "wrong_code")
        let stepped = try await world.signIn.stepUp(
            member.person.id,
            entrance.session.id,
            .code(try member.app.code(at: world.clock.now())),
            from: PeopleWorld.origin
        )
        #expect(stepped.token.secret != entrance.token.secret)
        #expect(try await world.principal(stepped.token).session?.isSteppedUp == true)
    }

    @Test(arguments: Engine.allCases)
    func `who is suspended, or whose organisation is, gets out and not in again`(engine: Engine) async throws {
        let world = try await PeopleWorld.open(engine)
        let member = try await world.member()
        let entrance = try await world.enter(member)
        let accounts = world.accounts
        let suspended = try await world.store.database.write { tx in
            try accounts.update(tx, member.person, scopes: nil, isSuspended: true, from: PeopleWorld.origin)
        }
        #expect(await refusal { try await world.principal(entrance.token) } == "invalid_session")
        world.clock.advance(seconds: 60)
        #expect(await refusal { try await world.enter(member) } == "person_suspended")
        _ = try await world.store.database.write { tx in
            try accounts.update(tx, suspended, scopes: nil, isSuspended: false, from: PeopleWorld.origin)
        }
        world.clock.advance(seconds: 60)
        _ = try await world.enter(member)
    }
}
