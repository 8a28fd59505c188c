import Core
import Cryptography
import Identity
import Storage
import Support
import Testing
import Web

@testable import People

@Suite struct InvitationTests {
    @Test(arguments: Engine.allCases)
    func `a link opens once, for as long as it is good`(engine: Engine) async throws {
        let world = try await PeopleWorld.open(engine)
        let (_, token) = try await world.invite()
        #expect(await refusal { try await world.accept(token, code: "000000") } == "wrong_code")
        _ = try await world.accept(token)
        #expect(await refusal { try await world.accept(token) } == "invalid_link")
        #expect(await refusal { try await world.accept(.random()) } == "invalid_link")
        let (_, late) = try await world.invite("li.na@example.com")
        world.clock.advance(seconds: Invitation.validSeconds)
        #expect(await refusal { try await world.accept(late) } == "invalid_link")
    }

    @Test(arguments: Engine.allCases)
    func `one address has one account`(engine: Engine) async throws {
        let world = try await PeopleWorld.open(engine)
        let (_, first) = try await world.invite()
        let (_, second) = try await world.invite("ZHANG.WEI@example.com")
        _ = try await world.accept(first)
        #expect(await refusal { try await world.accept(second) } == "login_taken")
        #expect(await refusal { try await world.invite() } == "login_taken")
    }

    @Test(arguments: Engine.allCases)
    func `what is cancelled opens nothing`(engine: Engine) async throws {
        let world = try await PeopleWorld.open(engine)
        let (invitation, token) = try await world.invite()
        let invitations = world.invitations
        let other = world.platform.id
        #expect(
            await refusal {
                try await world.store.database.write { tx in
                    try invitations.cancel(tx, invitation.id, of: other, from: PeopleWorld.origin)
                }
            } == "not_found"
        )
        try await world.store.database.write { tx in
            try invitations.cancel(tx, invitation.id, of: invitation.organization, from: PeopleWorld.origin)
            try invitations.cancel(tx, invitation.id, of: invitation.organization, from: PeopleWorld.origin)
        }
        #expect(await refusal { try await world.accept(token) } == "invalid_link")
    }

    @Test(arguments: Engine.allCases)
    func `the first administrator joins alone; those after him take a second yes`(engine: Engine) async throws {
        let world = try await PeopleWorld.open(engine)
        let (first, firstToken) = try await world.invite("a@example.com", to: world.platform, as: .admin)
        #expect(first.state(at: world.clock.now()) == .open)
        let administrator = try await world.accept(firstToken).person
        let (second, secondToken) = try await world.invite(
            "b@example.com",
            to: world.platform,
            as: .finance,
            by: administrator.id.text
        )
        #expect(second.state(at: world.clock.now()) == .awaitingApproval)
        #expect(await refusal { try await world.accept(secondToken) } == "invalid_link")
        func approve(_ actor: String) async -> String? {
            await refusal {
                try await world.store.database.write { [invitations = world.invitations] tx in
                    try invitations.approve(
                        tx,
                        second.id,
                        of: second.organization,
                        by: actor,
                        from: PeopleWorld.origin
                    )
                }
            }
        }
        #expect(await approve(administrator.id.text) == "second_person_needed")
        #expect(await approve("usr_another") == nil)
        #expect(await approve("usr_another") == "invitation_closed")
        _ = try await world.accept(secondToken)
        let (junior, _) = try await world.invite("c@example.com", to: world.platform, as: .claimsJunior)
        #expect(junior.state(at: world.clock.now()) == .open)
    }

    @Test(arguments: Engine.allCases)
    func `a reset ends every session, and gives a new factor and password`(engine: Engine) async throws {
        let world = try await PeopleWorld.open(engine)
        let member = try await world.member()
        let entrance = try await world.enter(member)
        let (_, token) = try await world.store.database.write { [invitations = world.invitations] tx in
            try invitations.reset(tx, member.person, by: "key_1", from: PeopleWorld.origin)
        }
        #expect(await refusal { try await world.principal(entrance.token) } == "invalid_session")
        world.clock.advance(seconds: 60)
        let renewed = try await world.accept(token, password: "another long sentence")
        #expect(renewed.person.id == member.person.id)
        world.clock.advance(seconds: 60)
        #expect(await refusal { try await world.enter(member) } == "sign_in_refused")
        let code = try renewed.app.code(at: world.clock.now())
        _ = try await world.enter(member.login, password: "another long sentence", .code(code))
        let old = SecondFactor.recoveryCode(member.recoveryCodes[0].text)
        #expect(
            await refusal { try await world.enter(member.login, password: "another long sentence", old) }
                == "sign_in_refused"
        )
    }
}
