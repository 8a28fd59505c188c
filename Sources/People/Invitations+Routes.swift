import Core
import Cryptography
import HTTPTypes
import Identity
import Storage
import Web

extension PeopleService {
    var invitationEndpoints: [Endpoint] {
        [
            Endpoint(
                .post,
                "/v1/organizations/{id}/invitations",
                body: .json,
                repetition: .keyed,
                authorize: Policy.authorize(.invitationCreate),
                handler: invite
            ),
            Endpoint(
                .get,
                "/v1/organizations/{id}/invitations",
                query: Page.query,
                authorize: Policy.authorize(.personList),
                handler: listInvitations
            ),
            Endpoint(
                .post,
                "/v1/organizations/{id}/invitations/{invitation}/approve",
                body: .json,
                authorize: Policy.authorize(.invitationApprove),
                handler: approve
            ),
            Endpoint(
                .delete,
                "/v1/organizations/{id}/invitations/{invitation}",
                authorize: Policy.authorize(.invitationCancel),
                handler: cancel
            ),
        ]
    }

    /// For those who hold a link: they have no account yet.
    var joiningEndpoints: [Endpoint] {
        [
            Endpoint(
                .post,
                "/v1/invitations/open",
                body: .json,
                rateLimit: .signIn,
                authorize: Policy.authorize(.invitationAccept),
                handler: open
            ),
            Endpoint(
                .post,
                "/v1/invitations/accept",
                body: .json,
                rateLimit: .signIn,
                authorize: Policy.authorize(.invitationAccept),
                handler: accept
            ),
        ]
    }

    private func invite(_ call: Call) async throws -> Reply {
        let id = try call.organization(where: Policy.owns)
        return try await database.writeRetrying { tx in
            try call.once(in: tx) {
                let organization = try Organizations.get(tx, id)
                let draft = try Invitation.Draft(
                    reading: call.json,
                    in: organization.kind,
                    held: call.grantableScopes()
                )
                let (invitation, token) = try invitations.create(
                    tx,
                    draft,
                    to: organization,
                    by: call.actor(),
                    from: Origin(call)
                )
                try send(tx, invitation, token, call.language)
                return try reply(tx, invitation, .created)
            }
        }
    }

    private func listInvitations(_ call: Call) async throws -> Reply {
        let id = try call.organization(where: Policy.sees)
        let page = try call.page()
        return try await database.read { tx in
            _ = try Organizations.get(tx, id)
            let found = try InvitationStore.page(tx, of: id, before: page.position ?? "~", limit: page.limit + 1)
            let names = try vault.masked(tx, found.map(\.subject), Self.shown)
            return call.list(found, on: page, position: \.id.text) { $0.json(names[$0.subject] ?? [:], at: tx.now) }
        }
    }

    private func approve(_ call: Call) async throws -> Reply {
        let id = try call.organization(where: Policy.owns)
        let invitation = try InvitationID(reading: call.parameter("invitation"))
        try call.requireEmptyObject()
        return try await database.writeRetrying { tx in
            let approved = try invitations.approve(
                tx,
                invitation,
                of: id,
                by: call.actor(),
                from: Origin(call)
            )
            return try reply(tx, approved, .ok)
        }
    }

    private func cancel(_ call: Call) async throws -> Reply {
        let id = try call.organization(where: Policy.owns)
        let invitation = try InvitationID(reading: call.parameter("invitation"))
        return try await database.writeRetrying { tx in
            try invitations.cancel(tx, invitation, of: id, from: Origin(call))
            return Reply(.noContent)
        }
    }

    func send(_ tx: any Transaction, _ invitation: Invitation, _ token: LinkToken, _ language: Language) throws {
        let values = try vault.masked(tx, [invitation.subject], [.email])[invitation.subject] ?? [:]
        try letters.send(
            tx,
            invitation.person == nil ? .invitation : .secondFactorReset,
            link: token,
            to: invitation.subject,
            at: values[.email] == nil ? .phone : .email,
            in: language,
            ttlSeconds: Invitation.validSeconds
        )
    }

    func reply(_ tx: any Transaction, _ invitation: Invitation, _ status: HTTPResponse.Status) throws -> Reply {
        let values = try vault.masked(tx, [invitation.subject], Self.shown)[invitation.subject] ?? [:]
        return .json(invitation.json(values, at: tx.now), status: status)
    }

    // MARK: Joining

    /// What an invitation is for, and the secret for the app: shown to whoever holds the link, until it is used.
    private func open(_ call: Call) async throws -> Reply {
        var reader = try ObjectReader(call.json)
        let token = reader.link("token")
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        guard let token else { throw Failure(.invalidLink) }
        return try await database.read { tx in
            let (invitation, totp) = try invitations.open(tx, token)
            let organization = try Organizations.get(tx, invitation.organization)
            let values = try vault.masked(tx, [invitation.subject], Self.shown)[invitation.subject] ?? [:]
            let login = values[.email] ?? values[.phone] ?? ""
            return .json([
                "organization": ["id": JSON(organization.id), "name": JSON(organization.name)],
                "role": JSON(invitation.role.rawValue),
                "login": JSON(login),
                "expires_at": JSON(invitation.expiresAt),
                "totp": ["secret": JSON(totp.base32), "uri": JSON(totp.uri(issuer: "Chexin", account: login))],
            ])
        }
    }

    private func accept(_ call: Call) async throws -> Reply {
        var reader = try ObjectReader(call.json)
        let token = reader.link("token")
        let password = reader.chosenPassword("password")
        let code = reader.string("code", length: 1...64)
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        guard let token, let password, let code else { throw Failure(.invalidLink) }
        // Before the time that a hash takes.
        _ = try await database.read { tx in try invitations.open(tx, token) }
        let hash = try await signIn.passwords.hash(password)
        return try await database.writeRetrying { tx in
            let (person, codes) = try invitations.accept(
                tx,
                token,
                password: hash,
                code: code,
                from: Origin(call)
            )
            let (session, sessionToken) = try Sessions.open(
                tx,
                for: person,
                isProved: true,
                device: call.device,
                pepper: signIn.pepper
            )
            let entrance = SignIn.Entrance(person: person, session: session, token: sessionToken)
            let members: [JSON.Member] = [.init("recovery_codes", .array(codes.map { JSON($0.text) }))]
            return .json(.object(try entranceMembers(tx, entrance) + members), status: .created)
        }
    }
}

extension ObjectReader {
    /// A link's secret part. One that cannot be any is the link's fault, as is one that is not known.
    mutating func link(_ name: String) -> LinkToken? {
        string(name, length: 1...200).flatMap { LinkToken($0) }
    }

    /// A password that is shown. One that nobody can have is no fault: the answer is the one to a wrong password.
    mutating func enteredPassword(_ name: String) -> Password? {
        string(name, length: 1...Password.maximumByteCount).flatMap { try? Password(entered: $0) }
    }

    mutating func chosenPassword(_ name: String) -> Password? {
        guard let text = string(name, length: 1...Password.maximumByteCount) else { return nil }
        do throws(TextFault) {
            return try Password(choosing: text, context: ["chexin", "车信"])
        } catch {
            fault(name, error.code, zh: error.detail.zh, en: error.detail.en)
            return nil
        }
    }
}
