import Core
import Identity
import Storage
import Tabular
import Web

enum ImportMappingTag: IDTag {
    static let prefix = "map"
}

typealias ImportMappingID = ID<ImportMappingTag>

/// What an organisation says, once and for all its files, about the columns that its stock system exports.
struct ImportMapping: Sendable, Hashable {
    let id: ImportMappingID
    let organization: String
    let name: String
    let columns: [ColumnRule]
    let createdAt: Instant

    var json: JSON {
        [
            "id": JSON(id),
            "name": JSON(name),
            "columns": .array(columns.map(\.json)),
            "created_at": JSON(createdAt),
        ]
    }

    var entityTag: String { Identity.entityTag(version: 1, json) }

    /// As it is sent.
    struct Draft: Sendable {
        let name: String
        let columns: [ColumnRule]

        /// - Throws: `invalidRequest` with every fault.
        init(reading json: JSON) throws {
            var reader = try ObjectReader(json)
            let name = reader.line("name", length: ImportLimits.mappingNameCharacters)
            let elements = reader.array("columns", count: ImportLimits.mappingColumns) ?? []
            let columns = elements.enumerated().map { index, element in
                ColumnRule(element, pointer: "\(reader.pointer(to: "columns"))/\(index)", reader.faults)
            }
            reader.refuseUnknownMembers()
            try reader.faults.throwIfAny()
            guard let name else { throw Failure(.invalidRequest) }
            self.name = name
            self.columns = columns.compactMap { $0 }
        }
    }
}

extension ColumnRule {
    fileprivate init?(_ json: JSON, pointer: String, _ faults: FaultCollector) {
        guard let members = json.members else {
            faults.add(pointer, "wrong_type", zh: "须为对象", en: "Must be an object")
            return nil
        }
        var reader = ObjectReader(members: members, pointer: pointer, faults: faults)
        let heading = reader.line("heading", length: ImportLimits.headingCharacters)
        let field = reader.parsed("field", required: false) { text throws(TextFault) in
            guard ListingFields.names.contains(text) else { throw .noSuchField }
            return text
        }
        let unit = reader.oneOf("unit", Unit.self, required: false)
        reader.refuseUnknownMembers()
        guard let heading else { return nil }
        self.init(heading: heading, field: field, unit: unit)
    }
}

extension TextFault {
    fileprivate static let noSuchField: TextFault = {
        let names = ListingFields.pointers.map(\.field).joined(separator: ", ")
        return TextFault("unknown_field", zh: "只能是：\(names)", en: "Must be one of: \(names)")
    }()
}

/// The verbs on mappings. They are made and deleted, never changed: what an import was read by stays what it was.
enum ImportMappings {
    /// - Throws: `importMappingExists`, `tooManyImportMappings`.
    static func create(
        _ tx: any Transaction,
        _ draft: ImportMapping.Draft,
        of organization: OrganizationID,
        from origin: Origin
    ) throws -> ImportMapping {
        guard try ImportMappingStore.count(tx, of: organization.text) < ImportLimits.mappings else {
            throw Failure(.tooManyImportMappings)
        }
        guard try !ImportMappingStore.exists(tx, draft.name, of: organization.text) else {
            throw Failure(.importMappingExists)
        }
        let mapping = ImportMapping(
            id: ImportMappingID(at: tx.now),
            organization: organization.text,
            name: draft.name,
            columns: draft.columns,
            createdAt: tx.now.truncatedToMilliseconds
        )
        try ImportMappingStore.insert(tx, mapping)
        try note(tx, "import_mapping.create", mapping, from: origin)
        return mapping
    }

    static func get(
        _ tx: any Transaction,
        _ id: ImportMappingID,
        where isVisible: (_ organization: String) -> Bool
    ) throws -> ImportMapping {
        guard let found = try ImportMappingStore.find(tx, id.text), isVisible(found.organization) else {
            throw Failure(.notFound)
        }
        return found
    }

    static func delete(_ tx: any Transaction, _ mapping: ImportMapping, from origin: Origin) throws {
        try ImportMappingStore.delete(tx, mapping.id.text)
        try note(tx, "import_mapping.delete", mapping, from: origin)
    }

    private static func note(
        _ tx: any Transaction,
        _ action: String,
        _ mapping: ImportMapping,
        from origin: Origin
    ) throws {
        let entry = AuditEntry(
            chain: mapping.organization,
            action: action,
            origin: origin,
            subject: mapping.id.text,
            detail: [.init("name", JSON(mapping.name))]
        )
        try AuditTrail.append(tx, entry)
    }
}

/// Every statement about mappings.
enum ImportMappingStore {
    /// In the order in which a row is read.
    private static let columns: SQL = "id, organization, name, columns, created_at"

    static func find(_ tx: any Transaction, _ id: String) throws -> ImportMapping? {
        try tx.first(
            """
            SELECT \(columns)
            FROM import_mapping
            WHERE id = \(id)
            """
        ).map(mapping)
    }

    static func page(
        _ tx: any Transaction,
        of organization: String,
        after id: String,
        limit: Int
    ) throws -> [ImportMapping] {
        try tx.rows(
            """
            SELECT \(columns)
            FROM import_mapping
            WHERE organization = \(organization) AND id > \(id)
            ORDER BY id
            LIMIT \(limit)
            """
        ).map(mapping)
    }

    static func exists(_ tx: any Transaction, _ name: String, of organization: String) throws -> Bool {
        try tx.first(
            "SELECT id FROM import_mapping WHERE organization = \(organization) AND name = \(name)"
        ) != nil
    }

    static func count(_ tx: any Transaction, of organization: String) throws -> Int {
        try tx.rows(
            """
            SELECT id
            FROM import_mapping
            WHERE organization = \(organization)
            ORDER BY id
            LIMIT \(ImportLimits.mappings)
            """
        ).count
    }

    static func insert(_ tx: any Transaction, _ mapping: ImportMapping) throws {
        try tx.execute(
            """
            INSERT INTO import_mapping (id, organization, name, columns, created_at)
            VALUES (
                \(mapping.id.text),
                \(mapping.organization),
                \(mapping.name),
                \(JSON.array(mapping.columns.map(\.json)).canonicalText),
                \(mapping.createdAt.microseconds)
            )
            """
        )
    }

    static func delete(_ tx: any Transaction, _ id: String) throws {
        try tx.execute("DELETE FROM import_mapping WHERE id = \(id)")
    }

    private static func mapping(_ row: Row) throws -> ImportMapping {
        let columns = try JSONParser.parse(Array(try row.text(3).utf8)).arrayValue
        guard let id = ImportMappingID(try row.text(0)), let columns else {
            throw StoredDataError("a mapping cannot be read")
        }
        return ImportMapping(
            id: id,
            organization: try row.text(1),
            name: try row.text(2),
            columns: try columns.map(ColumnRule.init(stored:)),
            createdAt: Instant(microseconds: try row.integer(4))
        )
    }
}
