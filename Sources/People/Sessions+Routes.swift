import Core
import Cryptography
import HTTPTypes
import Identity
import Storage
package import Web

extension RateLimit {
    /// What may be guessed at: slower than anything else, and per address. `LockOut` slows each account down besides.
    package static let signIn = RateLimit(name: "sign_in", quota: 30, memberQuota: 600, windowSeconds: 60)
}

// MARK: - Getting in

extension PeopleService {
    var sessionEndpoints: [Endpoint] {
        [
            entrance("/v1/sessions", .sessionCreate, create),
            entrance("/v1/buyer-codes", .sessionCreate, sendBuyerCode),
            entrance("/v1/buyer-sessions", .sessionCreate, createBuyer),
            entrance("/v1/password-resets", .passwordReset, sendPasswordLink),
            entrance("/v1/password-resets/confirm", .passwordReset, choosePassword),
        ]
    }

    private func entrance(
        _ path: String,
        _ action: Action,
        _ handler: @escaping @Sendable (Call) async throws -> Reply
    ) -> Endpoint {
        Endpoint(
            .post,
            path,
            body: .json,
            rateLimit: .signIn,
            authorize: Policy.authorize(action),
            handler: handler
        )
    }

    private func create(_ call: Call) async throws -> Reply {
        var reader = try ObjectReader(call.json)
        let login = reader.value("login", as: Login.self)
        let password = reader.enteredPassword("password")
        let factor = SecondFactor(&reader)
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        guard let login, let factor else { throw Failure(.invalidRequest) }
        let attempt = SignIn.Attempt(
            login: login,
            password: password,
            factor: factor,
            address: call.remoteAddress,
            device: call.device
        )
        return try await reply(try await signIn.enter(attempt, from: Origin(call)))
    }

    private func sendBuyerCode(_ call: Call) async throws -> Reply {
        let login = try call.onlyLogin()
        let expiresAt = try await buyers.send(to: login, in: call.language, address: call.remoteAddress)
        return .json(
            ["kind": login.field == .phone ? "code" : "link", "expires_at": JSON(expiresAt)],
            status: .accepted
        )
    }

    /// By `{login, code}` or `{token}`.
    private func createBuyer(_ call: Call) async throws -> Reply {
        var reader = try ObjectReader(call.json)
        let isLink = call.json["token"] != nil
        let token = isLink ? reader.link("token") : nil
        let login = isLink ? nil : reader.value("login", as: Login.self)
        let code = isLink ? nil : reader.string("code", length: 1...64)
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        if let token { return try await reply(try await buyers.enter(token, device: call.device, from: Origin(call))) }
        guard let login, let code else { throw Failure(.invalidLink) }
        return try await reply(
            try await buyers.enter(login, code: code, device: call.device, from: Origin(call))
        )
    }

    private func sendPasswordLink(_ call: Call) async throws -> Reply {
        let login = try call.onlyLogin()
        let expiresAt = try await accounts.sendPasswordLink(
            to: login,
            in: call.language,
            address: call.remoteAddress
        )
        return .json(["kind": "link", "expires_at": JSON(expiresAt)], status: .accepted)
    }

    private func choosePassword(_ call: Call) async throws -> Reply {
        var reader = try ObjectReader(call.json)
        let token = reader.link("token")
        let password = reader.chosenPassword("password")
        let factor = SecondFactor(&reader)
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        guard let token, let password, let factor else { throw Failure(.invalidLink) }
        let hash = try await signIn.passwords.hash(password)
        try await accounts.choosePassword(by: token, factor, hash, from: Origin(call))
        return Reply(.noContent)
    }

    func reply(_ entrance: SignIn.Entrance) async throws -> Reply {
        try await database.read { tx in .json(.object(try entranceMembers(tx, entrance)), status: .created) }
    }

    /// The token is shown this once.
    func entranceMembers(_ tx: any Transaction, _ entrance: SignIn.Entrance) throws -> [JSON.Member] {
        [
            .init("token", JSON(entrance.token.secret)),
            .init("session", entrance.session.json(SessionPolicy.of(entrance.person.role), isCurrent: true)),
            .init("person", try document(tx, entrance.person)),
        ]
    }
}

// MARK: - The own account

