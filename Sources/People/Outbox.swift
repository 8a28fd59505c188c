package import Core
package import Identity
package import Storage
import Web

/// The channel of a deployment without a provider: messages lie in the store until somebody on the staff passes them
/// on, or they run out.
package struct Outbox: MessageChannel {
    private let vault: SubjectVault

    static let label = "outbox.content"

    package init(vault: SubjectVault) {
        self.vault = vault
    }

    package func send(_ tx: any Transaction, _ message: Message) throws -> MessageID {
        let text = try message.kind.rendered(message.parameters, in: message.language)
        let id = MessageID(at: tx.now)
        let sealed = try vault.seal(tx, text, of: message.subject, as: Outbox.label(id))
        try OutboxStore.insert(tx, id, message, sealed)
        return id
    }

    /// Bound to the message: the text of one does not open as that of another.
    private static func label(_ id: MessageID) -> String { "\(label).\(id)" }

    /// The newest first, the recipient masked, without what they say.
    package static func page(
        _ tx: any Transaction,
        _ vault: SubjectVault,
        before id: String = "~",
        limit: Int
    ) throws -> [JSON] {
        let stored = try OutboxStore.page(tx, before: id, limit: limit)
        let masked = try vault.masked(tx, Array(Set(stored.map(\.subject))), [.phone, .email])
        return stored.map { $0.json(recipient: masked[$0.subject]?[$0.recipient]) }
    }

    /// What the message says, and to whom in clear. Whoever sees it passes it on: it counts as delivered.
    ///
    /// - Throws: `notFound`, also for one that has run out.
    package static func reveal(
        _ tx: any Transaction,
        _ vault: SubjectVault,
        _ id: MessageID,
        for purpose: ReadPurpose,
        reason: String? = nil,
        by origin: Origin
    ) throws -> JSON {
        guard var stored = try OutboxStore.find(tx, id), stored.expiresAt > tx.now else { throw Failure(.notFound) }
        if stored.deliveredAt == nil {
            try OutboxStore.deliver(tx, id)
            stored.deliveredAt = tx.now
        }
        let values = try vault.read(tx, stored.subject, [stored.recipient], for: purpose, reason: reason, by: origin)
        let text = try vault.open(
            tx,
            stored.sealed,
            of: stored.subject,
            as: label(id),
            for: purpose,
            reason: reason,
            by: origin
        )
        try Subjects.note(tx, stored.subject, .outboxReveal, origin, [.init("message", JSON(id))])
        let shown = stored.json(recipient: values[stored.recipient])
        return .object((shown.members ?? []) + [.init("text", .optional(text, JSON.string))])
    }

    /// Deletes messages whose time is over, the oldest first.
    /// - Returns: how many there were; where that is `limit`, there may be more.
    package static func purge(_ tx: any Transaction, limit: Int) throws -> Int {
        try OutboxStore.purge(tx, limit: limit)
    }
}

/// For exports and erasures.
package struct OutboxHolder: PersonalDataHolder {
    private let vault: SubjectVault

    package init(vault: SubjectVault) {
        self.vault = vault
    }

    package var name: String { "outbox" }

    /// Without what the messages say: a code is for the phone that it was made for.
    package func export(_ tx: any Transaction, _ subject: SubjectID, by origin: Origin) throws -> JSON {
        let masked = try vault.masked(tx, [subject], [.phone, .email])[subject] ?? [:]
        return .array(try OutboxStore.all(tx, of: subject).map { $0.json(recipient: masked[$0.recipient]) })
    }

    package func erase(_ tx: any Transaction, _ subject: SubjectID) throws {
        try OutboxStore.erase(tx, subject)
    }
}
