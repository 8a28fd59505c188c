import Core
package import Storage

extension Organizations {
    /// In the order in which a row is read.
    private static let columns: SQL = """
        id, kind, name, uscc, signatures_required, suspended_at, suspension_reason, version, created_at
        """

    /// `nil` where there is none.
    package static func find(_ tx: any Transaction, _ id: OrganizationID) throws -> Organization? {
        let sql: SQL = """
            SELECT \(columns)
            FROM organization
            WHERE id = \(id.text)
            """
        return try tx.first(sql).map(Organization.init(row:))
    }

    /// Up to `limit` organisations in the order in which they were made.
    /// - Parameter id: only those after this one.
    package static func page(_ tx: any Transaction, after id: String, limit: Int) throws -> [Organization] {
        let sql: SQL = """
            SELECT \(columns)
            FROM organization
            WHERE id > \(id)
            ORDER BY id
            LIMIT \(limit)
            """
        return try tx.rows(sql).map(Organization.init(row:))
    }

    package static func platform(_ tx: any Transaction) throws -> OrganizationID? {
        let row = try tx.first("SELECT id FROM organization WHERE kind = \(OrganizationKind.platform.rawValue)")
        return try row.flatMap { OrganizationID(try $0.text(0)) }
    }

    /// - Returns: `false` where its credit code is taken, or it would be a second platform.
    static func insert(_ tx: any Transaction, _ organization: Organization) throws -> Bool {
        let inserted = try tx.execute(
            """
            INSERT INTO organization (
                id,
                kind,
                name,
                uscc,
                signatures_required,
                version,
                created_at
            )
            VALUES (
                \(organization.id.text),
                \(organization.kind.rawValue),
                \(organization.name),
                \(organization.uscc),
                \(organization.signaturesRequired ? 1 : 0),
                \(organization.version),
                \(organization.createdAt.microseconds)
            )
            ON CONFLICT DO NOTHING
            """
        )
        return inserted == 1
    }

    /// - Returns: `false` where the stored version is another one.
    static func update(
        _ tx: any Transaction,
        _ organization: Organization,
        replacing version: Int64
    ) throws -> Bool {
        let changed = try tx.execute(
            """
            UPDATE organization
            SET
                name = \(organization.name),
                signatures_required = \(organization.signaturesRequired ? 1 : 0),
                suspended_at = \(organization.suspension?.since.microseconds),
                suspension_reason = \(organization.suspension?.reason),
                version = \(organization.version)
            WHERE id = \(organization.id.text) AND version = \(version)
            """
        )
        return changed == 1
    }
}

extension Organization {
    fileprivate init(row: Row) throws {
        guard let id = OrganizationID(try row.text(0)), let kind = OrganizationKind(rawValue: try row.text(1)) else {
            throw StoredDataError("an organisation has an identifier or a kind that does not exist")
        }
        let since = try row.optionalInteger(5)
        let reason = try row.optionalText(6)
        self.init(
            id: id,
            kind: kind,
            name: try row.text(2),
            uscc: try row.optionalText(3),
            signaturesRequired: try row.integer(4) != 0,
            suspension: since.map { Suspension(since: Instant(microseconds: $0), reason: reason ?? "") },
            version: try row.integer(7),
            createdAt: Instant(microseconds: try row.integer(8))
        )
    }
}
