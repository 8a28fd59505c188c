import Core
package import Cryptography
package import Identity
package import Storage
import Web

/// The one way to what names a person. Every field is sealed with a key of the person's own, and nothing comes out in
/// clear without a line in the log of reads, written in the same transaction.
///
/// Values are for the answer or the letter that they were asked for: they go into no log, no error and no other table.
/// A person who was erased has no values; that is no error, so that nobody learns from one who was here.
package struct SubjectVault: Sendable {
    /// A search answers with so many persons at the most.
    package static let findMaximum = 100
    /// A name that many bear shares its index with all of them: so many are opened at a time.
    private static let candidatesPerPage = 100

    private let keys: WrappingKeyring
    private let index: BlindIndex

    /// - Parameter reload: reads the keys anew, for one that another process has made since.
    package init(
        keys: WrappingKeys,
        index: BlindIndex,
        reload: (@Sendable () throws -> WrappingKeys)? = nil
    ) {
        self.keys = WrappingKeyring(keys, reload: reload)
        self.index = index
    }

    // MARK: Writing

    /// A person with a new key. Two with the same values are two: `find` tells the caller who is there already.
    package func create(_ tx: any Transaction, _ values: [PersonalField: String]) throws -> SubjectID {
        let id = SubjectID(at: tx.now)
        let key = SubjectKey.random(for: id.text)
        try SubjectStore.insert(tx, id, try keys.wrap(key))
        try tx.execute(all: try values.sorted { $0.key < $1.key }.map { try upsert(tx, key, $0, $1) })
        return id
    }

    /// Sets the fields that are named, or removes those whose value is `nil`.
    ///
    /// - Throws: `notFound`, `subjectErased`.
    package func put(_ tx: any Transaction, _ id: SubjectID, _ values: [PersonalField: String?]) throws {
        let key = try lockedKey(tx, id)
        let statements = try values.sorted { $0.key < $1.key }.map { field, value in
            guard let value else { return SubjectStore.delete(id, field) }
            return try upsert(tx, key, field, value)
        }
        try tx.execute(all: statements)
    }

    /// Seals a text of another slice with the person's key, so that it is erased with the person.
    ///
    /// - Parameter label: which text it is, such as `outbox.content`. Another one does not open it.
    /// - Throws: `notFound`, `subjectErased`.
    package func seal(
        _ tx: any Transaction,
        _ text: String,
        of id: SubjectID,
        as label: String
    ) throws -> [UInt8] {
        try lockedKey(tx, id).seal(text, field: label)
    }

    // MARK: Reading

    /// The values of those of `fields` that the person has. It takes a transaction that writes: the log of reads gets
    /// its line first.
    ///
    /// - Throws: `notFound`.
    package func read(
        _ tx: any Transaction,
        _ id: SubjectID,
        _ fields: Set<PersonalField>,
        for purpose: ReadPurpose,
        reason: String? = nil,
        by origin: Origin
    ) throws -> [PersonalField: String] {
        let names = fields.map(\.rawValue).sorted()
        let wrapped = try SubjectStore.noteRead(tx, id, names, purpose, reason, origin)
        guard let key = try wrapped.map({ try keys.unwrap($0, subject: id.text) }) else { return [:] }
        return try values(try tx.rows(SubjectStore.values(of: id)), key).filter { fields.contains($0.key) }
    }

    /// One value for the platform's own doing, such as the phone that a code is sent to. Logged as every other read.
    ///
    /// - Throws: `notFound`.
    package func use(_ tx: any Transaction, _ id: SubjectID, _ field: PersonalField) throws -> String? {
        try read(tx, id, [field], for: .delivery, by: .system)[field]
    }

    /// What `seal` sealed; `nil` where the person has been erased.
    ///
    /// - Throws: `notFound`; `CryptographyError.notAuthentic` for what was sealed for another, or otherwise.
    package func open(
        _ tx: any Transaction,
        _ sealed: [UInt8],
        of id: SubjectID,
        as label: String,
        for purpose: ReadPurpose,
        reason: String? = nil,
        by origin: Origin
    ) throws -> String? {
        let wrapped = try SubjectStore.noteRead(tx, id, [label], purpose, reason, origin)
        return try wrapped.map { try keys.unwrap($0, subject: id.text).open(sealed, field: label) }
    }

    /// The values with their masks on, which needs no line in the log and may run in a transaction that only reads.
    /// A person who was erased has none; one who is not known is left out.
    package func masked(
        _ tx: any Transaction,
        _ ids: [SubjectID],
        _ fields: Set<PersonalField> = Set(PersonalField.allCases)
    ) throws -> [SubjectID: [PersonalField: String]] {
        let answers = try tx.rows(all: ids.flatMap { [SubjectStore.key(of: $0), SubjectStore.values(of: $0)] })
        var shown: [SubjectID: [PersonalField: String]] = [:]
        for (position, id) in ids.enumerated() {
            guard let row = answers[2 * position].first else { continue }
            let key = try SubjectStore.wrappedKey(row).map { try keys.unwrap($0, subject: id.text) }
            let values = try key.map { try self.values(answers[2 * position + 1], $0) } ?? [:]
            shown[id] = values.filter { fields.contains($0.key) }
                .reduce(into: [:]) { $0[$1.key] = $1.key.masked($1.value) }
        }
        return shown
    }

    /// Whose field has this value, in whatever way it is written: the oldest first, and `findMaximum` at the most.
    /// None where the field is not searched.
    package func find(_ tx: any Transaction, _ field: PersonalField, equal text: String) throws -> [SubjectID] {
        guard let kind = field.searchKind else { return [] }
        let wanted = kind.normalized(text)
        guard !wanted.isEmpty else { return [] }
        let blind = index.index(of: text, kind)
        var found: [SubjectID] = []
        var last = ""
        while found.count < SubjectVault.findMaximum {
            let page = try SubjectStore.candidates(tx, field, blind, after: last, limit: SubjectVault.candidatesPerPage)
            found += try page.filter { kind.normalized(try open($0, field)) == wanted }.map(\.id)
            guard page.count == SubjectVault.candidatesPerPage, let behind = page.last else { break }
            last = behind.id.text
        }
        return Array(found.prefix(SubjectVault.findMaximum))
    }

    /// The same, where somebody searches: each who is found gets a line in the log.
    package func find(
        _ tx: any Transaction,
        _ field: PersonalField,
        equal text: String,
        for purpose: ReadPurpose,
        by origin: Origin
    ) throws -> [SubjectID] {
        let found = try find(tx, field, equal: text)
        for id in found { _ = try SubjectStore.noteRead(tx, id, [field.rawValue], purpose, nil, origin) }
        return found
    }

    /// Whether a text that is to be kept in clear repeats what is sealed, in whatever way it is written.
    package func isNamed(_ tx: any Transaction, _ id: SubjectID, in text: String) throws -> Bool {
        guard let row = try tx.first(SubjectStore.key(of: id)) else { throw Failure(.notFound) }
        guard let wrapped = try SubjectStore.wrappedKey(row) else { return false }
        let key = try keys.unwrap(wrapped, subject: id.text)
        return try values(try tx.rows(SubjectStore.values(of: id)), key).contains { field, value in
            let kind = field.searchKind ?? .name
            let (needle, hay) = (kind.normalized(value), kind.normalized(text))
            return needle.count > 1 && hay.contains(needle)
        }
    }

    // MARK: -

    /// Holds on to the person until the end of the transaction, so that an erasure does not come between.
    private func lockedKey(_ tx: any Transaction, _ id: SubjectID) throws -> SubjectKey {
        guard let row = try tx.first(SubjectStore.key(of: id).lockingRows) else { throw Failure(.notFound) }
        guard let wrapped = try SubjectStore.wrappedKey(row) else { throw Failure(.subjectErased) }
        return try keys.unwrap(wrapped, subject: id.text)
    }

    private func upsert(
        _ tx: any Transaction,
        _ key: SubjectKey,
        _ field: PersonalField,
        _ value: String
    ) throws -> SQL {
        let blind = field.searchKind.map { index.index(of: value, $0) }
        return SubjectStore.upsert(
            key.subject,
            field,
            sealed: try key.seal(value, field: field.sealLabel),
            blind: blind,
            at: tx.now
        )
    }

    /// A field that this program does not know is left alone.
    private func values(_ rows: [Row], _ key: SubjectKey) throws -> [PersonalField: String] {
        try rows.reduce(into: [:]) { values, row in
            guard let field = PersonalField(rawValue: try row.text(0)) else { return }
            values[field] = try key.open(try row.blob(1), field: field.sealLabel)
        }
    }

    private func open(_ candidate: SubjectStore.Candidate, _ field: PersonalField) throws -> String {
        try keys.unwrap(candidate.key, subject: candidate.id.text).open(candidate.sealed, field: field.sealLabel)
    }
}

extension PersonalField: Comparable {
    /// One order for all who write several, so that no two wait for each other.
    package static func < (left: PersonalField, right: PersonalField) -> Bool {
        left.rawValue < right.rawValue
    }
}
