package import Core
package import Cryptography
import HTTPTypes
package import Storage

/// Makes a request with an `Idempotency-Key` happen once. Its answer is stored in the transaction of its effect, so
/// there is no moment in which one exists without the other, and repeating the request gives the stored answer.
package struct Idempotency: Sendable {
    /// How long an answer is kept: claims and money need a month (rule of this API), nothing needs less than a day.
    package static let retentionSeconds: Int64 = 30 * 86_400

    private let key: SecretBytes

    /// - Parameter secret: the server's secret, which is not in the store. Answers may hold what is shown only once,
    ///   such as an API key, so a copy of the store must not give them away.
    package init(secret: SecretBytes) {
        key = HKDF.derive(key: secret, info: Array("chexin idempotency answer v1".utf8))
    }

    /// What makes two requests the same one.
    package struct Request: Sendable {
        /// Whose key it is, and for which operation.
        package let scope: String
        package let keyDigest: Digest
        /// Of everything that the operation depends on.
        package let fingerprint: Digest
        let key: SecretBytes
    }

    func request(scope: String, key text: String, fingerprint: Digest) -> Request {
        // Keyed: a body that holds little besides a phone number could be guessed from its plain hash.
        let fingerprint = HMACSHA256.authenticate(fingerprint.bytes, key: key)
        return Request(scope: scope, keyDigest: SHA256.hash(Array(text.utf8)), fingerprint: fingerprint, key: key)
    }

    /// Deletes answers whose time is over, the oldest first.
    /// - Returns: how many there were; where that is `limit`, there may be more.
    @discardableResult
    package static func purge(_ tx: any Transaction, limit: Int) throws -> Int {
        let expired = try tx.rows(
            """
            SELECT scope, key_digest
            FROM idempotency
            WHERE expires_at <= \(tx.now.microseconds)
            ORDER BY expires_at
            LIMIT \(limit)
            """
        )
        // One by one and by their key: joined to the list, the whole table would be read.
        for row in expired { try deleteExpired(tx, scope: row.text(0), keyDigest: row.blob(1)) }
        return expired.count
    }

    /// Looks at the time once more: another instance may have put a new answer in the place of the old one.
    fileprivate static func deleteExpired(_ tx: any Transaction, scope: String, keyDigest: [UInt8]) throws {
        try tx.execute(
            """
            DELETE FROM idempotency
            WHERE scope = \(scope) AND key_digest = \(keyDigest) AND expires_at <= \(tx.now.microseconds)
            """
        )
    }
}

extension Call {
    /// Runs `body` unless this very request has been answered before; then it gives that answer again.
    ///
    /// The key, its answer and the effects of `body` are written by one transaction. What `body` throws stores nothing.
    /// It belongs into `Database.writeRetrying`: of two instances that are sent the same request at once, one finds the
    /// key taken when it is done, and its second run gives the other's answer.
    ///
    /// - Parameters:
    ///   - keptSeconds: how long the answer may be given again; the API promises a day at least.
    ///   - content: of a body that was read as it arrived, which nobody knew when the request began.
    /// - Throws: `idempotencyKeyReused` where the key belongs to a request that differs from this one;
    ///   `UniqueViolation` where another instance was faster.
    package func once(
        in tx: any Transaction,
        keptSeconds: Int64 = Idempotency.retentionSeconds,
        content: Digest? = nil,
        _ body: () throws -> Reply
    ) throws -> Reply {
        let request = content.map { content in idempotency?.with(content: content) } ?? idempotency
        guard let idempotency = request else { return try body() }
        if let replayed = try idempotency.storedAnswer(tx) { return replayed }
        let reply = try body()
        try idempotency.store(reply, tx, keptSeconds: keptSeconds)
        return reply
    }

