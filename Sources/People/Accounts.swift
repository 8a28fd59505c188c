package import Core
package import Cryptography
package import Identity
package import Storage
package import Web

/// What people do to their own account, and those who manage people to others'.
package struct Accounts: Sendable {
    package let signIn: SignIn
    package let vault: SubjectVault
    let letters: Letters

    private static let passwordPurpose = "password"

    package init(signIn: SignIn, vault: SubjectVault, letters: Letters) {
        self.signIn = signIn
        self.vault = vault
        self.letters = letters
    }

    // MARK: The own account

    /// Another password. Every other session ends.
    ///
    /// - Throws: `signInRefused` where the current one is wrong, `signInLocked`, `passwordChecksBusy`.
    package func changePassword(
        of person: PersonID,
        in session: SessionID,
        from current: Password?,
        to chosen: Password,
        origin: Origin
    ) async throws {
        let subject = SignInAttempts.Subject.secondFactor(person, pepper: signIn.pepper)
        let stored = try await signIn.begin([subject]) { tx in try PersonStore.credentials(tx, person)?.password }
        guard try await signIn.passwords.verify(current, against: stored) else { throw Failure(.signInRefused) }
        let hash = try await signIn.passwords.hash(chosen)
        try await signIn.database.writeRetrying { tx in
            guard let credentials = try PersonStore.credentials(tx, person), credentials.password == stored else {
                throw Failure(.signInRefused)
            }
            try SignInAttempts.succeed(tx, [subject])
            try PersonStore.setPassword(tx, person, hash)
            try Sessions.endAll(tx, of: person, except: session, because: .passwordChanged)
            try signIn.note(tx, credentials.person, .passwordChange, origin)
        }
    }

    /// A new set of recovery codes; the old one is void.
    package func renewRecoveryCodes(
        _ tx: any Transaction,
        of person: PersonID,
        from origin: Origin
    ) throws -> [RecoveryCode] {
        guard let found = try PersonStore.find(tx, person) else { throw Failure(.notFound) }
        let codes = try signIn.factors.issueRecoveryCodes(tx, to: person)
        try signIn.note(tx, found, .recoveryCodesRenew, origin)
        return codes
    }

    // MARK: A forgotten password

    /// Sends a link. The answer is the same for everybody.
    ///
    /// - Throws: `signInLocked` where too much has been sent.
    /// - Returns: when what was sent is no good any more.
    package func sendPasswordLink(to login: Login, in language: Language, address: String) async throws -> Instant {
        let pepper = signIn.pepper
        let subjects = [SignInAttempts.Subject.sending(login, pepper: pepper), .address(address, pepper: pepper)]
        return try await signIn.begin(subjects) { tx in
            let expiresAt = tx.now.adding(seconds: SignInCode.Purpose.password.validSeconds)
            let digest = login.code(pepper: pepper)
            guard let person = try PersonStore.credentials(tx, login: digest)?.person, person.role != .buyer else {
                return expiresAt
            }
            let token = LinkToken.random()
            try SignInCodeStore.put(
                tx,
                SignInCode(
                    login: digest,
                    purpose: .password,
                    code: token.code(Accounts.passwordPurpose, pepper: pepper),
                    subject: person.subject,
                    expiresAt: expiresAt,
                    triesLeft: SignInCode.tries
                )
            )
            try letters.send(
                tx,
                .passwordLink,
                link: token,
                to: person.subject,
                at: login.field,
                in: language,
                ttlSeconds: SignInCode.Purpose.password.validSeconds
            )
            return expiresAt
        }
    }

    /// A new password by a link that was sent, and the second factor: who only reads the mail does not get in.
    /// Every session ends.
    ///
    /// - Throws: `invalidLink`, `wrongCode`, `signInLocked`.
    package func choosePassword(
        by token: LinkToken,
        _ factor: SecondFactor,
        _ chosen: PasswordHash,
        from origin: Origin
    ) async throws {
        let code = token.code(Accounts.passwordPurpose, pepper: signIn.pepper)
        let result: Result<Void, Failure> = try await signIn.database.writeRetrying { tx in
            guard let sent = try SignInCodeStore.find(tx, code: code), sent.purpose == .password,
                tx.now < sent.expiresAt, let credentials = try PersonStore.credentials(tx, login: sent.login)
            else { return .failure(Failure(.invalidLink)) }
            if let refusal = try signIn.show(tx, factor, credentials) {
                return .failure(refusal.type == .signInRefused ? Failure(.wrongCode) : refusal)
            }
            guard try SignInCodeStore.take(tx, sent) else { return .failure(Failure(.invalidLink)) }
            let person = credentials.person
            try PersonStore.setPassword(tx, person.id, chosen)
            try Sessions.endAll(tx, of: person.id, because: .passwordChanged)
            try signIn.note(tx, person, .passwordReset, origin)
            return .success(())
        }
        try result.get()
    }

    // MARK: Others' accounts

    /// - Throws: `notFound` for another organisation's, too.
    package static func get(_ tx: any Transaction, _ id: PersonID, of organization: OrganizationID) throws -> Person {
        guard let person = try PersonStore.find(tx, id), person.organization == organization else {
            throw Failure(.notFound)
        }
        return person
    }

    /// - Parameters:
    ///   - scopes: `nil` leaves them as they are.
    ///   - isSuspended: `nil` leaves it as it is. A suspension ends every session.
    package func update(
        _ tx: any Transaction,
        _ current: Person,
        scopes: Set<Scope>?,
        isSuspended: Bool?,
        from origin: Origin
    ) throws -> Person {
        var person = current
        if let scopes { person.scopes = scopes }
        if let isSuspended, isSuspended != (current.suspendedAt != nil) {
            person.suspendedAt = isSuspended ? tx.now : nil
        }
        guard person != current else { return current }
        person.version += 1
        guard try PersonStore.update(tx, person, replacing: current.version) else { throw Failure(.preconditionFailed) }
        if person.suspendedAt != nil { try Sessions.endAll(tx, of: person.id, because: .suspended) }
        try signIn.note(
            tx,
            person,
            .personUpdate,
            origin,
            [
                .init("scopes", .array(person.scopes.names.map(JSON.string))),
                .init("status", person.suspendedAt == nil ? "active" : "suspended"),
            ]
        )
        return person
    }

    func certify(
        _ tx: any Transaction,
        _ person: Person,
        _ draft: Certificate.Draft,
        by actor: String,
        from origin: Origin
    ) throws -> Certificate {
        let certificate = Certificate(
            id: CertificateID(at: tx.now),
            person: person.id,
            kind: draft.kind,
            level: draft.level,
            number: draft.number,
            issuedOn: draft.issuedOn,
            expiresOn: draft.expiresOn,
            grantedBy: actor,
            grantedAt: tx.now,
            revokedAt: nil
        )
        try PersonStore.insert(tx, certificate)
        try signIn.note(tx, person, .certificateGrant, origin, [.init("certificate", certificate.json)])
        return certificate
    }

    /// Revoking it again does nothing.
    func revoke(
        _ tx: any Transaction,
        _ id: CertificateID,
        of person: Person,
        by actor: String,
        from origin: Origin
    ) throws {
        guard try PersonStore.certificates(tx, of: person.id).contains(where: { $0.id == id }) else {
            throw Failure(.notFound)
        }
        guard try PersonStore.revoke(tx, id, by: actor) else { return }
        try signIn.note(tx, person, .certificateRevoke, origin, [.init("certificate", JSON(id))])
    }
}
