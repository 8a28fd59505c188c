import Core
import Cryptography
import Identity
import Storage
import Web

/// Every statement about invitations.
enum InvitationStore {
    /// In the order in which a row is read.
    private static let columns: SQL = """
        id, organization, subject, role, scopes, person, invited_by, invited_at, approved_by, expires_at, \
        closed_at, closed_because
        """

    static func insert(
        _ tx: any Transaction,
        _ invitation: Invitation,
        login: Digest,
        code: Digest,
        totp: [UInt8]
    ) throws {
        try tx.execute(
            """
            INSERT INTO invitation (
                id,
                organization,
                subject,
                login,
                role,
                scopes,
                code,
                totp,
                person,
                invited_by,
                invited_at,
                approved_by,
                approved_at,
                expires_at
            )
            VALUES (
                \(invitation.id.text),
                \(invitation.organization.text),
                \(invitation.subject.text),
                \(login.bytes),
                \(invitation.role.rawValue),
                \(invitation.scopes.stored),
                \(code.bytes),
                \(totp),
                \(invitation.person?.text),
                \(invitation.invitedBy),
                \(invitation.invitedAt.microseconds),
                \(invitation.approvedBy),
                \(invitation.approvedBy == nil ? nil : invitation.invitedAt.microseconds),
                \(invitation.expiresAt.microseconds)
            )
            """
        )
    }

    static func find(_ tx: any Transaction, _ id: InvitationID) throws -> Invitation? {
        try tx.first(
            """
            SELECT \(columns)
            FROM invitation
            WHERE id = \(id.text)
            """
        ).map(invitation)
    }

    static func find(_ tx: any Transaction, code: Digest) throws -> (invitation: Invitation, totp: [UInt8])? {
        try tx.first(
            """
            SELECT
                id,
                organization,
                subject,
                role,
                scopes,
                person,
                invited_by,
                invited_at,
                approved_by,
                expires_at,
                closed_at,
                closed_because,
                totp
            FROM invitation
            WHERE code = \(code.bytes)
            """
        ).map { (try invitation($0), try $0.blob(12)) }
    }

    /// The newest first.
    static func page(
        _ tx: any Transaction,
        of organization: OrganizationID,
        before id: String,
        limit: Int
    ) throws -> [Invitation] {
        try tx.rows(
            """
            SELECT \(columns)
            FROM invitation
            WHERE organization = \(organization.text) AND id < \(id)
            ORDER BY id DESC
            LIMIT \(limit)
            """
        ).map(invitation)
    }

    static func login(_ tx: any Transaction, of id: InvitationID) throws -> Digest? {
        try tx.first("SELECT login FROM invitation WHERE id = \(id.text)").flatMap { Digest(bytes: try $0.blob(0)) }
    }

    static func login(_ tx: any Transaction, of id: PersonID) throws -> Digest? {
        try tx.first("SELECT login FROM person WHERE id = \(id.text)").flatMap { Digest(bytes: try $0.blob(0)) }
    }

    static func countWithPeople(_ tx: any Transaction, _ organization: OrganizationID) throws -> Int64 {
        let open = try tx.first(
            """
            SELECT COUNT(*)
            FROM invitation
            WHERE
                organization = \(organization.text)
                AND closed_at IS NULL
                AND expires_at > \(tx.now.microseconds)
            """
        )
        return try PersonStore.count(tx, of: organization) + (try open?.integer(0) ?? 0)
    }

    /// - Returns: `false` where somebody else has, or it was closed meanwhile.
    static func approve(_ tx: any Transaction, _ id: InvitationID, by actor: String) throws -> Bool {
        try tx.execute(
            """
            UPDATE invitation
            SET approved_by = \(actor), approved_at = \(tx.now.microseconds)
            WHERE id = \(id.text) AND approved_at IS NULL AND closed_at IS NULL
            """
        ) == 1
    }

    /// - Returns: `false` where it was closed meanwhile.
    static func close(_ tx: any Transaction, _ id: InvitationID, isAccepted: Bool) throws -> Bool {
        try tx.execute(
            """
            UPDATE invitation
            SET closed_at = \(tx.now.microseconds), closed_because = \(isAccepted ? "accepted" : "cancelled")
            WHERE id = \(id.text) AND closed_at IS NULL
            """
        ) == 1
    }

    private static func invitation(_ row: Row) throws -> Invitation {
        guard let id = InvitationID(try row.text(0)), let organization = OrganizationID(try row.text(1)),
            let subject = SubjectID(try row.text(2)), let role = Role(rawValue: try row.text(3))
        else { throw StoredDataError("an invitation cannot be read") }
        return Invitation(
            id: id,
            organization: organization,
            subject: subject,
            role: role,
            scopes: Set<Scope>(stored: try row.text(4)),
            person: try row.optionalText(5).flatMap { PersonID($0) },
            invitedBy: try row.text(6),
            invitedAt: Instant(microseconds: try row.integer(7)),
            approvedBy: try row.optionalText(8),
            expiresAt: Instant(microseconds: try row.integer(9)),
            closedAt: try row.optionalInteger(10).map(Instant.init(microseconds:)),
            isAccepted: try row.optionalText(11) == "accepted"
        )
    }
}
