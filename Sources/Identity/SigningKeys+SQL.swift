import Core
import Cryptography
package import Storage

extension SigningKeys {
    /// In the order in which a row is read.
    private static let columns: SQL = "id, organization, public_key, name, created_at, revoked_at, version"

    /// The key of this identifier, revoked or not; `nil` where there is none.
    package static func find(_ tx: any Transaction, id: String) throws -> SigningKey? {
        let sql: SQL = """
            SELECT \(columns)
            FROM signing_key
            WHERE id = \(id)
            """
        return try tx.first(sql).map(SigningKey.init(row:))
    }

    /// The keys that may sign in the name of `organization` now, in the order in which they were registered.
    package static func active(_ tx: any Transaction, organization: String) throws -> [SigningKey] {
        let sql: SQL = """
            SELECT \(columns)
            FROM signing_key
            WHERE organization = \(organization) AND revoked_at IS NULL
            ORDER BY id
            """
        return try tx.rows(sql).map(SigningKey.init(row:))
    }

    /// Up to `limit` keys in the order in which they were registered, the revoked ones included.
    /// - Parameter id: only those after this one.
    package static func page(
        _ tx: any Transaction,
        of organization: OrganizationID,
        after id: String,
        limit: Int
    ) throws -> [SigningKey] {
        let sql: SQL = """
            SELECT \(columns)
            FROM signing_key
            WHERE organization = \(organization.text) AND id > \(id)
            ORDER BY id
            LIMIT \(limit)
            """
        return try tx.rows(sql).map(SigningKey.init(row:))
    }

    static func countActive(_ tx: any Transaction, _ organization: OrganizationID) throws -> Int64 {
        let row = try tx.first(
            """
            SELECT COUNT(*) FROM signing_key
            WHERE organization = \(organization.text) AND revoked_at IS NULL
            """
        )
        return try row?.integer(0) ?? 0
    }

    /// - Returns: `false` where the organisation has registered this public key before.
    static func insert(_ tx: any Transaction, _ key: SigningKey) throws -> Bool {
        let inserted = try tx.execute(
            """
            INSERT INTO signing_key (
                id,
                organization,
                public_key,
                name,
                created_at,
                version
            )
            VALUES (
                \(key.id.text),
                \(key.organization.text),
                \(key.publicKey.bytes),
                \(key.name),
                \(key.createdAt.microseconds),
                \(key.version)
            )
            ON CONFLICT (organization, public_key) DO NOTHING
            """
        )
        return inserted == 1
    }

    /// - Returns: `false` where another instance has revoked it meanwhile.
    static func storeRevocation(_ tx: any Transaction, _ key: SigningKey) throws -> Bool {
        let changed = try tx.execute(
            """
            UPDATE signing_key
            SET revoked_at = \(key.revokedAt?.microseconds), version = \(key.version)
            WHERE id = \(key.id.text) AND version = \(key.version - 1)
            """
        )
        return changed == 1
    }
}

extension SigningKey {
    fileprivate init(row: Row) throws {
        guard
            let id = SigningKeyID(try row.text(0)),
            let organization = OrganizationID(try row.text(1)),
            let publicKey = try? Ed25519.PublicKey(bytes: row.blob(2))
        else { throw StoredDataError("a signing key has an identifier or a public key that is none") }
        self.init(
            id: id,
            organization: organization,
            publicKey: publicKey,
            name: try row.text(3),
            createdAt: Instant(microseconds: try row.integer(4)),
            revokedAt: try row.optionalInteger(5).map(Instant.init(microseconds:)),
            version: try row.integer(6)
        )
    }
}