    /// The same for a body that may come to a refusal of which something has to stay: that is committed and not kept,
    /// so that a repeat finds out anew.
    package func once(
        in tx: any Transaction,
        _ body: () throws -> Result<Reply, Failure>
    ) throws -> Result<Reply, Failure> {
        guard let idempotency else { return try body() }
        if let replayed = try idempotency.storedAnswer(tx) { return .success(replayed) }
        let result = try body()
        if case .success(let reply) = result {
            try idempotency.store(reply, tx, keptSeconds: Idempotency.retentionSeconds)
        }
        return result
    }

    /// What `once` and its body will ask.
    package func foreseen(with body: Foresight) -> Foresight {
        body.asking(idempotency?.question)
    }
}

extension Idempotency.Request {
    fileprivate func with(content: Digest) -> Idempotency.Request {
        let whole = SHA256.hash(fingerprint.bytes + content.bytes)
        return Idempotency.Request(scope: scope, keyDigest: keyDigest, fingerprint: whole, key: key)
    }

    var question: SQL {
        """
        SELECT
            fingerprint,
            status,
            answer,
            expires_at
        FROM idempotency
        WHERE scope = \(scope) AND key_digest = \(keyDigest.bytes)
        """
    }

    func storedAnswer(_ tx: any Transaction) throws -> Reply? {
        guard let row = try tx.first(question) else { return nil }
        guard try row.integer(3) > tx.now.microseconds else {
            try forget(tx)
            return nil
        }
        guard try row.blob(0) == fingerprint.bytes else { throw Failure(.idempotencyKeyReused) }
        let sealed = try row.blob(2)
        let answer = try AEAD.open(sealed, key: key, associated: associatedData)
        let status = HTTPResponse.Status(code: Int(try row.integer(1)))
        return try Reply(status, stored: answer).with(.idempotencyReplayed, "true")
    }

    func store(_ reply: Reply, _ tx: any Transaction, keptSeconds: Int64) throws {
        let sealed = try AEAD.seal(try reply.storedForm(), key: key, associated: associatedData)
        let expiry = tx.now.adding(seconds: keptSeconds)
        try tx.execute(later: [
            """
            INSERT INTO idempotency (scope, key_digest, fingerprint, status, answer, created_at, expires_at)
            VALUES (
                \(scope),
                \(keyDigest.bytes),
                \(fingerprint.bytes),
                \(reply.status.code),
                \(sealed),
                \(tx.now.microseconds),
                \(expiry.microseconds)
            )
            """
        ])
    }

    private func forget(_ tx: any Transaction) throws {
        try Idempotency.deleteExpired(tx, scope: scope, keyDigest: keyDigest.bytes)
    }

    /// Binds an answer to its row: it cannot be moved under another key or caller.
    private var associatedData: [UInt8] {
        var data = LengthPrefixed()
        data.append(scope)
        data.append(keyDigest.bytes)
        return data.bytes
    }
}

extension Reply {
    /// Headers by name and value, and the body last.
    func storedForm() throws -> [UInt8] {
        var form = LengthPrefixed()
        for field in headers {
            form.append(field.name.rawName)
            form.append(field.value)
        }
        switch body {
        case .none: form.append([])
        case .bytes(let bytes): form.append(bytes)
        case .stream: throw UnstorableReply()
        }
        return form.bytes
    }

    init(_ status: HTTPResponse.Status, stored: [UInt8]) throws {
        guard let parts = LengthPrefixed.parts(of: stored), let body = parts.last, parts.count % 2 == 1 else {
            throw StoredDataError("a stored answer cannot be read")
        }
        self.init(status, body: body.isEmpty ? .none : .bytes(Array(body)))
        for index in stride(from: 0, to: parts.count - 1, by: 2) {
            guard let name = HTTPField.Name(String(decoding: parts[index], as: UTF8.self)) else {
                throw StoredDataError("a stored answer has a header without a name")
            }
            headers.append(HTTPField(name: name, value: String(decoding: parts[index + 1], as: UTF8.self)))
        }
    }
}

/// A streamed answer cannot be given again: a defect of the endpoint, never the caller's fault.
struct UnstorableReply: Error {}
