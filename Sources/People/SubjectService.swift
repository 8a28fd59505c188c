import Core
import HTTPTypes
import Identity
package import Storage
package import Web

/// What the endpoints about persons share.
package struct SubjectService: Sendable {
    let database: any Database
    let vault: SubjectVault
    let holders: [any PersonalDataHolder]

    /// - Parameter holders: every slice that holds something of a person besides the vault.
    package init(database: any Database, vault: SubjectVault, holders: [any PersonalDataHolder]) {
        self.database = database
        self.vault = vault
        self.holders = holders
    }

    package var endpoints: [Endpoint] {
        [
            // A search is no GET: a value in an address ends up in logs. None of these keeps its answer for a second
            // request either: it would outlive an erasure.
            post("/v1/subjects/find", .subjectFind, find),
            Endpoint(.get, "/v1/subjects/{id}", authorize: Policy.authorize(.subjectRead), handler: read),
            post("/v1/subjects/{id}/reveal", .subjectReveal, reveal),
            Endpoint(
                .get,
                "/v1/subjects/{id}/reads",
                query: Page.query,
                authorize: Policy.authorize(.subjectLog),
                handler: reads
            ),
            post("/v1/subjects/{id}/export", .subjectExport, export),
            post("/v1/subjects/{id}/erasure", .subjectErase, erase),
        ] + holdEndpoints
    }

    private func post(
        _ path: String,
        _ action: Action,
        _ handler: @escaping @Sendable (Call) async throws -> Reply
    ) -> Endpoint {
        Endpoint(.post, path, body: .json, authorize: Policy.authorize(action), handler: handler)
    }

    // MARK: Looking

    private func find(_ call: Call) async throws -> Reply {
        var reader = try ObjectReader(call.json)
        let field = reader.oneOf("field", PersonalField.self)
        if let field, field.searchKind == nil {
            reader.fault("field", "not_searchable", zh: "此项不能用于查找", en: "This field is not searched")
        }
        let value = reader.string("value")
        let purpose = reader.purpose()
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        guard let field, let value, let purpose else { throw Failure(.invalidRequest) }
        return try await database.write { tx in
            let found = try vault.find(tx, field, equal: value, for: purpose, by: Origin(call))
            let detail: [JSON.Member] = [
                .init("field", JSON(field.rawValue)), .init("purpose", JSON(purpose.rawValue)),
                .init("found", JSON(found.count)),
            ]
            try Subjects.note(tx, nil, .subjectFind, Origin(call), detail)
            let masked = try vault.masked(tx, found)
            let data = try found.map { try SubjectStore.get(tx, $0).json(masked[$0] ?? [:]) }
            return .json(["data": .array(data)])
        }
    }

    private func read(_ call: Call) async throws -> Reply {
        let id = try call.subject()
        return try await database.read { tx in
            let subject = try SubjectStore.get(tx, id)
            return .json(subject.json(try vault.masked(tx, [id])[id] ?? [:]))
        }
    }

    private func reveal(_ call: Call) async throws -> Reply {
        let id = try call.subject()
        var reader = try ObjectReader(call.json)
        let fields = reader.fields()
        let purpose = reader.purpose()
        let reason = reader.reason()
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        guard let purpose, let reason else { throw Failure(.invalidRequest) }
        return try await database.write { tx in
            try vault.refuseNaming(tx, id, in: [("/reason", reason)])
            let values = try vault.read(tx, id, fields, for: purpose, reason: reason, by: Origin(call))
            let detail: [JSON.Member] = [
                .init("fields", .array(fields.sorted().map { JSON($0.rawValue) })),
                .init("purpose", JSON(purpose.rawValue)),
            ]
            try Subjects.note(tx, id, .subjectReveal, Origin(call), detail)
            return .json(try SubjectStore.get(tx, id).json(values))
        }
    }

    /// The newest first.
    private func reads(_ call: Call) async throws -> Reply {
        let id = try call.subject()
        let page = try call.page()
        let before = page.position.flatMap { Int64($0) } ?? .max
        let reads = try await database.read { tx in
            _ = try SubjectStore.get(tx, id)
            return try SubjectStore.reads(tx, of: id, before: before, limit: page.limit + 1)
        }
        return call.list(reads, on: page, position: { "\($0.seq)" }, json: \.json)
    }

    // MARK: What the person asks for

    private func export(_ call: Call) async throws -> Reply {
        let (id, reason) = (try call.subject(), try call.onlyReason())
        return try await database.write { tx in
            try vault.refuseNaming(tx, id, in: [("/reason", reason)])
            return .json(try Subjects.export(tx, vault, id, holders, reason: reason, from: Origin(call)))
        }
    }

    private func erase(_ call: Call) async throws -> Reply {
        let (id, reason) = (try call.subject(), try call.onlyReason())
        let subject = try await database.writeRetrying { tx in
            try vault.refuseNaming(tx, id, in: [("/reason", reason)])
            return try Subjects.erase(tx, id, holders, reason: reason, from: Origin(call))
        }
        // The key is gone for every reader already. A reader that still needs the log's old pages only puts off when
        // they are overwritten.
        try? await database.forgetDeleted()
        return .json(subject.json([:]))
    }
}