extension PeopleService {
    var ownEndpoints: [Endpoint] {
        [
            Endpoint(.get, "/v1/sessions", authorize: Policy.authorize(.sessionManage), handler: listSessions),
            Endpoint(
                .delete,
                "/v1/sessions/{session}",
                authorize: Policy.authorize(.sessionManage),
                handler: endSession
            ),
            Endpoint(
                .delete,
                "/v1/sessions/current",
                authorize: Policy.authorize(.sessionManage),
                handler: signOut
            ),
            Endpoint(
                .post,
                "/v1/sessions/current/rotate",
                body: .json,
                authorize: Policy.authorize(.sessionManage),
                handler: rotate
            ),
            Endpoint(
                .post,
                "/v1/sessions/current/step-up",
                body: .json,
                rateLimit: .signIn,
                authorize: Policy.authorize(.sessionStepUp),
                handler: stepUp
            ),
            Endpoint(
                .post,
                "/v1/me/password",
                body: .json,
                rateLimit: .signIn,
                authorize: Policy.authorize(.passwordChange),
                handler: changePassword
            ),
            Endpoint(
                .post,
                "/v1/me/recovery-codes",
                body: .json,
                rateLimit: .signIn,
                authorize: Policy.authorize(.recoveryCodesRenew),
                handler: renewRecoveryCodes
            ),
        ]
    }

    private func listSessions(_ call: Call) async throws -> Reply {
        let own = try call.ownSession()
        return try await database.read { tx in
            guard let person = try PersonStore.find(tx, own.person) else { throw Failure(.invalidSession) }
            let policy = SessionPolicy.of(person.role)
            let sessions = try Sessions.live(tx, of: person)
            return call.list(sessions.map { $0.json(policy, isCurrent: $0.id == own.session) }, next: nil)
        }
    }

    private func endSession(_ call: Call) async throws -> Reply {
        let own = try call.ownSession()
        let id = try SessionID(reading: call.parameter("session"))
        try await database.writeRetrying { tx in try Sessions.end(tx, id, of: own.person, because: .revoked) }
        return Reply(.noContent)
    }

    private func signOut(_ call: Call) async throws -> Reply {
        let own = try call.ownSession()
        try await database.writeRetrying { tx in
            try Sessions.end(tx, own.session, of: own.person, because: .signedOut)
        }
        return Reply(.noContent)
    }

    private func rotate(_ call: Call) async throws -> Reply {
        let own = try call.ownSession()
        try call.requireEmptyObject()
        return try await database.writeRetrying { tx in
            guard let person = try PersonStore.find(tx, own.person),
                let session = try SessionStore.find(tx, own.session), session.end == nil
            else { throw Failure(.invalidSession) }
            let rotated = try Sessions.rotate(tx, session, isProved: false, pepper: signIn.pepper)
            let entrance = SignIn.Entrance(person: person, session: rotated.session, token: rotated.token)
            return .json(.object(try entranceMembers(tx, entrance)))
        }
    }

    private func stepUp(_ call: Call) async throws -> Reply {
        let own = try call.ownSession()
        var reader = try ObjectReader(call.json)
        let factor = SecondFactor(&reader)
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        guard let factor else { throw Failure(.invalidRequest) }
        let entrance = try await signIn.stepUp(own.person, own.session, factor, from: Origin(call))
        return try await database.read { tx in .json(.object(try entranceMembers(tx, entrance))) }
    }

    private func changePassword(_ call: Call) async throws -> Reply {
        let own = try call.ownSession()
        var reader = try ObjectReader(call.json)
        let current = reader.enteredPassword("current_password")
        let chosen = reader.chosenPassword("new_password")
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        guard let chosen else { throw Failure(.invalidRequest) }
        try await accounts.changePassword(
            of: own.person,
            in: own.session,
            from: current,
            to: chosen,
            origin: Origin(call)
        )
        return Reply(.noContent)
    }

    private func renewRecoveryCodes(_ call: Call) async throws -> Reply {
        let own = try call.ownSession()
        try call.requireEmptyObject()
        return try await database.writeRetrying { tx in
            let codes = try accounts.renewRecoveryCodes(tx, of: own.person, from: Origin(call))
            return .json(["recovery_codes": .array(codes.map { JSON($0.text) })])
        }
    }
}

extension Call {
    /// - Throws: `forbidden` for an API key, which the endpoint's rule should have refused before.
    func ownSession() throws -> (person: PersonID, session: SessionID) {
        let principal = try requirePrincipal()
        guard let person = PersonID(principal.credential),
            let session = principal.session.flatMap({ SessionID($0.id) })
        else { throw Failure(.forbidden) }
        return (person, session)
    }

    /// `{"login": …}`
    fileprivate func onlyLogin() throws -> Login {
        var reader = try ObjectReader(json)
        let login = reader.value("login", as: Login.self)
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        guard let login else { throw Failure(.invalidRequest) }
        return login
    }
}
