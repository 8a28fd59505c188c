import Core
import Cryptography
import Identity
import Storage
import Support
import Web

@testable import People

/// A store, an organisation or two, and everything that people sign in by.
struct PeopleWorld: Sendable {
    let store: TestStore
    let channel = RecordingChannel()
    let vault: SubjectVault
    let signIn: SignIn
    let platform: Organization
    let dealer: Organization

    static let origin = Origin(organization: nil, credential: nil, requestID: "request-1")
    static let password = "correct horse battery"
    static let address = "203.0.113.7"

    private var letters: Letters { Letters(channel: channel, publicURL: "https://chexin.example") }
    var clock: ManualClock { store.clock }
    var buyers: Buyers { Buyers(signIn: signIn, vault: vault, letters: letters) }
    var accounts: Accounts { Accounts(signIn: signIn, vault: vault, letters: letters) }
    var invitations: Invitations {
        Invitations(vault: vault, factors: signIn.factors, pepper: signIn.pepper)
    }

    static func open(_ engine: Engine) async throws -> PeopleWorld {
        let store = try await TestStore.open(engine)
        let pepper = SecretBytes([UInt8](repeating: 5, count: 32))
        let factors = SecondFactors(key: SecretBytes([UInt8](repeating: 6, count: 32)), pepper: pepper)
        let passwords = PasswordHashing(cost: .minimum, waitingMaximum: 1000)
        let draft = Organization.Draft(kind: .dealer, name: "测试车行", uscc: try USCC(parsing: "91110108551385082Q"))
        let administrator = try await Bootstrap.firstAdministrator(store.database, pepper: pepper)
        let (platform, dealer) = try await store.database.write { tx in
            (
                try Organizations.get(tx, administrator.organization),
                try Organizations.create(tx, draft, from: .system)
            )
        }
        return PeopleWorld(
            store: store,
            vault: SubjectWorld.vault(current: "k1"),
            signIn: SignIn(database: store.database, passwords: passwords, factors: factors, pepper: pepper),
            platform: platform,
            dealer: dealer
        )
    }

    /// Somebody who has joined, and the app that shows his codes.
    struct Member: Sendable {
        let person: Person
        let login: Login
        let app: TOTP
        let recoveryCodes: [RecoveryCode]
    }

    func invite(
        _ login: String = "zhang.wei@example.com",
        to organization: Organization? = nil,
        as role: Role? = nil,
        scopes: Set<Scope>? = nil,
        by actor: String = "key_1",
        isApproved: Bool = false
    ) async throws -> (invitation: Invitation, token: LinkToken) {
        let organization = organization ?? dealer
        let role = role ?? StaffRoles.allowed(in: organization.kind)[0]
        let draft = Invitation.Draft(name: "张伟", login: try Login(parsing: login), role: role, scopes: scopes)
        return try await store.database.write { tx in
            try invitations.create(
                tx,
                draft,
                to: organization,
                by: actor,
                isApproved: isApproved,
                from: PeopleWorld.origin
            )
        }
    }

    func accept(
        _ token: LinkToken,
        password: String = PeopleWorld.password,
        code: String? = nil
    ) async throws -> (person: Person, codes: [RecoveryCode], app: TOTP) {
        let app = try await store.database.read { tx in try invitations.open(tx, token).totp }
        let hash = try await signIn.passwords.hash(try Password(choosing: password))
        let code = try code ?? app.code(at: clock.now())
        let accepted = try await store.database.write { tx in
            try invitations.accept(tx, token, password: hash, code: code, from: PeopleWorld.origin)
        }
        return (accepted.person, accepted.recoveryCodes, app)
    }

    func member(
        _ login: String = "zhang.wei@example.com",
        to organization: Organization? = nil,
        as role: Role? = nil
    ) async throws -> Member {
        let (_, token) = try await invite(login, to: organization, as: role, isApproved: true)
        let accepted = try await accept(token)
        // The code that joined has had its use.
        clock.advance(seconds: 60)
        return Member(
            person: accepted.person,
            login: try Login(parsing: login),
            app: accepted.app,
            recoveryCodes: accepted.codes
        )
    }

    func enter(
        _ login: Login,
        password: String = PeopleWorld.password,
        _ factor: SecondFactor,
        address: String = PeopleWorld.address
    ) async throws -> SignIn.Entrance {
        let attempt = SignIn.Attempt(
            login: login,
            password: try? Password(entered: password),
            factor: factor,
            address: address,
            device: "test"
        )
        return try await signIn.enter(attempt, from: PeopleWorld.origin)
    }

    func enter(_ member: Member) async throws -> SignIn.Entrance {
        try await enter(member.login, .code(try member.app.code(at: clock.now())))
    }

    /// What the store makes of a token now.
    func principal(_ token: SessionToken) async throws -> Principal {
        let code = token.authenticationCode(pepper: signIn.pepper)
        let now = clock.now()
        let known = try await store.database.read { tx in try KnownSession.find(tx, code) }
        guard let known else { throw Failure(.invalidSession) }
        return try known.principal(at: now)
    }

    func trail(_ chain: String) async throws -> [String] {
        try await store.database.read { tx in
            try AuditTrail.page(tx, chain, limit: 100).map { record in
                try JSONParser.parse(Array(record.text.utf8))["action"]?.stringValue ?? ""
            }
        }
    }
}

/// The code of the refusal that `body` comes to.
func refusal<Value>(_ body: () async throws -> Value) async -> String? {
    do {
        _ = try await body()
        return nil
    } catch let failure as Failure {
        return failure.type.code
    } catch {
        return "\(error)"
    }
}