/// Lengths in characters.
enum SubjectLimits {
    static let reason = 1...200
    static let legalBasis = 1...200
}

extension Call {
    func subject() throws -> SubjectID {
        guard let id = SubjectID(try parameter("id")) else { throw Failure(.notFound) }
        return id
    }

    /// `{"reason": …}`
    func onlyReason() throws -> String {
        var reader = try ObjectReader(json)
        let reason = reader.reason()
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        guard let reason else { throw Failure(.invalidRequest) }
        return reason
    }
}

extension ObjectReader {
    mutating func reason() -> String? {
        line("reason", length: SubjectLimits.reason)
    }

    mutating func purpose() -> ReadPurpose? {
        guard let purpose = oneOf("purpose", CallersPurpose.self) else { return nil }
        return purpose.purpose
    }

    fileprivate mutating func fields() -> Set<PersonalField> {
        let count = PersonalField.allCases.count
        guard let elements = array("fields", count: 1...count) else { return [] }
        var fields: Set<PersonalField> = []
        for (index, element) in elements.enumerated() {
            guard let field = element.stringValue.flatMap(PersonalField.init(rawValue:)) else {
                let choices = PersonalField.allCases.map(\.rawValue).joined(separator: ", ")
                faults.add(
                    pointer(to: "fields") + "/\(index)",
                    "not_allowed",
                    zh: "只能是：\(choices)",
                    en: "Must be one of: \(choices)"
                )
                continue
            }
            fields.insert(field)
        }
        return fields
    }
}

/// The purposes that a caller may give.
private struct CallersPurpose: RawRepresentable, CaseIterable {
    let purpose: ReadPurpose

    static var allCases: [CallersPurpose] {
        ReadPurpose.allCases.filter(\.isCallers).map { CallersPurpose(purpose: $0) }
    }

    var rawValue: String { purpose.rawValue }

    init?(rawValue: String) {
        guard let purpose = ReadPurpose(rawValue: rawValue), purpose.isCallers else { return nil }
        self.purpose = purpose
    }

    private init(purpose: ReadPurpose) {
        self.purpose = purpose
    }
}

extension SubjectVault {
    /// What is kept in clear, such as a reason, must not say again what is sealed.
    ///
    /// - Throws: `invalidRequest` naming each text that does; `notFound`.
    func refuseNaming(_ tx: any Transaction, _ id: SubjectID, in texts: [(pointer: String, text: String)]) throws {
        let faults = try texts.filter { try isNamed(tx, id, in: $0.text) }.map { pointer, _ in
            Fault(
                pointer,
                "personal_data",
                zh: "不能写入当事人的姓名、号码等信息，此处以明文保存",
                en: "Must not repeat the person's own data: this is kept in clear"
            )
        }
        guard faults.isEmpty else { throw Failure(.invalidRequest, faults: faults) }
    }
}
