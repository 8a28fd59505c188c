import Core
import Storage
import Web

/// A message as it lies in the store.
struct StoredMessage: Sendable, Hashable {
    let id: MessageID
    let kind: String
    let subject: SubjectID
    let recipient: PersonalField
    let language: String
    let sealed: [UInt8]
    let createdAt: Instant
    let expiresAt: Instant
    var deliveredAt: Instant?

    /// - Parameter value: of the recipient, in clear or masked; `nil` where the person has none.
    func json(recipient value: String?) -> JSON {
        [
            "id": JSON(id),
            "kind": JSON(kind),
            "subject": JSON(subject),
            "recipient": ["field": JSON(recipient.rawValue), "value": .optional(value, JSON.string)],
            "language": JSON(language),
            "created_at": JSON(createdAt),
            "expires_at": JSON(expiresAt),
            "delivered_at": .optional(deliveredAt) { JSON($0) },
        ]
    }
}

/// Every statement about messages.
enum OutboxStore {
    /// In the order in which a row is read.
    private static let columns: SQL = """
        id, kind, subject, recipient, language, sealed, created_at, expires_at, delivered_at
        """

    /// An export shows so many at the most, the newest: messages live for minutes or days.
    private static let exportedMessages = 1000

    static func insert(_ tx: any Transaction, _ id: MessageID, _ message: Message, _ sealed: [UInt8]) throws {
        try tx.execute(
            """
            INSERT INTO outbox_message (id, kind, subject, recipient, language, sealed, created_at, expires_at)
            VALUES (
                \(id.text),
                \(message.kind.name),
                \(message.subject.text),
                \(message.recipient.rawValue),
                \(message.language.rawValue),
                \(sealed),
                \(tx.now.microseconds),
                \(tx.now.adding(seconds: message.ttlSeconds).microseconds)
            )
            """
        )
    }

    static func find(_ tx: any Transaction, _ id: MessageID) throws -> StoredMessage? {
        try tx.first(
            """
            SELECT \(columns)
            FROM outbox_message
            WHERE id = \(id.text)
            """
        ).map(message)
    }

    static func page(_ tx: any Transaction, before id: String, limit: Int) throws -> [StoredMessage] {
        try tx.rows(
            """
            SELECT \(columns)
            FROM outbox_message
            WHERE id < \(id)
            ORDER BY id DESC
            LIMIT \(limit)
            """
        ).map(message)
    }

    static func all(_ tx: any Transaction, of subject: SubjectID) throws -> [StoredMessage] {
        try tx.rows(
            """
            SELECT \(columns)
            FROM outbox_message
            WHERE subject = \(subject.text)
            ORDER BY id DESC
            LIMIT \(exportedMessages)
            """
        ).map(message)
    }

    static func deliver(_ tx: any Transaction, _ id: MessageID) throws {
        try tx.execute(
            "UPDATE outbox_message SET delivered_at = \(tx.now.microseconds) WHERE id = \(id.text)"
        )
    }

    static func erase(_ tx: any Transaction, _ subject: SubjectID) throws {
        try tx.execute("DELETE FROM outbox_message WHERE subject = \(subject.text)")
    }

    static func purge(_ tx: any Transaction, limit: Int) throws -> Int {
        let expired = try tx.rows(
            """
            SELECT id
            FROM outbox_message
            WHERE expires_at <= \(tx.now.microseconds)
            ORDER BY expires_at
            LIMIT \(limit)
            """
        )
        for row in expired { try tx.execute("DELETE FROM outbox_message WHERE id = \(try row.text(0))") }
        return expired.count
    }

    private static func message(_ row: Row) throws -> StoredMessage {
        guard let id = MessageID(try row.text(0)), let subject = SubjectID(try row.text(2)),
            let recipient = PersonalField(rawValue: try row.text(3))
        else { throw StoredDataError("a message cannot be read") }
        return StoredMessage(
            id: id,
            kind: try row.text(1),
            subject: subject,
            recipient: recipient,
            language: try row.text(4),
            sealed: try row.blob(5),
            createdAt: Instant(microseconds: try row.integer(6)),
            expiresAt: Instant(microseconds: try row.integer(7)),
            deliveredAt: try row.optionalInteger(8).map { Instant(microseconds: $0) }
        )
    }
}
