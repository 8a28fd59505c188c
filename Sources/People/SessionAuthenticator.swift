package import Core
package import Cryptography
package import Identity
package import Logging
package import Storage
import Synchronization
package import Web

/// Finds out who calls by the token of a session, and asks the keys for everything else.
package final class SessionAuthenticator: Authenticator {
    private let keys: KeyAuthenticator
    private let database: any Database
    private let clock: any WallClock
    private let pepper: SecretBytes
    private let logger: Logger
    /// Uses that are still to be written, by the session's identifier.
    private let uses = Mutex<[String: Instant]>([:])

    /// - Parameter pepper: `KeyMaterial.signInPepper`.
    package init(
        keys: KeyAuthenticator,
        database: any Database,
        clock: any WallClock,
        pepper: SecretBytes,
        logger: Logger
    ) {
        self.keys = keys
        self.database = database
        self.clock = clock
        self.pepper = pepper
        self.logger = logger
    }

    /// - Throws: `invalidSession` to whoever has not shown a token; only to one who has, why it does not work.
    package func authenticate(bearer: String) async throws -> Principal {
        guard let token = SessionToken(bearer) else { return try await keys.authenticate(bearer: bearer) }
        let now = clock.now()
        let code = token.authenticationCode(pepper: pepper)
        let known = try await database.read { tx in try KnownSession.find(tx, code) }
        guard let known else { throw Failure(.invalidSession) }
        let principal = try known.principal(at: now)
        if SessionPolicy.isUseToBeNoted(known.session.times, at: now) {
            uses.withLock { $0[known.session.id.text] = now }
        }
        return principal
    }

    /// - Throws: `invalidSession` for an API key, too: it belongs into no browser.
    package func authenticate(session: String) async throws -> Principal {
        guard SessionToken(session) != nil else { throw Failure(.invalidSession) }
        return try await authenticate(bearer: session)
    }

    package func recognize(bearer: String) -> Principal? { keys.recognize(bearer: bearer) }

    /// Writes when sessions were last used: now and then, and on shutdown, never while a caller waits.
    package func flushUses() async {
        let uses = uses.withLock { uses in
            defer { uses = [:] }
            return uses
        }
        guard !uses.isEmpty else { return }
        do {
            try await database.write { tx in
                for (id, instant) in uses.sorted(by: { $0.key < $1.key }) {
                    try SessionStore.noteUse(tx, of: id, at: instant)
                }
            }
        } catch {
            self.uses.withLock { $0.merge(uses) { later, _ in later } }
            logger.warning("the last uses of sessions could not be written", metadata: ["error": "\(error)"])
        }
    }
}

/// What is known of a session whose token has been shown.
struct KnownSession: Sendable {
    let session: Session
    let isReplaced: Bool
    let person: Person
    let certificates: [Certificate]
    let organizationSuspendedAt: Instant?

    static func find(_ tx: any Transaction, _ code: Digest) throws -> KnownSession? {
        guard let found = try SessionStore.find(tx, code: code),
            let person = try PersonStore.find(tx, found.session.person)
        else { return nil }
        return KnownSession(
            session: found.session,
            isReplaced: found.isReplaced,
            person: person,
            certificates: try PersonStore.certificates(tx, of: person.id),
            organizationSuspendedAt: try person.organization.flatMap { id in
                try Organizations.get(tx, id).suspension?.since
            }
        )
    }

    /// - Throws: why the session is no good any more.
    func principal(at now: Instant) throws -> Principal {
        guard session.end == nil else { throw Failure(.invalidSession) }
        let policy = SessionPolicy.of(person.role)
        guard policy.state(of: session.times, at: now) == .live else { throw Failure(.sessionExpired) }
        if isReplaced, !SessionPolicy.isReplacedTokenTaken(replacedAt: session.times.tokenIssuedAt, at: now) {
            throw Failure(.invalidSession)
        }
        if person.suspendedAt != nil { throw Failure(.personSuspended) }
        if organizationSuspendedAt != nil { throw Failure(.organizationSuspended) }
        let role = Competence.role(person.role, certificates, on: now.dateInChina)
        // Nobody gives a buyer more or less than every buyer has.
        let scopes = person.role == .buyer ? StaffRoles.scopes(of: .buyer) : person.scopes
        return Principal(
            organization: person.domain,
            role: role ?? person.role,
            scopes: Set(scopes.names),
            credential: person.id.text,
            session: Principal.Session(
                id: session.id.text,
                isSteppedUp: policy.isSteppedUp(session.times, at: now),
                isCertified: role != nil,
                isRotationDue: !isReplaced && policy.isRotationDue(session.times, at: now)
            )
        )
    }
}
