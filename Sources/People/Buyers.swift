package import Core
import Cryptography
package import Identity
import Storage
package import Web

/// How buyers get in: by a code that is sent to their phone, or a link to their e-mail address. Nobody needs an account
/// to look at a car; it comes into being with the first sign-in.
package struct Buyers: Sendable {
    package let signIn: SignIn
    package let vault: SubjectVault
    let letters: Letters

    private var pepper: SecretBytes { signIn.pepper }
    private static let linkPurpose = "buyer"

    package init(signIn: SignIn, vault: SubjectVault, letters: Letters) {
        self.signIn = signIn
        self.vault = vault
        self.letters = letters
    }

    /// Sends a code or a link. The answer is the same for somebody who has an account and for a stranger; staff are
    /// sent nothing, because they have a password.
    ///
    /// - Returns: when what was sent is no good any more.
    /// - Throws: `signInLocked` where too much has been sent.
    package func send(
        to login: Login,
        in language: Language,
        address: String
    ) async throws -> Instant {
        let subjects = [SignInAttempts.Subject.sending(login, pepper: pepper), .address(address, pepper: pepper)]
        return try await signIn.begin(subjects) { tx in
            let purpose: SignInCode.Purpose = login.field == .phone ? .code : .link
            let expiresAt = tx.now.adding(seconds: purpose.validSeconds)
            let code = login.code(pepper: pepper)
            let known = try PersonStore.credentials(tx, login: code)?.person
            guard known.map({ $0.role == .buyer }) ?? true else { return expiresAt }
            let waiting = try SignInCodeStore.find(tx, login: code, purpose)?.subject
            let subject = try known?.subject ?? waiting ?? vault.create(tx, [login.field: login.text])
            let hash = try write(tx, purpose, to: subject, at: login, in: language)
            let sent = SignInCode(
                login: code,
                purpose: purpose,
                code: hash,
                subject: subject,
                expiresAt: expiresAt,
                triesLeft: SignInCode.tries
            )
            try SignInCodeStore.put(tx, sent)
            return expiresAt
        }
    }

    /// - Throws: `signInRefused`, `personSuspended`.
    package func enter(
        _ login: Login,
        code entered: String,
        device: String?,
        from origin: Origin
    ) async throws -> SignIn.Entrance {
        let digest = login.code(pepper: pepper)
        let result: Result<SignIn.Entrance, Failure> = try await signIn.database.writeRetrying { tx in
            guard let sent = try SignInCodeStore.find(tx, login: digest, .code), tx.now < sent.expiresAt,
                sent.triesLeft > 0
            else { return .failure(Failure(.signInRefused)) }
            let shown = SignInCode.digits(in: entered).map { SignInCode.hash($0, login: digest, pepper: pepper) }
            guard let shown, ConstantTime.equal(shown, sent.code), try SignInCodeStore.take(tx, sent) else {
                try SignInCodeStore.countTry(tx, sent)
                return .failure(Failure(.signInRefused))
            }
            return try admit(tx, sent, device, origin)
        }
        return try result.get()
    }

    /// - Throws: `invalidLink`, `personSuspended`.
    package func enter(_ token: LinkToken, device: String?, from origin: Origin) async throws -> SignIn.Entrance {
        let code = token.code(Buyers.linkPurpose, pepper: pepper)
        let result: Result<SignIn.Entrance, Failure> = try await signIn.database.writeRetrying { tx in
            guard let sent = try SignInCodeStore.find(tx, code: code), sent.purpose == .link, tx.now < sent.expiresAt,
                try SignInCodeStore.take(tx, sent)
            else { return .failure(Failure(.invalidLink)) }
            return try admit(tx, sent, device, origin)
        }
        return try result.get()
    }

    // MARK: -

    /// - Returns: what the store keeps of what was sent.
    private func write(
        _ tx: any Transaction,
        _ purpose: SignInCode.Purpose,
        to subject: SubjectID,
        at login: Login,
        in language: Language
    ) throws -> Digest {
        let seconds = purpose.validSeconds
        if purpose == .code {
            let digits = SignInCode.randomDigits()
            try letters.send(tx, code: digits, to: subject, at: login.field, in: language, ttlSeconds: seconds)
            return SignInCode.hash(digits, login: login.code(pepper: pepper), pepper: pepper)
        }
        let token = LinkToken.random()
        try letters.send(
            tx,
            .signInLink,
            link: token,
            to: subject,
            at: login.field,
            in: language,
            ttlSeconds: seconds
        )
        return token.code(Buyers.linkPurpose, pepper: pepper)
    }

    /// Whoever has shown that the phone or the address is his has an account.
    private func admit(
        _ tx: any Transaction,
        _ sent: SignInCode,
        _ device: String?,
        _ origin: Origin
    ) throws -> Result<SignIn.Entrance, Failure> {
        let person = try PersonStore.credentials(tx, login: sent.login)?.person ?? join(tx, sent)
        guard person.role == .buyer else { return .failure(Failure(.signInRefused)) }
        if let refusal = try signIn.standing(tx, person) { return .failure(refusal) }
        let (session, token) = try Sessions.open(tx, for: person, isProved: true, device: device, pepper: pepper)
        try signIn.note(tx, person, .sessionCreate, origin, [.init("session", JSON(session.id))])
        return .success(SignIn.Entrance(person: person, session: session, token: token))
    }

    private func join(_ tx: any Transaction, _ sent: SignInCode) throws -> Person {
        let person = Person(
            id: PersonID(at: tx.now),
            organization: nil,
            subject: sent.subject,
            role: .buyer,
            scopes: [],
            suspendedAt: nil,
            version: 1,
            createdAt: tx.now
        )
        try PersonStore.insert(tx, person, login: sent.login, password: nil, totp: nil, step: nil)
        return person
    }
}
