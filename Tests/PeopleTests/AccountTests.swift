import Core
import Cryptography
import Identity
import Storage
import Support
import Testing
import Web

@testable import People

@Suite struct AccountTests {
    @Test(arguments: Engine.allCases)
    func `a forgotten password takes the link and the second factor`(engine: Engine) async throws {
        let world = try await PeopleWorld.open(engine)
        let member = try await world.member()
        let entrance = try await world.enter(member)
        func send(_ login: Login) async throws {
            _ = try await world.accounts.sendPasswordLink(to: login, in: .chinese, address: PeopleWorld.address)
        }
        try await send(try Login(parsing: "nobody@example.com"))
        #expect(world.channel.sent.isEmpty)
        try await send(member.login)
        let token = try #require(LinkToken(try world.channel.secret(.passwordLink)))
        let chosen = try await world.signIn.passwords.hash(try Password(choosing: "another long sentence"))
        func choose(_ token: LinkToken, _ factor: SecondFactor) async -> String? {
            await refusal {
                try await world.accounts.choosePassword(by: token, factor, chosen, from: PeopleWorld.origin)
            }
        }
        #expect(await choose(token, .code("000000")) == "wrong_code")
        #expect(await choose(.random(), .recoveryCode(member.recoveryCodes[0].text)) == "invalid_link")
        #expect(await choose(token, .recoveryCode(member.recoveryCodes[1].text)) == nil)
        #expect(await choose(token, .recoveryCode(member.recoveryCodes[2].text)) == "invalid_link")
        #expect(await refusal { try await world.principal(entrance.token) } == "invalid_session")
        let factor = SecondFactor.recoveryCode(member.recoveryCodes[3].text)
        _ = try await world.enter(member.login, password: "another long sentence", factor)
    }

    @Test(arguments: Engine.allCases)
    func `another password takes the current one, and ends the other sessions`(engine: Engine) async throws {
        let world = try await PeopleWorld.open(engine)
        let member = try await world.member()
        let here = try await world.enter(member)
        world.clock.advance(seconds: 60)
        let there = try await world.enter(member)
        func change(_ current: String) async -> String? {
            await refusal {
                try await world.accounts.changePassword(
                    of: member.person.id,
                    in: here.session.id,
                    from: try Password(entered: current),
                    to: try Password(choosing: "another long sentence"),
                    origin: PeopleWorld.origin
                )
            }
        }
        #expect(await change("wrong horse") == "sign_in_refused")
        #expect(await change(PeopleWorld.password) == nil)
        #expect(await refusal { try await world.principal(there.token) } == "invalid_session")
        #expect(await refusal { try await world.principal(here.token) } == nil)
    }

    @Test(arguments: Engine.allCases)
    func `a certificate makes claims staff act, and its end stops them`(engine: Engine) async throws {
        let world = try await PeopleWorld.open(engine)
        let member = try await world.member(to: world.platform, as: .claimsSenior)
        let entrance = try await world.enter(member)
        #expect(try await world.principal(entrance.token).session?.isCertified == false)
        let today = world.clock.now().dateInChina
        let draft = try Certificate.Draft(reading: [
            "kind": "claims", "level": "junior", "number": "CX-1", "issued_on": JSON(today.description),
            "expires_on": JSON(today.description),
        ])
        let accounts = world.accounts
        let certificate = try await world.store.database.write { tx in
            try accounts.certify(tx, member.person, draft, by: "usr_another", from: PeopleWorld.origin)
        }
        let junior = try await world.principal(entrance.token)
        #expect(junior.role == .claimsJunior)
        #expect(junior.session?.isCertified == true)
        for _ in 0..<2 {
            try await world.store.database.write { tx in
                try accounts.revoke(tx, certificate.id, of: member.person, by: "usr_another", from: PeopleWorld.origin)
            }
        }
        #expect(try await world.principal(entrance.token).session?.isCertified == false)
        #expect(try await world.trail(world.platform.id.text).count { $0 == "certificate.revoke" } == 1)
    }

    @Test func `a certificate is for two years at the most`() {
        let wrong: JSON = [
            "kind": "claims", "level": "master", "number": "", "issued_on": "2026-01-01", "expires_on": "2028-01-02",
        ]
        #expect(throws: Failure.self) { try Certificate.Draft(reading: wrong) }
        do {
            _ = try Certificate.Draft(reading: wrong)
        } catch let failure as Failure {
            #expect(Set(failure.faults.map(\.pointer)) == ["/level", "/number", "/expires_on"])
        } catch {
            Issue.record(error)
        }
    }

