import Core
package import Cryptography
package import Identity
package import Storage
import Web

/// The verbs on sessions. Each is called inside a transaction.
package enum Sessions {
    /// Whether nobody has ended it.
    ///
    /// - Parameter id: `ses_…`
    package static func isLive(_ tx: any Transaction, _ id: String) throws -> Bool {
        guard let session = try SessionID(id).flatMap({ try SessionStore.find(tx, $0) }) else { return false }
        return session.end == nil
    }

    /// - Parameter isProved: whether the second factor has just been shown.
    /// - Returns: the session and its token, which cannot be had again.
    package static func open(
        _ tx: any Transaction,
        for person: Person,
        isProved: Bool,
        device: String?,
        pepper: SecretBytes
    ) throws -> (session: Session, token: SessionToken) {
        try makeRoom(tx, person)
        let token = SessionToken.random()
        let times = SessionTimes(
            createdAt: tx.now,
            lastUsedAt: tx.now,
            tokenIssuedAt: tx.now,
            provedAt: isProved ? tx.now : nil
        )
        let session = Session(id: SessionID(at: tx.now), person: person.id, times: times, device: device, end: nil)
        try SessionStore.insert(tx, session, code: token.authenticationCode(pepper: pepper))
        return (session, token)
    }

    /// A new token for the same session; the old one is taken for a moment still.
    ///
    /// - Parameter isProved: whether the second factor has just been shown.
    /// - Throws: `invalidSession` where the session has ended, or has got another token meanwhile.
    package static func rotate(
        _ tx: any Transaction,
        _ session: Session,
        isProved: Bool,
        pepper: SecretBytes
    ) throws -> (session: Session, token: SessionToken) {
        let token = SessionToken.random()
        let times = SessionTimes(
            createdAt: session.times.createdAt,
            lastUsedAt: tx.now,
            tokenIssuedAt: tx.now,
            provedAt: isProved ? tx.now : session.times.provedAt
        )
        let rotated = Session(id: session.id, person: session.person, times: times, device: session.device, end: nil)
        let code = token.authenticationCode(pepper: pepper)
        guard try SessionStore.rotate(tx, rotated, code: code, replacing: session.times.tokenIssuedAt) else {
            throw Failure(.invalidSession)
        }
        return (rotated, token)
    }

    /// - Throws: `notFound` for another person's session, too. One that has ended stays as it is.
    package static func end(
        _ tx: any Transaction,
        _ id: SessionID,
        of person: PersonID,
        because reason: Session.EndReason
    ) throws {
        guard let session = try SessionStore.find(tx, id), session.person == person else { throw Failure(.notFound) }
        try SessionStore.end(tx, id, because: reason)
    }

    /// - Parameter kept: goes on.
    /// - Returns: how many there were.
    @discardableResult
    package static func endAll(
        _ tx: any Transaction,
        of person: PersonID,
        except kept: SessionID? = nil,
        because reason: Session.EndReason
    ) throws -> Int {
        try SessionStore.endAll(tx, of: person, except: kept, because: reason)
    }

    /// Those that are live, the newest first.
    package static func live(_ tx: any Transaction, of person: Person) throws -> [Session] {
        let policy = SessionPolicy.of(person.role)
        return try SessionStore.open(tx, of: person.id).filter { policy.state(of: $0.times, at: tx.now) == .live }
    }

    private static func makeRoom(_ tx: any Transaction, _ person: Person) throws {
        let open = try SessionStore.open(tx, of: person.id)
        for session in open.dropFirst(Session.liveMaximum - 1) {
            try SessionStore.end(tx, session.id, because: .revoked)
        }
    }
}
