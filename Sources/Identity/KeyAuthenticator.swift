package import Core
package import Cryptography
package import Logging
package import Storage
import Synchronization
package import Web

/// Finds out which organisation calls by its API key.
///
/// A wrong secret and a key that does not exist take the same way: one HMAC, one statement that always gives one row,
/// one comparison in constant time. Neither ever gets into the cache, so that repeating a guess shows nothing either.
package final class KeyAuthenticator: Authenticator {
    /// How long a key that has shown its secret is taken at its word. A revocation elsewhere is noticed after that: a
    /// second is what is promised, and half of it leaves room for a clock that is set back meanwhile.
    package static let cacheMilliseconds: Int64 = 500
    /// Keys in the cache. When it is full it starts over, which costs a look-up each.
    package static let cachedKeysMaximum = 10_000
    /// How exactly a key's last use is kept: once an hour is a write that nobody notices.
    package static let useNotedEverySeconds: Int64 = 3600

    private let database: any Database
    private let clock: any WallClock
    private let pepper: SecretBytes
    private let logger: Logger
    private let state = Mutex(State())

    private struct State {
        var cache: [String: Cached] = [:]
        /// Counts the invalidations, so that what was read before one is not cached after it.
        var generation = 0
        /// Uses that are still to be written.
        var uses: [String: Instant] = [:]
    }

    private struct Cached {
        let credential: Credential
        let code: Digest
        let storedAt: Instant

        func isFresh(at now: Instant) -> Bool {
            (0..<KeyAuthenticator.cacheMilliseconds * 1000).contains(now.microseconds - storedAt.microseconds)
        }
    }

    package init(database: any Database, clock: any WallClock, pepper: SecretBytes, logger: Logger) {
        self.database = database
        self.clock = clock
        self.pepper = pepper
        self.logger = logger
    }

    /// - Throws: `invalidAPIKey` to whoever has not shown the secret; only to one who has, why it does not work.
    package func authenticate(bearer: String) async throws -> Principal {
        guard let text = APIKeyText(bearer) else { throw Failure(.invalidAPIKey) }
        let code = text.authenticationCode(pepper: pepper)
        let credential = try await credential(text.publicID, code)
        let now = clock.now()
        try credential.checkUsable(at: now)
        noteUse(of: credential, at: now)
        return credential.principal
    }

    /// By the cache alone.
    package func recognize(bearer: String) -> Principal? {
        guard let text = APIKeyText(bearer) else { return nil }
        let now = clock.now()
        guard let credential = cached(text.publicID, text.authenticationCode(pepper: pepper), at: now),
            (try? credential.checkUsable(at: now)) != nil
        else { return nil }
        noteUse(of: credential, at: now)
        return credential.principal
    }

    /// Forgets every key at once. Called after a revocation or a suspension has been committed here.
    package func invalidate() {
        state.withLock { state in
            state.cache.removeAll(keepingCapacity: true)
            state.generation += 1
        }
    }

    /// Writes when keys were last used: now and then, and on shutdown, never while a caller waits.
    package func flushUses() async {
        let uses = state.withLock { state in
            defer { state.uses = [:] }
            return state.uses
        }
        guard !uses.isEmpty else { return }
        do {
            try await database.write { tx in try APIKeys.noteUses(tx, uses) }
        } catch {
            state.withLock { state in state.uses.merge(uses) { later, _ in later } }
            logger.warning("the last uses of API keys could not be written", metadata: ["error": "\(error)"])
        }
    }

    private func credential(_ publicID: String, _ code: Digest) async throws -> Credential {
        let now = clock.now()
        let generation = state.withLock { $0.generation }
        if let credential = cached(publicID, code, at: now) { return credential }
        let credential = try await database.read { tx in try Credential.find(tx, publicID: publicID, code: code) }
        guard let credential else { throw Failure(.invalidAPIKey) }
        state.withLock { state in
            guard state.generation == generation else { return }
            if state.cache.count >= KeyAuthenticator.cachedKeysMaximum { state.cache.removeAll() }
            state.cache[publicID] = Cached(credential: credential, code: code, storedAt: now)
        }
        return credential
    }

    private func cached(_ publicID: String, _ code: Digest, at now: Instant) -> Credential? {
        let cached = state.withLock { $0.cache[publicID] }
        guard let cached, cached.isFresh(at: now), ConstantTime.equal(cached.code, code) else { return nil }
        return cached.credential
    }

    private func noteUse(of credential: Credential, at now: Instant) {
        if let last = credential.lastUsedAt, now.seconds(since: last) < KeyAuthenticator.useNotedEverySeconds { return }
        state.withLock { $0.uses[credential.principal.credential] = now }
    }
}

/// What is known of a key whose secret has been shown.
struct Credential: Sendable {
    let principal: Principal
    let expiresAt: Instant
    let revokedAt: Instant?
    let suspendedAt: Instant?
    let lastUsedAt: Instant?

    /// Stands in for the code of a key that does not exist. No secret has it, short of breaking HMAC.
    private static let noCode = Digest.zero

    /// `nil` where the code is another, or there is no such key.
    static func find(_ tx: any Transaction, publicID: String, code: Digest) throws -> Credential? {
        let row = try tx.first(
            """
            SELECT COALESCE((SELECT code FROM api_key WHERE public_id = \(publicID)), \(noCode.bytes))
            """
        )
        guard let stored = try row?.blob(0), ConstantTime.equal(stored, code.bytes) else { return nil }
        return try load(tx, publicID: publicID)
    }

    private static func load(_ tx: any Transaction, publicID: String) throws -> Credential? {
        let row = try tx.first(
            """
            SELECT
                api_key.id,
                api_key.organization,
                api_key.scopes,
                api_key.expires_at,
                api_key.revoked_at,
                api_key.last_used_at,
                organization.kind,
                organization.suspended_at
            FROM api_key
            JOIN organization ON organization.id = api_key.organization
            WHERE api_key.public_id = \(publicID)
            """
        )
        guard let row else { return nil }
        guard let kind = OrganizationKind(rawValue: try row.text(6)) else {
            throw StoredDataError("an organisation has a kind that does not exist")
        }
        return Credential(
            principal: Principal(
                organization: try row.text(1),
                role: kind.role,
                scopes: Set(Set<Scope>(stored: try row.text(2)).names),
                credential: try row.text(0)
            ),
            expiresAt: Instant(microseconds: try row.integer(3)),
            revokedAt: try row.optionalInteger(4).map(Instant.init(microseconds:)),
            suspendedAt: try row.optionalInteger(7).map(Instant.init(microseconds:)),
            lastUsedAt: try row.optionalInteger(5).map(Instant.init(microseconds:))
        )
    }

    func checkUsable(at now: Instant) throws {
        if let revokedAt {
            throw Failure(
                .apiKeyRevoked,
                zh: "API 密钥已于 \(revokedAt) 吊销",
                en: "The API key was revoked at \(revokedAt)"
            )
        }
        if now >= expiresAt {
            throw Failure(
                .apiKeyExpired,
                zh: "API 密钥已于 \(expiresAt) 过期",
                en: "The API key expired at \(expiresAt)"
            )
        }
        if suspendedAt != nil { throw Failure(.organizationSuspended) }
    }
}