    @Test func `nobody does to the own account what others have to`() throws {
        let (one, other) = (PersonID(at: Instant(microseconds: 0)), PersonID(at: Instant(microseconds: 1)))
        #expect(throws: Failure.self) { try SeparationOfDuties.refuseOwn(one, by: one) }
        try SeparationOfDuties.refuseOwn(one, by: other)
        try SeparationOfDuties.refuseOwn(one, by: nil)
    }
}

@Suite struct BuyerTests {
    @Test(arguments: Engine.allCases)
    func `a phone gets a code, which makes the account at its first use`(engine: Engine) async throws {
        let world = try await PeopleWorld.open(engine)
        let phone = try Login(parsing: "13812345678")
        func enter(_ code: String) async throws -> SignIn.Entrance {
            try await world.buyers.enter(phone, code: code, device: nil, from: PeopleWorld.origin)
        }
        #expect(await refusal { try await enter("123456") } == "sign_in_refused")
        _ = try await world.buyers.send(to: phone, in: .chinese, address: PeopleWorld.address)
        let code = try world.channel.secret(.signInCode)
        let first = try await enter(code)
        #expect(first.person.role == .buyer)
        #expect(await refusal { try await enter(code) } == "sign_in_refused")
        let principal = try await world.principal(first.token)
        #expect(principal.organization == first.person.id.text)
        #expect(principal.scopes == ["claims:read", "claims:write"])
        world.clock.advance(seconds: 60)
        _ = try await world.buyers.send(to: phone, in: .chinese, address: PeopleWorld.address)
        #expect(try await enter(try world.channel.secret(.signInCode)).person.id == first.person.id)
        let masked = try await world.store.database.read { [vault = world.vault] tx in
            try vault.masked(tx, [first.person.subject])
        }
        #expect(masked[first.person.subject]?[.phone] == "138****5678")
    }

    @Test(arguments: Engine.allCases)
    func `a code is good for five tries and five minutes`(engine: Engine) async throws {
        let world = try await PeopleWorld.open(engine)
        let phone = try Login(parsing: "13812345678")
        func enter(_ code: String) async -> String? {
            await refusal { try await world.buyers.enter(phone, code: code, device: nil, from: PeopleWorld.origin) }
        }
        _ = try await world.buyers.send(to: phone, in: .chinese, address: PeopleWorld.address)
        let code = try world.channel.secret(.signInCode)
        let wrong = code == "000000" ? "000001" : "000000"
        for _ in 0..<5 { #expect(await enter(wrong) == "sign_in_refused") }
        #expect(await enter(code) == "sign_in_refused")
        world.clock.advance(seconds: 60)
        _ = try await world.buyers.send(to: phone, in: .chinese, address: PeopleWorld.address)
        world.clock.advance(seconds: SignInCode.Purpose.code.validSeconds)
        #expect(await enter(try world.channel.secret(.signInCode)) == "sign_in_refused")
    }

    @Test(arguments: Engine.allCases)
    func `an address gets a link; staff get nothing, and the answer does not tell`(engine: Engine) async throws {
        let world = try await PeopleWorld.open(engine)
        let member = try await world.member()
        _ = try await world.buyers.send(to: member.login, in: .chinese, address: PeopleWorld.address)
        #expect(world.channel.sent.isEmpty)
        let address = try Login(parsing: "buyer@example.com")
        _ = try await world.buyers.send(to: address, in: .english, address: PeopleWorld.address)
        let token = try #require(LinkToken(try world.channel.secret(.signInLink)))
        let entrance = try await world.buyers.enter(token, device: nil, from: PeopleWorld.origin)
        #expect(entrance.person.role == .buyer)
        #expect(
            await refusal { try await world.buyers.enter(token, device: nil, from: PeopleWorld.origin) }
                == "invalid_link"
        )
    }

    @Test(arguments: Engine.allCases)
    func `nobody's phone rings all night`(engine: Engine) async throws {
        let world = try await PeopleWorld.open(engine)
        let phone = try Login(parsing: "13812345678")
        for attempt in 0..<20 {
            _ = await refusal {
                try await world.buyers.send(to: phone, in: .chinese, address: "198.51.100.\(attempt)")
            }
        }
        #expect(world.channel.sent.count == Int(LockOut.sending.freeFailures))
    }
}
