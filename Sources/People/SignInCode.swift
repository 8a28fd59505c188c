import Core
import Cryptography
import Identity
import Storage

/// Codes and links that were sent to somebody, and what they are good for.
struct SignInCode: Sendable, Hashable {
    enum Purpose: String, Sendable, Hashable, CaseIterable {
        /// Six digits to a phone, by which a buyer signs in.
        case code
        /// A link to an e-mail address, by which a buyer signs in.
        case link
        /// A link by which staff choose a new password.
        case password

        /// Until it is used or too old. A rule of this platform: a code is read at once, a letter later.
        var validSeconds: Int64 {
            switch self {
            case .code: 5 * 60
            case .link, .password: 30 * 60
            }
        }
    }

    /// Of a million codes, one in 200,000 is guessed in so many tries.
    static let tries: Int64 = 5
    static let digitCount = 6

    let login: Digest
    let purpose: Purpose
    let code: Digest
    /// Whom it was sent to. A stranger's is forgotten with the code, where it is not used.
    let subject: SubjectID
    let expiresAt: Instant
    let triesLeft: Int64

    /// Uniform: a remainder would make some codes likelier.
    static func randomDigits() -> String {
        var random = SystemRandomNumberGenerator()
        return String((0..<digitCount).map { _ in Character("\(Int.random(in: 0...9, using: &random))") })
    }

    /// What the store keeps of six digits. Bound to the login: a million codes would soon repeat.
    static func hash(_ digits: String, login: Digest, pepper: SecretBytes) -> Digest {
        HMACSHA256.authenticate(Array("chexin/sign-in-code/1\n\(login.hex)\n\(digits)".utf8), key: pepper)
    }

    /// As people type them: with blanks, or in full width.
    static func digits(in entered: String) -> String? {
        let narrow = entered.unicodeScalars.compactMap { scalar -> Character? in
            if scalar.properties.generalCategory == .spaceSeparator { return nil }
            let isFullWidth = ("\u{FF10}"..."\u{FF19}").contains(scalar)
            return Character(isFullWidth ? Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar : scalar)
        }
        guard narrow.count == digitCount, narrow.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        return String(narrow)
    }
}

/// Every statement about codes and links.
enum SignInCodeStore {
    /// In the order in which a row is read.
    private static let columns: SQL = "login, purpose, code, subject, expires_at, tries_left"

    /// A new one takes the place of the one before.
    static func put(_ tx: any Transaction, _ code: SignInCode) throws {
        try tx.execute(
            """
            INSERT INTO sign_in_code (login, purpose, code, subject, sent_at, expires_at, tries_left)
            VALUES (
                \(code.login.bytes),
                \(code.purpose.rawValue),
                \(code.code.bytes),
                \(code.subject.text),
                \(tx.now.microseconds),
                \(code.expiresAt.microseconds),
                \(code.triesLeft)
            )
            ON CONFLICT (login, purpose) DO UPDATE SET
                code = excluded.code,
                subject = excluded.subject,
                sent_at = excluded.sent_at,
                expires_at = excluded.expires_at,
                tries_left = excluded.tries_left
            """
        )
    }

    static func find(_ tx: any Transaction, login: Digest, _ purpose: SignInCode.Purpose) throws -> SignInCode? {
        let sql: SQL = """
            SELECT \(columns)
            FROM sign_in_code
            WHERE login = \(login.bytes) AND purpose = \(purpose.rawValue)
            """
        return try tx.first(sql.lockingRows).map(code)
    }

    static func find(_ tx: any Transaction, code: Digest) throws -> SignInCode? {
        let sql: SQL = """
            SELECT \(columns)
            FROM sign_in_code
            WHERE code = \(code.bytes)
            """
        return try tx.first(sql.lockingRows).map(self.code)
    }

    static func countTry(_ tx: any Transaction, _ code: SignInCode) throws {
        try tx.execute(
            """
            UPDATE sign_in_code
            SET tries_left = tries_left - 1
            WHERE login = \(code.login.bytes) AND purpose = \(code.purpose.rawValue) AND tries_left > 0
            """
        )
    }

    /// - Returns: `false` where it has been used meanwhile.
    static func take(_ tx: any Transaction, _ code: SignInCode) throws -> Bool {
        try tx.execute(
            """
            DELETE FROM sign_in_code
            WHERE
                login = \(code.login.bytes)
                AND purpose = \(code.purpose.rawValue)
                AND code = \(code.code.bytes)
            """
        ) == 1
    }

    /// Deletes what is too old, the oldest first.
    /// - Returns: how many there were, and who had been sent something and has no account.
    static func purge(_ tx: any Transaction, limit: Int) throws -> (count: Int, strangers: [SubjectID]) {
        let old = try tx.rows(
            """
            SELECT login, purpose, subject
            FROM sign_in_code
            WHERE expires_at <= \(tx.now.microseconds)
            ORDER BY expires_at
            LIMIT \(limit)
            """
        )
        for row in old {
            try tx.execute(
                """
                DELETE FROM sign_in_code
                WHERE
                    login = \(try row.blob(0))
                    AND purpose = \(try row.text(1))
                    AND expires_at <= \(tx.now.microseconds)
                """
            )
        }
        let strangers = try old.compactMap { row -> SubjectID? in
            let subject = try row.text(2)
            let isHeld = try tx.first("SELECT id FROM person WHERE subject = \(subject)") != nil
            return isHeld ? nil : SubjectID(subject)
        }
        return (old.count, strangers)
    }

    private static func code(_ row: Row) throws -> SignInCode {
        guard let login = Digest(bytes: try row.blob(0)), let code = Digest(bytes: try row.blob(2)),
            let purpose = SignInCode.Purpose(rawValue: try row.text(1)), let subject = SubjectID(try row.text(3))
        else { throw StoredDataError("a sign-in code cannot be read") }
        return SignInCode(
            login: login,
            purpose: purpose,
            code: code,
            subject: subject,
            expiresAt: Instant(microseconds: try row.integer(4)),
            triesLeft: try row.integer(5)
        )
    }
}
