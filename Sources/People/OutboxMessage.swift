package import Core
package import Storage
package import Web

package enum MessageTag: IDTag {
    package static let prefix = "msg"
}

package typealias MessageID = ID<MessageTag>

/// What a message says, with a place such as `{code}` for each of its parameters. Declared once, by the slice that
/// sends it.
package struct MessageKind: Sendable, Hashable {
    /// Stable, `snake_case`.
    package let name: String
    package let text: LocalizedText

    package init(_ name: String, zh: String, en: String) {
        self.name = name
        text = LocalizedText(zh: zh, en: en)
    }

    /// - Throws: where a parameter has no place or a place no parameter: a defect, found by the first message.
    func rendered(_ parameters: [String: String], in language: Language) throws -> String {
        var rest = text.text(in: language)[...]
        var written = ""
        var used: Set<String> = []
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            let name = String(rest[rest.index(after: open)..<close])
            guard let value = parameters[name] else { throw StoredDataError("\(self.name) needs \(name)") }
            used.insert(name)
            written += rest[..<open] + value
            rest = rest[rest.index(after: close)...]
        }
        guard used.count == parameters.count else { throw StoredDataError("\(name) has no place for a parameter") }
        return written + rest
    }
}

/// Something that a person is to be told.
package struct Message: Sendable, Hashable {
    package let kind: MessageKind
    package let subject: SubjectID
    /// Where it goes: the person's phone or email.
    package let recipient: PersonalField
    /// Codes and links among them: all are sealed.
    package let parameters: [String: String]
    package let language: Language
    /// A code that has run out is of no use to anybody.
    package let ttlSeconds: Int64

    package init(
        _ kind: MessageKind,
        to subject: SubjectID,
        at recipient: PersonalField,
        _ parameters: [String: String],
        in language: Language = .chinese,
        ttlSeconds: Int64
    ) {
        self.kind = kind
        self.subject = subject
        self.recipient = recipient
        self.parameters = parameters
        self.language = language
        self.ttlSeconds = ttlSeconds
    }
}

/// How messages reach persons.
///
/// `send` belongs into the transaction of what the message is about: it notes the message and waits for nobody. A
/// channel that talks to a provider takes it from there, once the transaction is committed.
package protocol MessageChannel: Sendable {
    /// - Throws: `notFound`, `subjectErased`.
    func send(_ tx: any Transaction, _ message: Message) throws -> MessageID
}
