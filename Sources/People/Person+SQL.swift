import Core
import Cryptography
import Identity
import Storage
import Web

/// Every statement about people, their certificates and recovery codes.
enum PersonStore {
    /// In the order in which a row is read.
    private static let columns: SQL = "id, organization, subject, role, scopes, suspended_at, version, created_at"

    /// What a sign-in is checked against.
    struct Credentials: Sendable {
        let person: Person
        let password: PasswordHash?
        let sealedTOTP: [UInt8]?
        let lastStep: Int64?
    }

    static func insert(
        _ tx: any Transaction,
        _ person: Person,
        login: Digest,
        password: PasswordHash?,
        totp: [UInt8]?,
        step: Int64?
    ) throws {
        try tx.execute(
            """
            INSERT INTO person (
                id,
                organization,
                subject,
                login,
                role,
                scopes,
                password,
                totp,
                totp_step,
                version,
                created_at
            )
            VALUES (
                \(person.id.text),
                \(person.organization?.text),
                \(person.subject.text),
                \(login.bytes),
                \(person.role.rawValue),
                \(person.scopes.stored),
                \(password?.text),
                \(totp),
                \(step),
                \(person.version),
                \(person.createdAt.microseconds)
            )
            """
        )
    }

    static func find(_ tx: any Transaction, _ id: PersonID) throws -> Person? {
        try tx.first(
            """
            SELECT \(columns)
            FROM person
            WHERE id = \(id.text)
            """
        ).map(person)
    }

    static func exists(_ tx: any Transaction, login: Digest) throws -> Bool {
        try tx.first("SELECT id FROM person WHERE login = \(login.bytes)") != nil
    }

    static func credentials(_ tx: any Transaction, login: Digest) throws -> Credentials? {
        try tx.first(
            """
            SELECT \(columns), password, totp, totp_step
            FROM person
            WHERE login = \(login.bytes)
            """
        ).map(credentials)
    }

    static func credentials(_ tx: any Transaction, _ id: PersonID) throws -> Credentials? {
        try tx.first(
            """
            SELECT \(columns), password, totp, totp_step
            FROM person
            WHERE id = \(id.text)
            """
        ).map(credentials)
    }

    /// In order of joining.
    static func page(
        _ tx: any Transaction,
        of organization: OrganizationID,
        after id: String,
        limit: Int
    ) throws -> [Person] {
        try tx.rows(
            """
            SELECT \(columns)
            FROM person
            WHERE organization = \(organization.text) AND id > \(id)
            ORDER BY id
            LIMIT \(limit)
            """
        ).map(person)
    }

    /// Whether somebody acts in this role who is not suspended.
    static func hasActive(_ tx: any Transaction, _ role: Role, of organization: OrganizationID) throws -> Bool {
        try tx.first(
            """
            SELECT id
            FROM person
            WHERE organization = \(organization.text) AND role = \(role.rawValue) AND suspended_at IS NULL
            LIMIT \(1)
            """
        ) != nil
    }

    static func count(_ tx: any Transaction, of organization: OrganizationID) throws -> Int64 {
        try tx.first("SELECT COUNT(*) FROM person WHERE organization = \(organization.text)")?.integer(0) ?? 0
    }

    /// - Returns: `false` where the stored version is another one.
    static func update(_ tx: any Transaction, _ person: Person, replacing version: Int64) throws -> Bool {
        try tx.execute(
            """
            UPDATE person
            SET
                scopes = \(person.scopes.stored),
                suspended_at = \(person.suspendedAt?.microseconds),
                version = \(person.version)
            WHERE id = \(person.id.text) AND version = \(version)
            """
        ) == 1
    }

    static func setPassword(_ tx: any Transaction, _ id: PersonID, _ password: PasswordHash) throws {
        try tx.execute("UPDATE person SET password = \(password.text) WHERE id = \(id.text)")
    }

    static func setSecondFactor(_ tx: any Transaction, _ id: PersonID, totp: [UInt8], step: Int64) throws {
        try tx.execute("UPDATE person SET totp = \(totp), totp_step = \(step) WHERE id = \(id.text)")
    }

    /// - Returns: `false` where a code of this step, or of a later one, has been taken meanwhile.
    static func take(_ tx: any Transaction, step: Int64, of id: PersonID) throws -> Bool {
        try tx.execute(
            """
            UPDATE person
            SET totp_step = \(step)
            WHERE id = \(id.text) AND (totp_step IS NULL OR totp_step < \(step))
            """
        ) == 1
    }

