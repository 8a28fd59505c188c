import ArgumentParser
import Core
import Identity
import People
import Storage
import Web

struct Admin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What the operator does on the machine itself.",
        subcommands: [AdminBootstrap.self, AdminInvite.self]
    )
}

struct AdminBootstrap: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bootstrap",
        abstract: "Makes the platform's organisation and the first administrator's key, shown once."
    )

    @OptionGroup
    var options: SettingsOptions

    @Flag(help: "There is an administrator already; make another key, for one that was lost.")
    var anotherKey = false

    func run() async throws {
        let store = try await Store.open(try await options.settings())
        do {
            let administrator = try await Bootstrap.firstAdministrator(
                store.database,
                pepper: store.material.pepper,
                issueAnotherKey: anotherKey
            )
            let answer: JSON = [
                "organization": JSON(administrator.organization), "api_key": JSON(administrator.key.secret),
            ]
            Console.answer(String(decoding: answer.bytes, as: UTF8.self))
        } catch let failure as Failure {
            try await store.database.close()
            throw Refused(message: failure.detail.en)
        }
        try await store.database.close()
    }
}

struct AdminInvite: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invite",
        abstract: "Invites somebody to the platform's organisation; prints the link, which is good for 7 days."
    )

    @OptionGroup
    var options: SettingsOptions

    @Option(help: "E-mail address or mobile number to sign in with.")
    var login: String

    @Option(help: "The person's name.")
    var name: String

    @Option(help: "admin, claims_junior, claims_senior, claims_manager, finance or auditor.")
    var role = Role.admin.rawValue

    func run() async throws {
        let settings = try await options.settings()
        let store = try await Store.open(settings)
        do {
            let link = try await invite(settings, store)
            Console.answer(String(decoding: link.bytes, as: UTF8.self))
        } catch let failure as Failure {
            try await store.database.close()
            throw Refused(message: failure.detail.en)
        }
        try await store.database.close()
    }

    private func invite(_ settings: Settings, _ store: Store) async throws -> JSON {
        guard let role = Role(rawValue: role), StaffRoles.allowed(in: .platform).contains(role) else {
            throw Refused(message: "--role must be one of those that the platform's people have; see --help.")
        }
        let login: Login
        do throws(TextFault) {
            login = try Login(parsing: self.login)
        } catch {
            throw Refused(message: "--login: \(error.detail.en).")
        }
        let pepper = store.material.signInPepper
        let factors = SecondFactors(key: store.material.secondFactorKey, pepper: pepper)
        let invitations = Invitations(vault: store.vault, factors: factors, pepper: pepper)
        let scopes = StaffRoles.scopes(of: role)
        let draft = Invitation.Draft(name: name, login: login, role: role, scopes: scopes)
        return try await store.database.writeRetrying { tx in
            guard let platform = try Organizations.platform(tx) else {
                throw Refused(message: "There is no platform yet. Run: chexin admin bootstrap")
            }
            // Whoever has the machine has the keys: nobody else needs to say yes.
            let (invitation, token) = try invitations.create(
                tx,
                draft,
                to: try Organizations.get(tx, platform),
                by: AdminInvite.operatorName,
                isApproved: true,
                from: .system
            )
            return [
                "invitation": JSON(invitation.id), "link": JSON("\(settings.publicURL)/join#\(token.secret)"),
                "expires_at": JSON(invitation.expiresAt),
            ]
        }
    }

    private static let operatorName = "operator"
}
