import Core
import Cryptography
import HTTPTypes
import Identity
import Storage
package import Web

/// What the endpoints about people share.
package struct PeopleService: Sendable {
    let database: any Database
    let accounts: Accounts
    let buyers: Buyers
    let invitations: Invitations
    let vault: SubjectVault
    let letters: Letters

    var signIn: SignIn { accounts.signIn }

    package init(signIn: SignIn, vault: SubjectVault, letters: Letters) {
        database = signIn.database
        accounts = Accounts(signIn: signIn, vault: vault, letters: letters)
        buyers = Buyers(signIn: signIn, vault: vault, letters: letters)
        invitations = Invitations(vault: vault, factors: signIn.factors, pepper: signIn.pepper)
        self.vault = vault
        self.letters = letters
    }

    package var endpoints: [Endpoint] {
        [meEndpoint] + sessionEndpoints + ownEndpoints + invitationEndpoints + joiningEndpoints + personEndpoints
    }

    // MARK: People of an organisation

    private var personEndpoints: [Endpoint] {
        [
            Endpoint(
                .get,
                "/v1/organizations/{id}/people",
                query: Page.query,
                authorize: Policy.authorize(.personList),
                handler: list
            ),
            Endpoint(
                .get,
                "/v1/organizations/{id}/people/{person}",
                authorize: Policy.authorize(.personList),
                handler: read
            ),
            Endpoint(
                .patch,
                "/v1/organizations/{id}/people/{person}",
                body: .json,
                authorize: Policy.authorize(.personUpdate),
                handler: update
            ),
            Endpoint(
                .post,
                "/v1/organizations/{id}/people/{person}/reset-second-factor",
                body: .json,
                repetition: .keyed,
                authorize: Policy.authorize(.personUpdate),
                handler: reset
            ),
            Endpoint(
                .post,
                "/v1/organizations/{id}/people/{person}/certificates",
                body: .json,
                repetition: .keyed,
                authorize: Policy.authorize(.certificateGrant),
                handler: certify
            ),
            Endpoint(
                .delete,
                "/v1/organizations/{id}/people/{person}/certificates/{certificate}",
                authorize: Policy.authorize(.certificateRevoke),
                handler: revokeCertificate
            ),
        ]
    }

    private func list(_ call: Call) async throws -> Reply {
        let id = try call.organization(where: Policy.sees)
        let page = try call.page()
        return try await database.read { tx in
            _ = try Organizations.get(tx, id)
            let people = try PersonStore.page(tx, of: id, after: page.position ?? "", limit: page.limit + 1)
            let names = try vault.masked(tx, people.map(\.subject), Self.shown)
            let certificates = try Dictionary(
                uniqueKeysWithValues: people.map { ($0.id, try PersonStore.certificates(tx, of: $0.id)) }
            )
            return call.list(people, on: page, position: \.id.text) {
                $0.json(names[$0.subject] ?? [:], certificates[$0.id] ?? [])
            }
        }
    }

    private func read(_ call: Call) async throws -> Reply {
        let id = try call.organization(where: Policy.sees)
        let person = try call.person()
        return try await database.read { tx in try reply(tx, try Accounts.get(tx, person, of: id)) }
    }

    private func update(_ call: Call) async throws -> Reply {
        let id = try call.organization(where: Policy.owns)
        let personID = try call.person()
        try SeparationOfDuties.refuseOwn(personID, by: call.actingPerson)
        return try await database.writeRetrying { tx in
            let person = try Accounts.get(tx, personID, of: id)
            try call.requireIfMatch(tag(tx, person))
            var reader = try ObjectReader(call.json)
            let scopes = reader.scopes(of: person.role, held: try call.grantableScopes())
            let status = reader.oneOf("status", Status.self, required: false)
            reader.refuseUnknownMembers()
            try reader.faults.throwIfAny()
            let updated = try accounts.update(
                tx,
                person,
                scopes: scopes,
                isSuspended: status.map { $0 == .suspended },
                from: Origin(call)
            )
            return try reply(tx, updated)
        }
    }

    private enum Status: String, CaseIterable {
        case active
        case suspended
    }

    private func reset(_ call: Call) async throws -> Reply {
        let id = try call.organization(where: Policy.owns)
        let personID = try call.person()
        try call.requireEmptyObject()
        try SeparationOfDuties.refuseOwn(personID, by: call.actingPerson)
        return try await database.writeRetrying { tx in
            try call.once(in: tx) {
                let person = try Accounts.get(tx, personID, of: id)
                let (invitation, token) = try invitations.reset(
                    tx,
                    person,
                    by: try call.actor(),
                    from: Origin(call)
                )
                try send(tx, invitation, token, call.language)
                return try reply(tx, invitation, .created)
            }
        }
    }

    private func certify(_ call: Call) async throws -> Reply {
        let id = try call.organization(where: Policy.owns)
        let personID = try call.person()
        let draft = try Certificate.Draft(reading: call.json)
        try SeparationOfDuties.refuseOwn(personID, by: call.actingPerson)
        return try await database.writeRetrying { tx in
            try call.once(in: tx) {
                let person = try Accounts.get(tx, personID, of: id)
                let certificate = try accounts.certify(tx, person, draft, by: try call.actor(), from: Origin(call))
                return .json(certificate.json, status: .created)
            }
        }
    }

    private func revokeCertificate(_ call: Call) async throws -> Reply {
        let id = try call.organization(where: Policy.owns)
        let personID = try call.person()
        let certificate = try CertificateID(reading: call.parameter("certificate"))
        try SeparationOfDuties.refuseOwn(personID, by: call.actingPerson)
        return try await database.writeRetrying { tx in
            let person = try Accounts.get(tx, personID, of: id)
            try accounts.revoke(tx, certificate, of: person, by: try call.actor(), from: Origin(call))
            return Reply(.noContent)
        }
    }

    // MARK: Answers

    static let shown: Set<PersonalField> = [.name, .email, .phone]

    func document(_ tx: any Transaction, _ person: Person) throws -> JSON {
        let values = try vault.masked(tx, [person.subject], Self.shown)[person.subject] ?? [:]
        return person.json(values, try PersonStore.certificates(tx, of: person.id))
    }

    private func tag(_ tx: any Transaction, _ person: Person) throws -> String {
        Identity.entityTag(version: person.version, try document(tx, person))
    }

    private func reply(_ tx: any Transaction, _ person: Person) throws -> Reply {
        let document = try document(tx, person)
        return Reply.json(document).withETag(Identity.entityTag(version: person.version, document))
    }
}

extension Call {
    func person() throws -> PersonID { try PersonID(reading: parameter("person")) }

    /// `nil` for an API key.
    var actingPerson: PersonID? { principal.flatMap { PersonID($0.credential) } }

    /// `usr_…` or `key_…`.
    func actor() throws -> String { try requirePrincipal().credential }

    /// Others give what they have themselves; the platform may give whatever the role allows.
    func grantableScopes() throws -> Set<String>? {
        let principal = try requirePrincipal()
        return principal.role == .admin ? nil : principal.scopes
    }

    var device: String? { Session.device(userAgent: headers[.userAgent]) }
}