    private static func credentials(_ row: Row) throws -> Credentials {
        let password = try row.optionalText(8).map { text in
            guard let hash = PasswordHash(text) else { throw StoredDataError("a password's hash cannot be read") }
            return hash
        }
        return Credentials(
            person: try person(row),
            password: password,
            sealedTOTP: try row.optionalBlob(9),
            lastStep: try row.optionalInteger(10)
        )
    }

    private static func person(_ row: Row) throws -> Person {
        let organization = try row.optionalText(1)
        guard let id = PersonID(try row.text(0)), let subject = SubjectID(try row.text(2)),
            let role = Role(rawValue: try row.text(3)), (organization == nil) == (role == .buyer)
        else { throw StoredDataError("a person cannot be read") }
        return Person(
            id: id,
            organization: organization.flatMap { OrganizationID($0) },
            subject: subject,
            role: role,
            scopes: Set<Scope>(stored: try row.text(4)),
            suspendedAt: try row.optionalInteger(5).map(Instant.init(microseconds:)),
            version: try row.integer(6),
            createdAt: Instant(microseconds: try row.integer(7))
        )
    }
}

// MARK: - Recovery codes

extension PersonStore {
    static func replaceRecoveryCodes(_ tx: any Transaction, of id: PersonID, by codes: [Digest]) throws {
        try tx.execute("DELETE FROM recovery_code WHERE person = \(id.text)")
        try tx.execute(
            all: codes.map { "INSERT INTO recovery_code (person, code) VALUES (\(id.text), \($0.bytes))" }
        )
    }

    static func recoveryCodes(_ tx: any Transaction, of id: PersonID) throws -> [Digest] {
        try tx.rows("SELECT code FROM recovery_code WHERE person = \(id.text) ORDER BY code").map { row in
            guard let code = Digest(bytes: try row.blob(0)) else {
                throw StoredDataError("a recovery code cannot be read")
            }
            return code
        }
    }

    /// - Returns: `false` where it has been used meanwhile.
    static func take(_ tx: any Transaction, recoveryCode: Digest, of id: PersonID) throws -> Bool {
        try tx.execute("DELETE FROM recovery_code WHERE person = \(id.text) AND code = \(recoveryCode.bytes)") == 1
    }
}

// MARK: - Certificates

extension PersonStore {
    static func insert(_ tx: any Transaction, _ certificate: Certificate) throws {
        try tx.execute(
            """
            INSERT INTO certificate (id, person, kind, level, number, issued_on, expires_on, granted_by, granted_at)
            VALUES (
                \(certificate.id.text),
                \(certificate.person.text),
                \(certificate.kind.rawValue),
                \(certificate.level.rawValue),
                \(certificate.number),
                \(certificate.issuedOn.description),
                \(certificate.expiresOn.description),
                \(certificate.grantedBy),
                \(certificate.grantedAt.microseconds)
            )
            """
        )
    }

    /// In order of granting.
    static func certificates(_ tx: any Transaction, of id: PersonID) throws -> [Certificate] {
        try tx.rows(
            """
            SELECT id, person, kind, level, number, issued_on, expires_on, granted_by, granted_at, revoked_at
            FROM certificate
            WHERE person = \(id.text)
            ORDER BY id
            """
        ).map(certificate)
    }

    /// - Returns: `false` where it has been revoked already.
    static func revoke(_ tx: any Transaction, _ id: CertificateID, by actor: String) throws -> Bool {
        try tx.execute(
            """
            UPDATE certificate
            SET revoked_at = \(tx.now.microseconds), revoked_by = \(actor)
            WHERE id = \(id.text) AND revoked_at IS NULL
            """
        ) == 1
    }

    private static func certificate(_ row: Row) throws -> Certificate {
        guard let id = CertificateID(try row.text(0)), let person = PersonID(try row.text(1)),
            let kind = Certificate.Kind(rawValue: try row.text(2)), let level = StaffLevel(rawValue: try row.text(3)),
            let issuedOn = CalendarDate(try row.text(5)), let expiresOn = CalendarDate(try row.text(6))
        else { throw StoredDataError("a certificate cannot be read") }
        return Certificate(
            id: id,
            person: person,
            kind: kind,
            level: level,
            number: try row.text(4),
            issuedOn: issuedOn,
            expiresOn: expiresOn,
            grantedBy: try row.text(7),
            grantedAt: Instant(microseconds: try row.integer(8)),
            revokedAt: try row.optionalInteger(9).map(Instant.init(microseconds:))
        )
    }
}
