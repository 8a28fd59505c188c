import Core
import Cryptography
import Identity
import Storage

/// Failed attempts in the store. Each is called inside a transaction that is committed whatever becomes of the attempt.
struct SignInAttempts: Sendable {
    /// Whose failures they are.
    struct Subject: Sendable {
        let lockOut: LockOut
        /// Keyed: the store tells neither accounts nor addresses.
        let key: Digest

        static func account(_ login: Login, pepper: SecretBytes) -> Subject {
            Subject(lockOut: .account, key: key("account", "\(login.field.rawValue):\(login.text)", pepper))
        }

        static func address(_ address: String, pepper: SecretBytes) -> Subject {
            Subject(lockOut: .address, key: key("address", address, pepper))
        }

        static func secondFactor(_ person: PersonID, pepper: SecretBytes) -> Subject {
            Subject(lockOut: .secondFactor, key: key("second_factor", person.text, pepper))
        }

        /// Codes that are sent, not tried: nobody's phone rings all night.
        static func sending(_ login: Login, pepper: SecretBytes) -> Subject {
            Subject(lockOut: .sending, key: key("sending", "\(login.field.rawValue):\(login.text)", pepper))
        }

        private static func key(_ kind: String, _ text: String, _ pepper: SecretBytes) -> Digest {
            HMACSHA256.authenticate(Array("chexin/sign-in-failure/1\n\(kind)\n\(text)".utf8), key: pepper)
        }
    }

    /// Counts an attempt, before anything is looked at; `finish` takes it back.
    ///
    /// - Returns: how long to wait instead; then nothing has been counted.
    static func begin(_ tx: any Transaction, _ subjects: [Subject]) throws -> Int64? {
        // One order for all, so that no two attempts wait for each other.
        let known = try subjects.sorted { $0.key.hex < $1.key.hex }.map { subject in
            (subject, try failures(tx, subject.key))
        }
        let waits = known.compactMap { subject, failures -> Int64? in
            guard case .wait(let seconds) = subject.lockOut.decide(failures, at: tx.now) else { return nil }
            return seconds
        }
        if let longest = waits.max() { return longest }
        for (subject, failures) in known {
            try store(tx, subject, subject.lockOut.counting(failures, at: tx.now))
        }
        return nil
    }

    static func succeed(_ tx: any Transaction, _ subjects: [Subject]) throws {
        for subject in subjects.sorted(by: { $0.key.hex < $1.key.hex }) {
            guard let failures = try failures(tx, subject.key) else { continue }
            guard let left = subject.lockOut.succeeding(failures) else {
                try tx.execute("DELETE FROM sign_in_failure WHERE key = \(subject.key.bytes)")
                continue
            }
            try store(tx, subject, left)
        }
    }

    /// Deletes what is forgotten, the oldest first.
    /// - Returns: how many there were.
    static func purge(_ tx: any Transaction, limit: Int) throws -> Int {
        let forgotten = try tx.rows(
            """
            SELECT key
            FROM sign_in_failure
            WHERE forgotten_at <= \(tx.now.microseconds)
            ORDER BY forgotten_at
            LIMIT \(limit)
            """
        )
        for row in forgotten {
            try tx.execute(
                """
                DELETE FROM sign_in_failure
                WHERE key = \(try row.blob(0)) AND forgotten_at <= \(tx.now.microseconds)
                """
            )
        }
        return forgotten.count
    }

    /// Holds on to the row: two attempts at once must not both find that few have failed.
    private static func failures(_ tx: any Transaction, _ key: Digest) throws -> FailedSignIns? {
        let sql: SQL = "SELECT count, last_at FROM sign_in_failure WHERE key = \(key.bytes)"
        return try tx.first(sql.lockingRows).map { row in
            FailedSignIns(count: try row.integer(0), lastAt: Instant(microseconds: try row.integer(1)))
        }
    }

    private static func store(_ tx: any Transaction, _ subject: Subject, _ failures: FailedSignIns) throws {
        let forgottenAt = subject.lockOut.forgottenAt(failures)
        try tx.execute(
            """
            INSERT INTO sign_in_failure (key, count, last_at, forgotten_at)
            VALUES (
                \(subject.key.bytes),
                \(failures.count),
                \(failures.lastAt.microseconds),
                \(forgottenAt.microseconds)
            )
            ON CONFLICT (key) DO UPDATE SET
                count = excluded.count,
                last_at = excluded.last_at,
                forgotten_at = excluded.forgotten_at
            """
        )
    }
}
