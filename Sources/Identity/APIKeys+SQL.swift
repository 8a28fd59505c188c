package import Core
import Cryptography
package import Storage

extension APIKeys {
    /// In the order in which a row is read.
    private static let columns: SQL = """
        id, organization, public_id, name, scopes, created_at, expires_at, revoked_at, last_used_at, version
        """

    package static func find(_ tx: any Transaction, _ id: APIKeyID) throws -> APIKey? {
        let sql: SQL = """
            SELECT \(columns)
            FROM api_key
            WHERE id = \(id.text)
            """
        return try tx.first(sql).map(APIKey.init(row:))
    }

    /// Whether somebody who has shown this key before may go on: it was not revoked, has not expired, and its
    /// organisation is not suspended.
    ///
    /// - Parameter credential: `key_…`
    package static func works(_ tx: any Transaction, _ credential: String) throws -> Bool {
        guard let key = try APIKeyID(credential).flatMap({ try find(tx, $0) }), key.revokedAt == nil,
            tx.now < key.expiresAt
        else { return false }
        return try Organizations.find(tx, key.organization)?.suspension == nil
    }

    /// Up to `limit` keys in the order in which they were made, the revoked ones included.
    /// - Parameter id: only those after this one.
    package static func page(
        _ tx: any Transaction,
        of organization: OrganizationID,
        after id: String,
        limit: Int
    ) throws -> [APIKey] {
        let sql: SQL = """
            SELECT \(columns)
            FROM api_key
            WHERE organization = \(organization.text) AND id > \(id)
            ORDER BY id
            LIMIT \(limit)
            """
        return try tx.rows(sql).map(APIKey.init(row:))
    }

    /// Notes when keys were used, where nothing younger than `KeyAuthenticator.useNotedEverySeconds` stands there. Not
    /// a change of the key: its version stays.
    package static func noteUses(_ tx: any Transaction, _ uses: [String: Instant]) throws {
        for (id, instant) in uses.sorted(by: { $0.key < $1.key }) {
            let stale = instant.adding(seconds: -KeyAuthenticator.useNotedEverySeconds)
            try tx.execute(
                """
                UPDATE api_key
                SET last_used_at = \(instant.microseconds)
                WHERE id = \(id) AND (last_used_at IS NULL OR last_used_at <= \(stale.microseconds))
                """
            )
        }
    }

    static func countActive(_ tx: any Transaction, _ organization: OrganizationID) throws -> Int64 {
        let row = try tx.first(
            """
            SELECT COUNT(*) FROM api_key
            WHERE organization = \(organization.text) AND revoked_at IS NULL AND expires_at > \(tx.now.microseconds)
            """
        )
        return try row?.integer(0) ?? 0
    }

    static func insert(_ tx: any Transaction, _ key: APIKey, code: Digest) throws {
        try tx.execute(
            """
            INSERT INTO api_key (
                id,
                organization,
                public_id,
                code,
                name,
                scopes,
                created_at,
                expires_at,
                version
            )
            VALUES (
                \(key.id.text),
                \(key.organization.text),
                \(key.publicID),
                \(code.bytes),
                \(key.name),
                \(key.scopes.stored),
                \(key.createdAt.microseconds),
                \(key.expiresAt.microseconds),
                \(key.version)
            )
            """
        )
    }

    /// - Returns: `false` where another instance has revoked it meanwhile.
    static func storeRevocation(_ tx: any Transaction, _ key: APIKey) throws -> Bool {
        let changed = try tx.execute(
            """
            UPDATE api_key
            SET revoked_at = \(key.revokedAt?.microseconds), version = \(key.version)
            WHERE id = \(key.id.text) AND version = \(key.version - 1)
            """
        )
        return changed == 1
    }
}

extension APIKey {
    fileprivate init(row: Row) throws {
        guard let id = APIKeyID(try row.text(0)), let organization = OrganizationID(try row.text(1)) else {
            throw StoredDataError("an API key has an identifier that is none")
        }
        self.init(
            id: id,
            organization: organization,
            publicID: try row.text(2),
            name: try row.text(3),
            scopes: Set(stored: try row.text(4)),
            createdAt: Instant(microseconds: try row.integer(5)),
            expiresAt: Instant(microseconds: try row.integer(6)),
            revokedAt: try row.optionalInteger(7).map(Instant.init(microseconds:)),
            lastUsedAt: try row.optionalInteger(8).map(Instant.init(microseconds:)),
            version: try row.integer(9)
        )
    }
}
