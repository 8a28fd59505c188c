import Core
package import Cryptography
package import Identity
package import Storage
import Web

/// How staff get in: by password and second factor. Whatever is wrong, the answer is the same and takes as long.
package struct SignIn: Sendable {
    package let database: any Database
    package let passwords: PasswordHashing
    package let factors: SecondFactors
    package let pepper: SecretBytes

    /// - Parameter pepper: `KeyMaterial.signInPepper`.
    package init(
        database: any Database,
        passwords: PasswordHashing,
        factors: SecondFactors,
        pepper: SecretBytes
    ) {
        self.database = database
        self.passwords = passwords
        self.factors = factors
        self.pepper = pepper
    }

    /// What somebody shows.
    package struct Attempt: Sendable {
        let login: Login
        /// `nil` for a text that no account has as its password.
        let password: Password?
        let factor: SecondFactor
        let address: String
        let device: String?
    }

    /// Somebody who is in.
    package struct Entrance: Sendable {
        package let person: Person
        package let session: Session
        package let token: SessionToken
    }

    /// - Throws: `signInRefused`, `signInLocked`, `personSuspended`, `organizationSuspended`, `passwordChecksBusy`.
    package func enter(_ attempt: Attempt, from origin: Origin) async throws -> Entrance {
        let subjects = [
            SignInAttempts.Subject.account(attempt.login, pepper: pepper),
            .address(attempt.address, pepper: pepper),
        ]
        let login = attempt.login.code(pepper: pepper)
        let stored = try await begin(subjects) { tx in try PersonStore.credentials(tx, login: login)?.password }
        guard try await passwords.verify(attempt.password, against: stored) else { throw Failure(.signInRefused) }
        let result: Result<Entrance, Failure> = try await database.writeRetrying { tx in
            guard let credentials = try PersonStore.credentials(tx, login: login), credentials.password == stored else {
                return .failure(Failure(.signInRefused))
            }
            if let refusal = try show(tx, attempt.factor, credentials) { return .failure(refusal) }
            try SignInAttempts.succeed(tx, subjects)
            let person = credentials.person
            if let refusal = try standing(tx, person) { return .failure(refusal) }
            let (session, token) = try Sessions.open(
                tx,
                for: person,
                isProved: true,
                device: attempt.device,
                pepper: pepper
            )
            try note(tx, person, .sessionCreate, origin, [.init("session", JSON(session.id))])
            return .success(Entrance(person: person, session: session, token: token))
        }
        let entrance = try result.get()
        try await renewHash(of: attempt.password, stored, entrance.person)
        return entrance
    }

    /// What was hashed at a lower cost than today's is hashed anew, now that the password is at hand.
    private func renewHash(of password: Password?, _ stored: PasswordHash?, _ person: Person) async throws {
        guard let password, let stored, stored.needsRehash else { return }
        let renewed = try await passwords.hash(password)
        try await database.write { tx in try PersonStore.setPassword(tx, person.id, renewed) }
    }

    /// Shows the second factor again, for what takes a fresh one. The session gets a new token.
    ///
    /// - Throws: `wrongCode`, `signInLocked`, `invalidSession`.
    package func stepUp(
        _ person: PersonID,
        _ session: SessionID,
        _ factor: SecondFactor,
        from origin: Origin
    ) async throws -> Entrance {
        let result: Result<Entrance, Failure> = try await database.writeRetrying { tx in
            guard let credentials = try PersonStore.credentials(tx, person),
                let session = try SessionStore.find(tx, session), session.end == nil
            else { throw Failure(.invalidSession) }
            if let refusal = try show(tx, factor, credentials) {
                return .failure(refusal.type == .signInRefused ? Failure(.wrongCode) : refusal)
            }
            let rotated = try Sessions.rotate(tx, session, isProved: true, pepper: pepper)
            try note(tx, credentials.person, .sessionStepUp, origin, [.init("session", JSON(session.id))])
            return .success(Entrance(person: credentials.person, session: rotated.session, token: rotated.token))
        }
        return try result.get()
    }

    /// Counts an attempt, and looks up what it is for in the same transaction.
    ///
    /// - Throws: `signInLocked`.
    func begin<Value: Sendable>(
        _ subjects: [SignInAttempts.Subject],
        _ find: @escaping @Sendable (any Transaction) throws -> Value
    ) async throws -> Value {
        let begun: Result<Value, Failure> = try await database.writeRetrying { tx in
            if let wait = try SignInAttempts.begin(tx, subjects) { return .failure(SignIn.locked(wait)) }
            return .success(try find(tx))
        }
        return try begun.get()
    }

    /// - Returns: why it does not open; the attempt stays counted then.
    func show(
        _ tx: any Transaction,
        _ factor: SecondFactor,
        _ credentials: PersonStore.Credentials
    ) throws -> Failure? {
        let subject = SignInAttempts.Subject.secondFactor(credentials.person.id, pepper: pepper)
        if let wait = try SignInAttempts.begin(tx, [subject]) { return SignIn.locked(wait) }
        guard try factors.take(tx, factor, of: credentials) else { return Failure(.signInRefused) }
        try SignInAttempts.succeed(tx, [subject])
        return nil
    }

    /// - Returns: why somebody who has shown everything is not let in all the same.
    func standing(_ tx: any Transaction, _ person: Person) throws -> Failure? {
        if person.suspendedAt != nil { return Failure(.personSuspended) }
        guard let organization = person.organization else { return nil }
        return try Organizations.get(tx, organization).suspension == nil ? nil : Failure(.organizationSuspended)
    }

    func note(
        _ tx: any Transaction,
        _ person: Person,
        _ action: Action,
        _ origin: Origin,
        _ detail: [JSON.Member] = []
    ) throws {
        try AuditTrail.append(
            tx,
            AuditEntry(
                chain: person.organization?.text ?? AuditTrail.platformChain,
                action: action.rawValue,
                origin: origin,
                subject: person.id.text,
                detail: detail
            )
        )
    }

    static func locked(_ seconds: Int64) -> Failure {
        Failure(
            .signInLocked,
            zh: "请在 \(seconds) 秒后再试",
            en: "Try again in \(seconds) seconds",
            retryAfterSeconds: Int(seconds)
        )
    }
}
